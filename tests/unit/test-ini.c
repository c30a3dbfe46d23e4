/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The form of configuration files: what is read, and which line is said to be wrong. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "ini.h"
#include "own.h"

static char seen[1024];

static void note(const char *format, const char *a, const char *b, const char *c, unsigned line) {
        size_t used = strlen(seen);
        snprintf(seen + used, sizeof(seen) - used, format, line, a, b, c);
}

static int on_section(void *userdata, const char *section, unsigned line, char **ret_fault) {
        note("%u[%s]%s%s ", section, "", "", line);
        return 0;
}

static int on_value(void *userdata, const char *section, const char *key, const char *value, unsigned line,
                    char **ret_fault) {
        if (!strcmp(value, "bad")) {
                *ret_fault = strdup("is bad");
                return -EINVAL;
        }
        note("%u%s.%s=%s ", section, key, value, line);
        return 0;
}

static int parse(const char *text, size_t size, unsigned *ret_line, char **ret_fault) {
        const IniHandler handler = { on_section, on_value, NULL };
        *seen = '\0';
        return ini_parse(text, size, &handler, ret_line, ret_fault);
}

static const struct {
        const char *text, *expected;
} good[] = {
        { "", "" },
        { "\n\n", "" },
        { "[a]", "1[a] " },
        { "[a]\nk=v\n", "1[a] 2a.k=v " },
        { "[a]\r\nk = v\r\n", "1[a] 2a.k=v " },
        { "  [ a b ]  \n\t k\t=\tv w \t\n", "1[a b] 2a b.k=v w " },
        { "# c\n; c\n[a]\n  # c\nk=v # no comment\n", "3[a] 5a.k=v # no comment " },
        { "[a]\nk=\n", "1[a] 2a.k= " },
        { "[a]\nk=a=b=c\nl-2_X=[b]\n[b]\nk=\xc3\xbc", "1[a] 2a.k=a=b=c 3a.l-2_X=[b] 4[b] 5b.k=\xc3\xbc " },
};

START_TEST(reads) {
        unsigned line = 0;
        char *fault = NULL;
        ck_assert_int_eq(parse(good[_i].text, strlen(good[_i].text), &line, &fault), 0);
        ck_assert_str_eq(seen, good[_i].expected);
}
END_TEST

static const struct {
        const char *text;
        unsigned line;
        const char *fault;
} bad[] = {
        { "k=v", 1, "before the first section" },
        { "[a]\nword\n", 2, "neither" },
        { "[a\n", 1, "\"]\"" },
        { "[a] b\n", 1, "\"]\"" },
        { "[]\n", 1, "no name" },
        { "[ ]\n", 1, "no name" },
        { "[a]\n=v\n", 2, "name of a key" },
        { "[a]\nk k=v\n", 2, "name of a key" },
        { "[a]\nk\xc3\xbc=v\n", 2, "name of a key" },
        { "[a]\nk=bad\nk=v\n", 2, "is bad" },
        { "[a]\n\nk=\x1b[31m\n", 3, "control character" },
        { "[a]\nk=\xff\n", 2, "UTF-8" },
        { "[a]\n#\x07\n", 2, "control character" },
        { "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n", 1, "64 bytes" },
        { "[a]\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=v\n", 2, "name of a key" },
};

START_TEST(refuses) {
        unsigned line = 0;
        char *fault = NULL;
        ck_assert_int_eq(parse(bad[_i].text, strlen(bad[_i].text), &line, &fault), -EINVAL);
        ck_assert_msg(strstr(fault, bad[_i].fault), "%s: %s", bad[_i].text, fault);
        ck_assert_uint_eq(line, bad[_i].line);
        free(fault);
}
END_TEST

START_TEST(refuses_nul) {
        static const char text[] = "[a]\nk=a\0b\n";
        unsigned line = 0;
        char *fault = NULL;
        ck_assert_int_eq(parse(text, sizeof(text) - 1, &line, &fault), -EINVAL);
        ck_assert_uint_eq(line, 2);
        free(fault);
}
END_TEST

START_TEST(limits) {
        _cleanup_free_ char *text = calloc(1, INI_TEXT_MAX + 2);
        unsigned line = 0;
        char *fault = NULL;

        strcpy(text, "[a]\nk=");
        memset(text + 6, 'x', INI_VALUE_MAX - 2);
        ck_assert_int_eq(parse(text, 6 + INI_VALUE_MAX - 2, &line, &fault), 0);
        memset(text + 6, 'x', INI_VALUE_MAX - 1);
        ck_assert_int_eq(parse(text, 6 + INI_VALUE_MAX - 1, &line, &fault), -EINVAL);
        ck_assert_uint_eq(line, 2);
        free(fault);
        memset(text, '\n', INI_TEXT_MAX + 1);
        ck_assert_int_eq(parse(text, INI_TEXT_MAX, &line, &fault), 0);
        ck_assert_int_eq(parse(text, INI_TEXT_MAX + 1, &line, &fault), -EINVAL);
        ck_assert_ptr_nonnull(strstr(fault, "64 KiB"));
        free(fault);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("ini");
        TCase *tcase = tcase_create("ini");
        tcase_add_loop_test(tcase, reads, 0, ELEMENTS(good));
        tcase_add_loop_test(tcase, refuses, 0, ELEMENTS(bad));
        tcase_add_test(tcase, refuses_nul);
        tcase_add_test(tcase, limits);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
