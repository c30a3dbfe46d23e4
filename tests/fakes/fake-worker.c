/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A worker that misbehaves on demand: it speaks daemon/worker/protocol.h and knows one plugin, "fake".
 *
 * How it begins stands in the file "mode" of its plugin directory (none: well).  What a probe does is the first label of
 * its host: "crash.test" crashes.  So one test can have every kind of probe side by side.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record.h"
#include "target.h"

#define CHILDREN_MAX 256

static int daemon_socket = -1;
static bool mute;                       /* ends of probes are not told */
static struct {
        pid_t pid;
        uint64_t id;
} children[CHILDREN_MAX];

static void fail(const char *what) {
        fprintf(stderr, "fake worker: %s: %s\n", what, strerror(errno));
        exit(1);
}

#define SAY(socket, kind, ...) say((socket), (kind), (const MdField[]) { __VA_ARGS__, { 0 } })

static void say(int socket, const char *kind, const MdField *fields) {
        MdRecord record;
        md_record_init(&record, kind);
        if (md_record_add_all(&record, fields) < 0 || md_record_send(socket, &record, NULL, 0) < 0)
                _exit(2);
        md_record_done(&record);
}

static void say_bytes(int socket, const char *bytes) {
        if (write(socket, bytes, strlen(bytes)) < 0)
                _exit(2);
}

/* ---- how it begins ---- */

static void announce_plugin(void) {
        SAY(daemon_socket, "plugin", MD_TEXT("name", "fake"), MD_TEXT("file", "fake.so"), MD_TEXT("state", "loaded"),
            MD_TEXT("version", "1"), MD_TEXT("summary", "stands in for a protocol"), MD_NUMBER("abi", 1),
            MD_TEXT("kind", "protocol"), MD_TEXT("purpose", "receive"));
        SAY(daemon_socket, "endpoint", MD_TEXT("plugin", "fake"), MD_NUMBER("port", 99), MD_TEXT("security", "tls"),
            MD_TEXT("service", "fakes"));
        SAY(daemon_socket, "endpoint", MD_TEXT("plugin", "fake"), MD_NUMBER("port", 98),
            MD_TEXT("security", "starttls"), MD_TEXT("service", "fake"));
        SAY(daemon_socket, "finding", MD_TEXT("plugin", "fake"), MD_TEXT("code", "fake.broken"),
            MD_TEXT("severity", "error"), MD_TEXT("actor", "provider"), MD_TEXT("stage", "mailbox"),
            MD_TEXT("title", "{host} is broken in {way}"), MD_TEXT("meaning", "It stands in for a fault."),
            MD_TEXT("remedy", "Mend {host}."), MD_TEXT("since", "0.1"));
        SAY(daemon_socket, "rule", MD_TEXT("plugin", "fake"), MD_TEXT("code", "fake.broken"),
            MD_TEXT("also", "fake.gone"), MD_TEXT("stages", "auth"), MD_TEXT("pattern", "wibble ?wobble"),
            MD_TEXT("provider", "Fake"));
        SAY(daemon_socket, "plugin", MD_TEXT("name", "old.so"), MD_TEXT("file", "old.so"), MD_TEXT("state", "failed"),
            MD_TEXT("error", "built for ABI 0"));
}

static void begin(const char *mode) {
        if (!strcmp(mode, "exit"))
                exit(7);
        if (!strcmp(mode, "silent"))
                for (;;)
                        pause();
        if (!strcmp(mode, "garbage")) {
                say_bytes(daemon_socket, "this is no record");
                pause();
        }
        announce_plugin();
        if (!strcmp(mode, "odd")) {     /* nonsense that costs only itself */
                SAY(daemon_socket, "endpoint", MD_TEXT("plugin", "fake"), MD_NUMBER("port", 70000));
                SAY(daemon_socket, "finding", MD_TEXT("plugin", "fake"), MD_TEXT("code", "no dots"));
                for (size_t i = 0; i < 500; i++)
                        fprintf(stderr, "<0>line %zu \x1b[31m\n", i);
        }
        if (!strcmp(mode, "flood"))
                for (;;)
                        announce_plugin();
        SAY(daemon_socket, "ready", MD_NUMBER("plugins", 2));
}

