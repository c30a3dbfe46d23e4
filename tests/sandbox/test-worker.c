/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The worker, with a plugin that does what no plugin may: each deed is refused or ends only its own probe,
 * the daemon is told how, and the next probe works.
 */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "harness.h"
#include "instrumented.h"
#include "landlock.h"
#include "probe.h"
#include "protocol.h"

static TestWorker worker;
static uint16_t port, other_port;
static int listener, other_listener;

static void setup(void) {
        listener = listen_somewhere(&port);
        other_listener = listen_somewhere(&other_port);
        worker_start(&worker, getenv("MAILDIAG_TEST_EVIL"), NULL, NULL);
}

static void teardown(void) {
        if (worker.pid > 0)
                ck_assert_int_eq(worker_stop(&worker), 0);
        close(listener);
        close(other_listener);
}

static TestProbe deed_start(const char *deed, uint32_t timeout_ms) {
        char address[16];
        snprintf(address, sizeof(address), "%u", other_port);
        const MdTarget target = {
                .plugin = (char *) "evil",
                .host = (char *) "127.0.0.1",
                .port = port,
                .security = MD_SECURITY_NONE,
                .depth = MD_DEPTH_CONNECT,
                .username = (char *) deed,
                .address = address,
                .timeout_ms = timeout_ms,
                .time_scale = 1,
        };
        return probe_start(&worker, &target, NULL);
}

/* How a probe ended: all that is known of it. */
typedef struct Outcome {
        Records records;
        MdRecord exit;
        const char *result;             /* NULL: it did not come that far */
        bool ended;                     /* with its last word */
} Outcome;

static void outcome_wait(TestProbe *probe, Outcome *ret) {
        probe_collect(probe, &ret->records);
        worker_wait_exit(&worker, &ret->exit);
        ck_assert_uint_eq(md_record_number(&ret->exit, "id", 0), probe->id);
        const MdRecord *fact = records_find(&ret->records, "fact", "name", "result");
        ret->result = fact ? md_record_text(fact, "value") : NULL;
        ret->ended = records_find(&ret->records, "end", NULL, NULL);
}

static void outcome_done(Outcome *outcome) {
        records_done(&outcome->records);
        md_record_done(&outcome->exit);
}

static uint64_t signal_of(const Outcome *outcome) {
        return md_record_number(&outcome->exit, "signal", 0);
}

static uint64_t status_of(const Outcome *outcome) {
        return md_record_number(&outcome->exit, "status", UINT64_MAX);
}

static void check_works(void) {
        static Outcome outcome;
        TestProbe probe = deed_start("nothing", 20000);
        outcome_wait(&probe, &outcome);
        ck_assert_uint_eq(status_of(&outcome), PROBE_EXIT_RAN);
        ck_assert_str_eq(outcome.result, "done");
        ck_assert(outcome.ended);
        outcome_done(&outcome);
}

/* ---- deeds that fail ---- */

static const struct {
        const char *deed, *result;
        int landlock;                   /* the ABI that this takes */
        bool uninstrumented;            /* not with AddressSanitizer */
} refused[] = {
        { .deed = "open_file", .result = "EPERM", .uninstrumented = true },
        { .deed = "write_file", .result = "EPERM" },
        { .deed = "unlink_file", .result = "EPERM" },
        { .deed = "other_port", .result = "EACCES", .landlock = 4 },
        { .deed = "other_port_multipath", .result = "EPERM" },
        { .deed = "other_port_fast_open", .result = "EOPNOTSUPP" },
        { .deed = "unix_socket", .result = "EPERM" },
        { .deed = "netlink_socket", .result = "EPERM" },
        { .deed = "udp_socket", .result = "EPERM" },
        { .deed = "listening_socket", .result = "EPERM" },
        { .deed = "bound_socket", .result = "EPERM" },
        { .deed = "fork_child", .result = "EPERM" },
        { .deed = "start_thread", .result = "EPERM" },
        { .deed = "kill_all", .result = "EPERM" },
        { .deed = "executable_memory", .result = "EPERM" },
        { .deed = "make_executable", .result = "EPERM" },
        { .deed = "much_memory", .result = "ENOMEM", .uninstrumented = true },
        { .deed = "all_memory", .result = "ENOMEM", .uninstrumented = true },
        { .deed = "longer_timer", .result = "EPERM" },
};

