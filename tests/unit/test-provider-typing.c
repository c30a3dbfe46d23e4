/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names that were mistyped, and names that only look so. */

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "shipped.h"
#include "typing.h"

static Table *table;

static void no_fault(void *userdata, const char *file, unsigned line, const char *fault) {
        ck_abort_msg("%s:%u: %s", file, line, fault);
}

static void setup(void) {
        table = table_new(&table_shipped);
}

static void teardown(void) {
        table = table_free(table);
}

/* ---- domains ---- */

static const char *const domains[][2] = {
        { "gmial.com", "gmail.com" },       { "gamil.com", "gmail.com" },       { "gmai.com", "gmail.com" },
        { "gmal.com", "gmail.com" },        { "gmaill.com", "gmail.com" },      { "gnail.com", "gmail.com" },
        { "mgail.com", "gmail.com" },       { "gmail.con", "gmail.com" },       { "gmail.co", "gmail.com" },
        { "gmail.cm", "gmail.com" },        { "gmail.comm", "gmail.com" },      { "gmailcom", "gmail.com" },
        { "gogglemail.com", "googlemail.com" },
        { "hotmial.com", "hotmail.com" },   { "hotmal.com", "hotmail.com" },    { "hotmai.com", "hotmail.com" },
        { "otmail.com", "hotmail.com" },    { "hotmail.con", "hotmail.com" },   { "hormail.com", "hotmail.com" },
        { "outlok.com", "outlook.com" },    { "outloook.com", "outlook.com" },  { "outlook.cmo", "outlook.com" },
        { "yaho.com", "yahoo.com" },        { "yahooo.com", "yahoo.com" },      { "yhaoo.com", "yahoo.com" },
        { "yahoo.con", "yahoo.com" },       { "yaho.co.uk", "yahoo.co.uk" },    { "icluod.com", "icloud.com" },
        { "iclould.com", "icloud.com" },    { "protonmial.com", "protonmail.com" },
        { "gxm.de", "gmx.de" },             { "wbe.de", "web.de" },             { "t-onlien.de", "t-online.de" },
        { "mali.ru", "mail.ru" },           { "maill.ru", "mail.ru" },          { "yandx.ru", "yandex.ru" },
        { "lvie.com", "live.com" },         { "oragne.fr", "orange.fr" },       { "wanado.fr", "wanadoo.fr" },
        { "libreo.it", "libero.it" },       { "navre.com", "naver.com" },       { "fastmial.com", "fastmail.com" },
        { "comcats.net", "comcast.net" },   { "aol.con", "aol.com" },           { "oal.com", "aol.com" },
};

START_TEST(mistyped_domains) {
        const char *meant = typing_domain(table, domains[_i][0]);
        ck_assert_msg(meant && !strcmp(meant, domains[_i][1]), "%s: %s", domains[_i][0], meant ? meant : "nothing");
}
END_TEST

/* Domains of others, and those that nobody can tell from a company's own. */
static const char *const innocent[] = {
        "gmail.com", "mail.com", "email.com", "ymail.com", "fmail.co.uk", "tmail.com", "zmail.com", "hmail.com", "amail.com",
        "mail.de", "mail.ee", "mail.dk", "mail.ua", "gmx.com", "gmx.co.uk", "gmx.at", "gmx.ch", "amx.de", "gm.de", "gmc.de",
        "yahoo.com", "yahoo.co.jp", "yahoo.com.vn", "yahoo.co.id", "hotmail.de", "hotmail.dk", "outlook.com.vn", "outlook.co.nz",
        "live.de", "life.com", "love.com", "lime.com", "love.ms", "five.com", "aol.de", "sol.com", "pol.com", "aon.at", "aim.com",
        "web.com", "wep.de", "me.com", "mac.com", "qq.com", "qg.com", "pm.me", "pp.me", "ya.ru", "163.com", "162.com", "126.com",
        "cloud.com", "yandex.com", "index.ru", "orange.com", "range.fr", "free.fr", "fred.fr", "tree.fr", "sfr.fr", "wp.pl",
        "msn.com", "mns.org", "naver.de", "never.org", "example.org", "exmaple.org", "localhost", "com", "google.com",
        "mail.example.org", "gmail.example.org", "outlook.example.com", "a.b.c.d.e.f.g.h.i.j.k", "",
};

START_TEST(domains_that_only_look_so) {
        const char *meant = typing_domain(table, innocent[_i]);
        ck_assert_msg(!meant, "%s: %s", innocent[_i], meant);
}
END_TEST

/* No domain of the table is doubted, whatever it looks like. */
START_TEST(known_domains) {
        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                for (size_t k = 0; k < block->domains.n; k++)
                        ck_assert_msg(!typing_domain(table, block->domains.at[k]), "%s", block->domains.at[k]);
        }
}
END_TEST

/* How often somebody's own domain would be taken for a typing error, if the table did not know it: the domains of the table,
 * against the popular ones alone. */
START_TEST(false_alarms) {
        Table *popular = table_new(NULL);
        unsigned n = 0, n_alarms = 0;
        char text[16384] = "[popular]\n", *end = text + strlen(text);

        for (size_t i = 0; i < table_count(table); i++)
                for (size_t k = 0; k < table_block(table, i)->popular.n; k++)
                        end += sprintf(end, "popular = %s\ndomains = %s\n", table_block(table, i)->popular.at[k],
                                       table_block(table, i)->popular.at[k]);
        ck_assert_int_eq(table_read(popular, 0, "popular", text, strlen(text), no_fault, NULL), 0);
        for (size_t i = 0; i < table_count(table); i++)
                for (size_t k = 0; k < table_block(table, i)->domains.n; k++, n++)
                        n_alarms += typing_domain(popular, table_block(table, i)->domains.at[k]) != NULL;
        printf("%u of %u domains would be doubted\n", n_alarms, n);
        ck_assert_uint_le(n_alarms, 2);
        table_free(popular);
}
END_TEST

