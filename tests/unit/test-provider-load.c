/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that an administrator adds, and those that somebody else has put there. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "load.h"
#include "lookup.h"
#include "shipped.h"

#define NOBODY 65534

static char folder[64], faults[65536];
static Table *table;

static void setup(void) {
        strcpy(folder, "/tmp/maildiag-providers-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        ck_assert_int_eq(chmod(folder, 0755), 0);
        faults[0] = '\0';
        table = table_new(NULL);
}

static void teardown(void) {
        char command[128];

        table = table_free(table);
        snprintf(command, sizeof(command), "rm -rf %s", folder);
        ck_assert_int_eq(system(command), 0);
}

static const char *path_of(const char *name) {
        static char path[128];
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        return path;
}

static void put(const char *name, const void *text, size_t size) {
        FILE *file = fopen(path_of(name), "we");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(text, 1, size, file), size);
        ck_assert_int_eq(fclose(file), 0);
        ck_assert_int_eq(chmod(path_of(name), 0644), 0);
}

/* A block of the file's own. */
static void put_block(const char *name, const char *id) {
        char text[200];
        snprintf(text, sizeof(text), "[%s]\ndomains = %s.example\nimap = imap.%s.example 993 tls\n", id, id, id);
        put(name, text, strlen(text));
}

/* The name of the file without its folder. */
static void note_fault(void *userdata, const char *file, unsigned line, const char *fault) {
        size_t used = strlen(faults), n = strlen(folder);
        const char *name = strncmp(file, folder, n) ? file : file[n] ? file + n + 1 : ".";
        snprintf(faults + used, sizeof(faults) - used, "%s:%u: %s\n", name, line, fault);
}

static void load(void) {
        ck_assert_int_eq(load_folder(table, 1, folder, note_fault, NULL), 0);
}

static bool is_there(const char *domain) {
        return lookup_knows_domain(table, domain);
}

/* ---- what is read ---- */

START_TEST(by_name) {
        put_block("20-b.conf", "b");
        put_block("10-a.conf", "a");
        put_block("30-a.conf", "a");
        put_block(".hidden.conf", "hidden");
        put_block("c.conf~", "c");
        put_block("d.txt", "d");
        put_block(".conf", "e");
        load();
        char expected[400];
        snprintf(expected, sizeof(expected), "30-a.conf:1: [a] stands in %s already, from line 1; this one is left out\n",
                 path_of("10-a.conf"));
        ck_assert_str_eq(faults, expected);
        ck_assert_uint_eq(table_count(table), 2);
        ck_assert(is_there("a.example") && is_there("b.example"));
        ck_assert(!is_there("hidden.example") && !is_there("c.example") && !is_there("d.example") && !is_there("e.example"));
}
END_TEST

/* A folder that nobody made is no fault. */
START_TEST(no_folder) {
        ck_assert_int_eq(load_folder(table, 1, "/nonexistent/providers.d", note_fault, NULL), 0);
        ck_assert_str_eq(faults, "");
        put_block("a.conf", "a");
        ck_assert_int_eq(load_folder(table, 1, path_of("a.conf"), note_fault, NULL), 0);
        ck_assert_str_eq(faults, "a.conf:0: cannot be opened: Not a directory\n");
}
END_TEST

START_TEST(shipped_and_added) {
        static const char text[] = "[gmail]\nname = Gmail, by us\ndomains = gmail.com\nimap = imap.proxy.example 993 tls\n"
                                   "[company]\ndomains = company.example\npatterns = *.company.example\nsmtp = smtp.company.example 465 tls\n";
        put("company.conf", text, strlen(text));
        table_free(table);
        table = table_new(&table_shipped);
        load();
        ck_assert_str_eq(faults, "");
        LookupHow how;
        const TableBlock *block = lookup_block(table, &(LookupQuestion) { .domain = "gmail.com" }, &how);
        ck_assert_str_eq(block->name, "Gmail, by us");
        ck_assert_str_eq(block->services[0].host, "imap.proxy.example");
        ck_assert_str_eq(block->file, path_of("company.conf"));
        ck_assert(!is_there("googlemail.com"));
        ck_assert(is_there("a.company.example"));
        ck_assert(is_there("gmx.de"));
}
END_TEST

/* ---- hostile ones: each is told, and those beside it are read ---- */

static void make_symlink(void) {
        put_block("target", "bad");
        ck_assert_int_eq(symlink("target", path_of("bad.conf")), 0);
}

static void make_dangling(void) {
        ck_assert_int_eq(symlink("/nowhere", path_of("bad.conf")), 0);
}

static void make_fifo(void) {
        ck_assert_int_eq(mkfifo(path_of("bad.conf"), 0644), 0);
}