START_TEST(deed_refused) {
        static Outcome outcome;
        if (refused[_i].landlock > landlock_abi() || (refused[_i].uninstrumented && INSTRUMENTED)) {
                printf("sandbox: %s skipped (Landlock ABI %d)\n", refused[_i].deed, landlock_abi());
                return;
        }
        TestProbe probe = deed_start(refused[_i].deed, 20000);
        outcome_wait(&probe, &outcome);
        ck_assert_msg(outcome.result && !strcmp(outcome.result, refused[_i].result),
                      "%s: %s, not %s (status %lu, signal %lu)", refused[_i].deed, outcome.result,
                      refused[_i].result, status_of(&outcome), signal_of(&outcome));
        ck_assert_uint_eq(status_of(&outcome), PROBE_EXIT_RAN);
        ck_assert(outcome.ended);
        outcome_done(&outcome);
        check_works();
}
END_TEST

/* ---- deeds that end the probe ---- */

static const struct {
        const char *deed;
        int signal;
        uint32_t timeout_ms;
} deadly[] = {
        { "execute", SIGSYS, 20000 },
        { "trace_parent", SIGSYS, 20000 },
        { "read_parent", SIGSYS, 20000 },
        { "crash", SIGSEGV, 20000 },
        { "overflow_stack", SIGSEGV, 20000 },
        { "loop_busily", SIGALRM, 200 },
        { "loop_asleep", SIGALRM, 200 },
        { "loop_deaf", SIGKILL, 200 },
};

/* AddressSanitizer takes a crash for itself and exits. */
static bool died_of(const Outcome *outcome, int number) {
        return signal_of(outcome) == (uint64_t) number ||
               (INSTRUMENTED && number == SIGSEGV && status_of(outcome) == 86);
}

START_TEST(deed_deadly) {
        static Outcome outcome;
        TestProbe probe = deed_start(deadly[_i].deed, deadly[_i].timeout_ms);
        outcome_wait(&probe, &outcome);
        ck_assert_msg(died_of(&outcome, deadly[_i].signal), "%s: signal %lu, status %lu", deadly[_i].deed,
                      signal_of(&outcome), status_of(&outcome));
        ck_assert_ptr_null(outcome.result);
        ck_assert(!outcome.ended);
        outcome_done(&outcome);
        check_works();
}
END_TEST

START_TEST(leaves_early) {
        static Outcome outcome;
        TestProbe probe = deed_start("leave_early", 20000);
        outcome_wait(&probe, &outcome);
        if (!INSTRUMENTED)              /* which looks for leaks at exit(), and cannot in a sandbox */
                ck_assert_uint_eq(status_of(&outcome), 0);
        ck_assert(!outcome.ended);
        outcome_done(&outcome);
        check_works();
}
END_TEST

/* Words that are no records reach the daemon as such, and nobody else. */
START_TEST(rubbish) {
        static Outcome outcome;
        TestProbe probe = deed_start("rubbish", 20000);
        outcome_wait(&probe, &outcome);
        ck_assert_uint_eq(outcome.records.unreadable, 16);
        ck_assert_str_eq(outcome.result, "done");
        outcome_done(&outcome);
        check_works();
}
END_TEST

START_TEST(flood) {
        static Outcome outcome;
        TestProbe probe = deed_start("flood", 60000);
        outcome_wait(&probe, &outcome);
        ck_assert(md_record_get(&outcome.exit, "status"));
        outcome_done(&outcome);
        check_works();
}
END_TEST

/* Who cannot say anything any more ends. */
START_TEST(closes_records) {
        static Outcome outcome;
        TestProbe probe = deed_start("close_records", 20000);
        outcome_wait(&probe, &outcome);
        ck_assert_uint_eq(status_of(&outcome), PROBE_EXIT_FAILED);
        ck_assert(!outcome.ended);
        outcome_done(&outcome);
        check_works();
}
END_TEST

/* A daemon that does not listen holds up only this probe, until its time is over. */
START_TEST(nobody_reads) {
        MdRecord exit;
        TestProbe probe = deed_start("flood", 300);
        worker_wait_exit(&worker, &exit);
        ck_assert_uint_eq(md_record_number(&exit, "signal", 0), SIGALRM);
        close(probe.records);
        md_record_done(&exit);
        check_works();
}
END_TEST

START_TEST(records_closed_by_the_daemon) {
        MdRecord exit;
        TestProbe probe = deed_start("flood", 20000);
        close(probe.records);
        worker_wait_exit(&worker, &exit);
        ck_assert_uint_eq(md_record_number(&exit, "status", 0), PROBE_EXIT_FAILED);
        md_record_done(&exit);
        check_works();
}
END_TEST

/* What a plugin prints must not become a line in the journal. */
START_TEST(speaks) {
        static Outcome outcome;
        TestProbe probe = deed_start("speak", 20000);
        outcome_wait(&probe, &outcome);
        ck_assert_str_eq(outcome.result, "done");
        outcome_done(&outcome);
        char *errors = worker_errors(&worker);
        if (!INSTRUMENTED)
                ck_assert_str_eq(errors, "");
        free(errors);
}
END_TEST

