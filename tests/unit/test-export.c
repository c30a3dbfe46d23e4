/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Exported settings: what is let in, how it is quoted, which services a form holds, what it needs, what of a report counts. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export-escape.h"
#include "export-report.h"
#include "export-xml.h"
#include "export.h"
#include "harness.h"

static ExportAccount *account_of(const char *address) {
        ExportAccount *account;
        const char *problem = NULL;
        int r = export_account_new(address, &account, &problem);
        ck_assert_msg(r == 0, "%s", problem ?: "");
        return account;
}

static const struct {
        const char *address, *local, *domain, *problem;
} addresses[] = {
        { "anna@example.org", "anna", "example.org", NULL },
        { "anna@EXAMPLE.org", "anna", "example.org", NULL },
        { "\"a b\"@example.org", "\"a b\"", "example.org", NULL },
        { "ä@bücher.example", "ä", "xn--bcher-kva.example", NULL },
        { "anna@Straße.example", "anna", "xn--strae-oqa.example", NULL },
        { "anna", NULL, NULL, "no @" },
        { "@example.org", NULL, NULL, "before the @" },
        { "anna@", NULL, NULL, "after the @" },
        { "an\na@example.org", NULL, NULL, "control character" },
        { "anna@exa\xff.org", NULL, NULL, "UTF-8" },
        { "anna@\xe2\x80\xaei.example", NULL, NULL, "control character" },
};

START_TEST(accounts) {
        ExportAccount *account;
        const char *problem = NULL;
        int r = export_account_new(addresses[_i].address, &account, &problem);
        if (addresses[_i].problem) {
                ck_assert_int_eq(r, -EINVAL);
                ck_assert_msg(strstr(problem, addresses[_i].problem), "%s", problem);
                return;
        }
        ck_assert_int_eq(r, 0);
        ck_assert_str_eq(account->local, addresses[_i].local);
        ck_assert_str_eq(account->domain, addresses[_i].domain);
        export_account_free(account);
}
END_TEST

static const struct {
        ExportService service;
        const char *host, *username, *problem;
} services[] = {
        { { "imap", (char *) "IMAP.example.org", 993 }, "imap.example.org", "anna@example.org", NULL },
        { { "imap", (char *) "2001:db8::1", 993, .username = (char *) "u" }, "2001:db8::1", "u", NULL },
        { { "imap", (char *) "192.0.2.1", 993, .username = (char *) "u" }, "192.0.2.1", "u", NULL },
        { { "imap", (char *) "_x.example.org", 993, .username = (char *) "u" }, "_x.example.org", "u", NULL },
        { { "imap", (char *) "a b", 993 }, NULL, NULL, "no name of the network" },
        { { "imap", (char *) "a\nb", 993 }, NULL, NULL, "no name of the network" },
        { { "imap", (char *) "a/b", 993 }, NULL, NULL, "no name of the network" },
        { { "imap", (char *) "a\"b", 993 }, NULL, NULL, "no name of the network" },
        { { "imap", (char *) "a$b", 993 }, NULL, NULL, "no name of the network" },
        { { "imap", (char *) "", 993 }, NULL, NULL, "no name of the network" },
        { { "imap", (char *) "x", 0 }, NULL, NULL, "port" },
        { { "imap", (char *) "x", 1, .username = (char *) "" }, NULL, NULL, "empty" },
        { { "imap", (char *) "x", 1, .username = (char *) "a\tb" }, NULL, NULL, "control character" },
        { { "imap", (char *) "x", 1, .username = (char *) "a\xff" }, NULL, NULL, "UTF-8" },
};

START_TEST(added) {
        ExportAccount *account = account_of("anna@example.org");
        const char *problem = NULL;
        int r = export_account_add(account, &services[_i].service, &problem);
        if (services[_i].problem) {
                ck_assert_int_eq(r, -EINVAL);
                ck_assert_msg(strstr(problem, services[_i].problem), "%s", problem);
                ck_assert_uint_eq(account->n_services, 0);
        } else {
                ck_assert_int_eq(r, 0);
                ck_assert_str_eq(account->services[0].host, services[_i].host);
                ck_assert_str_eq(account->services[0].username, services[_i].username);
        }
        export_account_free(account);
}
END_TEST

