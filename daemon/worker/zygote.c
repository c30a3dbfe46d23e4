/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Requests in, children out.  Every request is answered by one "exit"; a child that was forked is answered
 * for when it is reaped, one that was not at once. */

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "children.h"
#include "complain.h"
#include "probe.h"
#include "zygote.h"

typedef struct Zygote {
        const ZygoteOptions *options;
        pid_t pid;
        int signals;
        Children children;
} Zygote;

/* What a probe was sent; descriptors are ours to close. */
typedef struct Request {
        uint64_t id;
        MdTarget target;
        int fds[_MD_TARGET_FD_MAX];
        Plugin *plugin;
} Request;

/* ---- answers ---- */

static int answer(const Zygote *zygote, uint64_t id, const MdField *field) {
        MdRecord record;

        md_record_init(&record, "exit");
        int r = md_record_add(&record, &MD_NUMBER("id", id));
        if (r == 0)
                r = md_record_add(&record, field);
        if (r == 0)
                r = md_record_send(zygote->options->socket, &record, NULL, 0);
        md_record_done(&record);
        return r;
}

static int answer_refused(const Zygote *zygote, uint64_t id, const char *why) {
        return answer(zygote, id, &MD_TEXT("refused", why));
}

/* ---- ends ---- */

static bool is_crash(int status) {
        static const int signals[] = {
                SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGSYS, SIGTRAP, SIGXCPU, SIGXFSZ,
        };

        for (size_t i = 0; WIFSIGNALED(status) && i < sizeof(signals) / sizeof(signals[0]); i++)
                if (WTERMSIG(status) == signals[i])
                        return true;
        return false;
}

static void count_crash(Plugin *plugin, int status) {
        if (!is_crash(status))
                return;
        plugin->crashes++;
        complain("a probe of plugin %s crashed (%s), %u of %u times", plugin->note.name,
                 strsignal(WTERMSIG(status)), plugin->crashes, ZYGOTE_CRASHES_MAX);
}

static int child_ended(Zygote *zygote, const Child *child, int status) {
        count_crash(child->plugin, status);
        if (WIFSIGNALED(status))
                return answer(zygote, child->id, &MD_NUMBER("signal", (uint64_t) WTERMSIG(status)));
        return answer(zygote, child->id, &MD_NUMBER("status", (uint64_t) WEXITSTATUS(status)));
}

/* Several ends can be one signal, so that only waiting tells whose. */
static int signals_serve(Zygote *zygote) {
        struct signalfd_siginfo info;
        Child child;
        int status, r = 0;

        if (read(zygote->signals, &info, sizeof(info)) < 0 && errno != EAGAIN && errno != EINTR)
                return -errno;
        while (r == 0 && children_reap(&zygote->children, &child, &status))
                r = child_ended(zygote, &child, status);
        return r;
}

/* ---- requests ---- */

static void fds_close(const int *fds, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (fds[i] >= 0)
                        close(fds[i]);
}

/* The kind of plugin that such a question is for. */
static MdKind kind_asked(const MdTarget *target, const char **ret_about) {
        *ret_about = target->home ? "a home directory" : target->local_part ? "an address" : "a server";
        return target->home ? MD_KIND_SOURCE : target->local_part ? MD_KIND_DISCOVERY : MD_KIND_PROTOCOL;
}

/* Whether it can be run; the reason goes to `ret_why`. */
static bool request_is_fine(Zygote *zygote, Request *request, char *ret_why, size_t size) {
        const char *about;

        request->plugin = plugins_find(zygote->options->plugins, request->target.plugin);

        if (!request->plugin)
                snprintf(ret_why, size, "there is no plugin \"%s\"", request->target.plugin);
        else if (kind_asked(&request->target, &about) != request->plugin->descriptor.kind)
                snprintf(ret_why, size, "plugin %s is asked about %s", request->target.plugin, about);
        else if (request->plugin->crashes >= ZYGOTE_CRASHES_MAX)
                snprintf(ret_why, size, "plugin %s crashed %u times", request->target.plugin,
                         ZYGOTE_CRASHES_MAX);
        else if (zygote->children.n == WORKER_PROBES_MAX)
                snprintf(ret_why, size, "%u probes are running", WORKER_PROBES_MAX);
        else if (children_find(&zygote->children, request->id))
                snprintf(ret_why, size, "probe %" PRIu64 " is running", request->id);
        else
                return true;
        return false;
}

static pid_t request_fork(Zygote *zygote, Request *request) {
        const ZygoteOptions *options = zygote->options;
        ProbeOrder order = { .parent = zygote->pid, .sandbox = options->sandbox, .trust = options->trust,
                             .plugin = &request->plugin->descriptor, .target = &request->target };

        memcpy(order.fds, request->fds, sizeof(order.fds));
        pid_t pid = fork();
        if (pid == 0)
                probe_run(&order);
        return pid;
}

