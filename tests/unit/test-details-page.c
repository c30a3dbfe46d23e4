/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The page: what it says, and that nobody else writes into it. */

#include <string.h>

#include "details-page.h"
#include "harness.h"
#include "watchlist.h"

static char *make(Watched *const *accounts, size_t n) {
        char *page = NULL;
        size_t size;
        FILE *out = open_memstream(&page, &size);
        ck_assert_ptr_nonnull(out);
        details_page(out, accounts, n);
        ck_assert_int_eq(fclose(out), 0);
        return page;
}

START_TEST(test_finding) {
        static const char *const pieces[] = {
                "<h2>Work</h2>", "<article class=\"error\">", "<h3>Port 587 begins in clear text</h3>",
                "<p class=\"todo\">Set for sending: connection security STARTTLS (tried, works).</p>",
                "<p>Set it to STARTTLS, or so.</p>", "SMTP smtp.example.org port 587", "port.expects-starttls",
                "you, in the settings of the mail app", "<h2>Home</h2>", "Mail works: the last check found nothing wrong.",
        };
        WatchList list = { 0 };
        put_account(&list, "user/a", "Work", "error", PORT);
        put_account(&list, "user/b", "Home", "ok", NULL);
        char *page = make(list.list, list.n);

        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
                ck_assert_msg(strstr(page, pieces[i]), "%s is not in %s", pieces[i], page);
        ck_assert_ptr_nonnull(strstr(page, "</html>"));
        free(page);
        watch_list_done(&list);
}
END_TEST

START_TEST(test_hostile) {
        static const char evil[] = "<script>alert(1)</script>&amp; onload=x";
        WatchList list = { 0 };
        Watched *watched;

        ck_assert_int_eq(watch_list_add(&list, false, "/org/maildiag/Diag1/account/a", &watched), 0);
        watched->stale = false;
        watched_describe(watched, json_pack(
                "{s:s, s:s, s:s, s:s, s:[{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:[{s:s, s:s}]}], s:[{s:s, s:s, s:s, s:s}]}",
                "name", evil, "address", evil, "summary", evil, "status", "error", "findings",
                "code", evil, "severity", evil, "actor", evil, "message", evil, "meaning", evil, "hint", evil, "evidence", evil,
                "service", evil, "host", evil, "port", 1, "standard", evil, "alternatives", "code", evil, "message", evil,
                "services", "protocol", evil, "host", evil, "security", evil, "username", evil));
        char *page = make(list.list, list.n);

        ck_assert_ptr_null(strstr(page, "<script"));
        ck_assert_ptr_nonnull(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"));
        ck_assert_ptr_nonnull(strstr(page, "default-src 'none'"));
        ck_assert_ptr_nonnull(strstr(page, "<article class=\"info\">"));
        free(page);
        watch_list_done(&list);
}
END_TEST

START_TEST(test_without_details) {
        WatchList list = { 0 };
        Watched *watched = put_account(&list, "user/abc", "Work", "error", PORT);

        watched_describe(watched, NULL);
        char *page = make(list.list, list.n);
        ck_assert_ptr_nonnull(strstr(page, "<h2>abc</h2>"));
        ck_assert_ptr_nonnull(strstr(page, "not for this user"));
        free(page);
        page = make(NULL, 0);
        ck_assert_ptr_nonnull(strstr(page, "No mail accounts are known."));
        free(page);
        watch_list_done(&list);
}
END_TEST

/* What follows from another finding is said, and no more. */
START_TEST(test_consequence) {
        WatchList list = { 0 };
        put_account(&list, "user/a", "Work", "error", CLOCK ",{'code': 'cert.expired', 'severity': 'error', 'actor': 'provider', "
                    "'message': 'The certificate expired', 'hint': 'Wait.', 'cause': 'local.clock'}");
        char *page = make(list.list, list.n);

        ck_assert_ptr_nonnull(strstr(page, "<h3>The clock is wrong</h3>"));
        ck_assert_ptr_nonnull(strstr(page, "<p>Follows from it: The certificate expired</p>"));
        ck_assert_ptr_null(strstr(page, "Wait."));
        free(page);
        watch_list_done(&list);
}
END_TEST

/* The steps are those of the app that the account comes from. */
START_TEST(test_steps) {
        WatchList list = { 0 };
        Watched *watched = put_account(&list, "user/a", "Work", "error", PORT);

        char *page = make(list.list, list.n);
        ck_assert_ptr_null(strstr(page, "<ol>"));
        free(page);
        json_object_set_new(watched->details, "source", json_string("thunderbird"));
        page = make(list.list, list.n);
        ck_assert_ptr_nonnull(strstr(page, "<ol>"));
        ck_assert_ptr_nonnull(strstr(page, "Connection security"));
        free(page);
        watch_list_done(&list);
}
END_TEST

int main(void) {
        setenv("MAILDIAG_GUIDEDIR", TEST_GUIDES, true);
        Suite *suite = suite_create("details-page");
        TCase *tcase = tcase_create("all");
        tcase_add_test(tcase, test_finding);
        tcase_add_test(tcase, test_hostile);
        tcase_add_test(tcase, test_without_details);
        tcase_add_test(tcase, test_consequence);
        tcase_add_test(tcase, test_steps);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