START_TEST(too_many) {
        ExportAccount *account = account_of("anna@example.org");
        const ExportService service = { "imap", (char *) "x", 1 };
        const char *problem;
        for (unsigned i = 0; i < EXPORT_SERVICES_MAX; i++)
                ck_assert_int_eq(export_account_add(account, &service, &problem), 0);
        ck_assert_int_eq(export_account_add(account, &service, &problem), -EINVAL);
        ck_assert_ptr_nonnull(strstr(problem, "too many"));
        export_account_free(account);
}
END_TEST

static const struct {
        void (*put)(FILE *out, const char *text);
        const char *text, *quoted;
} quotings[] = {
        { put_xml, "a&b<c>\"d'é", "a&amp;b&lt;c&gt;&quot;d&#39;é" },
        { put_xml_comment, "a--b---c-", "a- -b- - -c- " },
        { put_url, "an na@x%/é", "an%20na%40x%25%2F%C3%A9" },
        { put_url, "a-b.c_d~e", "a-b.c_d~e" },
        { put_url_host, "example.org", "example.org" },
        { put_url_host, "::1", "[::1]" },
        { put_js, "a\"b\\c$`'", "\"a\\\"b\\\\c$`'\"" },
        { put_muttrc, "a\"b\\c$`'", "\"a\\\"b\\\\c\\$\\`'\"" },
        { put_mbsyncrc, "a\"b\\c$`'", "\"a\\\"b\\\\c$`'\"" },
        { put_ini, "a#b;c\"", "`a#b;c\"`" },
        { put_ini, "a`b", "\"\"\"a`b\"\"\"" },
        { put_name, "a@b c.d\"e-é", "a-b-c.d-e---" },
};

START_TEST(quoted) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        quotings[_i].put(out, quotings[_i].text);
        fclose(out);
        ck_assert_str_eq(text, quotings[_i].quoted);
        free(text);
}
END_TEST

/* "imap tls, smtp starttls oauth2": services from a few words. */
static ExportAccount *account_with(const char *words) {
        ExportAccount *account = account_of("anna@example.org");
        char copy[256], *state = NULL;
        snprintf(copy, sizeof(copy), "%s", words);
        for (char *part = strtok_r(copy, ",", &state); part; part = strtok_r(NULL, ",", &state)) {
                const char *problem;
                ExportService service = {
                        .protocol = strstr(part, "imap") ? "imap" : strstr(part, "pop3") ? "pop3" : "smtp",
                        .host = (char *) "mail.example.org", .port = 1, .reason = "",
                        .security = strstr(part, "starttls") ? EXPORT_STARTTLS : EXPORT_TLS,
                        .auth = strstr(part, "oauth2") ? EXPORT_OAUTH2 : EXPORT_PASSWORD,
                        .username = (char *) (strstr(part, "other") ? "someone" : NULL),
                };
                ck_assert_int_eq(export_account_add(account, &service, &problem), 0);
        }
        return account;
}

static const struct {
        const char *format, *services, *problem;
        const char *used;               /* a digit for each service that the form holds */
} needs[] = {
        { "text", "", "no server", "" },
        { "text", "imap,pop3,imap,smtp", NULL, "0123" },
        { "autoconfig", "smtp,pop3,imap", NULL, "012" },
        { "autoconfig", "imap", "SMTP server", NULL },
        { "autoconfig", "smtp", "IMAP or POP3", NULL },
        { "autoconfig", "imap,smtp other", "all addresses", NULL },
        { "thunderbird", "pop3,imap,smtp,smtp", NULL, "12" },
        { "thunderbird", "pop3,smtp", NULL, "01" },
        { "thunderbird", "smtp", "IMAP or POP3", NULL },
        { "mobileconfig", "pop3,smtp", NULL, "01" },
        { "mobileconfig", "imap oauth2,smtp", "OAuth2", NULL },
        { "outlook", "pop3,imap", NULL, "1" },
        { "msmtp", "imap,smtp", NULL, "1" },
        { "msmtp", "imap", "SMTP", NULL },
        { "mbsync", "pop3,imap,smtp", NULL, "1" },
        { "mbsync", "pop3,smtp", "IMAP", NULL },
        { "mutt", "smtp", NULL, "0" },
        { "mutt", "", "no server", "" },
        { "aerc", "imap,smtp", NULL, "01" },
        { "aerc", "pop3,smtp", "IMAP", NULL },
        { "aerc", "imap", "SMTP", NULL },
        { "aerc", "imap oauth2,smtp oauth2", NULL, "01" },
        { "aerc", "imap starttls oauth2,smtp", "OAuth2", NULL },
        { "aerc", "imap,smtp starttls oauth2", "OAuth2", NULL },
        { "aerc", "imap,smtp starttls", NULL, "01" },
};

