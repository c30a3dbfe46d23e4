/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What Thunderbird's preferences say about accounts: each value with its line, and what is Thunderbird's default. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "mutate.h"
#include "thunderbird-seen.h"

#define P(name, value) "user_pref(\"mail." name "\", " value ");\n"
#define ONE P("accountmanager.accounts", "\"account1\"") P("account.account1.server", "\"server1\"")
#define IMAP ONE P("server.server1.type", "\"imap\"") P("server.server1.hostname", "\"imap.example.org\"")
#define POP ONE P("server.server1.type", "\"pop3\"") P("server.server1.hostname", "\"pop.example.org\"")
#define ANNA P("account.account1.identities", "\"id1\"") P("identity.id1.useremail", "\"anna@example.org\"")
#define SMTP P("smtpserver.smtp1.hostname", "\"smtp.example.org\"") P("identity.id1.smtpServer", "\"smtp1\"")

/* With nothing said. */
#define IMAP_TAIL " security=none:assumed auth=PLAIN LOGIN:assumed"

static SeenAccounts seen;

static const struct {
        const char *prefs, *user, *seen;
} cases[] = {
        { "", NULL, "" },
        { P("accountmanager.accounts", "\"\""), NULL, "" },
        { IMAP, NULL, "account1; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },
        { POP, NULL, "account1; pop3 host=pop.example.org:4 port=110:assumed" IMAP_TAIL },
        { IMAP P("server.server1.port", "993") P("server.server1.socketType", "3") P("server.server1.userName", "\"anna\"")
               P("server.server1.name", "\"Work\""), NULL,
          "account1 name=Work:8; imap host=imap.example.org:4 port=993:5 security=tls:6 username=anna:7 auth=PLAIN LOGIN:assumed" },
        { IMAP P("server.server1.socketType", "3"), NULL,
          "account1; imap host=imap.example.org:4 port=993:assumed security=tls:5 auth=PLAIN LOGIN:assumed" },
        { POP P("server.server1.socketType", "3") P("server.server1.port", "-1"), NULL,
          "account1; pop3 host=pop.example.org:4 port=995:assumed security=tls:5 auth=PLAIN LOGIN:assumed" },
        /* "If available" of older profiles. */
        { IMAP P("server.server1.socketType", "1"), NULL,
          "account1; imap host=imap.example.org:4 port=143:assumed security=starttls:5 auth=PLAIN LOGIN:assumed" },
        { IMAP P("server.server1.socketType", "2"), NULL,
          "account1; imap host=imap.example.org:4 port=143:assumed security=starttls:5 auth=PLAIN LOGIN:assumed" },
        { IMAP P("server.server1.isSecure", "true"), NULL,
          "account1; imap host=imap.example.org:4 port=993:assumed security=tls:5 auth=PLAIN LOGIN:assumed" },
        { IMAP P("server.server1.realhostname", "\"new.example.org\"") P("server.server1.realuserName", "\"ben\""), NULL,
          "account1; imap host=new.example.org:5 port=143:assumed security=none:assumed username=ben:6 auth=PLAIN LOGIN:assumed" },

        /* user.js, and what holds for all servers. */
        { IMAP P("server.server1.port", "993"), P("server.server1.port", "1993") P("server.server1.hostname", "\"h.example.org\""),
          "account1; imap host=h.example.org:user:2 port=1993:user:1" IMAP_TAIL },
        { IMAP, P("server.default.socketType", "3"),
          "account1; imap host=imap.example.org:4 port=993:assumed security=tls:user:1 auth=PLAIN LOGIN:assumed" },
        { IMAP P("server.default.authMethod", "10"), NULL,
          "account1; imap host=imap.example.org:4 port=143:assumed security=none:assumed auth=XOAUTH2:5" },

        /* Sending. */
        { IMAP ANNA SMTP, NULL,
          "account1 address=anna@example.org:6; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL
          "; smtp host=smtp.example.org:7 port=587:assumed" IMAP_TAIL },
        { IMAP ANNA SMTP P("smtpserver.smtp1.try_ssl", "3") P("smtpserver.smtp1.username", "\"anna\""), NULL,
          "account1 address=anna@example.org:6; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL
          "; smtp host=smtp.example.org:7 port=465:assumed security=tls:9 username=anna:10 auth=PLAIN LOGIN:assumed" },
        { IMAP ANNA SMTP P("smtpserver.smtp1.authMethod", "1") P("smtpserver.smtp1.username", "\"anna\""), NULL,
          "account1 address=anna@example.org:6; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL
          "; smtp host=smtp.example.org:7 port=587:assumed security=none:assumed" },
        { IMAP ANNA P("smtpserver.s.hostname", "\"s.example.org\"") P("smtp.defaultserver", "\"s\""), NULL,
          "account1 address=anna@example.org:6; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL
          "; smtp host=s.example.org:7 port=587:assumed" IMAP_TAIL },
        { IMAP ANNA P("smtpserver.s.hostname", "\"s.example.org\"") P("smtpservers", "\"s,t\""), NULL,
          "account1 address=anna@example.org:6; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL
          "; smtp host=s.example.org:7 port=587:assumed" IMAP_TAIL },
        { IMAP ANNA P("identity.id1.smtpServer", "\"gone\""), NULL,
          "!7 mail.identity.id1.smtpServer names server gone, which is not there, so Thunderbird takes the default one; "
          "account1 address=anna@example.org:6; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },
        /* Exchange sends by itself. */
        { IMAP ANNA SMTP P("smtpserver.smtp1.type", "\"ews\""), NULL,
          "account1 address=anna@example.org:6; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },

        /* Two identities: the second has a server of its own, the third shares. */
        { IMAP ANNA SMTP P("account.account1.identities", "\"id1,id2,id3\"") P("identity.id2.useremail", "\"b@example.net\"")
          P("identity.id2.smtpServer", "\"smtp2\"") P("smtpserver.smtp2.hostname", "\"smtp.example.net\"")
          P("identity.id3.smtpServer", "\"smtp1\""), NULL,
          "account1 address=anna@example.org:6; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL
          "; smtp host=smtp.example.org:7 port=587:assumed" IMAP_TAIL
          "; smtp host=smtp.example.net:12 port=587:assumed" IMAP_TAIL " address=b@example.net:10" },

        /* What is no account of mail. */
        { ONE P("server.server1.type", "\"none\"") P("server.server1.hostname", "\"Local Folders\""), NULL, "" },
        { ONE P("server.server1.type", "\"rss\""), NULL, "" },
        { ONE P("server.server1.type", "\"nntp\"") P("server.server1.hostname", "\"n.example.org\""), NULL, "" },

        /* Broken. */
        { P("accountmanager.accounts", "\"account1\""), NULL,
          "!1 mail.accountmanager.accounts names account1, which has no server" },
        { ONE, NULL, "!2 mail.account.account1.server names server server1, which has no type" },
        { ONE P("server.server1.type", "\"imap\""), NULL, "!3 server server1 has no host name" },
        { IMAP P("server.server1.port", "\"993\""), NULL,
          "!5 mail.server.server1.port is not a number, so Thunderbird takes its default; "
          "account1; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },
        { IMAP P("server.server1.port", "99999"), NULL, "!5 mail.server.server1.port is no port (1 to 65535)" },
        { IMAP P("server.server1.socketType", "7"), NULL,
          "!5 mail.server.server1.socketType is no connection security (0 to 3); "
          "account1; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },
        { IMAP P("server.server1.authMethod", "77"), NULL,
          "!5 mail.server.server1.authMethod is no authentication method (1 to 10); "
          "account1; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },
        { P("accountmanager.accounts", "7"), NULL,
          "!1 mail.accountmanager.accounts is not a text in quotes, so Thunderbird takes its default" },
        /* What is named twice, and what goes in circles. */
        { IMAP P("accountmanager.accounts", "\"account1, account1,,account1\""), NULL,
          "account1; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },
        { IMAP P("server.server1.deferred_to_account", "\"account1\"") ANNA P("account.account1.identities", "\"id1,id1\""), NULL,
          "account1 address=anna@example.org:7; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },
        { P("accountmanager.accounts", "\"gone,account1\"") P("account.account1.server", "\"server1\"")
          P("server.server1.type", "\"imap\"") P("server.server1.hostname", "\"imap.example.org\""), NULL,
          "!1 mail.accountmanager.accounts names gone, which has no server; "
          "account1; imap host=imap.example.org:4 port=143:assumed" IMAP_TAIL },
};

START_TEST(preferences) {
        seen.most = 0;
        seen_read(cases[_i].prefs, strlen(cases[_i].prefs), cases[_i].user, &seen);
        ck_assert_str_eq(seen.text, cases[_i].seen);
}
END_TEST

/* Each method is a set of mechanisms. */
START_TEST(methods) {
        static const char *const mechanisms[] = {
                NULL, NULL, "PLAIN LOGIN", "PLAIN LOGIN", "CRAM-MD5", "GSSAPI", "NTLM", "EXTERNAL", "GSSAPI CRAM-MD5 NTLM", NULL,
                "XOAUTH2",
        };
        char text[512], wanted[64];

        seen.most = 0;
        snprintf(text, sizeof(text), IMAP "user_pref(\"mail.server.server1.authMethod\", %d);\n", _i);
        seen_read(text, strlen(text), NULL, &seen);
        snprintf(wanted, sizeof(wanted), " auth=%s:5", mechanisms[_i] ? mechanisms[_i] : "");
        ck_assert_msg(!strstr(seen.text, " auth=") == !mechanisms[_i], "%s", seen.text);
        if (mechanisms[_i])
                ck_assert_msg(strstr(seen.text, wanted), "%s", seen.text);
}
END_TEST

START_TEST(ten_thousand) {
        size_t size = 4 * 1024 * 1024;
        char *text = malloc(size), *end = text;

        end += sprintf(end, "user_pref(\"mail.accountmanager.accounts\", \"a0");
        for (unsigned i = 1; i < 10000; i++)
                end += sprintf(end, ",a%u", i);
        end += sprintf(end, "\");\n");
        for (unsigned i = 0; i < 10000; i++)
                end += sprintf(end, "user_pref(\"mail.account.a%u.server\", \"s%u\");\nuser_pref(\"mail.server.s%u.type\", \"imap\");\n"
                               "user_pref(\"mail.server.s%u.hostname\", \"h%u.example.org\");\n", i, i, i, i, i);
        seen.most = MD_SOURCE_ACCOUNTS_MAX;
        seen_read(text, (size_t) (end - text), NULL, &seen);
        ck_assert_uint_eq(seen.n, MD_SOURCE_ACCOUNTS_MAX);
        seen.most = 1;
        seen_read(text, (size_t) (end - text), NULL, &seen);
        ck_assert_str_eq(seen.text, "a0; imap host=h0.example.org:4 port=143:assumed" IMAP_TAIL
                         "; !1 mail.accountmanager.accounts names more than 256 accounts; those from a1 on are left out");
        free(text);
}
END_TEST

START_TEST(mutants) {
        static const char text[] = IMAP ANNA SMTP P("server.server1.port", "993") P("server.server1.socketType", "3");

        seen.most = MD_SOURCE_ACCOUNTS_MAX;
        for (unsigned round = 0; round < MUTATE_ROUNDS; round++) {
                Mutant mutant = mutate(text, strlen(text), round);
                seen_read(mutant.bytes, mutant.size, NULL, &seen);
                free(mutant.bytes);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("thunderbird-accounts");
        TCase *tcase = tcase_create("thunderbird-accounts");

        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, preferences, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_loop_test(tcase, methods, 1, 11);
        tcase_add_test(tcase, ten_thousand);
        tcase_add_test(tcase, mutants);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