static void read_mode(const char *directory, char mode[static 32]) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/mode", directory);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd >= 0 ? read(fd, mode, 31) : 0;
        mode[n > 0 ? n : 0] = '\0';
        if (fd >= 0)
                close(fd);
}

/* ---- what a probe does ---- */

static void step(int records, const char *name, const char *outcome) {
        SAY(records, "step", MD_TEXT("name", name), MD_TEXT("stage", "greeting"), MD_TEXT("outcome", outcome),
            MD_NUMBER("at-us", 1), MD_NUMBER("elapsed-us", 1));
}

static void end(int records) {
        SAY(records, "end", MD_NUMBER("elapsed-us", 2), MD_NUMBER("bytes-in", 3), MD_NUMBER("bytes-out", 4),
            MD_TEXT("login", "not-tried"));
}

static void probe_ok(int records) {
        step(records, "greeting", "started");
        step(records, "greeting", "ok");
        end(records);
}

static void probe_broken(int records) {
        step(records, "greeting", "started");
        SAY(records, "finding", MD_TEXT("code", "fake.broken"), MD_TEXT("evidence", "* BYE \x1b[31mno\r\nway"),
            MD_NUMBER("at-us", 1), MD_TEXT("way", "two"));
        SAY(records, "finding", MD_TEXT("code", "fake.invented"), MD_NUMBER("at-us", 1));
        step(records, "greeting", "failed");
        end(records);
}

/* Nobody answers. */
static void probe_blocked(int records) {
        step(records, "connect", "started");
        SAY(records, "finding", MD_TEXT("code", "tcp.timeout"), MD_NUMBER("at-us", 1));
        step(records, "connect", "failed");
        end(records);
}

/* Somebody says no. */
static void probe_closed(int records) {
        step(records, "connect", "started");
        SAY(records, "finding", MD_TEXT("code", "tcp.refused"), MD_NUMBER("at-us", 1));
        step(records, "connect", "failed");
        end(records);
}

static void probe_crash(int records) {
        step(records, "greeting", "started");
        raise(SIGSEGV);
}

static void probe_silent(int records) {
}

static void probe_hang(int records) {
        step(records, "greeting", "started");
        for (;;)
                pause();
}

static void probe_garbage(int records) {
        say_bytes(records, "this is no record");
        pause();
}

static void probe_unknown(int records) {
        SAY(records, "gift", MD_TEXT("name", "x"));
        pause();
}

static void probe_flood(int records) {
        for (;;)
                SAY(records, "transcript", MD_TEXT("from", "server"), MD_TEXT("text", "again"), MD_NUMBER("at-us", 1));
}

static void probe_big(int records) {
        static char text[60001];
        memset(text, 'x', 60000);
        for (;;)
                SAY(records, "greeting", MD_TEXT("text", text));
}

/* Its end comes, its records' end never: somebody else holds the socket. */
static void probe_held(int records) {
        step(records, "greeting", "started");
        if (fork() == 0) {
                prctl(PR_SET_PDEATHSIG, 0);
                sleep(20);
                _exit(0);
        }
        end(records);
}

static const struct {
        const char *name;
        void (*run)(int records);
} behaviours[] = {
        { "ok", probe_ok },
        { "broken", probe_broken },
        { "blocked", probe_blocked },
        { "closed", probe_closed },
        { "crash", probe_crash },
        { "silent", probe_silent },
        { "hang", probe_hang },
        { "garbage", probe_garbage },
        { "unknown", probe_unknown },
        { "flood", probe_flood },
        { "big", probe_big },
        { "held", probe_held },
        { "network-online", probe_ok },
        { "network-local", probe_ok },
        { "network-offline", probe_ok },
        { "network-nonsense", probe_ok },
};

static void run_probe(const char *name, int records) {
        close(daemon_socket);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (size_t i = 0; i < sizeof(behaviours) / sizeof(behaviours[0]); i++)
                if (!strcmp(behaviours[i].name, name))
                        behaviours[i].run(records);
        _exit(0);
}

/* ---- what the worker itself does ---- */