static int request_run(Zygote *zygote, Request *request) {
        char why[128];

        if (zygote->options->time_scale > 0)
                request->target.time_scale = zygote->options->time_scale;
        if (!request_is_fine(zygote, request, why, sizeof(why)))
                return answer_refused(zygote, request->id, why);
        pid_t pid = request_fork(zygote, request);
        if (pid < 0) {
                snprintf(why, sizeof(why), "no process can be started: %s", strerror(errno));
                return answer_refused(zygote, request->id, why);
        }
        children_add(&zygote->children, &(Child) {
                .id = request->id,
                .pid = pid,
                .deadline_ms = children_now() + request->target.timeout_ms + PROBE_KILL_MS,
                .plugin = request->plugin,
        });
        return 0;
}

static int on_probe(Zygote *zygote, const MdRecord *record, const int *fds, size_t n_fds) {
        Request request;

        int r = md_target_from_record(record, fds, n_fds, &request.target, &request.id, request.fds);
        if (r < 0)
                return answer_refused(zygote, md_record_number(record, "id", 0),
                                      r == -ENOMEM ? "no memory is left" : "the request cannot be read");
        r = request_run(zygote, &request);
        md_target_done(&request.target);
        return r;
}

static int on_kill(Zygote *zygote, const MdRecord *record) {
        const Child *child = children_find(&zygote->children, md_record_number(record, "id", 0));

        /* One that has ended in the meantime has had its answer. */
        if (child)
                kill(child->pid, SIGKILL);
        return 0;
}

static int on_record(Zygote *zygote, const MdRecord *record, const int *fds, size_t n_fds) {
        if (!strcmp(record->kind, "probe"))
                return on_probe(zygote, record, fds, n_fds);
        if (!strcmp(record->kind, "kill"))
                return on_kill(zygote, record);
        complain("the daemon sent a record of kind \"%s\", which is unknown", record->kind);
        return 0;
}

/* Serves one record.  Returns 1, 0 on end of file, -errno. */
static int socket_serve(Zygote *zygote) {
        MdRecord record;
        int fds[MD_RECORD_FDS_MAX];
        size_t n_fds = 0;

        int r = md_record_receive(zygote->options->socket, &record, fds, &n_fds);
        if (r == -EAGAIN)
                return 1;
        if (r == -EBADMSG || r == -ENOMEM) {
                complain("a record of the daemon cannot be read: %s", strerror(-r));
                return 1;
        }
        if (r <= 0)
                return r == -ECONNRESET ? 0 : r;
        r = on_record(zygote, &record, fds, n_fds);
        fds_close(fds, n_fds);
        md_record_done(&record);
        return r < 0 ? r : 1;
}

/* ---- the network ---- */

static int links_serve(Zygote *zygote, bool heard) {
        Links *links = zygote->options->links;
        uint64_t now = children_now();
        MdRecord record;
        bool changed;

        if (!links)
                return 0;
        if (heard)
                links_hear(links, now);
        if (!links_look(links, now, &changed))
                return 0;
        md_record_init(&record, "network");
        int r = md_record_add(&record, &MD_TEXT("state", links_state_to_string(links->state)));
        if (r == 0)
                r = md_record_add(&record, &MD_TRUTH("changed", changed));
        if (r == 0)
                r = md_record_send(zygote->options->socket, &record, NULL, 0);
        md_record_done(&record);
        return r;
}

/* ---- the loop ---- */

/* For poll(2). */
static int wait_ms(const Zygote *zygote) {
        const Links *links = zygote->options->links;
        const int waits[] = {
                children_wait_ms(&zygote->children),
                watchdog_wait_ms(zygote->options->watchdog),
                links ? links_wait_ms(links, children_now()) : -1,
        };
        int shortest = -1;

        for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
                if (waits[i] >= 0 && (shortest < 0 || waits[i] < shortest))
                        shortest = waits[i];
        return shortest;
}

static int loop(Zygote *zygote) {
        struct pollfd fds[] = {
                { .fd = zygote->options->socket, .events = POLLIN },
                { .fd = zygote->signals, .events = POLLIN },
                { .fd = zygote->options->links ? zygote->options->links->events : -1, .events = POLLIN },
        };

        for (;;) {
                if (poll(fds, sizeof(fds) / sizeof(fds[0]), wait_ms(zygote)) < 0) {
                        if (errno != EINTR)
                                return -errno;
                        continue;
                }
                int r = fds[1].revents ? signals_serve(zygote) : 0;
                if (r == 0 && fds[0].revents) {
                        r = socket_serve(zygote);
                        if (r == 0)
                                return 0;
                }
                if (r >= 0)
                        r = links_serve(zygote, fds[2].revents);
                /* That the daemon is gone can also show when we write. */
                if (r < 0)
                        return r == -EPIPE || r == -ECONNRESET ? 0 : r;
                children_kill_overdue(&zygote->children);
                watchdog_tell(zygote->options->watchdog);
        }
}

static int signals_open(void) {
        sigset_t child;

        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        if (sigprocmask(SIG_BLOCK, &child, NULL) < 0)
                return -errno;
        int fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
        return fd < 0 ? -errno : fd;
}

int zygote_run(const ZygoteOptions *options) {
        Zygote zygote = { .options = options, .pid = getpid(), .signals = signals_open() };

        if (zygote.signals < 0)
                return zygote.signals;
        int r = loop(&zygote);
        children_done(&zygote.children);
        close(zygote.signals);
        return r;
}
