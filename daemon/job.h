/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A job: settings to check, the probes that this takes, and the report that comes of it.
 *
 * Its end:
 *   done       every probe has ended; or the time was over, and at least one had something to say
 *   timeout    the time was over (the caller's timeout and a grace of one second) before any probe had ended
 *   failed     no probe could be run: each was refused by the worker or lost with it
 *   cancelled  by Cancel, or because its caller left
 */

#include <sys/queue.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "link.h"
#include "logins.h"
#include "plan.h"
#include "queue.h"
#include "report.h"
#include "settings.h"

#define JOB_GRACE_USEC (1000u * 1000u)  /* in which a probe that keeps its deadline can still report */

typedef struct Job Job;

/* Who is told of a job. */
typedef struct JobWatcher {
        /* A probe went on to its next step, or ended. */
        void (*progress)(Job *job, const ProbeLog *log, void *userdata);
        /* It has ended, and its report is final. Called once, and not from job_new(). */
        void (*ended)(Job *job, void *userdata);
        /* It is being freed. */
        void (*gone)(void *userdata);
        void *userdata;
} JobWatcher;

/* What a job works with; all borrowed, and outlives it. */
typedef struct JobContext {
        sd_event *event;
        Link *link;
        const ControlList *control;
        Logins *logins;
        uint32_t time_scale;
        void (*ended)(Job *job, void *userdata);        /* told before the watcher */
        void (*more)(Job *job, void *userdata);         /* it has a probe to start that it had not before */
        void *userdata;
} JobContext;

typedef struct JobProbe JobProbe;

struct Job {
        TAILQ_ENTRY(Job) entry;         /* the manager's */
        QueueItem queued;               /* the manager's */
        uint64_t id;
        uid_t uid;
        const JobContext *context;
        Settings settings;
        Registry *registry;             /* one of its owners */
        Report *report;                 /* its state is the job's */
        size_t n_probes;
        JobProbe **probes;              /* those that were started first */
        size_t n_started, n_ended;
        uint64_t stalled;               /* logins that were settled when all that is left had to wait for others, plus one */
        uint64_t asked;                 /* CLOCK_BOOTTIME */
        uint64_t deadline;              /* CLOCK_BOOTTIME; 0: not yet */
        uint64_t ended_usec;            /* CLOCK_REALTIME; 0: not yet */
        uint64_t forget;                /* CLOCK_BOOTTIME: when its object goes */
        sd_event_source *timer;         /* its deadline */
        sd_event_source *tick;          /* when the planner is asked again */
        bool impatient;                 /* its caller waits for the answer: time runs while it is queued, too */
        JobWatcher watcher;
};

/*
 * Plans a job of `uid`; takes over the settings, which are valid.  Returns 0; -ENOENT with one line in ret_error when
 * there is no plugin for a protocol; or another -errno.
 */
int job_new(const JobContext *context, uint64_t id, uid_t uid, Registry *registry, Settings *settings, bool impatient,
            Job **ret, char **ret_error);
Job *job_free(Job *job);

/* Its turn has come. */
void job_start(Job *job);
/* Whether it has a probe that can be started. */
bool job_has_next(const Job *job);
/* Starts the next probe, or ends it when it cannot be; -EAGAIN when the worker has no room now.  Where all of them have
 * to wait for other logins of their account, job_has_next() is false until one of those has ended. */
int job_start_next(Job *job);
/* Ends the probes that wait: there is no worker to run them. */
void job_give_up(Job *job);
/* Ends it now; one that has ended stays as it is. */
void job_cancel(Job *job);

bool job_has_ended(const Job *job);
/* Judges what was seen so far; the report of one that has ended is final already. */
const Report *job_report(Job *job);

/* The state that follows from how the probes ended. */
JobState job_outcome(ProbeLog *const *logs, size_t n);
