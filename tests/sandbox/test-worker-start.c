/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The worker at its start: what it announces, what it refuses to load, what it inherits, its options. */

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "fixture.h"
#include "harness.h"
#include "landlock.h"

static TestWorker worker;
static Records records;

/* Runs one probe of the evil plugin to its end. */
static void run_deed(const char *deed) {
        uint16_t port;
        MdRecord exit;
        int listener = listen_somewhere(&port);
        const MdTarget target = {
                .plugin = (char *) "evil",
                .host = (char *) "127.0.0.1",
                .port = port,
                .depth = MD_DEPTH_CONNECT,
                .username = (char *) deed,
                .timeout_ms = 20000,
                .time_scale = 1,
        };
        TestProbe probe = probe_start(&worker, &target, NULL);
        probe_collect(&probe, &records);
        worker_wait_exit(&worker, &exit);
        ck_assert_uint_eq(md_record_number(&exit, "status", 99), 0);
        md_record_done(&exit);
        close(listener);
}

/* ---- what is announced ---- */

START_TEST(announced) {
        worker_start(&worker, getenv("MAILDIAG_TEST_EVIL"), NULL, NULL);
        const MdRecord *plugin = records_find(&worker.announced, "plugin", "name", "evil");
        ck_assert_ptr_nonnull(plugin);
        ck_assert_str_eq(md_record_text(plugin, "file"), "evil.so");
        ck_assert_str_eq(md_record_text(plugin, "state"), "loaded");
        ck_assert_str_eq(md_record_text(plugin, "version"), "6.6.6");
        ck_assert_str_eq(md_record_text(plugin, "summary"), "What no plugin may do");
        ck_assert_str_eq(md_record_text(plugin, "kind"), "protocol");
        ck_assert_str_eq(md_record_text(plugin, "purpose"), "other");
        ck_assert_uint_eq(md_record_number(plugin, "abi", 0), MD_ABI_MAJOR);
        ck_assert_ptr_null(md_record_text(plugin, "error"));

        const MdRecord *endpoint = records_find(&worker.announced, "endpoint", "plugin", "evil");
        ck_assert_ptr_nonnull(endpoint);
        ck_assert_uint_eq(md_record_number(endpoint, "port", 0), 666);
        ck_assert_str_eq(md_record_text(endpoint, "security"), "none");
        ck_assert_str_eq(md_record_text(endpoint, "service"), "doom");

        const MdRecord *finding = records_find(&worker.announced, "finding", "code", "evil.deed");
        ck_assert_ptr_nonnull(finding);
        ck_assert_str_eq(md_record_text(finding, "plugin"), "evil");
        ck_assert_str_eq(md_record_text(finding, "severity"), "info");
        ck_assert_str_eq(md_record_text(finding, "actor"), "user");
        ck_assert_str_eq(md_record_text(finding, "stage"), "greeting");
        ck_assert_str_eq(md_record_text(finding, "title"), "{host} is evil");
        ck_assert_str_eq(md_record_text(finding, "meaning"), "It was tried.");
        ck_assert_str_eq(md_record_text(finding, "remedy"), "Leave.");
        ck_assert_str_eq(md_record_text(finding, "since"), "0.1");
        ck_assert_ptr_null(md_record_text(finding, "standard"));

        const MdRecord *ready = records_find(&worker.announced, "ready", NULL, NULL);
        ck_assert_uint_eq(md_record_number(ready, "plugins", 0), 1);
        ck_assert_uint_eq(md_record_number(ready, "landlock", 99), (uint64_t) landlock_abi());
        ck_assert_uint_eq(worker.announced.n, 4);
        ck_assert_int_eq(worker_stop(&worker), 0);
}
END_TEST

/* ---- other ways to be started ---- */

/* The broken ones are refused, each with a line; no constructor of any can write, not even of those that are
 * loaded. */
