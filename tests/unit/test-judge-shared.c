/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judge over many accounts, by tables: what each account's probes saw, and what they have in common.
 *
 * An account is a letter; what some share is written "code: letters", and each of them has a finding with that cause.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "judge-shared.h"
#include "judge.h"
#include "produced.h"
#include "seen.h"

#define SEEN_MAX 8
#define SHARED_MAX 3

/* A probe of an account. */
typedef struct Row {
        char account;
        const char *host;
        uint16_t port;
        const char *code;
        const char *address;            /* that the name led to; it answered unless there is a finding "tcp." */
        const char *issuer;
        bool trusted;
        bool is_try;                    /* an alternative, not what the settings ask for */
        bool is_control;
} Row;

typedef struct Case {
        const char *name;
        Row seen[SEEN_MAX];
        const char *shared[SHARED_MAX];
} Case;

#define V4 "192.0.2.1"

static const Case cases[] = {
        { "nothing is wrong",
          { { 'a', "imap.a.example", 993, NULL, V4 }, { 'b', "imap.b.example", 993, NULL, V4 } }, { 0 } },
        { "each has a fault of its own",
          { { 'a', "imap.a.example", 993, "auth.rejected", V4 },
            { 'b', "imap.b.example", 993, "auth.rejected", V4 } },
          { 0 } },

        { "a port is blocked",
          { { 'a', "smtp.a.example", 465, "tcp.timeout", V4 },
            { 'b', "smtp.b.example", 465, "tcp.timeout", V4 },
            { 'c', "imap.c.example", 993, NULL, V4 } },
          { "shared.port-blocked: ab" } },
        { "… in three ways",
          { { 'a', "smtp.a.example", 465, "tcp.timeout", V4 },
            { 'b', "smtp.b.example", 465, "tcp.rejected-by-firewall", V4 },
            { 'c', "smtp.c.example", 465, "tcp.timeout", V4 }, { 'c', "imap.c.example", 993, NULL, V4 } },
          { "shared.port-blocked: abc" } },
        { "two ports are",
          { { 'a', "smtp.a.example", 465, "tcp.timeout", V4 },
            { 'b', "smtp.b.example", 465, "tcp.timeout", V4 },
            { 'a', "smtp.a.example", 25, "tcp.timeout", V4 },
            { 'c', "smtp.c.example", 25, "tcp.timeout", V4 },
            { 'c', "imap.c.example", 993, NULL, V4 } },
          { "shared.port-blocked: ab", "shared.port-blocked: ac" } },
        { "not when somebody was reached on it",
          { { 'a', "smtp.a.example", 465, "tcp.timeout", V4 },
            { 'b', "smtp.b.example", 465, "tcp.timeout", V4 },
            { 'c', "smtp.c.example", 465, NULL, V4 } }, { 0 } },
        { "… be it for comparison",
          { { 'a', "smtp.a.example", 465, "tcp.timeout", V4 },
            { 'b', "smtp.b.example", 465, "tcp.timeout", V4 },
            { 'b', "control.example", 465, NULL, V4, .is_control = true } }, { 0 } },
        { "not one account alone",
          { { 'a', "smtp.a.example", 465, "tcp.timeout", V4 },
            { 'a', "smtp.b.example", 465, "tcp.timeout", V4 },
            { 'c', "imap.c.example", 993, NULL, V4 } }, { 0 } },
        { "a refusal is an answer of the host, not of the network",
          { { 'a', "smtp.a.example", 465, "tcp.refused", V4 },
            { 'b', "smtp.b.example", 465, "tcp.refused", V4 },
            { 'c', "imap.c.example", 993, NULL, V4 } }, { 0 } },

        { "nothing is reached",
          { { 'a', "smtp.a.example", 465, "tcp.timeout", V4 },
            { 'b', "imap.b.example", 993, "net.no-route", NULL } },
          { "shared.no-connection: ab" } },
        { "no name is found",
          { { 'a', "imap.a.example", 993, "dns.timeout", NULL },
            { 'b', "imap.b.example", 993, "dns.server-failure", NULL } },
          { "shared.names-not-found: ab" } },
        { "… not when one is",
          { { 'a', "imap.a.example", 993, "dns.timeout", NULL },
            { 'b', "imap.b.example", 993, "dns.timeout", NULL },
            { 'c', "imap.c.example", 993, NULL, V4 } }, { 0 } },
        { "… nor when they are of one owner, whose name server may be down",
          { { 'a', "imap.a.example", 993, "dns.timeout", NULL },
            { 'b', "smtp.a.example", 465, "dns.timeout", NULL } }, { 0 } },
        { "names that do not exist are misspelled",
          { { 'a', "imap.a.example", 993, "dns.no-such-name", NULL },
            { 'b', "imap.b.example", 993, "dns.no-such-name", NULL } },
          { 0 } },

        { "the clock is wrong",
          { { 'a', "imap.a.example", 993, "cert.not-yet-valid", V4 },
            { 'b', "imap.b.example", 993, "cert.not-yet-valid", V4 } },
          { "shared.clock-wrong: ab" } },
        { "… as one of them shows by itself",
          { { 'a', "imap.a.example", 993, "local.clock-wrong", V4 },
            { 'b', "smtp.a.example", 465, "local.clock-wrong", V4 } },
          { "shared.clock-wrong: ab" } },
        { "… not when a certificate is in order",
          { { 'a', "imap.a.example", 993, "cert.expired", V4 },
            { 'b', "imap.b.example", 993, "cert.expired", V4 },
            { 'c', "imap.c.example", 993, NULL, V4, .trusted = true } }, { 0 } },
        { "… nor when the certificate is one and the same",
          { { 'a', "imap.a.example", 993, "cert.expired", V4 },
            { 'b', "imap.a.example", 993, "cert.expired", V4 } }, { 0 } },

        { "TLS is opened on the way",
          { { 'a', "imap.a.example", 993, "cert.unknown-issuer", V4, "CN=Mail Shield" },
            { 'b', "imap.b.example", 993, "cert.unknown-issuer", V4, "CN=Mail Shield" } },
          { "shared.tls-intercepted: ab" } },
        { "… not by different ones",
          { { 'a', "imap.a.example", 993, "cert.unknown-issuer", V4, "CN=One" },
            { 'b', "imap.b.example", 993, "cert.unknown-issuer", V4, "CN=Two" } }, { 0 } },
        { "… a provider may have an authority of its own",
          { { 'a', "imap.a.example", 993, "cert.unknown-issuer", V4, "CN=A" },
            { 'b', "smtp.a.example", 465, "cert.unknown-issuer", V4, "CN=A" } }, { 0 } },

        { "a provider is down",
          { { 'a', "imap.a.example", 993, "tcp.refused", V4 },
            { 'b', "smtp.a.example", 465, "server.temporarily-unavailable", V4 },
            { 'c', "imap.c.example", 993, NULL, V4 } },
          { "shared.provider-down: ab" } },
        { "… silently, while others answer",
          { { 'a', "imap.a.example", 993, "tcp.timeout", V4 },
            { 'b', "imap.a.example", 993, "tcp.timeout", V4 },
            { 'c', "imap.c.example", 993, NULL, V4 } },
          { "shared.provider-down: ab" } },
        { "… not when one of its servers works",
          { { 'a', "imap.a.example", 993, "tcp.refused", V4 },
            { 'b', "imap.a.example", 993, "tcp.refused", V4 },
            { 'b', "smtp.a.example", 465, NULL, V4 } }, { 0 } },
        { "… with another port than that of the settings, too",
          { { 'a', "imap.a.example", 994, "tcp.refused", V4 },
            { 'b', "imap.a.example", 994, "tcp.refused", V4 },
            { 'b', "imap.a.example", 993, NULL, V4, .is_try = true } }, { 0 } },
        { "… not when nothing answers anywhere: that may be the network",
          { { 'a', "imap.a.example", 993, "tcp.timeout", V4 },
            { 'b', "imap.a.example", 993, "tcp.timeout", V4 } }, { 0 } },

        { "a sign-in is wanted",
          { { 'a', "imap.a.example", 993, "port.http", V4 },
            { 'b', "imap.b.example", 993, "port.http", V4 } },
          { "shared.captive-portal: ab" } },
        { "… not when a host is a web server",
          { { 'a', "www.a.example", 993, "port.http", V4 },
            { 'b', "www.a.example", 993, "port.http", V4 } }, { 0 } },
        { "IPv6 does not work",
          { { 'a', "imap.a.example", 993, "net.ipv6-broken", V4 },
            { 'b', "imap.b.example", 993, "net.ipv6-broken", V4 } },
          { "shared.ipv6-broken: ab" } },
        { "… at one provider",
          { { 'a', "imap.a.example", 993, "net.ipv6-broken", V4 },
            { 'b', "smtp.a.example", 465, "net.ipv6-broken", V4 } },
          { 0 } },
};

