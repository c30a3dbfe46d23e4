/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of accounts of both instances. */

#include <errno.h>
#include <string.h>

#include "harness.h"
#include "watchlist.h"

#define BASE "/org/maildiag/Diag1/account/"

START_TEST(test_order_and_keys) {
        static const char *const expected[] = { "user/a", "user/b@c", "system/a" };
        WatchList list = { 0 };
        Watched *watched;

        ck_assert_int_eq(watch_list_add(&list, true, BASE "a", &watched), 0);
        ck_assert_int_eq(watch_list_add(&list, false, BASE "b_40c", &watched), 0);
        ck_assert_int_eq(watch_list_add(&list, false, BASE "a", &watched), 0);
        for (size_t i = 0; i < list.n; i++)
                ck_assert_str_eq(list.list[i]->key, expected[i]);
        ck_assert_uint_eq(list.n, 3);

        /* The same object is the same account. */
        ck_assert_int_eq(watch_list_add(&list, false, BASE "a", &watched), 0);
        ck_assert_uint_eq(list.n, 3);
        ck_assert_ptr_eq(watched, watch_list_find(&list, false, BASE "a"));
        ck_assert_ptr_eq(watched, watch_list_by_key(&list, "user/a"));
        ck_assert_ptr_eq(watched, watch_list_by_serial(&list, watched->serial));
        ck_assert_str_eq(watched->id, "a");
        ck_assert_ptr_null(watch_list_find(&list, true, BASE "b_40c"));
        watch_list_done(&list);
}
END_TEST

START_TEST(test_foreign_objects) {
        static const char *const paths[] = {
                "/org/maildiag/Diag1", "/org/maildiag/Diag1/job/1", "/org/maildiag/Diag1/plugin/imap", "/org/maildiag/Diag1/account",
        };
        WatchList list = { 0 };
        Watched *watched;
        for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
                ck_assert_int_lt(watch_list_add(&list, false, paths[i], &watched), 0);
        ck_assert_uint_eq(list.n, 0);
        watch_list_done(&list);
}
END_TEST

START_TEST(test_sweep) {
        WatchList list = { 0 };
        Watched *stays = put_account(&list, "user/a", "A", "ok", NULL);
        unsigned serial = stays->serial;

        put_account(&list, "user/b", "B", "ok", NULL);
        put_account(&list, "system/c", "C", "ok", NULL);
        stays->seen = true;
        watch_list_sweep(&list, false);
        ck_assert_uint_eq(list.n, 2);
        ck_assert_ptr_null(watch_list_by_key(&list, "user/b"));
        ck_assert_ptr_nonnull(watch_list_by_key(&list, "system/c"));
        ck_assert(!stays->seen);

        /* A new one never gets an old serial number: a click means who it was made for. */
        Watched *again = put_account(&list, "user/b", "B", "ok", NULL);
        ck_assert_uint_gt(again->serial, serial + 2);
        watch_list_remove(&list, again);
        watch_list_remove(&list, NULL);
        ck_assert_uint_eq(list.n, 2);
        watch_list_done(&list);
}
END_TEST

START_TEST(test_unknow) {
        WatchList list = { 0 };
        const Watched *mine = put_account(&list, "user/a", "A", "ok", NULL), *other = put_account(&list, "system/a", "A", "ok", NULL);

        ck_assert(watched_is_settled(mine));
        watch_list_unknow(&list, false);
        ck_assert(!watched_is_settled(mine));
        ck_assert_int_eq(mine->status, WATCHED_UNKNOWN);
        ck_assert(watched_is_settled(other));
        watch_list_done(&list);
}
END_TEST

START_TEST(test_title) {
        WatchList list = { 0 };
        Watched *watched = put_account(&list, "user/a", "Work", "ok", NULL);

        ck_assert_str_eq(watched_title(watched), "Work");
        watched_describe(watched, json_pack("{s:s, s:s}", "name", "", "address", "anna@example.org"));
        ck_assert_str_eq(watched_title(watched), "anna@example.org");
        watched_describe(watched, NULL);
        ck_assert_str_eq(watched_title(watched), "a");
        watch_list_done(&list);
}
END_TEST

START_TEST(test_describe) {
        WatchList list = { 0 };
        Watched *watched = put_account(&list, "user/a", "A", "ok", NULL);

        watched->asked = true;
        watched_describe(watched, json_pack("{s:s, s:I}", "status", "warning", "muted-until-usec", (json_int_t) 77));
        ck_assert(!watched->asked);
        ck_assert_int_eq(watched->status, WATCHED_WARNING);
        ck_assert_uint_eq(watched->muted_usec, 77);
        watch_list_done(&list);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("watched");
        TCase *tcase = tcase_create("all");
        tcase_add_test(tcase, test_order_and_keys);
        tcase_add_test(tcase, test_foreign_objects);
        tcase_add_test(tcase, test_sweep);
        tcase_add_test(tcase, test_unknow);
        tcase_add_test(tcase, test_title);
        tcase_add_test(tcase, test_describe);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
