/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The keeper of the budget: what the words of a probe cost, and that a file of any kind stops nobody. */

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
#include "logins.h"
#include "seen.h"

static char folder[64], file[128];
static MdTarget target = { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 993,
                           .username = (char *) "anna" };

static void setup(void) {
        strcpy(folder, "/tmp/maildiag-logins-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        snprintf(file, sizeof(file), "%s/logins", folder);
}

static void teardown(void) {
        char command[128];
        umount2(folder, MNT_DETACH);
        snprintf(command, sizeof(command), "rm -rf %s", folder);
        ck_assert_int_eq(system(command), 0);
}

static BudgetAnswer ask(Logins *logins, BudgetTicket *ret) {
        Denial denial;
        return logins_ask(logins, &target, false, ret, &denial);
}

/* A login that ends as the probe says. */
static void login(Logins *logins, const Seen *seen) {
        Report *report = report_new(NULL, 1);
        BudgetTicket ticket;

        Seen here = *seen;
        here.protocol = target.plugin;
        here.host = target.host;
        here.port = target.port;
        seen_add(report, 0, &here);
        ck_assert_int_eq(ask(logins, &ticket), BUDGET_YES);
        logins_settle(logins, &ticket, report->logs[0]);
        ck_assert_int_eq(ticket.at, 0);
        report_free(report);
}

static const Seen refused = { .code = "auth.rejected", .login = "refused" };

static bool is_denied(Logins *logins) {
        BudgetTicket ticket;
        return ask(logins, &ticket) != BUDGET_YES;
}

/* ---- what a probe said ---- */

static const struct {
        const char *name;
        Seen seen;
        unsigned times;
        bool denied;
} outcomes[] = {
        { "fine", { .login = "ok" }, 20, false },
        { "refused", { .code = "auth.rejected", .login = "refused" }, 3, true },
        { "refused twice", { .code = "auth.rejected", .login = "refused" }, 2, false },
        { "never came to it", { .code = "cert.expired", .login = "not-tried" }, 20, false },
        { "too many", { .code = "auth.rate-limited", .login = "refused" }, 1, true },
        { "too many, before the login", { .code = "auth.rate-limited", .login = "not-tried" }, 1, true },
        { "cannot be checked now", { .code = "server.auth-temporarily-down", .login = "refused" }, 1, true },
        { "crashed in the login", { .step = "auth", .end = PROBE_CRASHED }, 3, true },
        { "killed in the login", { .step = "auth", .end = PROBE_CANCELLED }, 3, true },
        { "overdue in the login", { .step = "auth", .end = PROBE_OVERDUE }, 3, true },
        { "crashed before it", { .step = "tls", .end = PROBE_CRASHED }, 20, false },
        { "not started", { .end = PROBE_REFUSED }, 20, false },
        { "worker lost in the login", { .step = "auth", .end = PROBE_WORKER_LOST }, 3, true },
};

START_TEST(outcome) {
        Logins *logins = logins_new(INSTANCE_PRIVATE, folder);

        for (unsigned i = 0; i < outcomes[_i].times; i++)
                login(logins, &outcomes[_i].seen);
        ck_assert_msg(is_denied(logins) == outcomes[_i].denied, "%s", outcomes[_i].name);
        logins_free(logins);
}
END_TEST

/* ---- the file ---- */

START_TEST(the_next_daemon_remembers) {
        for (unsigned i = 0; i < 3; i++) {
                Logins *logins = logins_new(INSTANCE_PRIVATE, folder);
                login(logins, &refused);
                logins_free(logins);
        }
        Logins *logins = logins_new(INSTANCE_PRIVATE, folder);
        ck_assert(is_denied(logins));
        logins_free(logins);
}
END_TEST

START_TEST(daemons_share_it) {
        Logins *one = logins_new(INSTANCE_USER, folder), *other = logins_new(INSTANCE_PRIVATE, folder);

        login(one, &refused);
        login(other, &refused);
        login(one, &refused);
        ck_assert(is_denied(one));
        ck_assert(is_denied(other));
        logins_free(one);
        logins_free(other);
}
END_TEST

/* Processes that ask at the same time get no more than one alone. */
START_TEST(many_daemons_at_once) {
        int pipe_fds[2], n_allowed = 0;
        char answer;

        ck_assert_int_eq(pipe2(pipe_fds, O_CLOEXEC), 0);
        for (unsigned i = 0; i < 8; i++) {
                pid_t pid = fork();
                ck_assert_int_ge(pid, 0);
                if (pid > 0)
                        continue;
                Logins *logins = logins_new(INSTANCE_PRIVATE, folder);
                BudgetTicket ticket;
                answer = ask(logins, &ticket) == BUDGET_YES ? 'y' : 'n';
                logins_free(logins);
                _exit(write(pipe_fds[1], &answer, 1) == 1 ? 0 : 1);
        }
        for (unsigned i = 0; i < 8; i++) {
                ck_assert_int_eq(read(pipe_fds[0], &answer, 1), 1);
                n_allowed += answer == 'y';
        }
        while (wait(NULL) > 0)
                ;
        ck_assert_int_eq(n_allowed, BUDGET_REFUSED_MAX);
        close(pipe_fds[0]);
        close(pipe_fds[1]);
}
END_TEST

/* The directory is held by a daemon that was stopped in the middle. */
START_TEST(a_stopped_daemon_stops_no_other) {
        int held = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ck_assert_int_eq(flock(held, LOCK_EX), 0);
        Logins *logins = logins_new(INSTANCE_PRIVATE, folder);
        for (unsigned i = 0; i < 3; i++)
                login(logins, &refused);
        ck_assert(is_denied(logins));
        logins_free(logins);
        close(held);
}
END_TEST

static void put(const char *text, size_t size) {
        int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, text, size), (ssize_t) size);
        close(fd);
}

