/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Who waits for a job: a method call that is answered at its end, or a connection that is sent its signals.
 *
 * In both cases the job ends when that connection leaves the bus.  Of a call only the reply is kept, not the message
 * with its descriptors.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus-private.h"
#include "dbus/names.h"

typedef struct Audience {
        sd_bus *bus;
        Job *job;
        char *caller;                   /* NULL: the peer of a private instance */
        BusCaller *watched;             /* the caller, while the job runs; NULL: no more */
        sd_bus_message *reply;          /* NULL: signals are sent instead */
} Audience;

static Audience *audience_free(Audience *audience) {
        if (!audience)
                return NULL;
        bus_caller_forget(audience->watched);
        sd_bus_message_unref(audience->reply);
        sd_bus_unref(audience->bus);
        free(audience->caller);
        free(audience);
        return NULL;
}

/* ---- signals ---- */

static sd_bus_message *new_signal(Audience *audience, const char *name) {
        sd_bus_message *signal = NULL;
        char *path = bus_job_path(audience->job);
        int r = path ? sd_bus_message_new_signal(audience->bus, &signal, path, MAILDIAG_INTERFACE_JOB, name) : -ENOMEM;

        free(path);
        if (r >= 0 && audience->caller)
                r = sd_bus_message_set_destination(signal, audience->caller);
        return r < 0 ? sd_bus_message_unref(signal) : signal;
}

static void send_progress(Audience *audience, const ProbeLog *log) {
        const char *step = probe_log_step(log);
        sd_bus_message *signal = new_signal(audience, "Progress");

        if (signal && sd_bus_message_append(signal, "uuss", (uint32_t) job_n_done(audience->job),
                                            (uint32_t) job_n_probes(audience->job), log->target.plugin,
                                            step ? step : "") >= 0)
                sd_bus_send(audience->bus, signal, NULL);
        sd_bus_message_unref(signal);
}

static void send_finished(Audience *audience) {
        sd_bus_message *signal = new_signal(audience, "Finished");

        if (signal && sd_bus_message_append(signal, "ss", job_state_to_string(audience->job->state),
                                            verdict_to_string(job_verdict(audience->job))) >= 0)
                sd_bus_send(audience->bus, signal, NULL);
        sd_bus_message_unref(signal);
}

/* ---- the reply ---- */

static void send_reply(Audience *audience) {
        const Report *report = job_report(audience->job, 0);

        int r = job_is_search(audience->job) ? bus_append_candidates(audience->reply, report) :
                sd_bus_message_append(audience->reply, "s", verdict_to_string(report->verdict));
        if (r >= 0 && !job_is_search(audience->job))
                r = bus_append_findings(audience->reply, report);
        if (r >= 0)
                sd_bus_send(audience->bus, audience->reply, NULL);
}

/* ---- the job's word ---- */

static void on_progress(Job *job, const ProbeLog *log, void *userdata) {
        Audience *audience = userdata;
        if (!audience->reply)
                send_progress(audience, log);
}

static void on_ended(Job *job, void *userdata) {
        Audience *audience = userdata;

        audience->watched = bus_caller_forget(audience->watched);
        if (audience->reply)
                send_reply(audience);
        else
                send_finished(audience);
}

static void on_gone(void *userdata) {
        audience_free(userdata);
}

static void on_caller_left(void *userdata) {
        Audience *audience = userdata;

        audience->watched = NULL;
        job_cancel(audience->job);
}

/* A caller who has left already is refused: nothing is started for nobody. */
static int watch_caller(Audience *audience, Manager *manager, sd_bus_message *call) {
        const char *sender = sd_bus_message_get_sender(call);

        if (!sender)
                return 0;
        audience->caller = strdup(sender);
        if (!audience->caller)
                return -ENOMEM;
        return bus_caller_watch(bus_callers(manager->bus), sender, on_caller_left, audience, &audience->watched);
}

static int attach(Manager *manager, sd_bus_message *call, Job *job, bool reply) {
        Audience *audience = calloc(1, sizeof(*audience));
        if (!audience)
                return -ENOMEM;
        audience->bus = sd_bus_ref(sd_bus_message_get_bus(call));
        audience->job = job;
        int r = watch_caller(audience, manager, call);
        if (r >= 0 && reply)
                r = sd_bus_message_new_method_return(call, &audience->reply);
        if (r < 0) {
                audience_free(audience);
                return r;
        }
        job->watcher = (JobWatcher) { on_progress, on_ended, on_gone, audience };
        return 0;
}

int bus_reply_later(Manager *manager, sd_bus_message *call, Job *job) {
        return attach(manager, call, job, true);
}

int bus_announce(Manager *manager, sd_bus_message *call, Job *job) {
        return attach(manager, call, job, false);
}