START_TEST(broken_plugins) {
        const char *trace = "/tmp/maildiag-trace";
        setenv("MAILDIAG_TEST_TRACE", trace, 1);
        unlink(trace);
        worker_start(&worker, getenv("MAILDIAG_TEST_PLUGINS"), NULL, NULL);
        unsigned loaded = 0, failed = 0;
        for (size_t i = 0; i < worker.announced.n; i++) {
                const MdRecord *record = &worker.announced.items[i];
                const char *state = md_record_text(record, "state");
                if (strcmp(record->kind, "plugin"))
                        continue;
                loaded += !strcmp(state, "loaded");
                failed += !strcmp(state, "failed");
                ck_assert_ptr_nonnull(md_record_text(record, "name"));
                ck_assert(!strcmp(state, "loaded") || md_record_text(record, "error"));
        }
        ck_assert_uint_eq(loaded, 4);   /* "right", "second", "table", and "first-version", which is only older */
        ck_assert_uint_gt(failed, 40);
        const MdRecord *ready = records_find(&worker.announced, "ready", NULL, NULL);
        ck_assert_uint_eq(md_record_number(ready, "plugins", 9), 4);
        ck_assert_int_lt(access(trace, F_OK), 0);
        char *errors = worker_errors(&worker);
        ck_assert_ptr_nonnull(strstr(errors, "maildiag-worker: plugin variant-too-old.so is too old: "
                                     "built for ABI 0.2, this is 1.2\n"));
        ck_assert_ptr_nonnull(strstr(errors, "maildiag-worker: plugin variant-crashing.so "));
        free(errors);
        ck_assert_int_eq(worker_stop(&worker), 0);
}
END_TEST

START_TEST(directory_writable_by_others) {
        char base[] = "/tmp/maildiag-worker-XXXXXX";
        ck_assert_ptr_nonnull(mkdtemp(base));
        ck_assert_int_eq(chmod(base, 0777), 0);
        worker_start(&worker, base, NULL, NULL);
        ck_assert_uint_eq(worker.announced.n, 2);
        const MdRecord *plugin = records_find(&worker.announced, "plugin", "state", "failed");
        ck_assert_ptr_nonnull(plugin);
        ck_assert_ptr_nonnull(strstr(md_record_text(plugin, "error"), "is writable by others"));
        ck_assert_int_eq(worker_stop(&worker), 0);
        rmdir(base);
}
END_TEST

START_TEST(environment) {
        char *const dirty[] = {
                (char *) "LANG=C.UTF-8", (char *) "LC_TIME=C", (char *) "PATH=/bin", (char *) "HOME=/root",
                (char *) "SSLKEYLOGFILE=/tmp/keys", (char *) "GNUTLS_SYSTEM_PRIORITY_FILE=/tmp/x",
                (char *) "RES_OPTIONS=debug", (char *) "HOSTALIASES=/tmp/x", (char *) "LD_BIND_NOW=1",
                (char *) "LOCALDOMAIN=evil.example", (char *) "http_proxy=http://evil.example/",
                (char *) "MALLOC_PERTURB_=1",
                (char *) "LANGUAGEX=1", (char *) "PATHX=1", (char *) "TZ=:/etc/passwd", NULL,
        };
        worker_start(&worker, getenv("MAILDIAG_TEST_EVIL"), dirty, NULL);
        run_deed("tell_environment");
        unsigned n = 0;
        for (size_t i = 0; i < records.n; i++) {
                const char *name = md_record_text(&records.items[i], "name");
                n += name && !strcmp(name, "variable");
        }
        ck_assert_uint_eq(n, 3);
        ck_assert_ptr_nonnull(records_find(&records, "fact", "value", "LANG=C.UTF-8"));
        ck_assert_ptr_nonnull(records_find(&records, "fact", "value", "LC_TIME=C"));
        ck_assert_ptr_nonnull(records_find(&records, "fact", "value", "PATH=/bin"));
        records_done(&records);
        ck_assert_int_eq(worker_stop(&worker), 0);
}
END_TEST

/* ---- options ---- */

