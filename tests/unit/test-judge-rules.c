/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What several probes prove together, by tables: each finding of the judge's rules, and the scenes that look like it. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "judge.h"
#include "produced.h"
#include "seen.h"

#define SEEN_MAX 6
#define FOUND_MAX 6

typedef struct Case {
        const char *name;
        Seen seen[SEEN_MAX];
        const char *found[FOUND_MAX];           /* "code" of a root, "code<cause" of a consequence, in order */
} Case;

#define HERE "192.0.2.1"
#define PROBE(why, plugin, host, port, code, ...) \
        { why, plugin, host, port, MD_SECURITY_TLS, "anna@a.example", code, "not-tried", __VA_ARGS__ }
#define IMAP(port, code, ...) PROBE(PROBE_CONFIGURED, "imap", "imap.a.example", port, code, __VA_ARGS__)
#define SMTP(port, code, ...) \
        PROBE(PROBE_CONFIGURED, "smtp", "smtp.a.example", port, code, .service = 1 __VA_OPT__(,) __VA_ARGS__)
#define ALSO(port, code, ...) PROBE(PROBE_OTHER_SECURITY, "imap", "imap.a.example", port, code, __VA_ARGS__)
#define WEB(port, code, ...) PROBE(PROBE_CONTROL, "control", "imap.a.example", port, code, __VA_ARGS__)
#define CONTROL(plugin, port, code, ...) PROBE(PROBE_CONTROL, plugin, "mx.b.example", port, code, __VA_ARGS__)

