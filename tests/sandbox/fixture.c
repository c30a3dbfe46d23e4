/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Starts the worker as the daemon does.  Every wait has a generous end, so that a test that hangs says where.
 * */

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch.h"
#include "fixture.h"

#define PATIENCE_MS 60000

/* ---- records ---- */

void records_done(Records *records) {
        for (size_t i = 0; i < records->n; i++)
                md_record_done(&records->items[i]);
        records->n = 0;
}

const MdRecord *records_find(const Records *records, const char *kind, const char *key, const char *text) {
        for (size_t i = 0; i < records->n; i++) {
                const char *value = text ? md_record_text(&records->items[i], key) : NULL;
                if (!strcmp(records->items[i].kind, kind) && (!text || (value && !strcmp(value, text))))
                        return &records->items[i];
        }
        return NULL;
}

static void socket_wait(int socket) {
        struct pollfd wait = { .fd = socket, .events = POLLIN };
        ck_assert_msg(poll(&wait, 1, PATIENCE_MS) == 1, "no record came");
}

static int records_take(void *userdata, MdRecord *record) {
        Records *records = userdata;
        if (records->n == FIXTURE_RECORDS_MAX) {
                records->left_out++;
                return 0;
        }
        records->items[records->n++] = *record;
        *record = (MdRecord) { 0 };
        return 0;
}

int records_wait(int socket, Records *records) {
        socket_wait(socket);
        int r = md_batch_receive(socket, records_take, records);
        ck_assert_msg(r >= 0 || r == -EBADMSG || r == -ECONNRESET, "%s", strerror(-r));
        return r == -ECONNRESET ? 0 : r;
}

/* ---- the worker ---- */

static void worker_wait_ready(TestWorker *worker) {
        do {
                int r = records_wait(worker->socket, &worker->announced);
                ck_assert_msg(r == 1, "the worker ended before it was ready: %s", worker_errors(worker));
        } while (!records_find(&worker->announced, "ready", NULL, NULL));
}

static _Noreturn void worker_exec(int socket, int errors, const char *directory, char *const *environment,
                                  const char *option) {
        char socket_option[32], directory_option[4096];
        snprintf(socket_option, sizeof(socket_option), "--socket=%d", socket);
        snprintf(directory_option, sizeof(directory_option), "--plugin-dir=%s", directory);
        char *argv[] = { (char *) "maildiag-worker", socket_option, directory_option, (char *) option, NULL };

        dup2(errors, STDERR_FILENO);
        fcntl(socket, F_SETFD, 0);
        execve(getenv("MAILDIAG_TEST_WORKER"), argv, environment ? environment : environ);
        _exit(127);
}

void worker_start(TestWorker *worker, const char *plugin_directory, char *const *environment,
                  const char *option) {
        int sockets[2], errors[2];

        memset(worker, 0, sizeof(*worker));
        worker->next_id = 1;
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
        ck_assert_int_eq(pipe2(errors, O_CLOEXEC), 0);
        fcntl(errors[0], F_SETFL, O_NONBLOCK);
        worker->pid = fork();
        if (worker->pid == 0)
                worker_exec(sockets[1], errors[1], plugin_directory, environment, option);
        ck_assert_int_gt(worker->pid, 0);
        close(sockets[1]);
        close(errors[1]);
        worker->socket = sockets[0];
        worker->errors = errors[0];
        worker_wait_ready(worker);
}

int worker_stop(TestWorker *worker) {
        int status;

        close(worker->socket);
        ck_assert_int_eq(waitpid(worker->pid, &status, 0), worker->pid);
        close(worker->errors);
        records_done(&worker->announced);
        return status;
}

char *worker_errors(TestWorker *worker) {
        char *text = calloc(1, 64 * 1024);
        size_t used = 0;
        ssize_t n;

        ck_assert_ptr_nonnull(text);
        while ((n = read(worker->errors, text + used, 64 * 1024 - 1 - used)) > 0)
                used += (size_t) n;
        return text;
}

/* ---- probes ---- */

TestProbe probe_start(TestWorker *worker, const MdTarget *target, const int *fds) {
        int sockets[2], all[_MD_TARGET_FD_MAX], wire[_MD_TARGET_FD_MAX];
        TestProbe probe = { .id = worker->next_id++ };
        MdRecord record;
        size_t n = 0;

        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
        probe.records = sockets[0];
        for (size_t i = 0; i < _MD_TARGET_FD_MAX; i++)
                all[i] = i == MD_TARGET_FD_RECORDS ? sockets[1] : fds ? fds[i] : -1;
        for (size_t i = 0; i < _MD_TARGET_FD_MAX; i++)
                if (all[i] >= 0)
                        wire[n++] = all[i];
        ck_assert_int_eq(md_target_to_record(target, probe.id, all, &record), 0);
        ck_assert_int_eq(md_record_send(worker->socket, &record, wire, n), 0);
        md_record_done(&record);
        close(sockets[1]);
        return probe;
}

void probe_collect(TestProbe *probe, Records *ret) {
        int r;

        memset(ret, 0, sizeof(*ret));
        while ((r = records_wait(probe->records, ret)) != 0)
                ret->unreadable += r < 0;
        close(probe->records);
}

static void wait_record(TestWorker *worker, MdRecord *ret) {
        socket_wait(worker->socket);
        int r = md_record_receive(worker->socket, ret, NULL, NULL);
        ck_assert_msg(r == 1, "the worker ended: %s", worker_errors(worker));
}

/* What it says of the network comes in between. */
void worker_wait_exit(TestWorker *worker, MdRecord *ret) {
        wait_record(worker, ret);
        while (!strcmp(ret->kind, "network")) {
                md_record_done(ret);
                wait_record(worker, ret);
        }
        ck_assert_str_eq(ret->kind, "exit");
}

int listen_somewhere(uint16_t *ret_port) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t size = sizeof(address);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(bind(fd, (struct sockaddr *) &address, size), 0);
        ck_assert_int_eq(listen(fd, 128), 0);
        ck_assert_int_eq(getsockname(fd, (struct sockaddr *) &address, &size), 0);
        *ret_port = ntohs(address.sin_port);
        return fd;
}