/* Returns whether the request was the worker's own misbehaviour. */
static bool misbehave(const char *name, uint64_t id) {
        if (!strcmp(name, "worker-dies"))
                raise(SIGKILL);
        if (!strcmp(name, "worker-stops"))
                raise(SIGSTOP);
        if (!strcmp(name, "worker-lies"))       /* about a probe that is not there */
                SAY(daemon_socket, "exit", MD_NUMBER("id", id + 1000), MD_NUMBER("status", 0));
        else if (!strcmp(name, "worker-garbles"))
                say_bytes(daemon_socket, "this is no record");
        else if (!strcmp(name, "refused"))
                SAY(daemon_socket, "exit", MD_NUMBER("id", id), MD_TEXT("refused", "no room"));
        else if (!strncmp(name, "network-", 8)) {       /* and the probe is well */
                SAY(daemon_socket, "network", MD_TEXT("state", name + 8), MD_TRUTH("changed", true));
                return false;
        } else if (!strcmp(name, "worker-mute"))
                mute = true;
        else
                return false;
        return true;
}

static void start(uint64_t id, const char *name, int records) {
        for (size_t i = 0; i < CHILDREN_MAX; i++) {
                if (children[i].pid)
                        continue;
                pid_t pid = fork();
                if (pid < 0)
                        fail("fork");
                if (pid == 0)
                        run_probe(name, records);
                children[i].pid = pid;
                children[i].id = id;
                return;
        }
}

static void take_probe(const MdRecord *record, const int *fds, size_t n_fds) {
        int named[_MD_TARGET_FD_MAX];
        MdTarget target;
        uint64_t id;
        char name[64];

        if (md_target_from_record(record, fds, n_fds, &target, &id, named) < 0)
                fail("bad request");
        snprintf(name, sizeof(name), "%.*s", (int) strcspn(target.host, "."), target.host);
        if (!misbehave(name, id))
                start(id, name, named[MD_TARGET_FD_RECORDS]);
        for (size_t i = 0; i < n_fds; i++)
                close(fds[i]);
        md_target_done(&target);
}

static void take_kill(uint64_t id) {
        for (size_t i = 0; i < CHILDREN_MAX; i++)
                if (children[i].pid && children[i].id == id)
                        kill(children[i].pid, SIGKILL);
}

static void take_request(void) {
        int fds[MD_RECORD_FDS_MAX];
        size_t n_fds = 0;
        MdRecord record;

        int r = md_record_receive(daemon_socket, &record, fds, &n_fds);
        if (r == -EAGAIN)
                return;
        if (r <= 0)
                exit(0);
        if (!strcmp(record.kind, "probe"))
                take_probe(&record, fds, n_fds);
        else
                take_kill(md_record_number(&record, "id", 0));
        md_record_done(&record);
}

static void reap(void) {
        int status;
        pid_t pid;

        while (!mute && (pid = waitpid(-1, &status, WNOHANG)) > 0)
                for (size_t i = 0; i < CHILDREN_MAX; i++) {
                        if (children[i].pid != pid)
                                continue;
                        children[i].pid = 0;
                        if (WIFSIGNALED(status))
                                SAY(daemon_socket, "exit", MD_NUMBER("id", children[i].id),
                                    MD_NUMBER("signal", WTERMSIG(status)));
                        else
                                SAY(daemon_socket, "exit", MD_NUMBER("id", children[i].id),
                                    MD_NUMBER("status", WEXITSTATUS(status)));
                }
}

static void on_child(int signal) {
}

int main(int argc, char *argv[]) {
        const char *directory = "";
        char mode[32];

        for (int i = 1; i < argc; i++) {
                if (!strncmp(argv[i], "--socket=", 9))
                        daemon_socket = atoi(argv[i] + 9);
                else if (!strncmp(argv[i], "--plugin-dir=", 13))
                        directory = argv[i] + 13;
        }
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigset_t blocked, none;
        sigemptyset(&none);
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGCHLD);
        sigprocmask(SIG_BLOCK, &blocked, NULL);
        sigaction(SIGCHLD, &(struct sigaction) { .sa_handler = on_child }, NULL);

        read_mode(directory, mode);
        begin(mode);
        for (;;) {
                struct pollfd poll_fd = { .fd = daemon_socket, .events = POLLIN };
                int r = ppoll(&poll_fd, 1, NULL, &none);
                reap();
                if (r > 0)
                        take_request();
        }
}