static const Case network[] = {
        { "this port is blocked here",
          { IMAP(993, "tcp.timeout"), CONTROL("imap", 993, "tcp.timeout"), CONTROL("smtp", 465, NULL, .address = HERE) },
          { "net.port-blocked", "tcp.timeout<net.port-blocked" } },
        { "the same port of others is rejected, another one of the host answers",
          { IMAP(993, "tcp.refused"), CONTROL("imap", 993, "tcp.refused"), ALSO(143, NULL, .address = HERE) },
          { "net.port-blocked", "tcp.refused<net.port-blocked" } },
        { "no comparison, no blocked port", { IMAP(993, "tcp.timeout"), ALSO(143, NULL, .address = HERE) },
          { "tcp.timeout" } },
        { "others answer on the port: it is the server",
          { IMAP(993, "tcp.timeout"), CONTROL("imap", 993, NULL, .address = HERE), ALSO(143, NULL, .address = HERE) },
          { "tcp.timeout" } },
        { "one blocked port is one fault for all services",
          { SMTP(25, "tcp.timeout"), PROBE(PROBE_CONFIGURED, "smtp", "smtp.c.example", 25, "tcp.timeout", .service = 2),
            CONTROL("smtp", 25, "tcp.timeout"), CONTROL("smtp", 587, NULL, .address = HERE) },
          { "net.port-blocked", "tcp.timeout<net.port-blocked", "net.port-blocked<net.port-blocked",
            "tcp.timeout<net.port-blocked" } },
        { "two blocked ports are two",
          { IMAP(993, "tcp.timeout"), SMTP(465, "tcp.timeout"), CONTROL("imap", 993, "tcp.timeout"),
            CONTROL("smtp", 465, "tcp.timeout"), CONTROL("smtp", 587, NULL, .address = HERE) },
          { "net.port-blocked", "tcp.timeout<net.port-blocked", "net.port-blocked", "tcp.timeout<net.port-blocked" } },
        { "nothing answers anywhere",
          { IMAP(993, "tcp.timeout"), CONTROL("imap", 993, "tcp.timeout"), CONTROL("smtp", 587, "tcp.timeout") },
          { "net.no-connection", "tcp.timeout<net.no-connection" } },
        { "no route anywhere",
          { IMAP(993, "net.no-route"), CONTROL("imap", 993, "net.no-route") },
          { "net.no-connection", "net.no-route<net.no-connection" } },
        { "no route to this host only", { IMAP(993, "net.no-route"), CONTROL("imap", 993, NULL, .address = HERE) },
          { "net.no-route" } },
        { "nothing is said while comparisons still run",
          { IMAP(993, "tcp.timeout"),
            { PROBE_CONTROL, "imap", "mx.b.example", 993, MD_SECURITY_TLS, NULL, NULL, NULL } },
          { "tcp.timeout" } },
        { "the host is silent on all ports, others are not",
          { IMAP(993, "tcp.timeout"), ALSO(143, "tcp.timeout"), WEB(443, "tcp.timeout"),
            CONTROL("imap", 993, NULL, .address = HERE) },
          { "server.unreachable", "tcp.timeout<server.unreachable" } },
        { "the host refuses everything, web pages, too: banned or down",
          { IMAP(993, "tcp.refused"), ALSO(143, "tcp.refused"), WEB(443, "tcp.refused"),
            CONTROL("imap", 993, NULL, .address = HERE) },
          { "server.unreachable", "tcp.refused<server.unreachable" } },
        { "another service of the account shows that the network works",
          { IMAP(993, "tcp.timeout"), ALSO(143, "tcp.timeout"), SMTP(465, NULL, .address = HERE) },
          { "server.unreachable", "tcp.timeout<server.unreachable" } },
        { "one port of the host answers", { IMAP(993, "tcp.refused"), ALSO(143, NULL, .address = HERE),
                                             CONTROL("imap", 993, NULL, .address = HERE) }, { "tcp.refused" } },
        { "a web server: every mail port refused, web pages answered",
          { IMAP(993, "tcp.refused"), ALSO(143, "tcp.refused"), WEB(443, NULL, .address = HERE) },
          { "settings.web-host", "tcp.refused<settings.web-host" } },
        { "a mail server with a web server beside it",
          { IMAP(993, "tcp.refused"), ALSO(143, NULL, .address = HERE), WEB(443, NULL, .address = HERE) },
          { "tcp.refused" } },
        { "this computer", { PROBE(PROBE_CONFIGURED, "imap", "127.0.0.1", 1143, "tcp.refused", .address = "127.0.0.1") },
          { "local.bridge-not-running", "tcp.refused<local.bridge-not-running" } },
        { "no name is found at all",
          { IMAP(993, "dns.server-failure"), CONTROL("imap", 993, "dns.server-failure") },
          { "dns.nothing-resolves", "dns.server-failure<dns.nothing-resolves" } },
        { "the web ports of another host of the settings are no comparison",
          { IMAP(993, "dns.timeout"), SMTP(465, "dns.timeout"),
            PROBE(PROBE_CONTROL, "control", "imap.a.example", 443, "dns.timeout") },
          { "dns.timeout", "dns.timeout" } },
        { "other names are found", { IMAP(993, "dns.no-such-name"), CONTROL("imap", 993, NULL, .address = HERE) },
          { "dns.no-such-name" } },
        { "other names are found, though nothing answers there",
          { IMAP(993, "dns.no-such-name"), CONTROL("imap", 993, "tcp.timeout") }, { "dns.no-such-name" } },
        { "a portal leads to its page", { IMAP(993, "port.http", .evidence = "HTTP/1.1 302 Found") },
          { "net.captive-portal", "port.http<net.captive-portal" } },
        { "a portal answers for every host",
          { IMAP(143, "port.http", .evidence = "HTTP/1.0 200 OK"), SMTP(587, "port.http", .evidence = "HTTP/1.0 200 OK") },
          { "net.captive-portal", "net.captive-portal<net.captive-portal", "port.http<net.captive-portal",
            "port.http<net.captive-portal" } },
        { "a web server at one host", { IMAP(993, "port.http", .evidence = "HTTP/1.1 400 Bad Request") }, { "port.http" } },
        { "the port of a web server", { IMAP(443, "port.http", .evidence = "HTTP/1.1 302 Found") }, { "port.http" } },
};