START_TEST(crashes_three_times) {
        static Outcome outcome;
        for (unsigned i = 0; i < 3; i++) {
                TestProbe probe = deed_start("execute", 20000);
                outcome_wait(&probe, &outcome);
                ck_assert_uint_eq(signal_of(&outcome), SIGSYS);
                outcome_done(&outcome);
        }
        TestProbe probe = deed_start("nothing", 20000);
        outcome_wait(&probe, &outcome);
        ck_assert_str_eq(md_record_text(&outcome.exit, "refused"), "plugin evil crashed 3 times");
        ck_assert_uint_eq(outcome.records.n, 0);
        outcome_done(&outcome);
        char *errors = worker_errors(&worker);
        ck_assert_ptr_nonnull(strstr(errors, "maildiag-worker: a probe of plugin evil crashed "
                                     "(Bad system call), 3 of 3 times\n"));
        free(errors);
}
END_TEST

/* A time limit is no crash: the server may be the one that is slow. */
START_TEST(hangs_three_times) {
        static Outcome outcome;
        for (unsigned i = 0; i < 3; i++) {
                TestProbe probe = deed_start("loop_asleep", 1);
                outcome_wait(&probe, &outcome);
                ck_assert_uint_eq(signal_of(&outcome), SIGALRM);
                outcome_done(&outcome);
        }
        check_works();
}
END_TEST

/* ---- seen from outside ---- */

/* Starts one that tells its number and waits. */
static TestProbe inmate_start(pid_t *ret_pid) {
        TestProbe probe = deed_start("tell_pid", 60000);
        static Records records;
        const MdRecord *fact;

        memset(&records, 0, sizeof(records));
        while (!(fact = records_find(&records, "fact", "name", "pid")))
                ck_assert_int_eq(records_wait(probe.records, &records), 1);
        *ret_pid = (pid_t) md_record_number(fact, "value", 0);
        records_done(&records);
        return probe;
}

static void inmate_kill(TestProbe *probe) {
        MdRecord record, exit;
        md_record_init(&record, "kill");
        ck_assert_int_eq(md_record_add(&record, &MD_NUMBER("id", probe->id)), 0);
        ck_assert_int_eq(md_record_send(worker.socket, &record, NULL, 0), 0);
        md_record_done(&record);
        worker_wait_exit(&worker, &exit);
        ck_assert_uint_eq(md_record_number(&exit, "id", 0), probe->id);
        ck_assert_uint_eq(md_record_number(&exit, "signal", 0), SIGKILL);
        md_record_done(&exit);
        close(probe->records);
}

static void status_read(pid_t pid, const char *key, char *ret, size_t size) {
        char path[64], line[256];
        snprintf(path, sizeof(path), "/proc/%d/status", pid);
        FILE *file = fopen(path, "re");
        ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
        *ret = '\0';
        while (fgets(line, sizeof(line), file))
                if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':') {
                        line[strcspn(line, "\n")] = '\0';
                        snprintf(ret, size, "%s", line + strlen(key) + 2);
                }
        fclose(file);
}

static void check_status(pid_t pid, const char *key, const char *value) {
        char have[256];
        status_read(pid, key, have, sizeof(have));
        ck_assert_msg(!strcmp(have, value), "%s of %d: \"%s\", not \"%s\"", key, pid, have, value);
}

static void check_narrow(pid_t pid, const char *filters) {
        check_status(pid, "CapInh", "0000000000000000");
        check_status(pid, "CapPrm", "0000000000000000");
        check_status(pid, "CapEff", "0000000000000000");
        check_status(pid, "CapAmb", "0000000000000000");
        if (geteuid() == 0)
                check_status(pid, "CapBnd", "0000000000000000");
        check_status(pid, "NoNewPrivs", "1");
        check_status(pid, "Seccomp", "2");
        check_status(pid, "Seccomp_filters", filters);
        check_status(pid, "Threads", "1");
}

START_TEST(narrow) {
        pid_t pid;
        TestProbe probe = inmate_start(&pid);
        char parent[16];
        snprintf(parent, sizeof(parent), "%d", worker.pid);
        check_status(pid, "PPid", parent);
        check_narrow(worker.pid, "1");
        check_narrow(pid, "3");
        inmate_kill(&probe);
}
END_TEST

