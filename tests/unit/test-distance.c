/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How far words are from each other. */

#include <check.h>
#include <string.h>

#include "distance.h"
#include "harness.h"

static const struct {
        const char *a, *b;
        size_t distance;
} distances[] = {
        { "", "", 0 }, { "a", "", 1 }, { "abc", "abc", 0 }, { "abc", "abd", 1 }, { "abc", "ac", 1 },
        { "abc", "abcd", 1 }, { "abc", "acb", 1 }, { "check", "chekc", 1 }, { "kitten", "sitting", 3 },
};

START_TEST(distance) {
        ck_assert_uint_eq(md_word_distance(distances[_i].a, distances[_i].b), distances[_i].distance);
        ck_assert_uint_eq(md_word_distance(distances[_i].b, distances[_i].a), distances[_i].distance);
}
END_TEST

START_TEST(distance_of_long_words) {
        char word[500];
        memset(word, 'x', sizeof(word) - 1);
        word[sizeof(word) - 1] = '\0';
        ck_assert_uint_eq(md_word_distance(word, "x"), 499);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("distance");
        TCase *tcase = tcase_create("distance");
        tcase_add_loop_test(tcase, distance, 0, sizeof(distances) / sizeof(distances[0]));
        tcase_add_test(tcase, distance_of_long_words);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