static const struct {
        const char *option;
        const char *line;
} options[] = {
        { "--socket=x", "--socket: \"x\" is not the number of a descriptor above 2" },
        { "--socket=1", "--socket: \"1\" is not the number of a descriptor above 2" },
        { "--socket=-3", "--socket: \"-3\" is not the number of a descriptor above 2" },
        { "--socket=99999999999999999999",
          "--socket: \"99999999999999999999\" is not the number of a descriptor above 2" },
        { "--socket=3 ", "--socket: \"3 \" is not the number of a descriptor above 2" },
        { "--socket=77", "--socket: descriptor 77 is not a socket of type SOCK_SEQPACKET" },
        { "--socket", "--socket: a value is missing" },
        { "--time-scale=0", "--time-scale: \"0\" is not a number from 1 to 1000" },
        { "--time-scale=1001", "--time-scale: \"1001\" is not a number from 1 to 1000" },
        { "--time-scale=", "--time-scale: \"\" is not a number from 1 to 1000" },
        { "--plugin-dir=", "--plugin-dir: the name of a directory is missing" },
        { "--plugin-dir=/tmp", "--socket is missing; this program is started by maildiagd" },
        { "--colour", "--colour: there is no such option" },
        { "--help=yes", "--help=yes: there is no such option" },
        { "-x", "-x: there is no such option" },
        { "word", "\"word\": only options are taken" },
        { "\x1b[31m", "\"\xef\xbf\xbd[31m\": only options are taken" },
};

/* Runs the worker with one argument; what it said and its status. */
static int run_with(const char *argument, char *ret_text, size_t size) {
        int streams[2], state;
        size_t used = 0;
        ssize_t n;
        ck_assert_int_eq(pipe2(streams, O_CLOEXEC), 0);
        pid_t pid = fork();
        if (pid == 0) {
                dup2(streams[1], STDOUT_FILENO);
                dup2(streams[1], STDERR_FILENO);
                execl(getenv("MAILDIAG_TEST_WORKER"), "maildiag-worker", argument, NULL);
                _exit(127);
        }
        close(streams[1]);
        while ((n = read(streams[0], ret_text + used, size - 1 - used)) > 0)
                used += (size_t) n;
        ret_text[used] = '\0';
        close(streams[0]);
        ck_assert_int_eq(waitpid(pid, &state, 0), pid);
        return WEXITSTATUS(state);
}

START_TEST(bad_option) {
        char wanted[256], text[1024];
        ck_assert_int_eq(run_with(options[_i].option, text, sizeof(text)), 64);
        snprintf(wanted, sizeof(wanted), "maildiag-worker: %s\n", options[_i].line);
        ck_assert_str_eq(text, wanted);
}
END_TEST

START_TEST(other_kind_of_socket) {
        char option[32], text[1024];
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        snprintf(option, sizeof(option), "--socket=%d", fd);
        ck_assert_int_eq(run_with(option, text, sizeof(text)), 64);
        ck_assert_ptr_nonnull(strstr(text, "is not a socket of type SOCK_SEQPACKET\n"));
        close(fd);
}
END_TEST

START_TEST(help_and_version) {
        char text[4096];
        ck_assert_int_eq(run_with("--help", text, sizeof(text)), 0);
        ck_assert_ptr_nonnull(strstr(text, "--plugin-dir=DIR"));
        ck_assert_int_eq(run_with("--version", text, sizeof(text)), 0);
        ck_assert_str_eq(text, "maildiag-worker " MAILDIAG_VERSION "\n");
}
END_TEST

START_TEST(time_scale) {
        worker_start(&worker, getenv("MAILDIAG_TEST_EVIL"), NULL, "--time-scale=20");
        run_deed("nothing");
        ck_assert_ptr_nonnull(records_find(&records, "fact", "value", "done"));
        records_done(&records);
        ck_assert_int_eq(worker_stop(&worker), 0);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("worker-start");
        TCase *tcase = tcase_create("worker-start");
        tcase_set_timeout(tcase, 120);
        tcase_add_test(tcase, announced);
        tcase_add_test(tcase, broken_plugins);
        tcase_add_test(tcase, directory_writable_by_others);
        tcase_add_test(tcase, environment);
        tcase_add_loop_test(tcase, bad_option, 0, sizeof(options) / sizeof(options[0]));
        tcase_add_test(tcase, other_kind_of_socket);
        tcase_add_test(tcase, help_and_version);
        tcase_add_test(tcase, time_scale);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