START_TEST(formats) {
        const ExportFormat *format = export_format_find(needs[_i].format);
        ExportAccount *account = account_with(needs[_i].services);
        const char *problem = format->problem(account);
        char used[EXPORT_SERVICES_MAX + 1] = "", *end = used;

        if (needs[_i].problem)
                ck_assert_msg(problem && strstr(problem, needs[_i].problem), "%s", problem ?: "none");
        else
                ck_assert_msg(!problem, "%s", problem);
        for (size_t i = 0; i < account->n_services; i++)
                if (export_format_uses(format, account, &account->services[i]))
                        *end++ = (char) ('0' + i);
        if (needs[_i].used)
                ck_assert_str_eq(used, needs[_i].used);
        export_account_free(account);
}
END_TEST

START_TEST(no_such_format) {
        ck_assert_ptr_null(export_format_find("msmpt"));
        ck_assert_ptr_null(export_format_find(""));
}
END_TEST

#define IMAP "\"protocol\": \"imap\", \"host\": \"imap.example.org\", \"port\": 143, \"security\": \"starttls\""
#define VERIFIED "\"tls\": {\"verified\": true}"

static const struct {
        const char *service, *finding;
        const char *seen;               /* "protocol host port security auth proof reason"; NULL: left out */
} reports[] = {
        { "{" IMAP ", \"verdict\": \"ok\", \"login\": \"ok\", " VERIFIED "}", "",
          "imap imap.example.org 143 1 0 2 " },
        { "{" IMAP ", \"verdict\": \"warning\", \"login\": \"not-tried\", " VERIFIED "}", "",
          "imap imap.example.org 143 1 0 1 " },
        { "{" IMAP ", \"verdict\": \"ok\", \"login\": \"ok\", \"tls\": {\"verified\": false}}", "",
          "imap imap.example.org 143 1 0 0 " },
        { "{" IMAP ", \"verdict\": \"unknown\"}", "", "imap imap.example.org 143 1 0 0 " },
        { "{" IMAP ", \"verdict\": \"error\"}",
          "{\"service\": \"imap\", \"host\": \"imap.example.org\", \"port\": 143, \"severity\": \"error\", \"code\": \"x.y\"}",
          "imap imap.example.org 143 1 0 0 x.y" },
        { "{" IMAP ", \"verdict\": \"error\"}",
          "{\"service\": \"imap\", \"host\": \"other.example.org\", \"port\": 143, \"severity\": \"error\", \"code\": \"x.y\"}",
          "imap imap.example.org 143 1 0 0 " },
        { "{" IMAP ", \"verdict\": \"error\"}",
          "{\"service\": \"imap\", \"host\": \"imap.example.org\", \"port\": 143, \"severity\": \"error\", \"code\": \"x.y\", "
          "\"verified\": true, \"proof\": \"connection\", \"changes\": [{\"setting\": \"protocol\", \"to\": \"pop3\"}, "
          "{\"setting\": \"port\", \"to\": \"995\"}, {\"setting\": \"security\", \"to\": \"tls\"}]}",
          "pop3 imap.example.org 995 0 0 1 " },
        { "{" IMAP ", \"verdict\": \"ok\", \"login\": \"ok\", " VERIFIED ", \"mechanism\": {\"name\": \"OAUTHBEARER\"}}", "",
          "imap imap.example.org 143 1 2 2 " },
        { "{" IMAP ", \"verdict\": \"ok\", \"login\": \"ok\", " VERIFIED ", \"mechanism\": {\"name\": \"CRAM-MD5\", "
          "\"offered\": [\"CRAM-MD5\"]}}", "", "imap imap.example.org 143 1 1 2 " },
        { "{" IMAP ", \"verdict\": \"ok\", \"login\": \"ok\", " VERIFIED ", \"mechanism\": {\"name\": \"CRAM-MD5\", "
          "\"offered\": [\"CRAM-MD5\", \"PLAIN\"]}}", "", "imap imap.example.org 143 1 0 2 " },
        { "{" IMAP ", \"verdict\": \"ok\", \"login\": \"ok\", " VERIFIED ", \"mechanism\": {\"name\": \"SCRAM-SHA-1\", "
          "\"offered\": [\"SCRAM-SHA-1\"]}}", "", "imap imap.example.org 143 1 0 2 " },
        { "{\"protocol\": \"imap\", \"host\": \"clear.example.org\", \"port\": 143, \"security\": \"none\", \"verdict\": \"ok\"}",
          "", NULL },
        { "{\"protocol\": \"managesieve\", \"host\": \"x\", \"port\": 4190, \"security\": \"tls\"}", "", "" },
};

