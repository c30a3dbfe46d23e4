/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the judge makes of sources and tables, by tables of what was seen and told. */

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
        bool search, assumed;
        Seen seen[SEEN_MAX];
        const char *found[FOUND_MAX];   /* "code" of a root, "code<cause" of a consequence, in order */
        const char *suggested;          /* by the first */
        const char *alternative;        /* the likeliest of the first */
} Case;

#define TOLD(plugin, ...) { PROBE_FINDER, plugin, "a.example", 0, MD_SECURITY_NONE, NULL, NULL, "not-tried", \
                            .told = { __VA_ARGS__ } }
#define PROBE(why, plugin, host, port, code, login, ...) \
        { why, plugin, host, port, MD_SECURITY_TLS, "anna@a.example", code, login, __VA_ARGS__ }
#define IMAP(host, code, login, ...) PROBE(PROBE_CONFIGURED, "imap", host, 993, code, login, __VA_ARGS__)

static const Case cases[] = {
        { "settings that work are not measured against a table",
          .seen = { IMAP("imap.a.example", NULL, "ok"), TOLD("table", "candidate imap other.b.example:993 tls table") } },

        /* ---- what is published ---- */
        { "a host that leads nowhere, and another one is published and works",
          .seen = { IMAP("imap.a.example", "dns.no-such-name", "not-tried"),
                    TOLD("web", "candidate imap mail.a.example:993 tls https origin=URL"),
                    PROBE(PROBE_DISCOVERED, "imap", "mail.a.example", 993, NULL, "not-tried") },
          .found = { "settings.differ-from-published", "dns.no-such-name<settings.differ-from-published" },
          .suggested = "mail.a.example" },
        { "it was guessed before somebody said so",
          .seen = { IMAP("imap.a.example", "dns.no-such-name", "not-tried"),
                    TOLD("web", "candidate imap mail.a.example:993 tls https origin=URL"),
                    PROBE(PROBE_USUAL_NAME, "imap", "mail.a.example", 993, NULL, "not-tried") },
          .found = { "settings.differ-from-published", "dns.no-such-name<settings.differ-from-published" },
          .suggested = "mail.a.example" },
        { "it does not work either",
          .seen = { IMAP("imap.a.example", "dns.no-such-name", "not-tried"),
                    TOLD("web", "candidate imap mail.a.example:993 tls https"),
                    PROBE(PROBE_DISCOVERED, "imap", "mail.a.example", 993, "tcp.refused", "not-tried") },
          .found = { "dns.no-such-name" } },
        { "another port is published",
          .seen = { PROBE(PROBE_CONFIGURED, "smtp", "smtp.a.example", 2525, "tcp.timeout", "not-tried"),
                    TOLD("web", "candidate smtp smtp.a.example:465 tls https"),
                    PROBE(PROBE_DISCOVERED, "smtp", "smtp.a.example", 465, NULL, "not-tried") },
          .found = { "settings.differ-from-published", "tcp.timeout<settings.differ-from-published" }, .suggested = "465" },
        { "the certificate is that of the published name",
          .seen = { IMAP("mail.a.example", "cert.wrong-host", "not-tried"),
                    TOLD("web", "candidate imap imap.b.example:993 tls https"),
                    PROBE(PROBE_DISCOVERED, "imap", "imap.b.example", 993, NULL, "not-tried") },
          .found = { "settings.differ-from-published", "cert.wrong-host<settings.differ-from-published" },
          .suggested = "imap.b.example" },

        /* ---- right once ---- */
        { "a host that was given up",
          .seen = { IMAP("old.b.example", "tcp.timeout", "not-tried"),
                    TOLD("table", "candidate imap old.b.example:993 tls table until=2024-06",
                         "candidate imap new.b.example:993 tls table origin=row") },
          .found = { "settings.host-retired", "tcp.timeout<settings.host-retired" }, .suggested = "new.b.example" },
        { "and still works", .seen = { IMAP("old.b.example", NULL, "ok"),
                                       TOLD("table", "candidate imap old.b.example:993 tls table until=2024-06",
                                            "candidate imap new.b.example:993 tls table origin=row") } },
        { "passwords that the provider has switched off: no login",
          .seen = { IMAP("imap.b.example", NULL, "not-tried", .denial = DENIAL_PROVIDER),
                    TOLD("table", "provider b", "precondition oauth-only since=2024-09 checked=2026-03",
                         "candidate imap imap.b.example:993 tls table") },
          .found = { "provider.passwords-ended" }, .suggested = "oauth2" },
        { "since when is not known",
          .seen = { IMAP("imap.b.example", NULL, "not-tried", .denial = DENIAL_PROVIDER),
                    TOLD("table", "provider b", "precondition oauth-only", "candidate imap imap.b.example:993 tls table") },
          .found = { "provider.oauth-only" }, .suggested = "oauth2" },

        /* ---- conditions ---- */
        { "what has to be done is told before a login",
          .seen = { IMAP("imap.b.example", NULL, "not-tried"),
                    TOLD("table", "provider b", "precondition app-password url=https://b.example/", "precondition service-off",
                         "precondition oauth-only", "candidate imap imap.b.example:993 tls table") },
          .found = { "provider.app-password", "provider.service-off", "provider.sign-in-only" } },
        { "and the rest of it",
          .seen = { IMAP("imap.b.example", NULL, "not-tried"),
                    TOLD("table", "provider b", "precondition bridge", "precondition paid", "precondition unsupported",
                         "precondition other text=x", "candidate imap imap.b.example:993 tls table") },
          .found = { "provider.bridge", "provider.note", "provider.no-mail-apps", "provider.paid-only" } },
        { "whoever is let in has met them",
          .seen = { IMAP("imap.b.example", NULL, "ok"),
                    TOLD("table", "precondition app-password", "candidate imap imap.b.example:993 tls table") } },
        { "the servers of somebody else do not have them",
          .seen = { IMAP("imap.own.example", NULL, "not-tried"),
                    TOLD("table", "precondition app-password", "candidate imap imap.b.example:993 tls table") } },
        { "one of another service is not told",
          .seen = { IMAP("imap.b.example", NULL, "not-tried"),
                    TOLD("table", "precondition service-off protocol=pop3", "candidate imap imap.b.example:993 tls table") } },
        { "told once, although the table was asked twice",
          .seen = { IMAP("imap.b.example", NULL, "not-tried"),
                    TOLD("table", "precondition app-password", "candidate imap imap.b.example:993 tls table"),
                    TOLD("table", "precondition app-password", "candidate imap imap.b.example:993 tls table") },
          .found = { "provider.app-password" } },
        { "a refused password: what the provider is known for is the likeliest",
          .seen = { IMAP("imap.b.example", "auth.rejected", "refused", .alike = { "auth.policy" }),
                    TOLD("table", "provider b", "precondition app-password", "candidate imap imap.b.example:993 tls table") },
          .found = { "auth.rejected", "provider.app-password" }, .alternative = "auth.app-password-needed" },
        { "the user name that is published is not the question",
          .seen = { IMAP("imap.b.example", "auth.rejected", "refused", .alike = { "auth.username-form", "auth.policy" }),
                    TOLD("table", "candidate imap imap.b.example:993 tls table form=address user=anna@a.example") },
          .found = { "auth.rejected" }, .alternative = "auth.policy" },
        { "another one is", .seen = { IMAP("imap.b.example", "auth.rejected", "refused", .alike = { "auth.username-form" }),
                    TOLD("table", "candidate imap imap.b.example:993 tls table form=local-part user=anna") },
          .found = { "auth.rejected" }, .alternative = "auth.username-form" },
        { "access that is off at first", .seen = { IMAP("imap.b.example", "auth.rejected", "refused"),
                    TOLD("table", "provider b", "precondition service-off", "candidate imap imap.b.example:993 tls table") },
          .found = { "auth.rejected", "provider.service-off" }, .alternative = "auth.access-disabled" },

        /* ---- nearly known names ---- */
        { "a host that is misspelt, and the right one works",
          .seen = { IMAP("imap.b.exmaple", "dns.no-such-name", "not-tried"),
                    TOLD("table", "resembles host imap.b.exmaple imap.b.example"),
                    PROBE(PROBE_SIMILAR_NAME, "imap", "imap.b.example", 993, NULL, "not-tried") },
          .found = { "settings.host-misspelt", "dns.no-such-name<settings.host-misspelt" }, .suggested = "imap.b.example" },
        { "a host that is nearly another one, and answers",
          .seen = { IMAP("imap.bb.example", "auth.rejected", "refused"),
                    TOLD("table", "resembles host imap.bb.example imap.b.example") },
          .found = { "auth.rejected" } },
        { "a domain that is misspelt", .search = true,
          .seen = { TOLD("table", "resembles address gmial.com gmail.com"), TOLD("web", NULL) },
          .found = { "settings.address-misspelt", "autoconf.nothing-found<settings.address-misspelt" }, .suggested = "gmail.com" },
        { "a domain that is nearly another one, and has mail", .search = true,
          .seen = { TOLD("table", "resembles address gmial.com gmail.com"), TOLD("web", "mx mx.gmial.com") },
          .found = { "autoconf.nothing-found" } },
        { "nobody has looked", .seen = { IMAP("imap.b.example", "tcp.refused", "not-tried"),
                                         TOLD("table", "resembles address gmial.com gmail.com") },
          .found = { "tcp.refused" } },

        /* ---- services that nobody gave ---- */
        { "assumed", .assumed = true, .seen = { IMAP("imap.a.example", NULL, "not-tried"), TOLD("web", "candidate imap imap.a.example:993 tls") },
          .found = { "settings.assumed" } },
        { "nothing to assume", .assumed = true, .seen = { TOLD("web", NULL) }, .found = { "autoconf.nothing-found" } },

        /* ---- sources ---- */
        { "sources that disagree", .search = true,
          .seen = { TOLD("table", "candidate imap imap.b.example:993 tls table origin=row asof=2020"),
                    TOLD("web", "candidate imap imap.a.example:993 tls https origin=URL") },
          .found = { "autoconf.sources-disagree" } },
        { "a published host that its certificate does not cover", .search = true,
          .seen = { TOLD("web", "candidate imap imap.a.example:993 tls https origin=URL"),
                    PROBE(PROBE_DISCOVERED, "imap", "imap.a.example", 993, "cert.wrong-host", "not-tried") },
          .found = { "autoconf.wrong-certificate" } },
        { "a published host that does not answer", .search = true,
          .seen = { TOLD("web", "candidate imap imap.a.example:993 tls https origin=URL"),
                    PROBE(PROBE_DISCOVERED, "imap", "imap.a.example", 993, "tcp.refused", "not-tried") },
          .found = { "autoconf.server-fails" } },
        { "none of several is reached: that is the network", .search = true,
          .seen = { TOLD("web", "candidate imap imap.a.example:993 tls https", "candidate smtp s.a.example:465 tls https"),
                    PROBE(PROBE_DISCOVERED, "imap", "imap.a.example", 993, "dns.timeout", "not-tried"),
                    PROBE(PROBE_DISCOVERED, "smtp", "s.a.example", 465, "tcp.timeout", "not-tried") },
          .found = { "autoconf.none-reached" } },
        { "what has to be done, where only that is asked", .search = true,
          .seen = { TOLD("table", "provider b", "precondition app-password", "candidate imap imap.b.example:993 tls table") },
          .found = { "provider.app-password" } },
        { "the faults of a source, where it is the question", .search = true,
          .seen = { { PROBE_FINDER, "web", "a.example", 0, MD_SECURITY_NONE, NULL, "autoconf.bad-value settings.bad-address",
                      "not-tried", .told = { "candidate imap imap.a.example:993 tls" } } },
          .found = { "settings.bad-address", "autoconf.bad-value" } },
        { "where a service is, it can break nothing",
          .seen = { IMAP("imap.a.example", NULL, "ok"),
                    { PROBE_FINDER, "web", "a.example", 0, MD_SECURITY_NONE, NULL, "autoconf.bad-value settings.bad-address",
                      "not-tried" } },
          .found = { "autoconf.bad-value" } },
};