static const Case trust[] = {
        { "two certificates of the future: the clock",
          { IMAP(993, "cert.not-yet-valid", .sha256 = "1"), SMTP(465, "cert.not-yet-valid", .sha256 = "2") },
          { "local.clock-wrong", "cert.not-yet-valid<local.clock-wrong", "local.clock-wrong<local.clock-wrong",
            "cert.not-yet-valid<local.clock-wrong" } },
        { "one certificate of the future at two hosts: the certificate",
          { IMAP(993, "cert.not-yet-valid", .sha256 = "1"), SMTP(465, "cert.not-yet-valid", .sha256 = "1") },
          { "cert.not-yet-valid", "cert.not-yet-valid" } },
        { "a provider that let two certificates expire",
          { IMAP(993, "cert.expired", .sha256 = "1"), SMTP(465, "cert.expired", .sha256 = "2") },
          { "cert.expired", "cert.expired" } },
        { "expired certificates of two owners: the clock",
          { IMAP(993, "cert.expired", .sha256 = "1"), CONTROL("smtp", 465, "cert.expired", .sha256 = "2") },
          { "local.clock-wrong", "cert.expired<local.clock-wrong" } },
        { "a certificate that is in order shows that the clock is, too",
          { IMAP(993, "cert.not-yet-valid", .sha256 = "1"), SMTP(465, "cert.not-yet-valid", .sha256 = "2"),
            CONTROL("smtp", 465, NULL, .trusted = true) },
          { "cert.not-yet-valid", "cert.not-yet-valid" } },
        { "a greeting tells another day",
          { SMTP(587, "cert.expired", .sha256 = "1", .greeting = "mx ESMTP Exim 4.96 Fri, 02 Jan 1970 05:00:00 +0500") },
          { "local.clock-wrong", "cert.expired<local.clock-wrong" } },
        { "a greeting tells this day",
          { SMTP(587, "cert.expired", .sha256 = "1", .greeting = "mx ESMTP Exim 4.96 Thu, 01 Jan 1970 01:00:01 +0100") },
          { "cert.expired" } },
        { "an inspector that is known by name",
          { IMAP(993, "cert.unknown-issuer", .issuer = "CN=Zscaler Intermediate Root CA") },
          { "cert.intercepted", "cert.unknown-issuer<cert.intercepted" } },
        { "an authority that signs for two owners",
          { IMAP(993, "cert.unknown-issuer", .issuer = "CN=Office"),
            CONTROL("imap", 993, "cert.unknown-issuer", .issuer = "CN=Office") },
          { "cert.intercepted", "cert.unknown-issuer<cert.intercepted" } },
        { "a private authority of one owner",
          { IMAP(993, "cert.unknown-issuer", .issuer = "CN=A CA"), SMTP(465, "cert.unknown-issuer", .issuer = "CN=A CA") },
          { "cert.unknown-issuer", "cert.unknown-issuer" } },
        { "two owners, two authorities",
          { IMAP(993, "cert.unknown-issuer", .issuer = "CN=A CA"),
            CONTROL("imap", 993, "cert.unknown-issuer", .issuer = "CN=B CA") },
          { "cert.unknown-issuer" } },
        { "sending is led to a hoster: its name is another machine's, receiving is genuine",
          { IMAP(993, NULL, .trusted = true, .address = "192.0.2.5"),
            SMTP(587, "cert.wrong-host", .greeting = "web7.hoster.example ESMTP", .address = "192.0.2.6"),
            PROBE(PROBE_OTHER_NAME, "smtp", "web7.hoster.example", 587, NULL, .service = 1, .address = "192.0.2.7") },
          { "net.smtp-redirected", "cert.wrong-host<net.smtp-redirected" } },
        { "shared hosting: the name is this machine's",
          { IMAP(993, NULL, .trusted = true, .address = "192.0.2.5"),
            SMTP(587, "cert.wrong-host", .greeting = "web7.hoster.example ESMTP", .address = "192.0.2.6"),
            PROBE(PROBE_OTHER_NAME, "smtp", "web7.hoster.example", 587, NULL, .service = 1, .address = "192.0.2.6") },
          { "cert.wrong-host" } },
        { "receiving is wrong in the same way",
          { IMAP(993, "cert.wrong-host", .address = "192.0.2.6"),
            SMTP(587, "cert.wrong-host", .greeting = "web7.hoster.example ESMTP", .address = "192.0.2.6"),
            PROBE(PROBE_OTHER_NAME, "smtp", "web7.hoster.example", 587, NULL, .service = 1, .address = "192.0.2.7") },
          { "cert.wrong-host", "cert.wrong-host" } },
        { "two providers greet by the name of a third",
          { SMTP(587, "cert.self-signed", .greeting = "web7.hoster.example ESMTP"),
            CONTROL("smtp", 587, "cert.self-signed", .greeting = "web7.hoster.example ESMTP") },
          { "net.smtp-redirected", "cert.self-signed<net.smtp-redirected" } },
        { "a server that introduces itself by its own name",
          { SMTP(587, "cert.self-signed", .greeting = "mx.a.example ESMTP"),
            CONTROL("smtp", 587, NULL, .greeting = "mx.a.example ESMTP") },
          { "cert.self-signed" } },
        { "the certificate of a bridge program",
          { PROBE(PROBE_CONFIGURED, "imap", "localhost", 1143, "cert.self-signed", .address = "127.0.0.1") },
          { "local.bridge-certificate", "cert.self-signed<local.bridge-certificate" } },
};

