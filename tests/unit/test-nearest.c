/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Words that were probably meant. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "nearest.h"

static const struct {
        const char *a, *b;
        size_t distance;
} distances[] = {
        { "", "", 0 }, { "a", "", 1 }, { "abc", "abc", 0 }, { "abc", "abd", 1 }, { "abc", "ac", 1 },
        { "abc", "abcd", 1 }, { "abc", "acb", 1 }, { "check", "chekc", 1 }, { "kitten", "sitting", 3 },
};

START_TEST(distance) {
        ck_assert_uint_eq(word_distance(distances[_i].a, distances[_i].b), distances[_i].distance);
        ck_assert_uint_eq(word_distance(distances[_i].b, distances[_i].a), distances[_i].distance);
}
END_TEST

START_TEST(distance_of_long_words) {
        char word[500];
        memset(word, 'x', sizeof(word) - 1);
        word[sizeof(word) - 1] = '\0';
        ck_assert_uint_eq(word_distance(word, "x"), 499);
}
END_TEST

static const char *const known[] = { "cert.expired", "cert.expires-soon", "cert.revoked", "tcp.refused", "tcp.timeout" };

static const struct {
        const char *word;
        const char *nearest;
} words[] = {
        { "cert.expird", "cert.expired" },
        { "tcp.refusd", "tcp.refused" },
        { "tcp.tiemout", "tcp.timeout" },
        { "zzz", "" },
        { "", "" },
};

START_TEST(nearest) {
        char *text = nearest_words(words[_i].word, "", known, sizeof(known) / sizeof(known[0]));
        ck_assert_str_eq(text, words[_i].nearest);
        free(text);
}
END_TEST

START_TEST(prefix_and_limit) {
        static const char *const alike[] = { "aaa1", "aaa2", "aaa", "aaa3", "aaa4" };
        char *text = nearest_words("aaa", "--", alike, 5);
        ck_assert_str_eq(text, "--aaa, --aaa1, --aaa2");
        free(text);
}
END_TEST

#define COUNT(table) ((int) (sizeof(table) / sizeof(table[0])))

int main(void) {
        Suite *suite = suite_create("nearest");
        TCase *tcase = tcase_create("nearest");
        tcase_add_loop_test(tcase, distance, 0, COUNT(distances));
        tcase_add_test(tcase, distance_of_long_words);
        tcase_add_loop_test(tcase, nearest, 0, COUNT(words));
        tcase_add_test(tcase, prefix_and_limit);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