/* Reaped as soon as it has ended. */
START_TEST(no_zombie) {
        pid_t pid;
        TestProbe probe = inmate_start(&pid);
        inmate_kill(&probe);
        ck_assert(kill(pid, 0) < 0 && errno == ESRCH);
        inmate_kill(&(TestProbe) { deed_start("loop_asleep", 60000).id, -1 });
}
END_TEST

START_TEST(small) {
        char text[64];
        if (INSTRUMENTED)
                return;
        check_works();                  /* the certificates are loaded by now */
        status_read(worker.pid, "RssAnon", text, sizeof(text));
        ck_assert_msg(atoi(text) < 6 * 1024, "%s", text);
        status_read(worker.pid, "VmSize", text, sizeof(text));
        ck_assert_msg(atoi(text) < 128 * 1024, "%s", text);
}
END_TEST

/* Standard streams, the records, the connection; in the worker standard streams, the socket, the signals, and the two on which
 * the kernel tells of the network. */
START_TEST(descriptors) {
        static Outcome outcome;
        char path[64], target[256];
        TestProbe probe = deed_start("tell_descriptors", 20000);
        outcome_wait(&probe, &outcome);
        const MdRecord *fact = records_find(&outcome.records, "fact", "name", "descriptors");
        ck_assert_ptr_nonnull(fact);
        unsigned n = 0;
        for (const char *at = md_record_text(fact, "value"); *at; at++)
                n += *at == ' ';
        ck_assert_msg(n == 5, "%s", md_record_text(fact, "value"));
        outcome_done(&outcome);

        n = 0;
        for (int fd = 0; fd < 1024; fd++) {
                snprintf(path, sizeof(path), "/proc/%d/fd/%d", worker.pid, fd);
                ssize_t length = readlink(path, target, sizeof(target) - 1);
                n += length >= 0;
                if (fd <= 1 && length >= 0)
                        ck_assert_int_eq(strncmp(target, "/dev/null", (size_t) length), 0);
        }
        if (geteuid() == 0)
                ck_assert_uint_eq(n, 7);
}
END_TEST

/* ---- ends ---- */

static bool is_gone(pid_t pid) {
        /* As its subreaper we are who it is left to. */
        int state;
        pid_t r = waitpid(pid, &state, 0);
        return r == pid && WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL;
}

START_TEST(worker_killed) {
        pid_t pid;
        int state;
        ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
        TestProbe probe = inmate_start(&pid);
        ck_assert_int_eq(kill(worker.pid, SIGKILL), 0);
        ck_assert_int_eq(waitpid(worker.pid, &state, 0), worker.pid);
        ck_assert(is_gone(pid));
        close(probe.records);
        worker.pid = 0;
}
END_TEST

START_TEST(daemon_gone) {
        pid_t pid;
        TestProbe probe = inmate_start(&pid);
        ck_assert_int_eq(worker_stop(&worker), 0);
        ck_assert(kill(pid, 0) < 0 && errno == ESRCH);
        close(probe.records);
        worker.pid = 0;
}
END_TEST

/* ---- requests ---- */

static void check_exit(uint64_t id, const char *key, const char *text) {
        MdRecord exit;
        worker_wait_exit(&worker, &exit);
        ck_assert_uint_eq(md_record_number(&exit, "id", 0), id);
        const char *have = md_record_text(&exit, key);
        ck_assert_msg(have && !strcmp(have, text), "\"%s\", not \"%s\"", have, text);
        md_record_done(&exit);
}

START_TEST(no_such_plugin) {
        const MdTarget target = { .plugin = (char *) "good\n", .host = (char *) "127.0.0.1", .port = port,
                                  .timeout_ms = 1000, .time_scale = 1 };
        TestProbe probe = probe_start(&worker, &target, NULL);
        check_exit(probe.id, "refused", "there is no plugin \"good\n\"");
        close(probe.records);
        check_works();
}
END_TEST

START_TEST(same_id) {
        pid_t pid;
        TestProbe probe = inmate_start(&pid);
        worker.next_id = probe.id;
        TestProbe twin = deed_start("nothing", 1000);
        char why[64];
        snprintf(why, sizeof(why), "probe %lu is running", probe.id);
        check_exit(twin.id, "refused", why);
        close(twin.records);
        inmate_kill(&probe);
        check_works();
}
END_TEST

START_TEST(as_many_as_fit) {
        TestProbe probes[WORKER_PROBES_MAX];
        pid_t pid;
        for (size_t i = 0; i < WORKER_PROBES_MAX; i++)
                probes[i] = inmate_start(&pid);
        TestProbe extra = deed_start("nothing", 1000);
        check_exit(extra.id, "refused", "64 probes are running");
        close(extra.records);
        for (size_t i = 0; i < WORKER_PROBES_MAX; i++)
                inmate_kill(&probes[i]);
        check_works();
}
END_TEST