#define LOGIN(plugin, host, user, code, outcome, ...) \
        { PROBE_CONFIGURED, plugin, host, 993, MD_SECURITY_TLS, user, code, outcome, __VA_ARGS__ }

#define THEN 1790000000
#define TLS_BEFORE .earlier = { .tls_at = THEN, .tls_security = MD_SECURITY_TLS, .answered_at = THEN }
#define BANNED .earlier = { .answered_at = THEN, .refused_at = THEN, .n_refused = 3 }
#define STARTTLS(code, ...) \
        { PROBE_CONFIGURED, "imap", "imap.a.example", 143, MD_SECURITY_STARTTLS, "anna@a.example", code, "not-tried", __VA_ARGS__ }
#define AGAIN(port, code, ...) PROBE(PROBE_AGAIN, "imap", "imap.a.example", port, code, __VA_ARGS__)

static const Case before[] = {
        { "STARTTLS was there before",
          { STARTTLS("tls.starttls-missing", .earlier = { .tls_at = THEN, .tls_security = MD_SECURITY_STARTTLS }) },
          { "security.tls-vanished", "tls.starttls-missing<security.tls-vanished" } },
        { "it was another kind of TLS",
          { STARTTLS("tls.starttls-missing", .earlier = { .tls_at = THEN, .tls_security = MD_SECURITY_TLS }) },
          { "tls.starttls-missing" } },
        { "it was never there", { STARTTLS("tls.starttls-missing") }, { "tls.starttls-missing" } },
        { "TLS came first before",
          { IMAP(993, "port.expects-starttls", TLS_BEFORE) },
          { "security.tls-vanished", "port.expects-starttls<security.tls-vanished" } },
        { "silent after refused logins",
          { IMAP(993, "tcp.timeout", BANNED), ALSO(143, "tcp.timeout"), WEB(443, "tcp.timeout"),
            CONTROL("imap", 993, NULL, .address = HERE) },
          { "server.bans-address", "tcp.timeout<server.bans-address" } },
        { "one refused login is no reason for a ban",
          { IMAP(993, "tcp.timeout", .earlier = { .answered_at = THEN, .n_refused = 1 }), ALSO(143, "tcp.timeout"),
            CONTROL("imap", 993, NULL, .address = HERE) },
          { "server.unreachable", "tcp.timeout<server.unreachable" } },
        { "refused logins, and another port answers",
          { IMAP(993, "tcp.refused", BANNED), ALSO(143, NULL, .address = HERE), CONTROL("imap", 993, NULL, .address = HERE) },
          { "tcp.refused" } },
        { "another certificate the second time",
          { IMAP(993, "cert.unknown-issuer", .sha256 = "1"), AGAIN(993, NULL, .sha256 = "2", .trusted = true) },
          { "cert.changes-between-connections", "cert.unknown-issuer<cert.changes-between-connections" } },
        { "the same certificate the second time",
          { IMAP(993, "cert.unknown-issuer", .sha256 = "1"), AGAIN(993, "cert.unknown-issuer", .sha256 = "1") },
          { "cert.unknown-issuer" } },
        { "other ports may have others",
          { IMAP(993, "cert.unknown-issuer", .sha256 = "1"), ALSO(143, NULL, .sha256 = "2") }, { "cert.unknown-issuer" } },
        { "a warning is not about the certificate of the others",
          { IMAP(993, "cert.expires-soon", .sha256 = "1"), AGAIN(993, NULL, .sha256 = "2") }, { "cert.expires-soon" } },
        { "another certificate was in order before",
          { IMAP(993, "cert.self-signed", .sha256 = "1", .earlier = { .tls_at = THEN, .other_certificate = true }) },
          { "cert.self-signed", "cert.replaced<cert.self-signed" } },
        { "logins that hide the password only before TLS",
          { STARTTLS(NULL, .before = { "AUTH=SCRAM-SHA-1", "AUTH=PLAIN" }, .after = { "AUTH=PLAIN", "AUTH=LOGIN" }) },
          { "security.auth-downgrade" } },
        { "as POP3 and SMTP list them",
          { STARTTLS(NULL, .before = { "TOP", "SASL CRAM-MD5 PLAIN" }, .after = { "SASL PLAIN" }) },
          { "security.auth-downgrade" } },
        { "inside TLS others that hide it",
          { STARTTLS(NULL, .before = { "AUTH CRAM-MD5" }, .after = { "AUTH PLAIN SCRAM-SHA-256" }) }, { 0 } },
        { "no login at all inside TLS is another fault",
          { STARTTLS("auth.not-offered", .before = { "AUTH CRAM-MD5" }, .after = { "SIZE 1000" }) }, { "auth.not-offered" } },
        { "before TLS nothing that hides it",
          { STARTTLS(NULL, .before = { "AUTH PLAIN" }, .after = { "AUTH PLAIN" }) }, { 0 } },
        { "a renewed one that is in order is no finding",
          { IMAP(993, NULL, .sha256 = "1", .earlier = { .tls_at = THEN, .other_certificate = true }) }, { 0 } },
};