static void make_folder(void) {
        ck_assert_int_eq(mkdir(path_of("bad.conf"), 0755), 0);
}

static void make_device(void) {
        ck_assert_int_eq(symlink("/dev/zero", path_of("bad.conf")), 0);
}

static void make_huge(void) {
        put_block("bad.conf", "bad");
        ck_assert_int_eq(truncate(path_of("bad.conf"), (off_t) 1 << 30), 0);
}

static void make_binary(void) {
        static const char binary[] = "\x7f" "ELF\x02\x01\x01\0\0\0[bad]\ndomains = bad.example\n";
        put("bad.conf", binary, sizeof(binary) - 1);
}

static void make_endless_line(void) {
        static char line[500000];
        memset(line, 'x', sizeof(line));
        put("bad.conf", line, sizeof(line));
}

static void make_writable(void) {
        put_block("bad.conf", "bad");
        ck_assert_int_eq(chmod(path_of("bad.conf"), 0666), 0);
}

static void make_group_writable(void) {
        put_block("bad.conf", "bad");
        ck_assert_int_eq(chmod(path_of("bad.conf"), 0664), 0);
}

static const struct {
        void (*make)(void);
        const char *fault;
} hostile[] = {
        { make_symlink, "bad.conf:0: is a symbolic link, which is not followed\n" },
        { make_dangling, "bad.conf:0: is a symbolic link, which is not followed\n" },
        { make_device, "bad.conf:0: is a symbolic link, which is not followed\n" },
        { make_fifo, "bad.conf:0: is not a regular file\n" },
        { make_folder, "bad.conf:0: is not a regular file\n" },
        { make_huge, "bad.conf:0: is too large for a table of providers\n" },
        { make_binary, "bad.conf:0: is no text\n" },
        { make_endless_line, "bad.conf:1: is longer than 8192 bytes\n" },
        { make_writable, "bad.conf:0: can be written by others, and is left out\n" },
        { make_group_writable, "bad.conf:0: can be written by others, and is left out\n" },
};

START_TEST(hostile_files) {
        put_block("aaa.conf", "first");
        put_block("good.conf", "good");
        hostile[_i].make();
        load();
        ck_assert_str_eq(faults, hostile[_i].fault);
        ck_assert(is_there("first.example") && is_there("good.example") && !is_there("bad.example"));
}
END_TEST

START_TEST(a_folder_for_all) {
        put_block("a.conf", "a");
        ck_assert_int_eq(chmod(folder, 0777), 0);
        load();
        ck_assert_str_eq(faults, ".:0: can be written by others, and is left out\n");
        ck_assert_uint_eq(table_count(table), 0);
}
END_TEST

START_TEST(of_somebody_else) {
        if (geteuid() != 0) {
                printf("skipped: only root can give files away\n");
                return;
        }
        put_block("a.conf", "a");
        put_block("b.conf", "b");
        ck_assert_int_eq(chown(path_of("a.conf"), NOBODY, NOBODY), 0);
        load();
        ck_assert_str_eq(faults, "a.conf:0: belongs to neither root nor the user of maildiag, and is left out\n");
        ck_assert(!is_there("a.example") && is_there("b.example"));
}
END_TEST

START_TEST(without_permission) {
        put_block("a.conf", "a");
        put_block("b.conf", "b");
        ck_assert_int_eq(chmod(path_of("a.conf"), 0), 0);
        bool root = geteuid() == 0;
        if (root)
                ck_assert_int_eq(seteuid(NOBODY), 0);
        load();
        if (root)
                ck_assert_int_eq(seteuid(0), 0);
        ck_assert_str_eq(faults, "a.conf:0: cannot be opened: Permission denied\n");
        ck_assert(!is_there("a.example") && is_there("b.example"));
}
END_TEST

START_TEST(too_many_files) {
        for (unsigned i = 0; i < 300; i++) {
                char name[32], id[32];
                snprintf(name, sizeof(name), "%03u.conf", i);
                snprintf(id, sizeof(id), "p%u", i);
                put_block(name, id);
        }
        load();
        ck_assert_str_eq(faults, ".:0: has more files than are read\n");
        ck_assert_uint_eq(table_count(table), 256);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("provider-load");
        TCase *tcase = tcase_create("provider-load");
        tcase_set_timeout(tcase, 60);
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, by_name);
        tcase_add_test(tcase, no_folder);
        tcase_add_test(tcase, shipped_and_added);
        tcase_add_loop_test(tcase, hostile_files, 0, sizeof(hostile) / sizeof(hostile[0]));
        tcase_add_test(tcase, a_folder_for_all);
        tcase_add_test(tcase, of_somebody_else);
        tcase_add_test(tcase, without_permission);
        tcase_add_test(tcase, too_many_files);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