START_TEST(of_reports) {
        ExportAccount *account = account_of("anna@example.org");
        char *text = NULL, *left_out = NULL, seen[256] = "";
        const char *problem = NULL;
        ck_assert_int_gt(asprintf(&text, "{\"services\": [%s], \"findings\": [%s]}", reports[_i].service, reports[_i].finding), 0);
        json_t *report = json_loads(text, 0, NULL);
        ck_assert(report);

        int r = export_add_report(account, report, &left_out, &problem);
        ck_assert_msg(r == 0, "%s", problem ?: "");
        if (account->n_services > 0) {
                const ExportService *service = &account->services[0];
                snprintf(seen, sizeof(seen), "%s %s %u %d %d %d %s", service->protocol, service->host, service->port,
                         service->security, service->auth, service->proof, service->reason);
        }
        ck_assert_str_eq(seen, reports[_i].seen ?: "");
        if (reports[_i].seen)
                ck_assert_ptr_null(left_out);
        else
                ck_assert_str_eq(left_out, "clear.example.org");
        free(left_out);
        json_decref(report);
        free(text);
        export_account_free(account);
}
END_TEST

/* What a report says about the address as such. */
static const struct {
        const char *login, *auth;       /* of the service; words of the candidate */
        const char *precondition;       /* members of one */
        ExportAuth expected;
        const char *note;               /* NULL: none */
} published[] = {
        { "not-tried", "\"oauth2\"", "\"kind\": \"other\"", EXPORT_OAUTH2, NULL },
        { "not-tried", "\"oauth2\", \"password\"", "\"kind\": \"other\", \"text\": \"Say so.\"", EXPORT_OAUTH2_OR_PASSWORD,
          "Say so." },
        { "not-tried", "\"password\", \"oauth2\"", "\"kind\": \"bridge\", \"protocol\": \"pop3\"", EXPORT_PASSWORD, NULL },
        { "ok", "\"oauth2\"", "\"kind\": \"app-password\", \"url\": \"https://example.org/app\"", EXPORT_PASSWORD, NULL },
        { "not-tried", "", "\"kind\": \"app-password\", \"url\": \"https://example.org/app\"", EXPORT_PASSWORD,
          "A password made for the app is needed. https://example.org/app" },
        { "not-tried", "", "\"kind\": \"service-off\", \"protocol\": \"imap\", \"text\": \"Under POP/IMAP.\"", EXPORT_PASSWORD,
          "Access by mail apps has to be switched on in the account. Under POP/IMAP." },
        { "not-tried", "", "\"kind\": \"other\", \"text\": \"a\\nb\"", EXPORT_PASSWORD, NULL },
        { "not-tried", "", "\"kind\": 1", EXPORT_PASSWORD, NULL },
};