static const Case logins[] = {
        { "receiving takes the login, sending does not",
          { LOGIN("imap", "imap.a.example", "anna", NULL, "ok"),
            LOGIN("smtp", "smtp.a.example", "anna", "auth.rejected", "refused", .service = 1) },
          { "auth.one-side-only", "auth.rejected<auth.one-side-only" } },
        { "both refuse",
          { LOGIN("imap", "imap.a.example", "anna", "auth.rejected", "refused"),
            LOGIN("smtp", "smtp.a.example", "anna", "auth.rejected", "refused", .service = 1) },
          { "auth.rejected", "auth.rejected" } },
        { "another provider",
          { LOGIN("imap", "imap.a.example", "anna", NULL, "ok"),
            LOGIN("smtp", "smtp.b.example", "anna", "auth.rejected", "refused", .service = 1) },
          { "auth.rejected" } },
        { "another user name",
          { LOGIN("imap", "imap.a.example", "anna", NULL, "ok"),
            LOGIN("smtp", "smtp.a.example", "bert", "auth.rejected", "refused", .service = 1) },
          { "auth.rejected" } },
        { "a strange character explains a refusal, and weighs as much",
          { LOGIN("imap", "imap.a.example", "anna", "settings.suspicious-secret auth.rejected", "refused"),
            LOGIN("smtp", "smtp.b.example", "anna", "mailbox.full", "ok", .service = 1) },
          { "settings.suspicious-secret", "auth.rejected<settings.suspicious-secret", "mailbox.full" } },
        { "a strange character that is right", { LOGIN("imap", "imap.a.example", "anna", "settings.suspicious-secret", "ok") },
          { "settings.suspicious-secret" } },
        { "no login on the port between servers", { SMTP(25, "auth.not-offered") },
          { "smtp.use-submission-port", "auth.not-offered<smtp.use-submission-port" } },
        { "blocked on the port between servers", { SMTP(25, "smtp.client-blocked") },
          { "smtp.use-submission-port", "smtp.client-blocked<smtp.use-submission-port" } },
        { "no login on the port for apps", { SMTP(587, "auth.not-offered") }, { "auth.not-offered" } },
};

