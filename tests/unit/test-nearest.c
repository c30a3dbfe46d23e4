/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Words that were probably meant. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "nearest.h"

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
        tcase_add_loop_test(tcase, nearest, 0, COUNT(words));
        tcase_add_test(tcase, prefix_and_limit);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