static void see(Report *reports[], const Row *row) {
        seen_add(reports[row->account - 'a'], row->port, &(Seen) {
                .why = row->is_control ? PROBE_CONTROL : row->is_try ? PROBE_OTHER_SECURITY : PROBE_CONFIGURED,
                .protocol = row->port == 993 || row->port == 994 ? "imap" : "smtp",
                .host = row->host,
                .port = row->port,
                .security = MD_SECURITY_TLS,
                .code = row->code,
                .address = row->address,
                .issuer = row->issuer,
                .trusted = row->trusted,
                .login = "not-tried",
        });
}

static void describe(const SharedFinding *finding, char *ret, size_t size) {
        size_t used = (size_t) snprintf(ret, size, "%s: ", finding->info->id);
        for (size_t i = 0; i < finding->n_accounts && used + 1 < size; i++)
                ret[used++] = (char) ('a' + finding->accounts[i]);
        ret[used] = '\0';
}

/* What it names, and all its texts are filled. */
static void assert_texts(const SharedFinding *finding) {
        const char *const *accounts = md_record_list(&finding->params, "accounts");
        for (size_t i = 0; i < finding->n_accounts; i++) {
                ck_assert_int_eq(accounts[i][0], 'a' + (int) finding->accounts[i]);
                ck_assert_ptr_nonnull(strstr(finding->meaning, accounts[i]));
        }
        ck_assert(!strchr(finding->message, '?') && !strchr(finding->meaning, '?') && !strchr(finding->hint, '?'));
        ck_assert(md_record_list(&finding->params, "hosts")[0] != NULL);
        ck_assert_uint_eq(md_record_number(&finding->params, "count", 0), finding->n_accounts);
}

