/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which findings are one cause, and of whom. */

#include <string.h>

#include "cause.h"
#include "harness.h"
#include "watchlist.h"

#define SHARED_PORT "{'code': 'shared.port-blocked', 'severity': 'error', 'actor': 'network', 'setting': 'port', 'message': 'Port 25', " \
        "'hint': 'Use another.', 'params': {'port': '25', 'hosts': ['a.example']}}"
#define FOLLOWS "{'code': 'tcp.timeout', 'severity': 'error', 'actor': 'network', 'service': 'smtp', 'host': 'a.example', 'port': 25, " \
        "'cause': 'shared.port-blocked'}"
#define SHARED_DOWN "{'code': 'shared.provider-down', 'severity': 'error', 'actor': 'provider', 'message': 'Down', 'hint': 'Wait.'}"

/* "KEY=accounts,receive/send" of all, with spaces between. */
static void assert_causes(const WatchList *list, const char *expected) {
        char seen[2048] = "";
        Causes causes;

        ck_assert_int_eq(causes_find(list, &causes), 0);
        for (size_t i = 0; i < causes.n; i++) {
                const Cause *cause = &causes.list[i];
                snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s[%s]=%zu%s%s%s", i > 0 ? " | " : "", cause->key,
                         cause->n_accounts, cause->receive ? " receive" : "", cause->send ? " send" : "",
                         cause->warning ? " warning" : "");
        }
        ck_assert_str_eq(seen, expected);
        causes_done(&causes);
}

static const struct {
        const char *first_status, *first, *second_status, *second, *expected;
} cases[] = {
        { "ok", NULL, "ok", NULL, "" },
        { "error", PORT, "ok", NULL, "[port.expects-starttls user/a smtp]=1 send" },
        /* A wrong setting is one account's, also with the same server. */
        { "error", PORT, "error", PORT,
          "[port.expects-starttls user/a smtp]=1 send | [port.expects-starttls user/b smtp]=1 send" },
        /* A password is for all services of an account. */
        { "error", REFUSED "," REFUSED_SMTP, "ok", NULL, "[auth.refused user/a]=1 receive send" },
        /* A certificate is the server's. */
        { "error", EXPIRED, "error", EXPIRED, "[cert.expired imap.example.org]=2 receive" },
        { "error", EXPIRED "," EXPIRED_SMTP, "ok", NULL, "[cert.expired imap.example.org]=1 receive send" },
        /* A blocked port is the network's, whatever the server. */
        { "error", BLOCKED("25"), "error", BLOCKED("25"), "[net.port-blocked 25]=2 send" },
        { "error", BLOCKED("25"), "error", BLOCKED("587"), "[net.port-blocked 25]=1 send | [net.port-blocked 587]=1 send" },
        { "error", CLOCK, "error", CLOCK, "[local.clock]=2 receive" },
        /* Several causes of one account. */
        { "error", PORT "," EXPIRED, "ok", NULL, "[port.expects-starttls user/a smtp]=1 send | [cert.expired imap.example.org]=1 receive" },
        /* What follows from another finding is none. */
        { "error", CLOCK ",{'code': 'cert.expired', 'severity': 'error', 'actor': 'provider', 'cause': 'local.clock'}", "ok", NULL,
          "[local.clock]=1 receive" },
        /* Its cause stands with no account: several share it. */
        { "error", "{'code': 'cert.unknown-issuer', 'severity': 'error', 'actor': 'user', 'cause': 'shared.tls-intercepted', 'service': 'imap'}",
          "error", "{'code': 'cert.self-signed', 'severity': 'error', 'actor': 'user', 'cause': 'shared.tls-intercepted', 'service': 'smtp'}",
          "[cert.intercepted]=2 receive send" },
        /* It stands among them, about no one place: what follows from it says what it breaks, and alone it is the same cause. */
        { "error", SHARED_PORT "," FOLLOWS, "error", BLOCKED("25"), "[net.port-blocked 25]=2 send" },
        { "error", SHARED_DOWN, "error", SHARED_DOWN, "[shared.provider-down]=2 receive send" },
        /* Warnings count where somebody can do something, and behind errors. */
        { "warning", FULL "," OLD_TLS, "error", PORT, "[port.expects-starttls user/b smtp]=1 send | [mailbox.nearly-full user/a imap]=1 receive warning" },
        { "warning", OLD_TLS, "ok", NULL, "" },
        { "error", PORT "," FULL, "ok", NULL, "[port.expects-starttls user/a smtp]=1 send" },
        /* Broken without a finding that says why. */
        { "error", NULL, "ok", NULL, "[unknown user/a]=1 receive send" },
        { "unknown", PORT, "ok", NULL, "" },
        { "info", NULL, "bogus", EXPIRED, "" },
};

START_TEST(test_keys) {
        WatchList list = { 0 };
        put_account(&list, "user/a", "A", cases[_i].first_status, cases[_i].first);
        put_account(&list, "user/b", "B", cases[_i].second_status, cases[_i].second);
        assert_causes(&list, cases[_i].expected);
        watch_list_done(&list);
}
END_TEST

START_TEST(test_unsettled) {
        WatchList list = { 0 };
        Watched *watched = put_account(&list, "user/a", "A", "error", PORT);

        watched->stale = true;
        assert_causes(&list, "");
        watched->stale = false;
        watched->asked = true;
        assert_causes(&list, "");
        watched->asked = false;
        watched_describe(watched, NULL);        /* not for this user */
        assert_causes(&list, "");
        watch_list_done(&list);
}
END_TEST

START_TEST(test_collapse) {
        WatchList list = { 0 };
        Causes causes;

        put_account(&list, "user/a", "A", "error", PORT "," REFUSED);
        put_account(&list, "user/b", "B", "error", PORT);
        put_account(&list, "system/c", "C", "warning", FULL);
        ck_assert_int_eq(causes_find(&list, &causes), 0);
        ck_assert_uint_eq(causes.n, 4);
        ck_assert_int_eq(causes_collapse(&causes, 4), 0);
        ck_assert_uint_eq(causes.n, 4);
        ck_assert_int_eq(causes_collapse(&causes, 3), 0);
        ck_assert_uint_eq(causes.n, 1);

        const Cause *many = causes_by_key(&causes, CAUSE_MANY);
        ck_assert_ptr_nonnull(many);
        ck_assert_uint_eq(many->n_causes, 4);
        ck_assert_uint_eq(many->n_accounts, 3);
        ck_assert(many->receive && many->send && many->ours && !many->warning);
        ck_assert(cause_concerns(many, "system/c"));
        ck_assert(!cause_concerns(many, "system/a"));
        causes_done(&causes);
        watch_list_done(&list);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("cause");
        TCase *tcase = tcase_create("all");
        tcase_add_loop_test(tcase, test_keys, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, test_unsettled);
        tcase_add_test(tcase, test_collapse);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
