/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Limits and turns: who is let in, and who comes next. */

#include <errno.h>
#include <string.h>

#include "harness.h"
#include "queue.h"

static const QueueLimits limits = { .user_running = 2, .user_queued = 3, .total_running = 4, .total_queued = 8 };

static Queue *queue;
static QueueItem items[32];
static size_t n_items;

static void setup(void) {
        queue = queue_new(&limits);
        memset(items, 0, sizeof(items));
        n_items = 0;
}

static void teardown(void) {
        for (size_t i = 0; i < n_items; i++)
                queue_remove(queue, &items[i]);
        queue_free(queue);
}

static int add(uid_t uid) {
        int r = queue_add(queue, uid, &items[n_items]);
        n_items += r == 0;
        return r;
}

static size_t next(void) {
        QueueItem *item = queue_next(queue);
        return item ? (size_t) (item - items) : SIZE_MAX;
}

START_TEST(first_come_first_served) {
        add(1000);
        add(1000);
        ck_assert_uint_eq(next(), 0);
        ck_assert_uint_eq(next(), 1);
        ck_assert_uint_eq(next(), SIZE_MAX);
}
END_TEST

START_TEST(a_user_has_a_limit_of_running) {
        for (size_t i = 0; i < 3; i++)
                ck_assert_int_eq(add(1000), 0);
        next();
        next();
        ck_assert_uint_eq(next(), SIZE_MAX);
        ck_assert_uint_eq(queue_n_running(queue), 2);
        queue_remove(queue, &items[0]);
        ck_assert_uint_eq(next(), 2);
}
END_TEST

START_TEST(a_user_has_a_limit_of_all) {
        for (size_t i = 0; i < 5; i++)
                ck_assert_int_eq(add(1000), 0);
        ck_assert_int_eq(add(1000), -EDQUOT);
        ck_assert_int_eq(add(1001), 0);
        queue_remove(queue, &items[4]);
        ck_assert_int_eq(add(1000), 0);
}
END_TEST

/* Others run all that may run, and have more queued than can be counted. */
START_TEST(a_newcomer_finds_room) {
        const QueueLimits generous = { .user_running = 2, .user_queued = 3, .total_running = 4, .total_queued = 8,
                                       .newcomers = 2, .root_queued = 20 };

        queue_free(queue);
        queue = queue_new(&generous);
        for (size_t i = 0; i < 3; i++) {
                add(1000);
                add(1001);
        }
        for (size_t i = 0; i < 4; i++)
                ck_assert_uint_eq(next(), i);
        ck_assert_uint_eq(next(), SIZE_MAX);
        ck_assert_int_eq(add(1002), 0);                         /* 6 */
        ck_assert_int_eq(add(1002), 0);
        ck_assert_uint_eq(next(), 6);
        ck_assert_uint_eq(next(), SIZE_MAX);                    /* his second is like those of the others */
        ck_assert_int_eq(add(1003), 0);                         /* 8 */
        ck_assert_int_eq(add(1004), 0);
        ck_assert_uint_eq(next(), 8);
        ck_assert_uint_eq(next(), SIZE_MAX);
        ck_assert_uint_eq(queue_n_running(queue), 6);
}
END_TEST

START_TEST(root_has_a_class_of_its_own) {
        const QueueLimits generous = { .user_running = 2, .user_queued = 3, .total_running = 2, .total_queued = 3,
                                       .newcomers = 1, .root_queued = 8 };

        queue_free(queue);
        queue = queue_new(&generous);
        for (size_t i = 0; i < 10; i++)
                ck_assert_int_eq(add(0), 0);
        ck_assert_int_eq(add(0), -EDQUOT);
        ck_assert_uint_eq(next(), 0);
        ck_assert_uint_eq(next(), 1);
        ck_assert_uint_eq(next(), SIZE_MAX);
        /* However many root has, others have theirs, and the first of them runs at once. */
        for (size_t i = 10; i < 15; i++)
                ck_assert_int_eq(add(1000), 0);
        ck_assert_int_eq(add(1000), -EDQUOT);
        ck_assert_int_eq(add(1001), -EUSERS);
        ck_assert_uint_eq(next(), 10);
        ck_assert_uint_eq(next(), SIZE_MAX);
        queue_remove(queue, &items[12]);
        ck_assert_int_eq(add(1001), 0);
}
END_TEST

START_TEST(all_have_a_limit_of_running) {
        for (uid_t uid = 1000; uid < 1006; uid++)
                add(uid);
        for (size_t i = 0; i < 4; i++)
                ck_assert_uint_eq(next(), i);
        ck_assert_uint_eq(next(), SIZE_MAX);
        queue_remove(queue, &items[2]);
        ck_assert_uint_eq(next(), 4);
}
END_TEST

START_TEST(all_have_a_limit) {
        for (uid_t uid = 1000; uid < 1012; uid++)
                ck_assert_int_eq(add(uid), 0);
        ck_assert_int_eq(add(2000), -EUSERS);
}
END_TEST

START_TEST(users_take_turns) {
        add(1000);      /* 0 */
        add(1000);      /* 1 */
        add(1000);      /* 2 */
        add(1001);      /* 3 */
        add(1002);      /* 4 */
        add(1001);      /* 5 */
        static const size_t expected[] = { 0, 3, 4, 1 };
        for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
                ck_assert_uint_eq(next(), expected[i]);
        ck_assert_uint_eq(next(), SIZE_MAX);

        /* The one whose last turn is longest ago comes first. */
        queue_remove(queue, &items[0]);
        ck_assert_uint_eq(next(), 5);
}
END_TEST

START_TEST(what_waits_can_leave) {
        add(1000);
        add(1000);
        queue_remove(queue, &items[0]);
        queue_remove(queue, &items[0]);
        ck_assert_uint_eq(next(), 1);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("queue");
        TCase *tests = tcase_create("queue");
        suite_add_tcase(suite, tests);
        tcase_add_checked_fixture(tests, setup, teardown);
        tcase_add_test(tests, first_come_first_served);
        tcase_add_test(tests, a_user_has_a_limit_of_running);
        tcase_add_test(tests, a_user_has_a_limit_of_all);
        tcase_add_test(tests, a_newcomer_finds_room);
        tcase_add_test(tests, root_has_a_class_of_its_own);
        tcase_add_test(tests, all_have_a_limit_of_running);
        tcase_add_test(tests, all_have_a_limit);
        tcase_add_test(tests, users_take_turns);
        tcase_add_test(tests, what_waits_can_leave);
        return run_suite(suite);
}
