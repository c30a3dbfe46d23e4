/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading the secret: every kind of descriptor that a caller can pass, and what is odd about what it holds.
 * */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "locked.h"
#include "secret.h"

static int memfd_of(const void *bytes, size_t size) {
        int fd = memfd_create("secret", MFD_CLOEXEC);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, bytes, size), (ssize_t) size);
        return fd;
}

static MdSecret *secret_of(const void *bytes, size_t size) {
        MdSecret *secret;
        const char *reason = "";
        int fd = memfd_of(bytes, size);
        ck_assert_int_eq(md_secret_new(&secret), 0);
        ck_assert_msg(md_secret_read(secret, fd, &reason) == 0, "%s", reason);
        close(fd);
        return secret;
}

/* ---- what is read ---- */

static const struct {
        const char *bytes, *secret;
} contents[] = {
        { "hunter2", "hunter2" },       { "hunter2\n", "hunter2" },     { "hunter2\r\n", "hunter2" },
        { "hunter2\n\n", "hunter2\n" }, { " two words ", " two words " },
                { "pass\xc3\xb6rt", "pass\xc3\xb6rt" },
};

START_TEST(reads_a_file) {
        MdSecret *secret = secret_of(contents[_i].bytes, strlen(contents[_i].bytes));
        ck_assert_uint_eq(md_secret_size(secret), strlen(contents[_i].secret));
        ck_assert_str_eq(md_secret_bytes(secret), contents[_i].secret);
        ck_assert_ptr_null(md_secret_free(secret));
}
END_TEST

START_TEST(a_file_is_shared) {
        int fd = memfd_of("hunter2", 7);
        for (int i = 0; i < 2; i++) {
                MdSecret *secret;
                const char *reason;
                ck_assert_int_eq(md_secret_new(&secret), 0);
                ck_assert_int_eq(md_secret_read(secret, fd, &reason), 0);
                ck_assert_str_eq(md_secret_bytes(secret), "hunter2");
                md_secret_free(secret);
        }
        ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 7);
        close(fd);
}
END_TEST

START_TEST(reads_a_pipe) {
        MdSecret *secret;
        const char *reason;
        int fds[2];
        ck_assert_int_eq(pipe2(fds, O_CLOEXEC | (_i ? O_NONBLOCK : 0)), 0);
        ck_assert_int_eq(write(fds[1], "hunter2\n", 8), 8);
        close(fds[1]);
        ck_assert_int_eq(md_secret_new(&secret), 0);
        ck_assert_int_eq(md_secret_read(secret, fds[0], &reason), 0);
        ck_assert_str_eq(md_secret_bytes(secret), "hunter2");
        md_secret_free(secret);
        close(fds[0]);
}
END_TEST

START_TEST(reads_the_longest) {
        static char bytes[MD_SECRET_MAX + 2];
        memset(bytes, 'x', sizeof(bytes));
        memcpy(bytes + MD_SECRET_MAX, "\r\n", 2);
        MdSecret *secret = secret_of(bytes, sizeof(bytes));
        ck_assert_uint_eq(md_secret_size(secret), MD_SECRET_MAX);
        ck_assert_uint_eq(strlen(md_secret_bytes(secret)), MD_SECRET_MAX);
        md_secret_free(secret);
}
END_TEST

/* ---- what is refused ---- */