static void describe(const Finding *finding, char *ret, size_t size) {
        snprintf(ret, size, "%s%s%s", finding->info->id, finding->cause ? "<" : "", finding->cause ? finding->cause : "");
}

static void assert_found(const Case *test, const Report *report) {
        char text[128];

        for (size_t i = 0; i < report->n_findings; i++) {
                describe(&report->findings[i], text, sizeof(text));
                ck_assert_msg(i < FOUND_MAX && test->found[i] && !strcmp(test->found[i], text), "%s: %s instead of %s",
                              test->name, text, i < FOUND_MAX && test->found[i] ? test->found[i] : "nothing");
        }
        ck_assert_msg(report->n_findings == FOUND_MAX || !test->found[report->n_findings], "%s: %s is missing", test->name,
                      test->found[report->n_findings]);
}

/* What only the judge can find: all its texts are filled, and it counts for the coverage of the catalogue. */
static void assert_own(const Case *test, const Report *report) {
        for (size_t i = 0; i < report->n_findings; i++)
                for (size_t k = 0; k < judge_catalog_size; k++) {
                        const Finding *finding = &report->findings[i];
                        if (finding->info != &judge_catalog[k])
                                continue;
                        ck_assert_msg(!strchr(finding->message, '?') && !strchr(finding->meaning, '?'), "%s: %s %s",
                                      test->name, finding->message, finding->meaning);
                        produced_note("unit", "judge-discovery", judge_catalog[k].id);
                }
}

