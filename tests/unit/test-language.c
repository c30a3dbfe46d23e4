/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Languages: names of locales that are taken, and English wherever there is no translation. */

#include "harness.h"
#include "language.h"

static const struct {
        const char *name;
        bool valid;
} names[] = {
        { "", true },
        { "vi", true },
        { "pt-BR", true },
        { "de_DE.UTF-8", true },
        { "ca_ES@valencia", true },
        { "C", true },
        { "../../etc/passwd", false },
        { "vi/", false },
        { "vi VN", false },
        { "vi\n", false },
        { "abcdefghijabcdefghijabcdefghijabcdef", false },
};

START_TEST(form) {
        ck_assert_int_eq(language_name_is_valid(names[_i].name), names[_i].valid);
}
END_TEST

START_TEST(english_without_translation) {
        static const char *const text = "No catalogue has this sentence.";
        Language *language = language_new(names[_i].name);
        ck_assert_ptr_nonnull(language);
        ck_assert_str_eq(language_say(language, text), text);
        ck_assert_ptr_null(language_say(language, NULL));
        ck_assert_str_eq(language_say(language, ""), "");
        language_free(language);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("language");
        TCase *tests = tcase_create("language");
        suite_add_tcase(suite, tests);
        tcase_add_loop_test(tests, form, 0, sizeof(names) / sizeof(names[0]));
        tcase_add_loop_test(tests, english_without_translation, 0, sizeof(names) / sizeof(names[0]));
        return run_suite(suite);
}