static const char *const garbage[] = { "x", "\x01", "\x02\x05probe", "\x01\x04kill\xff", "\x01\x05PROBE" };

START_TEST(garbage_from_the_daemon) {
        for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
                ck_assert_int_gt(send(worker.socket, garbage[i], strlen(garbage[i]) + 1, MSG_NOSIGNAL), 0);
        MdRecord record;
        md_record_init(&record, "dance");
        ck_assert_int_eq(md_record_send(worker.socket, &record, NULL, 0), 0);
        md_record_done(&record);
        /* No descriptor, no host. */
        md_record_init(&record, "probe");
        ck_assert_int_eq(md_record_add(&record, &MD_NUMBER("id", 77)), 0);
        ck_assert_int_eq(md_record_send(worker.socket, &record, NULL, 0), 0);
        md_record_done(&record);
        check_exit(77, "refused", "the request cannot be read");
        check_works();
        char *errors = worker_errors(&worker);
        ck_assert(strstr(errors, "of kind \"dance\", which is unknown"));
        free(errors);
}
END_TEST

/* Killing what is not there, or not there any more, is no error. */
START_TEST(kill_nobody) {
        MdRecord record;
        md_record_init(&record, "kill");
        ck_assert_int_eq(md_record_add(&record, &MD_NUMBER("id", 4711)), 0);
        ck_assert_int_eq(md_record_send(worker.socket, &record, NULL, 0), 0);
        md_record_done(&record);
        check_works();
}
END_TEST

START_TEST(secret_passes_through) {
        static Outcome outcome;
        int fds[_MD_TARGET_FD_MAX] = { -1, memfd_create("secret", MFD_CLOEXEC), -1, -1, -1 };
        ck_assert_int_eq(write(fds[MD_TARGET_FD_SECRET], "geheim", 6), 6);
        const MdTarget target = {
                .plugin = (char *) "evil", .host = (char *) "127.0.0.1", .port = port, .depth = MD_DEPTH_FULL,
                .username = (char *) "tell_secret", .timeout_ms = 20000, .time_scale = 1,
        };
        TestProbe probe = probe_start(&worker, &target, fds);
        outcome_wait(&probe, &outcome);
        const MdRecord *fact = records_find(&outcome.records, "fact", "name", "has-secret");
        ck_assert(fact && md_record_truth(fact, "value"));
        outcome_done(&outcome);
        close(fds[MD_TARGET_FD_SECRET]);
}
END_TEST

/* Names are resolved inside the sandbox's first stage, before the second closes the door. */
START_TEST(resolves_names) {
        static Outcome outcome;
        const MdTarget target = {
                .plugin = (char *) "evil", .host = (char *) "localhost", .port = port,
                .depth = MD_DEPTH_CONNECT, .username = (char *) "nothing",
                .timeout_ms = 20000, .time_scale = 1,
        };
        TestProbe probe = probe_start(&worker, &target, NULL);
        outcome_wait(&probe, &outcome);
        ck_assert_str_eq(outcome.result, "done");
        outcome_done(&outcome);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("worker");
        TCase *tcase = tcase_create("worker");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_set_timeout(tcase, 120);
        tcase_add_loop_test(tcase, deed_refused, 0, sizeof(refused) / sizeof(refused[0]));
        tcase_add_loop_test(tcase, deed_deadly, 0, sizeof(deadly) / sizeof(deadly[0]));
        tcase_add_test(tcase, leaves_early);
        tcase_add_test(tcase, rubbish);
        tcase_add_test(tcase, flood);
        tcase_add_test(tcase, closes_records);
        tcase_add_test(tcase, nobody_reads);
        tcase_add_test(tcase, records_closed_by_the_daemon);
        tcase_add_test(tcase, speaks);
        tcase_add_test(tcase, crashes_three_times);
        tcase_add_test(tcase, hangs_three_times);
        tcase_add_test(tcase, narrow);
        tcase_add_test(tcase, no_zombie);
        tcase_add_test(tcase, small);
        tcase_add_test(tcase, descriptors);
        tcase_add_test(tcase, worker_killed);
        tcase_add_test(tcase, daemon_gone);
        tcase_add_test(tcase, no_such_plugin);
        tcase_add_test(tcase, same_id);
        tcase_add_test(tcase, as_many_as_fit);
        tcase_add_test(tcase, garbage_from_the_daemon);
        tcase_add_test(tcase, kill_nobody);
        tcase_add_test(tcase, secret_passes_through);
        tcase_add_test(tcase, resolves_names);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
