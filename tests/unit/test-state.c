/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files of the state directory: replaced whole or not at all, and read only when they are what the daemon wrote. */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "own.h"
#include "state.h"

static char folder[64], path[128];
static int directory = -1;

static void setup(void) {
        strcpy(folder, "/tmp/maildiag-state-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/one/two", folder);
        directory = state_open(path);
        ck_assert_int_ge(directory, 0);
}

static void teardown(void) {
        char command[128];
        close_fd(directory);
        umount2(path, MNT_DETACH);
        snprintf(command, sizeof(command), "rm -rf %s", folder);
        ck_assert_int_eq(system(command), 0);
}

static size_t count_files(void) {
        char command[256], text[32] = "";
        snprintf(command, sizeof(command), "ls -A %s | wc -l", path);
        FILE *stream = popen(command, "r");
        ck_assert_ptr_nonnull(stream);
        ck_assert_ptr_nonnull(fgets(text, sizeof(text), stream));
        pclose(stream);
        return strtoul(text, NULL, 10);
}

static void put(const char *name, const void *bytes, size_t size) {
        int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, bytes, size), (ssize_t) size);
        close(fd);
}

static void assert_read(const char *name, const char *expected) {
        char *text = NULL;
        ck_assert_int_eq(state_read(directory, name, &text), 0);
        ck_assert_str_eq(text, expected);
        free(text);
}

/* ---- where ---- */

START_TEST(where_it_is) {
        static const struct {
                Instance instance;
                const char *asked, *service, *xdg, *home;
                const char *place;
                bool given;
        } places[] = {
                { INSTANCE_SYSTEM, NULL, "/var/lib/maildiag", NULL, "/root", "/var/lib/maildiag", true },
                { INSTANCE_SYSTEM, NULL, "/var/lib/a:/var/lib/b", NULL, NULL, "/var/lib/a", true },
                { INSTANCE_SYSTEM, "/x", "/var/lib/maildiag", NULL, NULL, "/x", true },
                { INSTANCE_SYSTEM, NULL, NULL, "/s", "/root", NULL, false },
                { INSTANCE_USER, NULL, NULL, "/s", "/home/a", "/s/maildiag", false },
                { INSTANCE_USER, NULL, "/u", "/s", "/home/a", "/u", true },
                { INSTANCE_PRIVATE, NULL, NULL, NULL, "/home/a", "/home/a/.local/state/maildiag", false },
                { INSTANCE_PRIVATE, NULL, NULL, "relative", "/home/a", "/home/a/.local/state/maildiag", false },
                { INSTANCE_PRIVATE, NULL, NULL, NULL, "a", NULL, false },
                { INSTANCE_PRIVATE, NULL, "", "", NULL, NULL, false },
                { INSTANCE_PRIVATE, "x/y", NULL, NULL, NULL, "x/y", true },
        };
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
                const struct {
                        const char *name, *value;
                } variables[] = { { "STATE_DIRECTORY", places[i].service }, { "XDG_STATE_HOME", places[i].xdg },
                                  { "HOME", places[i].home } };
                bool given = !places[i].given;
                for (size_t k = 0; k < 3; k++)
                        if (variables[k].value)
                                setenv(variables[k].name, variables[k].value, 1);
                        else
                                unsetenv(variables[k].name);
                char *place = state_place(places[i].instance, places[i].asked, &given);
                ck_assert_msg(!place == !places[i].place && (!place || !strcmp(place, places[i].place)), "%zu: %s", i, place);
                ck_assert_int_eq(given, places[i].given);
                free(place);
        }
}
END_TEST

START_TEST(the_directory_is_its_users_own) {
        struct stat info;
        ck_assert_int_eq(fstat(directory, &info), 0);
        ck_assert_uint_eq(info.st_mode & 07777, 0700);
}
END_TEST

