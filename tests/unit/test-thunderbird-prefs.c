/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Preferences of Thunderbird: statements, texts and their escapes, and what is broken in them. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "mutate.h"
#include "prefs.h"

static char faults[4096];

static void on_fault(void *userdata, unsigned file, unsigned line, const char *text) {
        size_t used = strlen(faults);
        snprintf(faults + used, sizeof(faults) - used, "%s%u:%u %s", used ? "; " : "", file, line, text);
}

static const FaultSink sink = { on_fault, NULL };

static Prefs *read_bytes(const char *text, size_t size) {
        Prefs *prefs = prefs_new();

        *faults = '\0';
        ck_assert_ptr_nonnull(prefs);
        ck_assert_int_eq(prefs_read(prefs, 0, text, size, &sink), 0);
        prefs_sort(prefs);
        return prefs;
}

/* The value of "mail.x", or the fault; everything is followed by a statement that is fine. */
static const struct {
        const char *text, *value, *fault;
} statements[] = {
        { "user_pref(\"mail.x\", \"a\");", "a", "" },
        { "pref(\"mail.x\", 'a\"b');", "a\"b", "" },
        { "sticky_pref(\"mail.x\", \"a\");", "a", "" },
        { "user_pref(\"mail.x\", 993);", "993", "" },
        { "user_pref(\"mail.x\", -1);", "-1", "" },
        { "user_pref(\"mail.x\", +7);", "7", "" },
        { "user_pref(\"mail.x\", true);", "true", "" },
        { "user_pref(\"mail.x\", false, locked);", "false", "" },
        { "user_pref(\"mail.x\", \"a\", locked, sticky);", "a", "" },
        { "  user_pref ( \"mail.x\" ,\n \"a\" ) ; ", "a", "" },
        { "// user_pref(\"mail.x\", 1);\n# user_pref(\"mail.x\", 2);\n/* \" */ user_pref(\"mail.x\", 3);", "3", "" },
        { "/* a\nb */user_pref(\"mail.x\", 3); user_pref(\"mail.x\", 4);", "4", "" },
        { "\xef\xbb\xbf" "user_pref(\"mail.x\", 3);\r", "3", "" },
        { "user_pref(\"other.x\", \"\"); user_pref(\"mail.x\", \"\");", "", "" },

        { "user_pref(\"mail.x\", \"\\x41\\x7a\");", "Az", "" },
        { "user_pref(\"mail.x\", \"\\xe9\");", "\xc3\xa9", "" },
        { "user_pref(\"mail.x\", \"\\u00e9\\u20ac\");", "\xc3\xa9\xe2\x82\xac", "" },
        { "user_pref(\"mail.x\", \"\\ud83d\\ude00\");", "\xf0\x9f\x98\x80", "" },
        { "user_pref(\"mail.x\", \"\\\"\\'\\\\\\n\\r\");", "\"'\\\n\r", "" },

        { "user_pref(\"mail.x\", \"\\ud83d\");", NULL, "0:1 a text has an escape that is incomplete" },
        { "user_pref(\"mail.x\", \"\\ude00\");", NULL, "0:1 a text has an escape that is incomplete" },
        { "user_pref(\"mail.x\", \"\\ud83d\\u0041\");", NULL, "0:1 a text has an escape that is incomplete" },
        { "user_pref(\"mail.x\", \"\\u12\");", NULL, "0:1 a text has an escape that is incomplete" },
        { "user_pref(\"mail.x\", \"\\xg0\");", NULL, "0:1 a text has an escape that is incomplete" },
        { "user_pref(\"mail.x\", \"\\x00\");", NULL, "0:1 a text holds a NUL" },
        { "user_pref(\"mail.x\", \"\\u0000\");", NULL, "0:1 a text holds a NUL" },
        { "user_pref(\"mail.x\", \"\\q\");", NULL, "0:1 a text has an escape that is none" },
        { "user_pref(\"mail.x\", \"a);", NULL, "0:1 a text has no end" },
        { "user_pref(\"mail.x\", 'a\");", NULL, "0:1 a text has no end" },
        { "user_pref(\"mail.x\", \"a\\", NULL, "0:1 a text has no end" },
        { "\nuser_pref(\"mail.x);\n", NULL, "0:2 a text has no end" },
        { "user_pref(mail.x, 1);", NULL, "0:1 a text in quotes is missing" },
        { "user_pref(\"mail.x\" 1);", NULL, "0:1 \",\" is missing behind the name" },
        { "user_pref \"mail.x\", 1);", NULL, "0:1 \"(\" is missing" },
        { "user_pref(\"mail.x\", 1;", NULL, "0:1 \")\" is missing" },
        { "user_pref(\"mail.x\", 1)", NULL, "0:2 \";\" is missing" },
        { "user_pref(\"mail.x\", 1, );", NULL, "0:1 \",\" is followed by nothing" },
        { "user_pref(\"mail.x\", );", NULL, "0:1 a value is missing: a text in quotes, a number, true or false" },
        { "user_pref(\"mail.x\", fals);", NULL, "0:1 a value is missing: a text in quotes, a number, true or false" },
        { "user_pref(\"mail.x\", 99999999999999999999);", NULL, "0:1 a number is too large" },
        { "defaults(\"mail.x\", 1);", NULL, "0:1 is no preference: user_pref(\"name\", value);" },
        { "<html>", NULL, "0:1 is no preference: user_pref(\"name\", value);" },
};

