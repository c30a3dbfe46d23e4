/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The planner's later rounds, by tables: what was seen so far, and what must be tried next.  A target reads
 * "why protocol host:port security user" and "+login" when it carries the secret.
 */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "plan.h"
#include "seen.h"

#define SEEN_MAX 6
#define PLANNED_MAX 12

typedef struct Case {
        const char *name;
        bool secret;
        Seen seen[SEEN_MAX];
        const char *planned[PLANNED_MAX];
        uint32_t left_ms;               /* 0: 19 s of 20 */
        const char *control;            /* hosts for comparison */
} Case;

#define IMAP(why, port, security, code, login, ...) \
        { why, "imap", "mail.example", port, MD_SECURITY_##security, "anna@example", code, login __VA_OPT__(,) __VA_ARGS__ }

static const Case cases[] = {
        { "what works needs nothing", true, { IMAP(PROBE_CONFIGURED, 993, TLS, NULL, "ok") }, { 0 } },
        { "a warning is no reason", true, { IMAP(PROBE_CONFIGURED, 993, TLS, "cert.expires-soon", "ok") }, { 0 },
          .control = "imap.other.example:993" },
        { "nor is an oddity of the dialogue", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "protocol.nul-byte protocol.capability-mismatch tls.weak", "ok") }, { 0 } },
        { "clear text is one", true, { IMAP(PROBE_CONFIGURED, 143, NONE, "security.cleartext", "ok") },
          { "other-security imap mail.example:993 tls anna@example",
            "other-security imap mail.example:143 starttls anna@example",
            "other-security imap mail.example:143 tls anna@example" } },
        { "wrong security: the other ways, without the secret", true,
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried") },
          { "other-security imap mail.example:993 tls anna@example",
            "other-security imap mail.example:143 starttls anna@example" } },
        { "port refused", true, { IMAP(PROBE_CONFIGURED, 994, TLS, "tcp.refused", "not-tried") },
          { "other-security imap mail.example:993 tls anna@example",
            "other-security imap mail.example:143 starttls anna@example",
            "other-security imap mail.example:994 starttls anna@example",
            "control control mail.example:443 tls -", "control control mail.example:80 none -" } },
        { "nothing is tried twice", true,
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, NULL, NULL),
            IMAP(PROBE_OTHER_SECURITY, 143, STARTTLS, "tcp.refused", "not-tried") }, { 0 } },
        { "the best that works is proved by login", true,
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 143, STARTTLS, NULL, "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, NULL, "not-tried") },
          { "proof imap mail.example:993 tls anna@example +login" } },
        { "once", true,
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 143, STARTTLS, "tcp.refused", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, NULL, "not-tried"),
            IMAP(PROBE_PROOF, 993, TLS, "auth.rejected", "refused") }, { 0 } },
        { "without a secret there is no proof", false,
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 143, STARTTLS, "tcp.refused", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, NULL, "not-tried") }, { 0 } },
        { "silence: alternatives begin before the verdict", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, NULL, NULL) },
          { "other-security imap mail.example:143 starttls anna@example",
            "other-security imap mail.example:993 starttls anna@example",
            "control control mail.example:443 tls -", "control control mail.example:80 none -" }, 16000 },
        { "refused login: the part before the @", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.rejected", "refused") },
          { "other-username imap mail.example:993 tls anna +login" } },
        { "refused login: the whole address", true,
          { { PROBE_CONFIGURED, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna", "auth.rejected", "refused" } },
          { "other-username imap mail.example:993 tls anna@example +login" } },
        { "both forms refused: no third login", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.rejected", "refused"),
            { PROBE_OTHER_USERNAME, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna", "auth.rejected", "refused" } },
          { 0 } },
        { "never again after too many logins", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.rate-limited", "refused") }, { 0 } },
        { "the password is not the question: no second login", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.app-password-needed", "refused") }, { 0 } },
        { "the server asks for the whole address", true,
          { { PROBE_CONFIGURED, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna", "auth.address-as-username",
              "refused" } },
          { "other-username imap mail.example:993 tls anna@example +login" } },
        { "no other form when the account has no login left", true,
          { { PROBE_CONFIGURED, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna", "auth.rejected", "refused" },
            { PROBE_OTHER_USERNAME, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna@example", NULL, "not-tried",
              .denial = DENIAL_REFUSED } }, { 0 } },
        { "no proof when it has none", true,
          { { PROBE_CONFIGURED, "imap", "mail.example", 993, MD_SECURITY_STARTTLS, "a", "port.expects-implicit-tls",
              "not-tried", .denial = DENIAL_REFUSED },
            { PROBE_OTHER_SECURITY, "imap", "mail.example", 993, MD_SECURITY_TLS, "a", NULL, "not-tried" },
            { PROBE_OTHER_SECURITY, "imap", "mail.example", 143, MD_SECURITY_STARTTLS, "a", NULL, "not-tried" } },
          { 0 } },
        { "no login on the candidate that works when it has none", true,
          { { PROBE_AUTO, "imap", "mail.example", 993, MD_SECURITY_TLS, "a", "tcp.refused", "not-tried",
              .denial = DENIAL_DAY },
            { PROBE_AUTO, "imap", "mail.example", 143, MD_SECURITY_STARTTLS, "a", NULL, "not-tried" } }, { 0 } },
        { "waiting for other logins is not silence", true,
          { { PROBE_CONFIGURED, "imap", "mail.example", 993, MD_SECURITY_TLS, "a", NULL, NULL, .waits = true } },
          { 0 }, 16000 },
        { "the form that another service took is not the question", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.rejected", "refused"),
            { PROBE_CONFIGURED, "smtp", "smtp.mail.example", 465, MD_SECURITY_TLS, "anna@example", NULL, "ok",
              .service = 1 } }, { 0 } },
        { "another service may show it soon", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.rejected", "refused"),
            { PROBE_CONFIGURED, "smtp", "smtp.mail.example", 465, MD_SECURITY_TLS, "anna@example", NULL, NULL,
              .service = 1 } }, { 0 } },
        { "a strange character in the password: no second login for the name", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "settings.suspicious-secret auth.rejected", "refused") }, { 0 } },
        { "another protocol on the port", true,
          { { PROBE_CONFIGURED, "imap", "mail.example", 995, MD_SECURITY_TLS, "a", "port.other-protocol", "not-tried",
              .found = "pop3" } },
          { "other-security imap mail.example:993 tls a", "other-security imap mail.example:143 starttls a",
            "other-security imap mail.example:995 starttls a", "other-protocol pop3 mail.example:995 tls a",
            "other-protocol pop3 mail.example:110 starttls a", "other-protocol pop3 mail.example:995 starttls a" } },
        { "sending is never answered by receiving", true,
          { { PROBE_CONFIGURED, "smtp", "mail.example", 993, MD_SECURITY_TLS, "a", "port.other-protocol", "not-tried",
              .found = "imap" } },
          { "other-security smtp mail.example:465 tls a", "other-security smtp mail.example:587 starttls a",
            "other-security smtp mail.example:993 starttls a" } },
        { "names of greeting and certificate", true,
          { { PROBE_CONFIGURED, "imap", "mail.example", 993, MD_SECURITY_TLS, "a", "cert.wrong-host", "not-tried",
              .names = { "*.hoster.example", "mx1.hoster.example", "MAIL.example" },
              .greeting = "* OK [CAPABILITY IMAP4rev1] node7.hoster.example ready 1.2.3.4" } },
          { "other-name imap node7.hoster.example:993 tls a", "other-name imap mx1.hoster.example:993 tls a",
            "again imap mail.example:993 tls a" } },
        { "no login at a name that only the peer gives", true,
          { { PROBE_CONFIGURED, "imap", "mail.a.example", 993, MD_SECURITY_TLS, "a", "cert.wrong-host", "not-tried",
              .mail_address = "a@a.example", .address = "192.0.2.1" },
            { PROBE_AGAIN, "imap", "mail.a.example", 993, MD_SECURITY_TLS, "a", "cert.wrong-host", "not-tried" },
            { PROBE_OTHER_NAME, "imap", "node7.hoster.example", 993, MD_SECURITY_TLS, "a", NULL, "not-tried",
              .address = "192.0.2.1" } }, { 0 } },
        { "a name in the domain of the mail address, of the same machine: login", true,
          { { PROBE_CONFIGURED, "imap", "mail.a.example", 993, MD_SECURITY_TLS, "a", "cert.wrong-host", "not-tried",
              .mail_address = "a@a.example", .address = "192.0.2.1" },
            { PROBE_AGAIN, "imap", "mail.a.example", 993, MD_SECURITY_TLS, "a", "cert.wrong-host", "not-tried" },
            { PROBE_OTHER_NAME, "imap", "imap.a.example", 993, MD_SECURITY_TLS, "a", NULL, "not-tried",
              .address = "192.0.2.1" } },
          { "proof imap imap.a.example:993 tls a +login" } },
        { "a domain that only ends alike is another one", true,
          { { PROBE_CONFIGURED, "imap", "mail.a.example", 993, MD_SECURITY_TLS, "a", "cert.wrong-host", "not-tried",
              .mail_address = "a@a.example", .address = "192.0.2.1" },
            { PROBE_AGAIN, "imap", "mail.a.example", 993, MD_SECURITY_TLS, "a", "cert.wrong-host", "not-tried" },
            { PROBE_OTHER_NAME, "imap", "evila.example", 993, MD_SECURITY_TLS, "a", NULL, "not-tried",
              .address = "192.0.2.1" } }, { 0 } },
        { "no such name: what hosts of the domain are usually called", true,
          { { PROBE_CONFIGURED, "imap", "impa.hoster.example", 993, MD_SECURITY_TLS, "a", "dns.no-such-name", "not-tried",
              .mail_address = "a@a.example" } },
          { "usual-name imap imap.a.example:993 tls a", "usual-name imap imap.a.example:143 starttls a",
            "usual-name imap mail.a.example:993 tls a", "usual-name imap mail.a.example:143 starttls a",
            "usual-name imap imap.hoster.example:993 tls a", "usual-name imap imap.hoster.example:143 starttls a",
            "usual-name imap mail.hoster.example:993 tls a", "usual-name imap mail.hoster.example:143 starttls a" } },
        { "nothing in front of a top-level domain", true,
          { { PROBE_CONFIGURED, "smtp", "a.example", 465, MD_SECURITY_TLS, "a", "dns.no-address", "not-tried",
              .mail_address = "a@a.example" } },
          { "usual-name smtp smtp.a.example:465 tls a", "usual-name smtp smtp.a.example:587 starttls a",
            "usual-name smtp mail.a.example:465 tls a", "usual-name smtp mail.a.example:587 starttls a" } },
        { "no login at a usual name beside the host: its domain may be anybody's", true,
          { { PROBE_CONFIGURED, "imap", "impa.hoster.example", 993, MD_SECURITY_TLS, "a", "dns.no-such-name", "not-tried",
              .mail_address = "a@b" },
            { PROBE_USUAL_NAME, "imap", "imap.hoster.example", 993, MD_SECURITY_TLS, "a", NULL, "not-tried" },
            { PROBE_USUAL_NAME, "imap", "imap.hoster.example", 143, MD_SECURITY_STARTTLS, "a", NULL, "not-tried" },
            { PROBE_USUAL_NAME, "imap", "mail.hoster.example", 993, MD_SECURITY_TLS, "a", NULL, "not-tried" },
            { PROBE_USUAL_NAME, "imap", "mail.hoster.example", 143, MD_SECURITY_STARTTLS, "a", NULL, "not-tried" } },
          { 0 } },
        { "an address has no usual names", true,
          { { PROBE_CONFIGURED, "imap", "192.0.2.1", 993, MD_SECURITY_STARTTLS, "a", "port.expects-implicit-tls",
              "not-tried", .mail_address = "a@a.example" } },
          { "other-security imap 192.0.2.1:993 tls a", "other-security imap 192.0.2.1:143 starttls a" } },
        { "hosts for comparison: greeting and certificate where a plugin knows the port, nothing personal", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "cert.unknown-issuer", "not-tried") },
          { "control imap imap.other.example:993 tls -", "control smtp smtp.other.example:587 starttls -",
            "control control www.other.example:8443 tls -", "again imap mail.example:993 tls anna@example" },
          .control = "imap.other.example:993,smtp.other.example:587,www.other.example:8443,mail.example:25" },
        { "once for all services", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "cert.unknown-issuer", "not-tried"),
            { PROBE_CONTROL, "imap", "imap.other.example", 993, MD_SECURITY_TLS, NULL, NULL, "not-tried",
              .service = 1 } }, { "again imap mail.example:993 tls anna@example" }, .control = "imap.other.example:993" },
        { "a certificate that works the second time is no other way", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "cert.unknown-issuer", "not-tried"),
            IMAP(PROBE_AGAIN, 993, TLS, NULL, "not-tried") }, { 0 } },
        { "names do not resolve: do others?", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "dns.server-failure", "not-tried") },
          { "control imap imap.other.example:993 tls -" }, .control = "imap.other.example:993" },
        { "what works needs no comparison", true, { IMAP(PROBE_CONFIGURED, 993, TLS, NULL, "ok") }, { 0 },
          .control = "imap.other.example:993" },
        { "open security: login on the candidate that works", true,
          { IMAP(PROBE_AUTO, 993, TLS, "tcp.refused", "not-tried"),
            IMAP(PROBE_AUTO, 143, STARTTLS, NULL, "not-tried") },
          { "auto-login imap mail.example:143 starttls anna@example +login" } },
        { "not while a candidate runs", true,
          { IMAP(PROBE_AUTO, 993, TLS, NULL, NULL), IMAP(PROBE_AUTO, 143, STARTTLS, NULL, "not-tried") }, { 0 } },
        { "nor other ways, while one candidate may work yet", true,
          { IMAP(PROBE_AUTO, 1993, TLS, "port.expects-starttls", "not-tried"),
            IMAP(PROBE_AUTO, 1993, STARTTLS, NULL, NULL) }, { 0 } },
        { "no candidate is left: other ways", true,
          { IMAP(PROBE_AUTO, 993, TLS, "tls.closed", "not-tried"),
            IMAP(PROBE_AUTO, 143, STARTTLS, "tls.starttls-missing", "not-tried") },
          { "other-security imap mail.example:993 starttls anna@example",
            "other-security imap mail.example:143 tls anna@example" } },
        { "the form of the name, although another candidate works without a login", true,
          { IMAP(PROBE_AUTO, 993, TLS, "auth.rejected", "refused"),
            IMAP(PROBE_AUTO, 143, STARTTLS, NULL, "not-tried") },
          { "other-username imap mail.example:993 tls anna +login" } },
        { "and where the login came later", true,
          { IMAP(PROBE_AUTO, 1993, TLS, "port.expects-starttls", "not-tried"),
            IMAP(PROBE_AUTO, 1993, STARTTLS, NULL, "not-tried"),
            IMAP(PROBE_AUTO_LOGIN, 1993, STARTTLS, "auth.rejected", "refused") },
          { "other-username imap mail.example:1993 starttls anna +login" } },
        { "the settings allow none of what is offered: whatever is, with the one login", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.no-common-mechanism", "not-tried", .mechanisms = true) },
          { "other-mechanism imap mail.example:993 tls anna@example any +login" } },
        { "once", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.no-common-mechanism", "not-tried", .mechanisms = true),
            IMAP(PROBE_OTHER_MECHANISM, 993, TLS, "auth.rejected", "refused") }, { 0 } },
        { "nothing is offered that could be used", true,
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.no-common-mechanism", "not-tried") }, { 0 } },
        { "no time, no plan", true,
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried") }, { 0 }, 100 },
};

static void settings_for(Settings *settings, const Case *test, int secret_fd) {
        const Seen *first = &test->seen[0];
        settings_init(settings);
        settings->address = strdup("anna@example");
        ServiceSettings *service;
        ck_assert_int_eq(settings_add_service(settings, NULL, &service), 0);
        service->protocol = strdup(first->protocol);
        service->host = strdup(first->host);
        service->port = first->port;
        service->security = first->security;
        service->security_auto = first->why == PROBE_AUTO;
        service->username = strdup(first->username);
        if (first->mechanisms) {
                service->mechanisms = calloc(2, sizeof(char *));
                service->mechanisms[0] = strdup("CRAM-MD5");
        }
        service->secret_fd = test->secret ? secret_fd : -1;
}

static void assert_planned(const Case *test, const Plan *plan) {
        for (size_t i = 0; i < plan->n_probes; i++) {
                const PlannedProbe *probe = &plan->probes[i];
                char text[256];
                snprintf(text, sizeof(text), "%s %s %s:%u %s %s%s%s", probe_why_to_string(probe->why),
                         probe->target.plugin, probe->target.host, probe->target.port,
                         md_security_to_string(probe->target.security),
                         probe->target.username ? probe->target.username : "-",
                         test->seen[0].mechanisms && !probe->target.mechanisms ? " any" : "",
                         probe->fds[MD_TARGET_FD_SECRET] >= 0 ? " +login" : "");
                ck_assert_msg(test->planned[i] && !strcmp(test->planned[i], text), "%s: planned '%s' instead of '%s'",
                              test->name, text, test->planned[i] ? test->planned[i] : "nothing");
        }
        ck_assert_msg(!test->planned[plan->n_probes], "%s: '%s' is missing", test->name, test->planned[plan->n_probes]);
}

START_TEST(table) {
        const Case *test = &cases[_i];
        Registry *registry = seen_registry();
        Report *report = report_new("anna@example", 1);
        ControlList control = { 0 };
        const PlanContext context = { registry, &control, 1 };
        const char *fault;
        Settings settings;
        Plan plan;

        ck_assert_int_eq(control_list_parse(test->control ? test->control : "", &control, &fault), 0);
        settings_for(&settings, test, dup(0));
        for (size_t i = 0; i < SEEN_MAX && test->seen[i].protocol; i++)
                seen_add(report, test->seen[i].service, &test->seen[i]);
        ck_assert_int_eq(plan_next(&settings, &context, report, test->left_ms ? test->left_ms : 19000, &plan), 0);
        assert_planned(test, &plan);
        plan_done(&plan);
        settings_done(&settings);
        report_free(report);
        registry_free(registry);
        control_list_done(&control);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("plan-next");
        TCase *tcase = tcase_create("plan-next");
        tcase_add_loop_test(tcase, table, 0, sizeof(cases) / sizeof(cases[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