START_TEST(directories_that_are_refused) {
        char file[192], link[192];

        snprintf(file, sizeof(file), "%s/file", path);
        put("file", "x", 1);
        ck_assert_int_eq(state_open(file), -ENOTDIR);
        snprintf(link, sizeof(link), "%s/file/below", path);
        ck_assert_int_eq(state_open(link), -ENOTDIR);
        ck_assert_int_eq(fchmod(directory, 0770), 0);
        ck_assert_int_eq(state_open(path), -EPERM);
        ck_assert_int_eq(fchmod(directory, 0757), 0);
        ck_assert_int_eq(state_open(path), -EPERM);
        ck_assert_int_eq(fchmod(directory, 0755), 0);
        int fd = state_open(path);
        ck_assert_int_ge(fd, 0);
        close(fd);
        if (geteuid() == 0) {
                ck_assert_int_eq(fchown(directory, 65534, 65534), 0);
                ck_assert_int_eq(state_open(path), -EPERM);
        }
}
END_TEST

/* ---- files ---- */

START_TEST(what_is_written_is_read) {
        static char large[STATE_FILE_MAX + 2];
        char *text;

        ck_assert_int_eq(state_read(directory, "notes", &text), -ENOENT);
        ck_assert_int_eq(state_write(directory, "notes", "one\n"), 0);
        assert_read("notes", "one\n");
        ck_assert_int_eq(state_write(directory, "notes", ""), 0);
        assert_read("notes", "");

        memset(large, 'x', STATE_FILE_MAX);
        ck_assert_int_eq(state_write(directory, "notes", large), 0);
        assert_read("notes", large);
        large[STATE_FILE_MAX] = 'x';
        ck_assert_int_eq(state_write(directory, "notes", large), -EFBIG);
        ck_assert_uint_eq(count_files(), 1);

        struct stat info;
        ck_assert_int_eq(fstatat(directory, "notes", &info, 0), 0);
        ck_assert_uint_eq(info.st_mode & 07777, 0600);
        ck_assert_uint_eq(info.st_nlink, 1);
}
END_TEST

/* What stands under the name without being a file of the daemon's is not read, and nothing behind it is touched. */
START_TEST(files_that_are_none) {
        static const char large[STATE_FILE_MAX + 1];
        char *text = NULL;

        put("other", "keep", 4);
        ck_assert_int_eq(symlinkat("other", directory, "notes"), 0);
        ck_assert_int_eq(state_read(directory, "notes", &text), -EBADMSG);
        ck_assert_int_eq(state_write(directory, "notes", "mine"), 0);
        assert_read("notes", "mine");
        assert_read("other", "keep");

        ck_assert_int_eq(unlinkat(directory, "notes", 0), 0);
        ck_assert_int_eq(mkfifoat(directory, "notes", 0600), 0);
        ck_assert_int_eq(state_read(directory, "notes", &text), -EBADMSG);
        ck_assert_int_eq(state_write(directory, "notes", "mine"), 0);
        assert_read("notes", "mine");

        put("notes", large, sizeof(large));
        ck_assert_int_eq(state_read(directory, "notes", &text), -EBADMSG);
        put("notes", "a\0b", 3);
        ck_assert_int_eq(state_read(directory, "notes", &text), -EBADMSG);

        ck_assert_int_eq(unlinkat(directory, "notes", 0), 0);
        ck_assert_int_eq(mkdirat(directory, "notes", 0700), 0);
        ck_assert_int_eq(state_read(directory, "notes", &text), -EBADMSG);
        ck_assert_int_lt(state_write(directory, "notes", "mine"), 0);
        ck_assert_ptr_null(text);
        ck_assert_uint_eq(count_files(), 2);
}
END_TEST

START_TEST(a_file_of_somebody_else) {
        char *text;
        if (geteuid() != 0)
                return;
        put("notes", "x", 1);
        ck_assert_int_eq(fchownat(directory, "notes", 65534, 65534, 0), 0);
        ck_assert_int_eq(state_read(directory, "notes", &text), -EBADMSG);
}
END_TEST

START_TEST(others_are_noticed) {
        StateMark mark = { 0 };

        ck_assert(!state_look(directory, "notes", &mark));
        ck_assert_int_eq(state_write(directory, "notes", "one"), 0);
        ck_assert(state_look(directory, "notes", &mark));
        ck_assert(!state_look(directory, "notes", &mark));
        ck_assert_int_eq(state_write(directory, "notes", "two"), 0);
        ck_assert(state_look(directory, "notes", &mark));
        ck_assert_int_eq(unlinkat(directory, "notes", 0), 0);
        ck_assert(!state_look(directory, "notes", &mark));
}
END_TEST

