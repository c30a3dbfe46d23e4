/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who has had how many servers checked: a day as a table. */

#include <errno.h>
#include <stdio.h>

#include "harness.h"
#include "visits.h"

#define MINUTE (60u * UINT64_C(1000000))
#define FIRST (100 * MINUTE)

static Visits *visits;

static void setup(void) {
        visits = visits_new();
        ck_assert_ptr_nonnull(visits);
}

static void teardown(void) {
        visits_free(visits);
}

static uint64_t server(unsigned number) {
        char host[32];
        snprintf(host, sizeof(host), "mx%u.example.org", number);
        return visits_server(visits, host, 25);
}

/* Servers `from` to `from` + n - 1, all at once. */
static int add(uid_t uid, unsigned from, unsigned n, uint64_t now, uint64_t *ret_wait) {
        uint64_t servers[64];
        for (unsigned i = 0; i < n; i++)
                servers[i] = server(from + i);
        return visits_add(visits, uid, servers, n, now, ret_wait);
}

START_TEST(one_after_another) {
        uint64_t wait = 1;
        for (unsigned i = 0; i < VISITS_MAX; i++)
                ck_assert_int_eq(add(1000, i, 1, FIRST + i, &wait), 0);
        ck_assert_int_eq(add(1000, 100, 1, FIRST + MINUTE, &wait), -EDQUOT);
        ck_assert_uint_eq(wait, 9 * MINUTE);
        /* The same again costs nothing, and another user has his own. */
        ck_assert_int_eq(add(1000, 3, 1, FIRST + MINUTE, &wait), 0);
        ck_assert_int_eq(add(1001, 100, 1, FIRST + MINUTE, &wait), 0);
        /* The first is over, the second is not yet. */
        ck_assert_int_eq(add(1000, 100, 1, FIRST + 10 * MINUTE, &wait), 0);
        ck_assert_int_eq(add(1000, 101, 1, FIRST + 10 * MINUTE, &wait), -EDQUOT);
        ck_assert_uint_eq(wait, 1);
        ck_assert_int_eq(add(1000, 101, 20, FIRST + 30 * MINUTE, &wait), 0);
}
END_TEST

START_TEST(all_or_none) {
        uint64_t wait = 1;
        ck_assert_int_eq(add(1000, 0, 21, FIRST, &wait), -EDQUOT);
        ck_assert_uint_eq(wait, 0);
        ck_assert_int_eq(add(1000, 0, 15, FIRST, &wait), 0);
        ck_assert_int_eq(add(1000, 15, 6, FIRST, &wait), -EDQUOT);
        ck_assert_uint_eq(wait, 10 * MINUTE);
        ck_assert_int_eq(add(1000, 10, 10, FIRST, &wait), 0);
        ck_assert_int_eq(add(1000, 0, 21, FIRST, &wait), -EDQUOT);
        ck_assert_int_eq(add(1000, 0, 20, FIRST, &wait), 0);
}
END_TEST

START_TEST(named_twice) {
        uint64_t servers[40], wait;
        for (unsigned i = 0; i < 40; i++)
                servers[i] = server(i % 20);
        ck_assert_int_eq(visits_add(visits, 1000, servers, 40, FIRST, &wait), 0);
        ck_assert_int_eq(add(1000, 20, 1, FIRST, &wait), -EDQUOT);
}
END_TEST

START_TEST(what_is_the_same) {
        ck_assert_uint_eq(visits_server(visits, "MX.Example.ORG", 25), visits_server(visits, "mx.example.org", 25));
        ck_assert_uint_ne(visits_server(visits, "mx.example.org", 25), visits_server(visits, "mx.example.org", 465));
        ck_assert_uint_ne(visits_server(visits, "mx.example.org", 25), visits_server(visits, "my.example.org", 25));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("visits");
        TCase *tcase = tcase_create("visits");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, one_after_another);
        tcase_add_test(tcase, all_or_none);
        tcase_add_test(tcase, named_twice);
        tcase_add_test(tcase, what_is_the_same);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
