/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From fork to exit.  No destructor and no exit handler runs: they belong to the worker. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "batch.h"
#include "instrumented.h"
#include "landlock.h"
#include "probe.h"

/* Of this process alone: a probe has one. */
static MdBatch batch;

static int record_emit(void *userdata, const MdRecord *record) {
        return md_batch_add(&batch, record);
}

static int records_flush(void *userdata) {
        return md_batch_send(&batch);
}

/* What a source declares lies below the home directory of its user. */
static int own_paths(const MdPlugin *plugin, const MdTarget *target, char *ret[static LANDLOCK_OWN_MAX + 1]) {
        size_t n = target->home && !target->place ? plugin->n_paths : 0;

        for (size_t i = 0; i < n && i < LANDLOCK_OWN_MAX; i++)
                if (asprintf(&ret[i], "%s/%s", target->home, plugin->paths[i]) < 0) {
                        ret[i] = NULL;
                        return -ENOMEM;
                }
        return 0;
}

static int process_lock(void *userdata, const MdTarget *target) {
        const ProbeOrder *order = userdata;
        char host[MD_PROXY_HOST_SIZE], *own[LANDLOCK_OWN_MAX + 1] = { NULL };
        SandboxScope scope = {
                .port = target->port, .data_dir = target->data_dir, .own = (const char *const *) own, .place = target->place,
        };

        if (target->proxy && md_proxy_parse(target->proxy, host, &scope.port) < 0)
                return -EINVAL;
        int r = own_paths(order->plugin, target, own);
        if (r == 0)
                r = sandbox_enter_dialogue(order->sandbox, order->plugin->profile, &scope);
        for (size_t i = 0; own[i]; i++)
                free(own[i]);
        return r;
}

/* Ends the process whatever it does then, asleep or busy.  Nothing in a probe can set a timer once it is
 * narrowed. */
static int alarm_set(uint32_t timeout_ms) {
        uint64_t ms = (uint64_t) timeout_ms + PROBE_ALARM_MS;
        const struct itimerval timer = { .it_value = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 } };

        return setitimer(ITIMER_REAL, &timer, NULL) < 0 ? -errno : 0;
}

static int signals_settle(void) {
        sigset_t none;

        sigemptyset(&none);
        return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

/* What a plugin or a library writes to standard error is no business of the daemon's. */
static int silence(void) {
        if (INSTRUMENTED)
                return 0;
        return dup2(STDIN_FILENO, STDERR_FILENO) < 0 ? -errno : 0;
}

static int prepare(const ProbeOrder *order) {
        int keep[_MD_TARGET_FD_MAX];
        size_t n = 0;

        for (size_t i = 0; i < _MD_TARGET_FD_MAX; i++)
                if (order->fds[i] >= 0)
                        keep[n++] = order->fds[i];
        int r = alarm_set(order->target->timeout_ms);
        if (r == 0)
                r = signals_settle();
        if (r == 0)
                r = silence();
        if (r == 0)
                r = sandbox_enter_probe(order->sandbox, order->parent, keep, n);
        return r;
}

_Noreturn void probe_run(const ProbeOrder *order) {
        const MdRunHooks hooks = { .emit = record_emit, .flush = records_flush, .lock = process_lock,
                                   .userdata = (void *) order };

        int r = prepare(order);
        if (r < 0)
                _exit(PROBE_EXIT_NO_SANDBOX);
        batch.socket = order->fds[MD_TARGET_FD_RECORDS];
        r = md_run(order->plugin, order->target, order->fds, order->trust, &hooks);
        _exit(r < 0 ? PROBE_EXIT_FAILED : PROBE_EXIT_RAN);
}