START_TEST(of_discovery) {
        ExportAccount *account = account_of("anna@example.org");
        char *text = NULL, *left_out = NULL;
        const char *problem = NULL;
        int n = asprintf(&text, "{\"services\": [{" IMAP ", \"verdict\": \"ok\", \"login\": \"%s\", " VERIFIED "}], "
                         "\"discovery\": {\"candidates\": [{\"protocol\": \"imap\", \"host\": \"other.example.org\", "
                         "\"port\": 143, \"auth\": [\"x\"]}, {\"protocol\": \"imap\", \"host\": \"imap.example.org\", "
                         "\"port\": 143, \"auth\": [%s]}], \"preconditions\": [{%s}]}}", published[_i].login,
                         published[_i].auth, published[_i].precondition);
        ck_assert_int_gt(n, 0);
        json_t *report = json_loads(text, 0, NULL);
        ck_assert(report);

        ck_assert_int_eq(export_add_report(account, report, &left_out, &problem), 0);
        ck_assert_int_eq(account->services[0].auth, published[_i].expected);
        ck_assert_uint_eq(account->n_notes, published[_i].note ? 1 : 0);
        if (published[_i].note)
                ck_assert_str_eq(account->notes[0], published[_i].note);
        json_decref(report);
        free(text);
        export_account_free(account);
}
END_TEST

/* A report of what was found, and nothing checked. */
START_TEST(of_candidates) {
        static const char text[] = "{\"services\": [], \"discovery\": {\"candidates\": ["
                "{\"protocol\": \"imap\", \"host\": \"a.example\", \"port\": 993, \"security\": \"tls\", \"outcome\": \"fails\"},"
                "{\"protocol\": \"imap\", \"host\": \"b.example\", \"port\": 993, \"security\": \"tls\", \"outcome\": \"works\", "
                "\"chosen\": true, \"username\": \"anna\", \"auth\": [\"oauth2\", \"password\"]},"
                "{\"protocol\": \"pop3\", \"host\": \"c.example\", \"port\": 110, \"security\": \"none\", \"outcome\": \"works\", "
                "\"chosen\": true},"
                "{\"protocol\": \"smtp\", \"host\": \"d.example\", \"port\": 587, \"security\": \"starttls\", "
                "\"outcome\": \"fails\", \"code\": \"tcp.refused\", \"chosen\": true}]}}";
        ExportAccount *account = account_of("anna@example.org");
        char *left_out = NULL;
        const char *problem = NULL;
        json_t *report = json_loads(text, 0, NULL);

        ck_assert_int_eq(export_add_report(account, report, &left_out, &problem), 0);
        ck_assert_uint_eq(account->n_services, 2);
        ck_assert_str_eq(account->services[0].host, "b.example");
        ck_assert_str_eq(account->services[0].username, "anna");
        ck_assert_int_eq(account->services[0].proof, EXPORT_CONNECTION);
        ck_assert_int_eq(account->services[0].auth, EXPORT_OAUTH2_OR_PASSWORD);
        ck_assert_str_eq(account->services[1].username, "anna@example.org");
        ck_assert_int_eq(account->services[1].proof, EXPORT_UNPROVED);
        ck_assert_str_eq(account->services[1].reason, "tcp.refused");
        json_decref(report);
        export_account_free(account);
}
END_TEST

START_TEST(many_notes) {
        ExportAccount *account = account_of("anna@example.org");
        for (unsigned i = 0; i < 2 * EXPORT_NOTES_MAX; i++)
                ck_assert_int_eq(export_account_note(account, "note"), 0);
        ck_assert_uint_eq(account->n_notes, EXPORT_NOTES_MAX);
        export_account_free(account);
}
END_TEST

#define COUNT(table) ((int) (sizeof(table) / sizeof(table[0])))

int main(void) {
        Suite *suite = suite_create("export");
        TCase *tcase = tcase_create("export");
        tcase_add_loop_test(tcase, accounts, 0, COUNT(addresses));
        tcase_add_loop_test(tcase, added, 0, COUNT(services));
        tcase_add_test(tcase, too_many);
        tcase_add_loop_test(tcase, quoted, 0, COUNT(quotings));
        tcase_add_loop_test(tcase, formats, 0, COUNT(needs));
        tcase_add_test(tcase, no_such_format);
        tcase_add_loop_test(tcase, of_reports, 0, COUNT(reports));
        tcase_add_loop_test(tcase, of_discovery, 0, COUNT(published));
        tcase_add_test(tcase, of_candidates);
        tcase_add_test(tcase, many_notes);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