/* ---- hosts ---- */

static const struct {
        const char *host, *domain, *meant;
} hosts[] = {
        { "smpt.gmail.com", "gmail.com", "smtp.gmail.com" },
        { "smpt.gmail.com", NULL, "smtp.gmail.com" },
        { "smt.gmail.com", NULL, "smtp.gmail.com" },
        { "imap.gamil.com", "gmail.com", "imap.gmail.com" },
        { "imap.gmial.com", NULL, "imap.gmail.com" },
        { "imao.gmail.com", NULL, "imap.gmail.com" },
        { "imap.gmail.con", NULL, "imap.gmail.com" },
        { "imapgmail.com", NULL, "imap.gmail.com" },
        { "outlok.office365.com", NULL, "outlook.office365.com" },
        { "outlook.ofice365.com", "outlook.com", "outlook.office365.com" },
        { "smtp.ofice365.com", "own.example", "smtp.office365.com" },
        { "imap.mail.yaho.com", "yahoo.com", "imap.mail.yahoo.com" },
        { "imap.mai.me.com", NULL, NULL },                              /* mail is too short a word */
        { "smpt.example.org", "example.org", "smtp.example.org" },
        { "imapp.example.org", "example.org", "imap.example.org" },
        { "mial.example.org", "example.org", "mail.example.org" },
        { "mail.exmaple.org", "example.org", "mail.example.org" },
        { "imap.examlpe.org", "example.org", "imap.example.org" },
        { "mx.freent.de", "freenet.de", "mx.freenet.de" },              /* the provider of the address */
        { "secureimap.t-onlin.de", "t-online.de", "secureimap.t-online.de" },

        { "smtp.gmail.com", "gmail.com", NULL },
        { "imap.gmx.com", "gmx.de", NULL },
        { "smtp2.example.org", "example.org", NULL },
        { "smtps.example.org", "example.org", NULL },
        { "imaps.example.org", "example.org", NULL },
        { "imap4.example.org", "example.org", NULL },
        { "imp.example.org", "example.org", NULL },
        { "email.example.org", "example.org", NULL },
        { "pop.example.org", "example.org", NULL },
        { "map.example.org", "example.org", NULL },
        { "mail.company.example", "example.org", NULL },
        { "mail.example.com", "example.org", NULL },
        { "mail1.example.org", "example.org", NULL },
        { "localhost", "example.org", NULL },
        { "", "example.org", NULL },
        { "smtp", "example.org", NULL },
};

START_TEST(mistyped_hosts) {
        char meant[TYPING_NAME_SIZE] = "";
        LookupHow how;
        const TableBlock *block = hosts[_i].domain
                                          ? lookup_block(table, &(LookupQuestion) { .domain = hosts[_i].domain }, &how)
                                          : NULL;
        bool found = typing_host(table, hosts[_i].host, block, hosts[_i].domain, meant);
        ck_assert_msg(found == !!hosts[_i].meant, "%s: %s", hosts[_i].host, meant);
        if (found)
                ck_assert_str_eq(meant, hosts[_i].meant);
}
END_TEST

START_TEST(known_hosts) {
        char meant[TYPING_NAME_SIZE];
        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                for (size_t k = 0; k < block->n_services; k++)
                        ck_assert_msg(!typing_host(table, block->services[k].host, block, NULL, meant), "%s",
                                      block->services[k].host);
        }
}
END_TEST

START_TEST(long_names) {
        char name[1000], meant[TYPING_NAME_SIZE];
        memset(name, 'a', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        ck_assert_ptr_null(typing_domain(table, name));
        ck_assert(!typing_host(table, name, NULL, "example.org", meant));
        for (size_t i = 1; i < sizeof(name) - 1; i += 2)
                name[i] = '.';
        ck_assert_ptr_null(typing_domain(table, name));
        ck_assert(!typing_host(table, name, NULL, "example.org", meant));
}
END_TEST

/* What an administrator replaces is not proposed; what one calls popular is. */
START_TEST(of_an_administrator) {
        static const char added[] = "[gmail]\nname = not here\n[ours]\ndomains = ourcompany.example\npopular = ourcompany.example\n"
                                    "imap = imap.ourcompany.example 993 tls\n";
        char meant[TYPING_NAME_SIZE];

        ck_assert_int_eq(table_read(table, 1, "ours.conf", added, strlen(added), no_fault, NULL), 0);
        ck_assert_ptr_null(typing_domain(table, "gmial.com"));
        ck_assert_str_eq(typing_domain(table, "ourcompnay.example"), "ourcompany.example");
        ck_assert(typing_host(table, "imap.ourcompany.exampel", NULL, NULL, meant));
        ck_assert_str_eq(meant, "imap.ourcompany.example");
}
END_TEST

#define COUNT(table) ((int) (sizeof(table) / sizeof(table[0])))

int main(void) {
        Suite *suite = suite_create("provider-typing");
        TCase *tcase = tcase_create("provider-typing");
        tcase_set_timeout(tcase, 60);
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_loop_test(tcase, mistyped_domains, 0, COUNT(domains));
        tcase_add_loop_test(tcase, domains_that_only_look_so, 0, COUNT(innocent));
        tcase_add_test(tcase, known_domains);
        tcase_add_test(tcase, false_alarms);
        tcase_add_loop_test(tcase, mistyped_hosts, 0, COUNT(hosts));
        tcase_add_test(tcase, known_hosts);
        tcase_add_test(tcase, long_names);
        tcase_add_test(tcase, of_an_administrator);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