static void describe(const Finding *finding, char *ret, size_t size) {
        snprintf(ret, size, "%s%s%s", finding->info->id, finding->cause ? "<" : "", finding->cause ? finding->cause : "");
}

/* What only the judge can find: all its texts are filled, and it counts for the coverage of the catalogue.  The rest a
 * probe has to produce. */
static void assert_own(const Case *test, const Report *report) {
        for (size_t i = 0; i < report->n_findings; i++)
                for (size_t k = 0; k < judge_catalog_size; k++) {
                        const Finding *finding = &report->findings[i];
                        if (finding->info != &judge_catalog[k])
                                continue;
                        ck_assert_msg(!strchr(finding->message, '?') && !strchr(finding->meaning, '?'), "%s: %s %s",
                                      test->name, finding->message, finding->meaning);
                        produced_note("unit", "judge-rules", judge_catalog[k].id);
                }
}

static void judge_case(const Case *test) {
        Registry *registry = seen_registry();
        Report *report = report_new("anna@a.example", 1);
        char text[128];

        for (size_t i = 0; i < SEEN_MAX && test->seen[i].protocol; i++)
                seen_add(report, test->seen[i].service, &test->seen[i]);
        /* Twice: judging again must not add up. */
        ck_assert_int_eq(report_judge(report, registry), 0);
        ck_assert_int_eq(report_judge(report, registry), 0);
        for (size_t i = 0; i < report->n_findings; i++) {
                describe(&report->findings[i], text, sizeof(text));
                ck_assert_msg(i < FOUND_MAX && test->found[i] && !strcmp(test->found[i], text), "%s: %s instead of %s",
                              test->name, text, i < FOUND_MAX && test->found[i] ? test->found[i] : "nothing");
        }
        ck_assert_msg(report->n_findings == FOUND_MAX || !test->found[report->n_findings], "%s: %s is missing", test->name,
                      test->found[report->n_findings]);
        assert_own(test, report);
        report_free(report);
        registry_free(registry);
}

START_TEST(network_rules) {
        judge_case(&network[_i]);
}
END_TEST

START_TEST(trust_rules) {
        judge_case(&trust[_i]);
}
END_TEST

START_TEST(memory_rules) {
        judge_case(&before[_i]);
}
END_TEST

START_TEST(login_rules) {
        judge_case(&logins[_i]);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("judge-rules");
        TCase *tcase = tcase_create("judge-rules");
        tcase_add_loop_test(tcase, network_rules, 0, sizeof(network) / sizeof(network[0]));
        tcase_add_loop_test(tcase, trust_rules, 0, sizeof(trust) / sizeof(trust[0]));
        tcase_add_loop_test(tcase, memory_rules, 0, sizeof(before) / sizeof(before[0]));
        tcase_add_loop_test(tcase, login_rules, 0, sizeof(logins) / sizeof(logins[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