static int open_directory(void) {
        return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_path(void) {
        return open("/etc/passwd", O_PATH | O_CLOEXEC);
}

static int open_zero(void) {
        return open("/dev/zero", O_RDONLY | O_CLOEXEC);
}

static int open_socket(void) {
        return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int open_write_only(void) {
        char path[64];
        int fd = memfd_of("hunter2", 7);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        return open(path, O_WRONLY | O_CLOEXEC);
}

static int open_pipe_for_writing(void) {
        int fds[2];
        ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
        return fds[1];
}

static int open_silent_pipe(void) {
        int fds[2];
        ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
        return fds[0];
}

static int open_endless_pipe(void) {
        int fds[2];
        ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
        ck_assert_int_eq(write(fds[1], "hunter2\n", 8), 8);
        return fds[0];
}

static int open_flooded_pipe(void) {
        static char bytes[MD_SECRET_MAX * 2];
        int fds[2];
        ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
        memset(bytes, 'x', sizeof(bytes));
        ck_assert_int_eq(write(fds[1], bytes, sizeof(bytes)), sizeof(bytes));
        return fds[0];
}

static int open_empty(void) {
        return memfd_of("", 0);
}

static int open_newline(void) {
        return memfd_of("\r\n", 2);
}

static int open_huge(void) {
        int fd = memfd_of("", 0);
        ck_assert_int_eq(ftruncate(fd, 1 << 30), 0);
        return fd;
}

static int open_too_large(void) {
        static char bytes[MD_SECRET_MAX + 1];
        memset(bytes, 'x', sizeof(bytes));
        return memfd_of(bytes, sizeof(bytes));
}

/* A file that reports another size than it has, as one does that is truncated between fstat() and pread(). */
static int open_of_another_size(void) {
        return open("/proc/self/status", O_RDONLY | O_CLOEXEC);
}

static int open_closed(void) {
        int fd = memfd_of("hunter2", 7);
        close(fd);
        return fd;
}

static const struct {
        int (*open)(void);
        const char *reason;
} refused[] = {
        { open_directory, "is a directory" },
        { open_path, "is not open for reading" },
        { open_zero, "is a device" },
        { open_socket, "is a socket" },
        { open_write_only, "is not open for reading" },
        { open_pipe_for_writing, "is not open for reading" },
        { open_silent_pipe, "stays silent" },
        { open_endless_pipe, "does not end" },
        { open_flooded_pipe, "is larger than 16 KiB" },
        { open_empty, "is empty" },
        { open_newline, "is empty" },
        { open_huge, "is larger than 16 KiB" },
        { open_too_large, "is larger than 16 KiB" },
        { open_of_another_size, "changed while it was read" },
        { open_closed, "is not open for reading" },
};

START_TEST(refuses) {
        MdSecret *secret;
        const char *reason = NULL;
        int fd = refused[_i].open();
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(md_secret_new(&secret), 0);
        ck_assert_int_eq(md_secret_read(secret, fd, &reason), -EINVAL);
        ck_assert_str_eq(reason, refused[_i].reason);
        ck_assert_uint_eq(md_secret_size(secret), 0);
        for (size_t i = 0; i < MD_SECRET_MAX; i++)
                ck_assert_int_eq(md_secret_bytes(secret)[i], 0);
        md_secret_free(secret);
}
END_TEST

/* ---- the memory ---- */

/* Whether /proc/self/smaps shows the flag for the mapping of an address. */
static bool has_flag(const void *address, const char *flag) {
        FILE *smaps = fopen("/proc/self/smaps", "re");
        ck_assert_ptr_nonnull(smaps);
        char line[512];
        bool inside = false, found = false;
        while (fgets(line, sizeof(line), smaps)) {
                unsigned long first, last;
                if (sscanf(line, "%lx-%lx ", &first, &last) == 2)
                        inside = (unsigned long) address >= first && (unsigned long) address < last;
                else if (inside && !strncmp(line, "VmFlags:", 8))
                        found = strstr(line, flag);
        }
        fclose(smaps);
        return found;
}

START_TEST(locked_and_left_out_of_dumps) {
        char *memory = md_locked_new(100);
        ck_assert(has_flag(memory, " lo"));
        ck_assert(has_flag(memory, " dd"));
        memory[99] = 1;
        ck_assert_ptr_null(md_locked_free(memory, 100, 100));
}
END_TEST

START_TEST(works_in_a_locked_process) {
        ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit) { 65536, 65536 }), 0);
        /* Nothing may be asserted meanwhile: Check writes to a file then. */
        int r = setrlimit(RLIMIT_FSIZE, &(struct rlimit) { 0, RLIM_INFINITY });
        char *memory = md_locked_new_hidden(sizeof("hunter2"));
        setrlimit(RLIMIT_FSIZE, &(struct rlimit) { RLIM_INFINITY, RLIM_INFINITY });
        ck_assert_int_eq(r, 0);
        ck_assert_ptr_nonnull(memory);
        ck_assert(has_flag(memory, " dd"));
        ck_assert_ptr_null(md_locked_free(memory, sizeof("hunter2"), 8));
}
END_TEST