START_TEST(a_statement) {
        char text[512];

        snprintf(text, sizeof(text), "%s\nuser_pref(\"mail.first\", 1);\nuser_pref(\"mail.behind\", 1);\n", statements[_i].text);
        Prefs *prefs = read_bytes(text, strlen(text));
        const Pref *pref = prefs_find(prefs, "mail.%s", "x");
        ck_assert_msg(!pref == !statements[_i].value, "%s: %s", statements[_i].text, faults);
        if (pref)
                ck_assert_str_eq(pref->text, statements[_i].value);
        ck_assert_str_eq(faults, statements[_i].fault);
        ck_assert_ptr_nonnull(prefs_find(prefs, "mail.behind"));
        ck_assert_ptr_null(prefs_find(prefs, "other.x"));
        prefs_free(prefs);
}
END_TEST

/* What is open to the end takes the rest along, and says where it began. */
START_TEST(open_to_the_end) {
        static const char comment[] = "user_pref(\"mail.a\", 1);\n/* user_pref(\"mail.x\", 1);\n\n";
        Prefs *prefs = read_bytes(comment, strlen(comment));

        ck_assert_ptr_nonnull(prefs_find(prefs, "mail.a"));
        ck_assert_str_eq(faults, "0:2 a comment has no end");
        prefs_free(prefs);
}
END_TEST

START_TEST(bytes_that_are_none) {
        static const char text[] = "user_pref(\"mail.a\", \"x\0y\");\n\0\0\0\nuser_pref(\"mail.b\", 1);\n";
        Prefs *prefs = read_bytes(text, sizeof(text) - 1);

        ck_assert_ptr_null(prefs_find(prefs, "mail.a"));
        ck_assert_ptr_nonnull(prefs_find(prefs, "mail.b"));
        ck_assert_str_eq(faults, "0:1 a text holds a NUL; 0:2 is no preference: user_pref(\"name\", value);");
        prefs_free(prefs);
}
END_TEST

START_TEST(the_last_counts) {
        static const char first[] = "user_pref(\"mail.x\", 1);\nuser_pref(\"mail.x\", \"2\");\n", second[] = "\nuser_pref(\"mail.x\", 3);";
        Prefs *prefs = read_bytes(first, strlen(first));

        ck_assert_str_eq(prefs_find(prefs, "mail.x")->text, "2");
        ck_assert_uint_eq(prefs_find(prefs, "mail.x")->line, 2);
        prefs_free(prefs);
        prefs = prefs_new();
        ck_assert_int_eq(prefs_read(prefs, 0, first, strlen(first), &sink), 0);
        ck_assert_int_eq(prefs_read(prefs, 1, second, strlen(second), &sink), 0);
        prefs_sort(prefs);
        const Pref *pref = prefs_find(prefs, "mail.x");
        ck_assert_int_eq(pref->number, 3);
        ck_assert_uint_eq(pref->file, 1);
        ck_assert_uint_eq(pref->line, 2);
        prefs_free(prefs);
}
END_TEST

START_TEST(mutants) {
        static const char text[] = "// comment\nuser_pref(\"mail.a\", \"caf\\u00e9 \\x41\");\n/* more */ pref('mail.b', -12, locked);\n"
                                   "user_pref(\"mail.c\", true);\nuser_pref(\"mail.d\", \"\\ud83d\\ude00\");\n";
        size_t n = 0;

        for (unsigned round = 0; round < MUTATE_ROUNDS; round++) {
                Mutant mutant = mutate(text, strlen(text), round);
                Prefs *prefs = read_bytes(mutant.bytes, mutant.size);
                n += *faults != '\0';
                prefs_free(prefs);
                free(mutant.bytes);
        }
        ck_assert_uint_gt(n, MUTATE_ROUNDS / 4);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("thunderbird-prefs");
        TCase *tcase = tcase_create("thunderbird-prefs");

        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, a_statement, 0, sizeof(statements) / sizeof(statements[0]));
        tcase_add_test(tcase, open_to_the_end);
        tcase_add_test(tcase, bytes_that_are_none);
        tcase_add_test(tcase, the_last_counts);
        tcase_add_test(tcase, mutants);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
