/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A diagnosis: the settings of one account, the probes that this takes, and the report that comes of it.
 *
 * Its end:
 *   done       every probe has ended; or the time was over, and at least one had something to say
 *   timeout    the time was over (the caller's timeout and a grace of one second) before any probe had ended
 *   failed     no probe could be run: each was refused by the worker or lost with it
 *   cancelled  with its job
 */

#include <systemd/sd-event.h>

#include "access.h"
#include "crew.h"
#include "logins.h"
#include "plan.h"
#include "remember.h"
#include "report.h"
#include "settings.h"

#define DIAGNOSIS_GRACE_USEC (1000u * 1000u)        /* in which a probe that keeps its deadline can still report */

typedef struct Diagnosis Diagnosis;

/* What a diagnosis works with; all borrowed, and outlives it. */
typedef struct DiagnosisTools {
        sd_event *event;
        Crew *crew;
        const ControlList *control;
        const char *proxy, *ispdb;      /* for published settings; NULL: none */
        const Access *access;           /* for settings that are guarded */
        Logins *logins;
        Remember *remember;
        uint32_t time_scale;
        const char *data_dir;           /* what the administrator adds to tables of providers; NULL */
        bool offline;                   /* nobody on the network is asked what settings should be */
} DiagnosisTools;

/* Whose it is.  None of these is called from diagnosis_new(). */
typedef struct DiagnosisOwner {
        /* A probe went on to its next step, or ended. */
        void (*progress)(Diagnosis *diagnosis, const ProbeLog *log, void *userdata);
        /* It has a probe to start that it had not before. */
        void (*more)(Diagnosis *diagnosis, void *userdata);
        /* It has ended, and its report is final. Called once. */
        void (*ended)(Diagnosis *diagnosis, void *userdata);
        void *userdata;
        uid_t uid;                      /* who asked for it */
} DiagnosisOwner;

typedef struct DiagnosisProbe DiagnosisProbe;

struct Diagnosis {
        const DiagnosisTools *tools;
        DiagnosisOwner owner;
        Settings settings;
        Registry *registry;             /* one of its owners */
        Report *report;                 /* its state is the diagnosis's */
        size_t n_probes;
        DiagnosisProbe **probes;            /* those that were started first */
        size_t n_started, n_ended;
        bool awaits_finders;            /* the planner wants plugins whose worker has not announced them yet */
        bool assumed;                   /* services that were not given were looked for */
        uint64_t stalled;               /* all that is left has to wait: the changes there were then, plus one; 0: it has not */
        uint64_t asked;                 /* CLOCK_BOOTTIME */
        uint64_t deadline;              /* CLOCK_BOOTTIME; 0: not yet */
        sd_event_source *timer;         /* its deadline */
        sd_event_source *tick;          /* when the planner is asked again */
};

/*
 * Plans a diagnosis; takes over the settings, which are valid.  `impatient`: its time runs from now on, not from its
 * start.  Returns 0; -ENOENT with one line in ret_error when there is no plugin for a protocol; or another -errno.
 */
int diagnosis_new(const DiagnosisTools *tools, const DiagnosisOwner *owner, Registry *registry, Settings *settings,
                  bool impatient, Diagnosis **ret, char **ret_error);
Diagnosis *diagnosis_free(Diagnosis *diagnosis);

/* Its turn has come. */
void diagnosis_start(Diagnosis *diagnosis);
/* Whether it has a probe that can be started. */
bool diagnosis_has_next(const Diagnosis *diagnosis);
/* Starts the next probe, or ends it when it cannot be; -EAGAIN when the worker has no room now.  Where all of them have
 * to wait, for other logins of their account or for their worker, diagnosis_has_next() is false until something has changed. */
int diagnosis_start_next(Diagnosis *diagnosis);
/* Ends the probes that wait: there is no worker to run them. */
void diagnosis_give_up(Diagnosis *diagnosis);
/* Ends it now; one that has ended stays as it is. */
void diagnosis_cancel(Diagnosis *diagnosis);

/* There are plugins that were not there before. */
void diagnosis_plugins_changed(Diagnosis *diagnosis, Registry *registry);

bool diagnosis_has_ended(const Diagnosis *diagnosis);
/* Judges what was seen so far; the report of one that has ended is final already. */
Report *diagnosis_report(Diagnosis *diagnosis);

/* The state that follows from how the probes ended. */
JobState diagnosis_outcome(ProbeLog *const *logs, size_t n);
