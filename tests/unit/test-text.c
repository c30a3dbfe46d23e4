/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The sanitiser, by a table of hostile texts. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "text.h"

#define BAD "\xef\xbf\xbd"

static const struct {
        const char *in;
        size_t size;
        const char *out;
} cases[] = {
#define CASE(in, out) { in, sizeof(in) - 1, out }
        CASE("", ""),
        CASE("220 mail.example ready", "220 mail.example ready"),
        CASE("tab\there", "tab here"),
        CASE("esc\x1b[31m", "esc" BAD "[31m"),
        CASE("a\0b", "a" BAD "b"),
        CASE("a\r\nb", "a" BAD BAD "b"),
        CASE("\xc2\x9b" "31m", BAD "31m"),                      /* CSI as a C1 control */
        CASE("\x9b" "31m", BAD "31m"),                          /* and as a bare byte */
        CASE("\xe2\x80\xae" "gpj", BAD "gpj"),                  /* right-to-left override */
        CASE("a\xe2\x80\x8b" "b", "a" BAD "b"),                 /* zero width space */
        CASE("\xf3\xa0\x81\x81", BAD),                          /* tag character */
        CASE("\xc0\xaf", BAD BAD),                              /* overlong */
        CASE("\xed\xa0\x80", BAD BAD BAD),                      /* surrogate */
        CASE("\xf4\x90\x80\x80", BAD BAD BAD BAD),              /* beyond Unicode */
        CASE("Gr\xfc\xdf" "e", "Gr" BAD BAD "e"),               /* Latin-1 */
        CASE("Grüße, tiếng Việt", "Grüße, tiếng Việt"),
        CASE("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
        CASE("%s%n </b> & \" \\", "%s%n </b> & \" \\"),
};

START_TEST(table) {
        char *clean = md_text_clean(cases[_i].in, cases[_i].size, 1024);
        ck_assert_str_eq(clean, cases[_i].out);
        ck_assert(md_text_is_clean(clean, strlen(clean)));
        ck_assert_int_eq(md_text_is_clean(cases[_i].in, cases[_i].size), !strcmp(cases[_i].in, cases[_i].out) &&
                                                                         strlen(cases[_i].in) == cases[_i].size);
        free(clean);
}
END_TEST

START_TEST(cut_at_a_character) {
        char *clean = md_text_clean("aüb", 4, 2);
        ck_assert_str_eq(clean, "a…");
        free(clean);
        clean = md_text_clean("aüb", 4, 4);
        ck_assert_str_eq(clean, "aüb");
        free(clean);
}
END_TEST

START_TEST(words) {
        ck_assert(md_word_equal("STARTTLS", "starttls"));
        ck_assert(!md_word_equal("STARTTLSX", "STARTTLS"));
        ck_assert(!md_word_equal("", "x"));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("text");
        TCase *tcase = tcase_create("text");
        tcase_add_loop_test(tcase, table, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, cut_at_a_character);
        tcase_add_test(tcase, words);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