START_TEST(table) {
        const Case *test = &cases[_i];
        Registry *registry = seen_registry();
        Report *report = report_new("anna@a.example", 1);

        report->is_search = test->search;
        report->is_assumed = test->assumed;
        for (size_t i = 0; i < SEEN_MAX && test->seen[i].protocol; i++)
                seen_add(report, test->search ? SERVICE_NONE : test->seen[i].service, &test->seen[i]);
        if (test->assumed && report->logs[0]->why == PROBE_CONFIGURED)
                report->logs[0]->assumed_from = strdup("URL");
        /* Twice: judging again must not add up. */
        ck_assert_int_eq(report_judge(report, registry), 0);
        ck_assert_int_eq(report_judge(report, registry), 0);
        assert_found(test, report);
        assert_own(test, report);
        if (test->suggested)
                ck_assert_pstr_eq(report->findings[0].suggested, test->suggested);
        if (test->alternative)
                ck_assert_str_eq(report->findings[0].alternatives[0].info->id, test->alternative);
        report_free(report);
        registry_free(registry);
}
END_TEST

/* A proposal that was tried says so; one that only a table has does not. */
START_TEST(proof) {
        Registry *registry = seen_registry();
        Report *report = report_new("anna@a.example", 1);
        const Seen seen[] = { IMAP("imap.a.example", "dns.no-such-name", "not-tried"),
                              TOLD("web", "candidate imap mail.a.example:993 tls https origin=URL"),
                              PROBE(PROBE_DISCOVERED, "imap", "mail.a.example", 993, NULL, "not-tried") };

        for (size_t i = 0; i < 3; i++)
                seen_add(report, 0, &seen[i]);
        ck_assert_int_eq(report_judge(report, registry), 0);
        ck_assert_int_eq(report->findings[0].proof, PROOF_CONNECTION);
        ck_assert_str_eq(report->findings[0].setting, "host");
        ck_assert_str_eq(report->findings[0].evidence, "URL");
        ck_assert_int_eq(report->receive, ABILITY_BROKEN);
        report_free(report);
        registry_free(registry);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("judge-discovery");
        TCase *tcase = tcase_create("judge-discovery");
        tcase_add_loop_test(tcase, table, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, proof);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