static size_t get(char *text, size_t size) {
        int fd = open(file, O_RDONLY | O_CLOEXEC);
        ck_assert_int_ge(fd, 0);
        ssize_t n = read(fd, text, size - 1);
        ck_assert_int_ge(n, 0);
        close(fd);
        text[n] = '\0';
        return (size_t) n;
}

static void make_link(void) {
        ck_assert_int_eq(symlink("/etc/passwd", file), 0);
}

static void make_fifo(void) {
        ck_assert_int_eq(mkfifo(file, 0600), 0);
}

static void make_garbage(void) {
        put("\x7f" "ELF\0\1\2\3", 8);
}

static void make_truncated(void) {
        char text[4096];
        Logins *logins = logins_new(INSTANCE_PRIVATE, folder);
        login(logins, &refused);
        logins_free(logins);
        put(text, get(text, sizeof(text)) - 3);
}

static void make_huge(void) {
        static char text[1 << 20];
        memset(text, 'x', sizeof(text));
        put(text, sizeof(text));
}

static void make_folder(void) {
        ck_assert_int_eq(mkdir(file, 0700), 0);
}

static const struct {
        const char *name;
        void (*make)(void);
        bool is_kept;                   /* what is there cannot be replaced: it counts in memory */
} files[] = {
        { "link", make_link, false },
        { "fifo", make_fifo, false },
        { "garbage", make_garbage, false },
        { "truncated", make_truncated, false },
        { "huge", make_huge, false },
        { "folder", make_folder, true },
};

START_TEST(odd_file) {
        files[_i].make();
        Logins *logins = logins_new(INSTANCE_PRIVATE, folder);
        for (unsigned i = 0; i < 3; i++)
                login(logins, &refused);
        ck_assert(is_denied(logins));
        logins_free(logins);

        logins = logins_new(INSTANCE_PRIVATE, folder);
        ck_assert_msg(is_denied(logins) == !files[_i].is_kept, "%s", files[_i].name);
        logins_free(logins);
}
END_TEST

START_TEST(a_later_version_is_left_alone) {
        static const char later[] = "maildiag-logins 2\nwhatever that is\n";
        char text[4096];

        put(later, strlen(later));
        Logins *logins = logins_new(INSTANCE_PRIVATE, folder);
        for (unsigned i = 0; i < 3; i++)
                login(logins, &refused);
        ck_assert(is_denied(logins));
        logins_free(logins);
        get(text, sizeof(text));
        ck_assert_str_eq(text, later);
}
END_TEST

/* ---- no place ---- */

static void assert_counts_in_memory(const char *directory) {
        Logins *logins = logins_new(INSTANCE_PRIVATE, directory);
        for (unsigned i = 0; i < 3; i++)
                login(logins, &refused);
        ck_assert(is_denied(logins));
        logins_free(logins);
}

START_TEST(no_place) {
        unsetenv("HOME");
        unsetenv("XDG_STATE_HOME");
        unsetenv("STATE_DIRECTORY");
        assert_counts_in_memory(NULL);
        assert_counts_in_memory("/dev/null/maildiag");
        assert_counts_in_memory("/proc/maildiag");
}
END_TEST

/* The disk has room for the directory and for nothing else; what was counted before stays counted. */
START_TEST(a_full_disk) {
        if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("tmpfs", folder, "tmpfs", 0, "size=8k,mode=0700") < 0) {
                fprintf(stderr, "skipped: no file system can be mounted here\n");
                return;
        }
        char path[128], page[8192] = { 1 };
        snprintf(path, sizeof(path), "%s/big", folder);
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, page, sizeof(page)), sizeof(page));
        close(fd);
        assert_counts_in_memory(folder);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("logins");
        TCase *tcase = tcase_create("logins");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, outcome, 0, sizeof(outcomes) / sizeof(outcomes[0]));
        tcase_add_test(tcase, the_next_daemon_remembers);
        tcase_add_test(tcase, daemons_share_it);
        tcase_add_test(tcase, many_daemons_at_once);
        tcase_add_test(tcase, a_stopped_daemon_stops_no_other);
        tcase_add_loop_test(tcase, odd_file, 0, sizeof(files) / sizeof(files[0]));
        tcase_add_test(tcase, a_later_version_is_left_alone);
        tcase_add_test(tcase, no_place);
        tcase_add_test(tcase, a_full_disk);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
