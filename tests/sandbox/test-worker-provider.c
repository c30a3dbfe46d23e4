/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The provider plugin in a real worker and its sandbox: what it is asked, what it hands out, what an administrator adds. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "fill.h"
#include "harness.h"
#include "lookup.h"
#include "probe.h"
#include "produced.h"
#include "shipped.h"

static TestWorker worker;
static Records records;
static char folder[64];

static void setup(void) {
        worker_start(&worker, getenv("MAILDIAG_PLUGINDIR"), NULL, NULL);
        strcpy(folder, "/tmp/maildiag-providers-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        ck_assert_int_eq(chmod(folder, 0755), 0);
}

static void teardown(void) {
        char command[128];

        records_done(&records);
        ck_assert_int_eq(worker_stop(&worker), 0);
        snprintf(command, sizeof(command), "rm -rf %s", folder);
        ck_assert_int_eq(system(command), 0);
}

static void put(const char *name, const char *text, mode_t mode) {
        char path[128];

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        FILE *file = fopen(path, "we");
        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        ck_assert_int_eq(fclose(file), 0);
        ck_assert_int_eq(chmod(path, mode), 0);
}

/* Names of exchangers and of configured servers; NULL: none. */
static void ask(const char *domain, const char *mx, const char *host) {
        char address[300], *exchangers[] = { (char *) mx, NULL }, *hosts[] = { (char *) host, NULL };
        MdRecord exit;

        snprintf(address, sizeof(address), "anna@%s", domain);
        const MdTarget target = {
                .plugin = (char *) "provider", .host = (char *) domain, .local_part = (char *) "anna", .address = address,
                .mx = exchangers, .hosts = hosts, .data_dir = folder, .depth = MD_DEPTH_TLS, .timeout_ms = 20000, .time_scale = 1,
        };
        records_done(&records);
        TestProbe probe = probe_start(&worker, &target, NULL);
        probe_collect(&probe, &records);
        worker_wait_exit(&worker, &exit);
        ck_assert_uint_eq(md_record_number(&exit, "status", 99), PROBE_EXIT_RAN);
        md_record_done(&exit);
        ck_assert_ptr_nonnull(records_find(&records, "end", NULL, NULL));
        for (size_t i = 0; i < records.n; i++)
                if (!strcmp(records.items[i].kind, "finding"))
                        produced_note("sandbox", "worker-provider", md_record_text(&records.items[i], "code"));
}

static size_t count(const char *kind) {
        size_t n = 0;
        for (size_t i = 0; i < records.n; i++)
                n += !strcmp(records.items[i].kind, kind);
        return n;
}

static void assert_text(const MdRecord *record, const char *key, const char *text) {
        ck_assert_ptr_nonnull(record);
        const char *value = md_record_text(record, key);
        ck_assert_msg(value ? text && !strcmp(value, text) : !text, "%s is %s, not %s", key, value ? value : "nothing",
                      text ? text : "nothing");
}

/* ---- what is known ---- */

START_TEST(a_known_domain) {
        ask("gmail.com", NULL, NULL);
        const MdRecord *provider = records_find(&records, "provider", "id", "gmail");
        assert_text(provider, "name", "Gmail");
        assert_text(provider, "by", "domain");
        assert_text(provider, "evidence", "gmail.com");
        const MdRecord *imap = records_find(&records, "candidate", "host", "imap.gmail.com");
        assert_text(imap, "protocol", "imap");
        assert_text(imap, "security", "tls");
        assert_text(imap, "username", "anna@gmail.com");
        assert_text(imap, "username-form", "address");
        assert_text(imap, "trust", "table");
        ck_assert_uint_eq(md_record_number(imap, "port", 0), 993);
        ck_assert_str_eq(md_record_list(imap, "auth")[0], "oauth2");
        ck_assert_str_eq(md_record_list(imap, "auth")[1], "password");
        ck_assert_ptr_nonnull(md_record_text(imap, "asof"));
        ck_assert_ptr_nonnull(strstr(md_record_text(imap, "origin"), "provider table: ispdb"));
        const MdRecord *condition = records_find(&records, "precondition", "kind", "app-password");
        assert_text(condition, "url", "https://support.google.com/accounts/answer/185833");
        ck_assert_ptr_nonnull(md_record_text(condition, "checked"));
        assert_text(condition, "protocol", NULL);
        assert_text(records_find(&records, "precondition", "kind", "service-off"), "protocol", "pop3");
        ck_assert_uint_eq(count("finding"), 0);
        ck_assert_uint_eq(count("resembles"), 0);
}
END_TEST

START_TEST(an_unknown_domain) {
        ask("nobody-has-this.example", NULL, NULL);
        ck_assert_uint_eq(count("provider") + count("candidate") + count("precondition") + count("finding") + count("resembles"), 0);
}
END_TEST

START_TEST(by_exchanger_and_by_host) {
        ask("own.example", "aspmx.l.google.com", NULL);
        const MdRecord *provider = records_find(&records, "provider", "id", "google-workspace");
        assert_text(provider, "by", "mx");
        assert_text(provider, "evidence", "aspmx.l.google.com");
        assert_text(records_find(&records, "candidate", "host", "imap.gmail.com"), "username", "anna@own.example");
        ck_assert(md_record_truth(records_find(&records, "candidate", "host", "imap.gmail.com"), "foreign"));

        ask("own.example", NULL, "imap.fastmail.com");
        provider = records_find(&records, "provider", "id", "fastmail");
        assert_text(provider, "by", "host");
        assert_text(provider, "evidence", "imap.fastmail.com");
}
END_TEST

/* Forms of the user name, and a host that is made from the domain. */
START_TEST(placeholders) {
        ask("icloud.com", NULL, NULL);
        const MdRecord *imap = records_find(&records, "candidate", "host", "imap.mail.me.com");
        assert_text(imap, "username", "anna");
        assert_text(imap, "username-form", "local-part");
        assert_text(records_find(&records, "candidate", "host", "smtp.mail.me.com"), "username", "anna@icloud.com");

        ask("inbox.lt", NULL, NULL);
        assert_text(records_find(&records, "candidate", "protocol", "imap"), "host", "mail.inbox.lt");
        ck_assert(!md_record_truth(records_find(&records, "candidate", "protocol", "imap"), "foreign"));

        ask("x-il.jp", NULL, NULL);
        assert_text(records_find(&records, "candidate", "protocol", "pop3"), "username", "anna.x-il.jp");
        assert_text(records_find(&records, "candidate", "protocol", "pop3"), "username-form", "other");
}
END_TEST

/* What is disputed comes last, and says so. */
START_TEST(contradictions) {
        bool disputed = false;
        uint64_t next = 0;

        ask("aol.co.uk", NULL, NULL);
        for (size_t i = 0; i < records.n; i++) {
                if (strcmp(records.items[i].kind, "candidate"))
                        continue;
                bool marked = strstr(md_record_text(&records.items[i], "origin"), "(disputed)");
                ck_assert(marked || !disputed);
                disputed = marked;
                ck_assert_uint_eq(md_record_number(&records.items[i], "priority", 99), next++);
        }
        ck_assert(disputed);
        ck_assert_ptr_nonnull(records_find(&records, "candidate", "host", "imap.uk.aol.com"));
        ask("aol.com", NULL, NULL);
        ck_assert_ptr_null(records_find(&records, "candidate", "host", "imap.uk.aol.com"));
}
END_TEST

/* The bridge is on this computer: its address is no setting that a provider publishes, and no fault. */
START_TEST(bridge) {
        ask("proton.me", NULL, NULL);
        const MdRecord *condition = records_find(&records, "precondition", "kind", "bridge");
        ck_assert_ptr_nonnull(strstr(md_record_text(condition, "text"), "Bridge"));
        assert_text(records_find(&records, "precondition", "kind", "unsupported"), "protocol", "pop3");
        ck_assert_ptr_null(records_find(&records, "candidate", "host", "127.0.0.1"));
        ck_assert_uint_eq(count("finding"), 0);
}
END_TEST

START_TEST(other_preconditions) {
        ask("163.com", NULL, NULL);
        const MdRecord *other = records_find(&records, "precondition", "kind", "other");
        assert_text(other, "protocol", "imap");
        ck_assert_ptr_nonnull(strstr(md_record_text(other, "text"), "IMAP ID"));
        ask("outlook.com", NULL, NULL);
        assert_text(records_find(&records, "precondition", "kind", "oauth-only"), "since", "2024-09");
        ask("o2.pl", NULL, NULL);
        other = records_find(&records, "precondition", "kind", "other");
        assert_text(other, "protocol", "smtp");
        ck_assert_ptr_nonnull(strstr(md_record_text(other, "text"), "network of the provider"));
}
END_TEST

/* ---- names ---- */

static const struct {
        const char *domain, *host, *setting, *value, *known;
        unsigned distance;
} names[] = {
        { "gmial.com", NULL, "address", "gmial.com", "gmail.com", 1 },
        { "yaho.com", NULL, "address", "yaho.com", "yahoo.com", 1 },
        { "gmail.com", "smpt.gmail.com", "host", "smpt.gmail.com", "smtp.gmail.com", 1 },
        { "own.example", "imap.gamil.com", "host", "imap.gamil.com", "imap.gmail.com", 1 },
        { "own.example", "outlok.office365.com", "host", "outlok.office365.com", "outlook.office365.com", 1 },
        { "own.example", "smpt.own.example", "host", "smpt.own.example", "smtp.own.example", 1 },
};

START_TEST(mistyped) {
        ask(names[_i].domain, NULL, names[_i].host);
        ck_assert_uint_eq(count("resembles"), 1);
        const MdRecord *record = records_find(&records, "resembles", NULL, NULL);
        assert_text(record, "setting", names[_i].setting);
        assert_text(record, "value", names[_i].value);
        assert_text(record, "known", names[_i].known);
        ck_assert_uint_eq(md_record_number(record, "distance", 0), names[_i].distance);
}
END_TEST

/* ---- what an administrator adds ---- */

START_TEST(added) {
        put("company.conf",
            "[company]\nname = The Company\npage = https://company.example/mail\ndomains = company.example xn--bcher-kva.example\n"
            "auth = client-certificate\nimap = imap.company.example 993 tls username=%EMAILLOCALPART%\n"
            "imap = old.company.example 993 tls until=2024-05\n"
            "precondition = paid note=\"Ask the help desk.\"\n[gmail]\nname = closed here\ndomains = gmail.com\n", 0644);
        ask("company.example", NULL, NULL);
        char origin[128];
        snprintf(origin, sizeof(origin), "%s/company.conf", folder);
        assert_text(records_find(&records, "provider", NULL, NULL), "name", "The Company");
        assert_text(records_find(&records, "fact", "name", "help-page"), "value", "https://company.example/mail");
        const MdRecord *imap = records_find(&records, "candidate", "host", "imap.company.example");
        assert_text(imap, "origin", origin);
        assert_text(imap, "username", "anna");
        assert_text(imap, "until", NULL);
        ck_assert_str_eq(md_record_list(imap, "auth")[0], "client-certificate");
        assert_text(records_find(&records, "candidate", "host", "old.company.example"), "until", "2024-05");
        assert_text(records_find(&records, "precondition", "kind", "paid"), "text", "Ask the help desk.");
        ck_assert_uint_eq(count("finding"), 0);

        ask("b\xc3\xbc" "cher.example", NULL, NULL);
        assert_text(records_find(&records, "provider", NULL, NULL), "id", "company");
        ask("gmail.com", NULL, NULL);
        assert_text(records_find(&records, "provider", NULL, NULL), "name", "closed here");
        ck_assert_uint_eq(count("candidate"), 0);
}
END_TEST

START_TEST(added_with_faults) {
        put("a.conf", "[company]\ndomains = company.example\nimap = imap.company.example 99999 tls\nimap = good.company.example 993 tls\n"
                      "color = red\n", 0644);
        put("b.conf", "[other]\ndomains = other.example\n", 0666);
        ask("company.example", NULL, NULL);
        char place[128], expected[300];
        const MdRecord *line = records_find(&records, "finding", "code", "provider.bad-line");
        snprintf(place, sizeof(place), "%s/a.conf", folder);
        assert_text(line, "file", place);
        ck_assert_uint_eq(md_record_number(line, "line", 0), 3);
        assert_text(line, "fault", "port \"99999\" is not a port from 1 to 65535");
        const MdRecord *file = records_find(&records, "finding", "code", "provider.bad-file");
        assert_text(file, "fault", "can be written by others, and is left out");
        const char *const *faults = md_record_list(records_find(&records, "fact", "name", "table-faults"), "value");
        ck_assert_ptr_nonnull(faults);
        snprintf(expected, sizeof(expected), "%s/a.conf:5: key \"color\" is not known", folder);
        ck_assert_str_eq(faults[1], expected);
        ck_assert_ptr_nonnull(faults[2]);
        ck_assert_ptr_null(faults[3]);
        ck_assert_ptr_nonnull(records_find(&records, "candidate", "host", "good.company.example"));
        ask("gmail.com", NULL, NULL);
        ck_assert_ptr_nonnull(records_find(&records, "candidate", "host", "imap.gmail.com"));
        ask("other.example", NULL, NULL);
        ck_assert_uint_eq(count("provider"), 0);
}
END_TEST

/* Hundreds of faults do not fill a probe. */
START_TEST(added_rubbish) {
        char text[20000], *end = text;

        for (unsigned i = 0; i < 500; i++)
                end += sprintf(end, "rubbish %u\n", i);
        for (unsigned i = 0; i < 10; i++) {
                char name[32];
                snprintf(name, sizeof(name), "%u.conf", i);
                put(name, text, 0644);
        }
        ask("gmail.com", NULL, NULL);
        ck_assert_uint_eq(count("finding"), 1);
        ck_assert_ptr_nonnull(md_record_list(records_find(&records, "fact", "name", "table-faults"), "value")[31]);
        ck_assert_ptr_nonnull(records_find(&records, "candidate", "host", "imap.gmail.com"));
}
END_TEST

/* ---- all of the table ---- */

/* What the block says for its first domain, and nothing else; nothing of it is refused by the SDK. */
static void check_block(const TableBlock *block) {
        const char *domain = block->domains.at[0];
        size_t n = 0, n_conditions = 0;

        ask(domain, NULL, NULL);
        assert_text(records_find(&records, "provider", NULL, NULL), "id", block->id);
        ck_assert_msg(count("finding") == 0, "%s: %s", domain,
                      md_record_text(records_find(&records, "finding", NULL, NULL), "code"));
        for (size_t i = 0; i < block->n_services; i++) {
                char address[300], host[300];
                snprintf(address, sizeof(address), "anna@%s", domain);
                ck_assert_int_eq(fill_placeholders(block->services[i].host, address, host, sizeof(host)), 0);
                if (!lookup_is_for(&block->services[i].only, domain) || !strcmp(host, "127.0.0.1"))
                        continue;
                ck_assert_msg(records_find(&records, "candidate", "host", host), "%s: no %s", domain, host);
                n++;
        }
        for (size_t i = 0; i < block->n_preconditions; i++)
                if (lookup_is_for(&block->preconditions[i].only, domain))
                        n_conditions += block->preconditions[i].protocols.n > 0 ? block->preconditions[i].protocols.n : 1;
        ck_assert_uint_eq(count("candidate"), n);
        ck_assert_uint_eq(count("precondition"), n_conditions);
}

START_TEST(all_providers) {
        Table *table = table_new(&table_shipped);
        size_t n = 0;

        for (size_t i = 0; i < table_count(table); i++)
                if (table_block(table, i)->domains.n > 0) {
                        check_block(table_block(table, i));
                        n++;
                }
        printf("%zu providers with domains asked for\n", n);
        ck_assert_uint_gt(n, 200);
        table_free(table);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("worker-provider");
        TCase *tcase = tcase_create("worker-provider");
        tcase_set_timeout(tcase, 120);
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, a_known_domain);
        tcase_add_test(tcase, an_unknown_domain);
        tcase_add_test(tcase, by_exchanger_and_by_host);
        tcase_add_test(tcase, placeholders);
        tcase_add_test(tcase, contradictions);
        tcase_add_test(tcase, bridge);
        tcase_add_test(tcase, other_preconditions);
        tcase_add_loop_test(tcase, mistyped, 0, sizeof(names) / sizeof(names[0]));
        tcase_add_test(tcase, added);
        tcase_add_test(tcase, added_with_faults);
        tcase_add_test(tcase, added_rubbish);
        tcase_add_test(tcase, all_providers);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
