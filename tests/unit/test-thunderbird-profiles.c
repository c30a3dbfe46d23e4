/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which profiles of Thunderbird are in use. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "ini.h"
#include "mutate.h"
#include "profiles.h"

static char seen[8192];

static void on_fault(void *userdata, unsigned file, unsigned line, const char *text) {
        size_t used = strlen(seen);
        snprintf(seen + used, sizeof(seen) - used, "!%u:%u %s ", file, line, text);
}

static void read_both(const char *installs, size_t size, const char *profiles) {
        const FaultSink sink = { on_fault, NULL };
        const ProfilesFile files[] = {
                { installs, size, 0 },
                { profiles, profiles ? strlen(profiles) : 0, 1 },
        };
        Profiles read;

        *seen = '\0';
        ck_assert_int_eq(profiles_read(&files[0], &files[1], &sink, &read), 0);
        for (size_t i = 0; i < read.n; i++) {
                size_t used = strlen(seen);
                snprintf(seen + used, sizeof(seen) - used, "%s=%u:%u ", read.items[i].path, read.items[i].file, read.items[i].line);
        }
        profiles_done(&read);
}

#define OLD "[Profile0]\nName=default\nIsRelative=1\nPath=old.default\nDefault=1\n"
#define NEW "[Profile1]\nName=default-release\nIsRelative=1\nPath=new.default-release\n"

static const struct {
        const char *installs, *profiles, *seen;
} cases[] = {
        /* A fresh start makes both, and uses the one of the installation. */
        { "[FDC34C9F024745EB]\nDefault=new.default-release\nLocked=1\n", OLD NEW, "new.default-release=0:2 " },
        { NULL, "[InstallFDC34C9F024745EB]\nDefault=new.default-release\n" OLD NEW, "new.default-release=1:2 " },
        { "[A]\nDefault=x\n\n[B]\nDefault=y\n[C]\nDefault=x\n", OLD, "x=0:2 y=0:5 " },
        { NULL, OLD NEW, "old.default=1:4 " },
        { NULL, NEW, "new.default-release=1:4 " },
        { NULL, "[Profile0]\nPath=a\n[Profile1]\nPath=b\n", "" },
        { NULL, "[General]\nStartWithLastProfile=0\n[Profile0]\nPath=a\n[Profile1]\nPath=b\n", "a=1:4 b=1:6 " },
        { "[A]\nDefault=b\n", "[General]\nStartWithLastProfile=0\n[Profile0]\nPath=a\n[Profile1]\nPath=b\n", "b=0:2 a=1:4 " },
        { "[A]\nDefault=/data/mail\n", NULL, "/data/mail=0:2 " },
        { "\xef\xbb\xbf[A]\r\nDefault = x \r\n", NULL, "x=0:2 " },
        { "# c\n; c\n\n[A]\nDefault=\n", NULL, "" },
        { "", "", "" },
        { NULL, NULL, "" },
        { "[A\nDefault=x\n", OLD, "!0:1 a section is named [so], and its name has an end old.default=1:4 " },
        { "rubbish\n[A]\n=x\nDefault=x\n", NULL,
          "!0:1 is neither a [section] nor a key=value !0:3 is neither a [section] nor a key=value x=0:4 " },
};

START_TEST(files) {
        const char *installs = cases[_i].installs;

        read_both(installs, installs ? strlen(installs) : 0, cases[_i].profiles);
        ck_assert_str_eq(seen, cases[_i].seen);
}
END_TEST

START_TEST(bytes_that_are_none) {
        static const char text[] = "[A]\nDefault=a\0b\nDefault=x\n";
        read_both(text, sizeof(text) - 1, NULL);
        ck_assert_str_eq(seen, "!0:2 holds a NUL x=0:3 ");
}
END_TEST

START_TEST(a_long_line) {
        char text[2 * INI_LINE_MAX];

        memset(text, 'a', sizeof(text));
        memcpy(text + sizeof(text) - 15, "\n[A]\nDefault=x\n", 15);
        read_both(text, sizeof(text), NULL);
        ck_assert_str_eq(seen, "!0:1 is longer than 4095 bytes x=0:3 ");
}
END_TEST

START_TEST(many) {
        char text[8192] = "", *end = text;

        for (unsigned i = 0; i < PROFILES_MAX + 2; i++)
                end += sprintf(end, "[%u]\nDefault=p%u\n", i, i);
        read_both(text, strlen(text), NULL);
        ck_assert_ptr_nonnull(strstr(seen, "!0:66 names more than 32 profiles; the others are left out"));
        ck_assert_ptr_nonnull(strstr(seen, " p31=0:64 "));
}
END_TEST

START_TEST(mutants) {
        static const char text[] = "[FDC34C9F024745EB]\nDefault=new.default-release\nLocked=1\n" OLD NEW;

        for (unsigned round = 0; round < MUTATE_ROUNDS; round++) {
                Mutant mutant = mutate(text, strlen(text), round);
                read_both(mutant.bytes, mutant.size, OLD);
                free(mutant.bytes);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("thunderbird-profiles");
        TCase *tcase = tcase_create("thunderbird-profiles");

        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, files, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, bytes_that_are_none);
        tcase_add_test(tcase, a_long_line);
        tcase_add_test(tcase, many);
        tcase_add_test(tcase, mutants);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