START_TEST(no_lockable_memory) {
        ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit) { 0, 0 }), 0);
        if (geteuid() != 0)             /* root may lock beyond the limit */
                ck_assert_ptr_null(md_locked_new(100));
        ck_assert_ptr_null(md_locked_free(NULL, 100, 100));
}
END_TEST

/* ---- what is odd ---- */

static const struct {
        const char *bytes;
        size_t size;
        const char *oddity;
        bool control;
} oddities[] = {
#define ODD(bytes, oddity, control) { bytes, sizeof(bytes) - 1, oddity, control }
        ODD("hunter2", NULL, false),
        ODD("correct horse battery", NULL, false),
        ODD(" hunter2", "a space at its start", false),
        ODD("hunter2 ", "a space at its end", false),
        ODD("abcd efgh ijkl mnop", "spaces between groups of four characters", false),
        ODD("hunt\xe2\x80\x8b" "er2", "an invisible character", false),
        ODD("hunt\xc2\xa0" "er2", "an invisible character", false),
        ODD("\xef\xbb\xbfhunter2", "an invisible character", false),
        ODD("hunt\ter2", "an invisible character", false),
        ODD("pass\xc3\xb6rt", "a character outside ASCII", false),
        ODD("pass\xf6rt", "a character outside ASCII", false),
        ODD("hunt\ner2", "an invisible character", true),
        ODD("hunt\rer2", "an invisible character", true),
        ODD("hunt\0er2", "an invisible character", true),
};

/* As systemd-nspawn does to everything in it. */
START_TEST(locking_is_forbidden_here) {
        static const int forbidden[] = { SCMP_SYS(mlock), SCMP_SYS(mlock2), SCMP_SYS(memfd_secret) };
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

        for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
                ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0), 0);
        ck_assert_int_eq(seccomp_load(filter), 0);
        seccomp_release(filter);

        char *memory = md_locked_new_hidden(4096);
        ck_assert_ptr_nonnull(memory);
        memory[4095] = 'x';
        md_locked_free(memory, 4096, 4096);
}
END_TEST

START_TEST(odd) {
        MdSecret *secret = secret_of(oddities[_i].bytes, oddities[_i].size);
        const char *oddity = md_secret_oddity(secret);
        if (oddities[_i].oddity) {
                ck_assert_ptr_nonnull(oddity);
                ck_assert_str_eq(oddity, oddities[_i].oddity);
        } else
                ck_assert_ptr_null(oddity);
        ck_assert_int_eq(md_secret_has_control(secret), oddities[_i].control);
        md_secret_free(secret);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("secret");
        TCase *tcase = tcase_create("read");
        tcase_set_timeout(tcase, 30);
        tcase_add_loop_test(tcase, reads_a_file, 0, sizeof(contents) / sizeof(contents[0]));
        tcase_add_test(tcase, a_file_is_shared);
        tcase_add_loop_test(tcase, reads_a_pipe, 0, 2);
        tcase_add_test(tcase, reads_the_longest);
        tcase_add_loop_test(tcase, refuses, 0, sizeof(refused) / sizeof(refused[0]));
        suite_add_tcase(suite, tcase);
        tcase = tcase_create("memory");
        tcase_add_test(tcase, locked_and_left_out_of_dumps);
        tcase_add_test(tcase, works_in_a_locked_process);
        tcase_add_test(tcase, no_lockable_memory);
        tcase_add_test(tcase, locking_is_forbidden_here);
        suite_add_tcase(suite, tcase);
        tcase = tcase_create("odd");
        tcase_add_loop_test(tcase, odd, 0, sizeof(oddities) / sizeof(oddities[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