static bool has_cause(const Report *report, const char *id) {
        for (size_t i = 0; i < report->n_findings; i++)
                if (report->findings[i].cause && !strcmp(report->findings[i].cause, id))
                        return true;
        return false;
}

static void assert_shared(const Case *test, Report *reports[], const Shared *shared) {
        char text[128];

        for (size_t i = 0; i < shared->n_findings; i++) {
                const SharedFinding *finding = &shared->findings[i];
                describe(finding, text, sizeof(text));
                const char *expected = i < SHARED_MAX && test->shared[i] ? test->shared[i] : "nothing";
                ck_assert_msg(!strcmp(expected, text), "%s: %s instead of %s", test->name, text, expected);
                assert_texts(finding);
                produced_note("unit", "judge-shared", finding->info->id);
                for (size_t k = 0; k < finding->n_accounts; k++)
                        ck_assert_msg(has_cause(reports[finding->accounts[k]], finding->info->id), "%s", test->name);
        }
        ck_assert_msg(shared->n_findings == SHARED_MAX || !test->shared[shared->n_findings], "%s: %s is missing",
                      test->name, test->shared[shared->n_findings]);
}

START_TEST(table) {
        const Case *test = &cases[_i];
        Registry *registry = seen_registry();
        Report *reports[] = { report_new("a@example", 1), report_new("b@example", 1), report_new("c@example", 1) };
        Shared shared = { 0 };

        for (size_t i = 0; i < SEEN_MAX && test->seen[i].host; i++)
                see(reports, &test->seen[i]);
        for (size_t i = 0; i < 3; i++)
                ck_assert_int_eq(report_judge(reports[i], registry), 0);
        /* Twice: judging again must not add up. */
        ck_assert_int_eq(judge_shared(reports, 3, registry, &shared), 0);
        ck_assert_int_eq(judge_shared(reports, 3, registry, &shared), 0);
        assert_shared(test, reports, &shared);
        if (shared.n_findings == 0)
                for (size_t i = 0; i < 3; i++)
                        for (size_t k = 0; k < reports[i]->n_findings; k++)
                                ck_assert(!reports[i]->findings[k].cause ||
                                          strncmp(reports[i]->findings[k].cause, "shared.", 7));
        shared_done(&shared);
        for (size_t i = 0; i < 3; i++)
                report_free(reports[i]);
        registry_free(registry);
}
END_TEST

/* One account has nobody to share with; and one without an address is called by its number. */
START_TEST(names_of_accounts) {
        static const Row rows[] = { { 'a', "imap.a.example", 993, "tcp.timeout", V4 },
                                    { 'b', "imap.b.example", 993, "net.no-route", NULL } };
        Registry *registry = seen_registry();
        Report *reports[] = { report_new("a@example", 1), report_new(NULL, 1) };
        Shared shared = { 0 };

        for (size_t i = 0; i < 2; i++) {
                see(reports, &rows[i]);
                ck_assert_int_eq(report_judge(reports[i], registry), 0);
        }
        ck_assert_int_eq(judge_shared(reports, 1, registry, &shared), 0);
        ck_assert_uint_eq(shared.n_findings, 0);
        ck_assert_int_eq(judge_shared(reports, 2, registry, &shared), 0);
        ck_assert_uint_eq(shared.n_findings, 1);
        ck_assert_str_eq(md_record_list(&shared.findings[0].params, "accounts")[1], "#2");
        ck_assert_ptr_nonnull(strstr(shared.findings[0].message, "2 accounts"));

        /* Judged again by itself, each account has its own cause again. */
        ck_assert_int_eq(judge_shared(reports, 1, registry, &shared), 0);
        ck_assert_ptr_null(reports[0]->findings[0].cause);
        for (size_t i = 0; i < 2; i++)
                report_free(reports[i]);
        registry_free(registry);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("judge-shared");
        TCase *tcase = tcase_create("judge-shared");
        tcase_add_loop_test(tcase, table, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, names_of_accounts);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
