/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was told, over restarts. */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "memory.h"

static char folder[] = "/tmp/maildiag-memory-XXXXXX", path[128];

static void setup(void) {
        ck_assert_ptr_nonnull(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/state/maildiag/notifier.json", folder);
}

static void teardown(void) {
        static const char *const rest[] = { "/state/maildiag/notifier.json", "/state/maildiag", "/state", "" };
        for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
                char name[160];
                snprintf(name, sizeof(name), "%s%s", folder, rest[i]);
                ck_assert_int_eq(remove(name) == 0 || access(name, F_OK) < 0, 1);
        }
        strcpy(folder + sizeof(folder) - 7, "XXXXXX");
}

static void write_file(const char *text) {
        char name[160];
        snprintf(name, sizeof(name), "%s/state", folder);
        mkdir(name, 0700);
        snprintf(name, sizeof(name), "%s/state/maildiag", folder);
        mkdir(name, 0700);
        FILE *file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
}

START_TEST(test_kept) {
        Memory *memory = memory_new(path);
        struct stat status;

        Told *told = memory_add(memory, "cert.expired imap.example.org");
        told->told_usec = 1234567890123456;
        told->warning = true;
        json_array_append_new(told->accounts, json_string("user/a"));
        ck_assert_ptr_nonnull(memory_add(memory, "not told"));
        ck_assert_int_eq(memory_set_critical(memory, "user/a", 5), 0);
        ck_assert_int_eq(memory_set_muted(memory, "system/b", 6), 0);
        ck_assert_int_eq(memory_set_muted(memory, "system/c", 7), 0);
        ck_assert_int_eq(memory_set_muted(memory, "system/c", 0), 0);
        ck_assert_int_eq(memory_save(memory), 0);
        memory_free(memory);
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_uint_eq(status.st_mode & 0777, 0600);

        memory = memory_new(path);
        ck_assert_uint_eq(memory_n(memory), 1);
        told = memory_find(memory, "cert.expired imap.example.org");
        ck_assert_ptr_nonnull(told);
        ck_assert_uint_eq(told->told_usec, 1234567890123456);
        ck_assert(told->warning && !told->recent && !told->up);
        ck_assert_str_eq(json_string_value(json_array_get(told->accounts, 0)), "user/a");
        ck_assert_uint_eq(memory_critical(memory, "user/a"), 5);
        ck_assert_uint_eq(memory_critical(memory, "user/b"), 0);
        ck_assert_uint_eq(memory_muted(memory, "system/b"), 6);
        ck_assert_uint_eq(memory_muted(memory, "system/c"), 0);

        memory_forget(memory, told);
        ck_assert_int_eq(memory_save(memory), 0);
        memory_free(memory);
        memory = memory_new(path);
        ck_assert_uint_eq(memory_n(memory), 0);
        memory_free(memory);
}
END_TEST

static const char *const broken[] = {
        "", "{", "[]", "null", "{\"version\": 2, \"told\": [{\"key\": \"a\", \"told-usec\": 1}]}",
        "{\"version\": 1}", "{\"version\": 1, \"told\": 5, \"critical\": [], \"muted\": \"x\"}",
        "{\"version\": 1, \"told\": [5, {}, {\"key\": 7}, {\"key\": \"a\"}, {\"key\": \"a\", \"told-usec\": -1}, {\"key\": \"\", \"told-usec\": 1}]}",
        "{\"version\": 1, \"muted\": {\"user/a\": \"x\", \"user/b\": -5, \"user/c\": null}}",
};

START_TEST(test_broken) {
        write_file(broken[_i]);
        Memory *memory = memory_new(path);
        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq(memory_n(memory), 0);
        ck_assert_uint_eq(memory_muted(memory, "user/a"), 0);
        ck_assert_uint_eq(memory_muted(memory, "user/b"), 0);
        ck_assert_ptr_nonnull(memory_add(memory, "a"));
        ck_assert_int_eq(memory_save(memory), 0);
        memory_free(memory);
}
END_TEST

START_TEST(test_nothing_kept) {
        Memory *memory = memory_new(NULL);
        ck_assert_ptr_nonnull(memory_add(memory, "a"));
        ck_assert_int_eq(memory_save(memory), 0);
        memory_free(memory);
}
END_TEST

START_TEST(test_no_place) {
        Memory *memory = memory_new("/dev/null/notifier.json");
        ck_assert_ptr_nonnull(memory);
        ck_assert_ptr_nonnull(memory_add(memory, "a"));
        ck_assert_int_lt(memory_save(memory), 0);
        memory_free(memory);
}
END_TEST

START_TEST(test_default_path) {
        char *found;
        setenv("HOME", "/home/anna", 1);
        unsetenv("XDG_STATE_HOME");
        found = memory_default_path();
        ck_assert_str_eq(found, "/home/anna/.local/state/maildiag/notifier.json");
        free(found);
        setenv("XDG_STATE_HOME", "/elsewhere", 1);
        found = memory_default_path();
        ck_assert_str_eq(found, "/elsewhere/maildiag/notifier.json");
        free(found);
        setenv("XDG_STATE_HOME", "relative", 1);
        unsetenv("HOME");
        ck_assert_ptr_null(memory_default_path());
}
END_TEST

int main(void) {
        Suite *suite = suite_create("memory");
        TCase *tcase = tcase_create("all");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, test_kept);
        tcase_add_loop_test(tcase, test_broken, 0, sizeof(broken) / sizeof(broken[0]));
        tcase_add_test(tcase, test_nothing_kept);
        tcase_add_test(tcase, test_no_place);
        tcase_add_test(tcase, test_default_path);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