/* The one that holds the lock is stopped; the other goes on without. */
START_TEST(a_lock_is_not_waited_for) {
        int other = state_open(path);

        ck_assert_int_eq(state_lock(directory, 0), 0);
        ck_assert_int_eq(state_lock(other, 0), -EWOULDBLOCK);
        ck_assert_int_eq(state_lock(other, 20), -EWOULDBLOCK);
        state_unlock(directory);
        ck_assert_int_eq(state_lock(other, 0), 0);
        ck_assert_int_eq(state_lock(directory, 0), -EWOULDBLOCK);
        state_unlock(other);
        ck_assert_int_eq(state_lock(directory, 0), 0);
        close(other);
}
END_TEST

/* ---- no room, no right ---- */

/* A mount namespace of its own with a file system of some pages.  Returns whether there can be one. */
static bool mount_small(const char *options) {
        if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("tmpfs", path, "tmpfs", 0, options) < 0) {
                fprintf(stderr, "skipped: no file system can be mounted here\n");
                return false;
        }
        close_fd(directory);
        directory = state_open(path);
        ck_assert_int_ge(directory, 0);
        return true;
}

START_TEST(a_full_disk_keeps_what_there_is) {
        static char large[STATE_FILE_MAX];

        if (!mount_small("size=64k,mode=0700"))
                return;
        memset(large, 'x', 40000);
        ck_assert_int_eq(state_write(directory, "notes", large), 0);
        ck_assert_int_eq(state_write(directory, "notes", large), -ENOSPC);
        assert_read("notes", large);
        ck_assert_uint_eq(count_files(), 1);
        ck_assert_int_eq(state_write(directory, "notes", "small"), 0);
        assert_read("notes", "small");
}
END_TEST

START_TEST(a_read_only_directory) {
        if (!mount_small("size=64k,mode=0700"))
                return;
        ck_assert_int_eq(state_write(directory, "notes", "one"), 0);
        close_fd(directory);
        ck_assert_int_eq(mount(NULL, path, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
        directory = state_open(path);
        ck_assert_int_ge(directory, 0);
        ck_assert_int_eq(state_write(directory, "notes", "two"), -EROFS);
        assert_read("notes", "one");
}
END_TEST

/* Killed in the middle of its writing, again and again: the file is always whole. */
START_TEST(killed_while_it_writes) {
        static char texts[2][20001];

        for (size_t i = 0; i < 2; i++)
                memset(texts[i], i == 0 ? 'a' : 'b', 20000);
        ck_assert_int_eq(state_write(directory, "notes", texts[0]), 0);
        for (unsigned i = 0; i < 50; i++) {
                pid_t pid = fork();
                if (pid == 0)
                        for (unsigned n = 0;; n++)
                                state_write(directory, "notes", texts[n % 2]);
                usleep(i * 97 % 3000);
                kill(pid, SIGKILL);
                ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
                char *text;
                ck_assert_int_eq(state_read(directory, "notes", &text), 0);
                ck_assert(!strcmp(text, texts[0]) || !strcmp(text, texts[1]));
                free(text);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("state");
        TCase *tcase = tcase_create("state");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_set_timeout(tcase, 60);
        tcase_add_test(tcase, where_it_is);
        tcase_add_test(tcase, the_directory_is_its_users_own);
        tcase_add_test(tcase, directories_that_are_refused);
        tcase_add_test(tcase, what_is_written_is_read);
        tcase_add_test(tcase, files_that_are_none);
        tcase_add_test(tcase, a_file_of_somebody_else);
        tcase_add_test(tcase, others_are_noticed);
        tcase_add_test(tcase, a_lock_is_not_waited_for);
        tcase_add_test(tcase, a_full_disk_keeps_what_there_is);
        tcase_add_test(tcase, a_read_only_directory);
        tcase_add_test(tcase, killed_while_it_writes);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
