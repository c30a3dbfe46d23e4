/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What sources say, put together: by tables of what they told and the list that must come of it.  A line reads
 * "protocol host:port security" with the number of its origins, its trust, and the marks that it has.
 */

#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "harness.h"
#include "seen.h"

#define SEEN_MAX 6
#define LINES_MAX 12

typedef struct Case {
        const char *name;
        Seen seen[SEEN_MAX];
        const char *lines[LINES_MAX];
} Case;

#define TOLD(plugin, ...) { PROBE_FINDER, plugin, "a.example", 0, MD_SECURITY_NONE, NULL, NULL, "not-tried", \
                            .told = { __VA_ARGS__ } }
#define TRIED(protocol, host, port, security, code) \
        { PROBE_DISCOVERED, protocol, host, port, MD_SECURITY_##security, NULL, code, "not-tried" }

static const Case cases[] = {
        { "nobody knows anything", { TOLD("table", NULL) }, { 0 } },
        { "equal ones are one, and the best source speaks for it",
          { TOLD("table", "candidate imap imap.a.example:993 tls table origin=row asof=2024"),
            TOLD("srv", "candidate imap imap.a.example:993 tls dnssec origin=SRV"),
            TOLD("web", "candidate imap imap.a.example:993 tls https origin=URL") },
          { "imap imap.a.example:993 tls 3 dnssec SRV chosen" } },
        { "a source that says it twice counts once",
          { TOLD("table", "candidate imap imap.a.example:993 tls table origin=row"),
            TOLD("table", "candidate imap imap.a.example:993 tls table origin=row") },
          { "imap imap.a.example:993 tls 1 table row chosen" } },
        { "trust before agreement, agreement before security, TLS before STARTTLS",
          { TOLD("table", "candidate imap two.a.example:993 tls table origin=row",
                 "candidate imap one.a.example:993 tls table origin=row last",
                 "candidate imap one.a.example:143 starttls table origin=row"),
            TOLD("web", "candidate imap two.a.example:993 tls table origin=URL",
                 "candidate imap four.a.example:993 tls https origin=URL") },
          { "imap four.a.example:993 tls 1 https URL chosen conflict",
            "imap two.a.example:993 tls 2 table row",
            "imap one.a.example:993 tls 1 table row conflict",
            "imap one.a.example:143 starttls 1 table row conflict" } },
        { "protocols in their order, others behind them",
          { TOLD("web", "candidate jmap j.a.example:443 tls", "candidate smtp s.a.example:465 tls",
                 "candidate pop3 p.a.example:995 tls", "candidate imap i.a.example:993 tls", "candidate ews e.a.example:443 tls") },
          { "imap i.a.example:993 tls 1 https web chosen", "pop3 p.a.example:995 tls 1 https web chosen",
            "smtp s.a.example:465 tls 1 https web chosen", "ews e.a.example:443 tls 1 https web chosen",
            "jmap j.a.example:443 tls 1 https web chosen" } },
        { "clear text is never chosen",
          { TOLD("web", "candidate imap i.a.example:143 none dnssec") },
          { "imap i.a.example:143 none 1 dnssec web" } },
        { "nor is hearsay about a foreign host",
          { TOLD("srv", "candidate imap evil.b.example:993 tls insecure foreign origin=SRV"),
            TOLD("table", "candidate imap i.a.example:993 tls table origin=row") },
          { "imap i.a.example:993 tls 1 table row chosen conflict",
            "imap evil.b.example:993 tls 1 insecure SRV conflict foreign" } },
        { "unless somebody else says so, too",
          { TOLD("srv", "candidate imap imap.b.example:993 tls insecure foreign origin=SRV"),
            TOLD("table", "candidate imap imap.b.example:993 tls table foreign origin=row") },
          { "imap imap.b.example:993 tls 2 table row chosen foreign" } },
        { "hearsay about a host of the domain may be used",
          { TOLD("srv", "candidate imap i.a.example:993 tls insecure") },
          { "imap i.a.example:993 tls 1 insecure srv chosen" } },
        { "what was given up comes last, and is in conflict with nothing",
          { TOLD("table", "candidate imap old.b.example:993 tls table until=2024-06 origin=row",
                 "candidate imap new.b.example:993 tls table origin=row2") },
          { "imap new.b.example:993 tls 1 table row2 chosen", "imap old.b.example:993 tls 1 table row until" } },
        { "what works before what fails",
          { TOLD("srv", "candidate imap dead.a.example:993 tls dnssec origin=SRV"),
            TOLD("table", "candidate imap live.a.example:993 tls table origin=row"),
            TRIED("imap", "dead.a.example", 993, TLS, "tcp.refused"), TRIED("imap", "live.a.example", 993, TLS, NULL) },
          { "imap live.a.example:993 tls 1 table row works chosen conflict",
            "imap dead.a.example:993 tls 1 dnssec SRV fails conflict" } },
        { "nothing that fails is chosen",
          { TOLD("srv", "candidate imap dead.a.example:993 tls dnssec"),
            TRIED("imap", "dead.a.example", 993, TLS, "cert.wrong-host") },
          { "imap dead.a.example:993 tls 1 dnssec srv fails" } },
        { "a refused login is no fault of the server",
          { TOLD("srv", "candidate imap i.a.example:993 tls dnssec"),
            TRIED("imap", "i.a.example", 993, TLS, "auth.rejected") },
          { "imap i.a.example:993 tls 1 dnssec srv works chosen" } },
        { "another port of the host is no trial of this one",
          { TOLD("srv", "candidate imap i.a.example:993 tls dnssec"), TRIED("imap", "i.a.example", 143, STARTTLS, NULL) },
          { "imap i.a.example:993 tls 1 dnssec srv chosen" } },
        { "several hosts of one source are no conflict",
          { TOLD("table", "candidate imap one.b.example:993 tls table origin=row",
                 "candidate imap two.b.example:993 tls table origin=row last") },
          { "imap one.b.example:993 tls 1 table row chosen", "imap two.b.example:993 tls 1 table row" } },
        { "what is disputed gives way",
          { TOLD("table", "candidate imap a.b.example:993 tls table disputed origin=x",
                 "candidate imap b.b.example:993 tls table origin=y") },
          { "imap b.b.example:993 tls 1 table y chosen conflict", "imap a.b.example:993 tls 1 table x conflict disputed" } },
        { "forms of the user name that differ",
          { TOLD("table", "candidate imap i.a.example:993 tls table form=local-part user=anna origin=row"),
            TOLD("web", "candidate imap i.a.example:993 tls https form=address user=anna@a.example origin=URL") },
          { "imap i.a.example:993 tls 2 https URL chosen user=anna@a.example user-conflict" } },
        { "a form that only one knows",
          { TOLD("srv", "candidate imap i.a.example:993 tls dnssec origin=SRV"),
            TOLD("web", "candidate imap i.a.example:993 tls https form=local-part user=anna origin=URL") },
          { "imap i.a.example:993 tls 2 dnssec SRV chosen user=anna" } },
};

static void describe(const Candidate *candidate, char *ret, size_t size) {
        snprintf(ret, size, "%s %s:%u %s %zu %s %s%s%s%s%s%s%s%s%s%s%s", candidate->protocol, candidate->host,
                 candidate->port, md_security_to_string(candidate->security), candidate->n_origins,
                 trust_to_string(candidate->trust), candidate->origins[0].text,
                 candidate->trial == TRIAL_WORKS ? " works" : candidate->trial == TRIAL_FAILS ? " fails" : "",
                 candidate->chosen ? " chosen" : "", candidate->conflict ? " conflict" : "",
                 candidate->foreign ? " foreign" : "", candidate->until ? " until" : "",
                 candidate->disputed ? " disputed" : "", candidate->username ? " user=" : "",
                 candidate->username ? candidate->username : "", candidate->username_conflict ? " user-conflict" : "",
                 "");
}

static void check(const Case *test, const Report *report, const Registry *registry) {
        Candidates *candidates = candidates_new(report, registry);
        char line[256];

        for (size_t i = 0; i < candidates->n; i++) {
                describe(&candidates->items[i], line, sizeof(line));
                ck_assert_msg(i < LINES_MAX && test->lines[i] && !strcmp(test->lines[i], line), "%s: '%s' instead of '%s'",
                              test->name, line, i < LINES_MAX && test->lines[i] ? test->lines[i] : "nothing");
        }
        ck_assert_msg(!test->lines[candidates->n], "%s: '%s' is missing", test->name, test->lines[candidates->n]);
        free(candidates);
}

START_TEST(table) {
        const Case *test = &cases[_i];
        Registry *registry = seen_registry();
        Report *report = report_new("anna@a.example", 1);

        for (size_t i = 0; i < SEEN_MAX && test->seen[i].protocol; i++)
                seen_add(report, 0, &test->seen[i]);
        check(test, report, registry);
        report_free(report);
        registry_free(registry);
}
END_TEST

/* Whoever answers first decides nothing. */
START_TEST(any_order) {
        const Case *test = &cases[_i];
        Registry *registry = seen_registry();
        Report *report = report_new("anna@a.example", 1);
        size_t n = 0;

        while (n < SEEN_MAX && test->seen[n].protocol)
                n++;
        while (n-- > 0)
                seen_add(report, 0, &test->seen[n]);
        check(test, report, registry);
        report_free(report);
        registry_free(registry);
}
END_TEST

START_TEST(a_flood) {
        Registry *registry = seen_registry();
        Report *report = report_new("anna@a.example", 1);
        char lines[2][CANDIDATES_MAX][64];

        for (size_t k = 0; k < 2; k++)
                for (size_t i = 0; i < CANDIDATES_MAX; i++) {
                        snprintf(lines[k][i], sizeof(lines[k][i]), "candidate imap h%zu.a.example:%zu tls", k, i + 1);
                        seen_add(report, 0, &(Seen) TOLD("web", lines[k][i]));
                }
        Candidates *candidates = candidates_new(report, registry);
        ck_assert_uint_eq(candidates->n, CANDIDATES_MAX);
        free(candidates);
        report_free(report);
        registry_free(registry);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("candidates");
        TCase *tcase = tcase_create("candidates");
        tcase_add_loop_test(tcase, table, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_loop_test(tcase, any_order, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, a_flood);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
