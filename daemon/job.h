/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A job: what a caller asked for at once, one account or many, each with a diagnosis of its own.
 *
 * Of many accounts some are diagnosed at a time, each within the caller's timeout from its turn on.  The job is done
 * when one of its diagnoses is, timeout or failed when none is, cancelled by Cancel or because its caller left.
 */

#include <sys/queue.h>
#include <sys/types.h>

#include "diagnosis.h"
#include "judge-shared.h"
#include "queue.h"

#define JOB_ACCOUNTS_MAX 64u
#define JOB_DIAGNOSES_RUNNING 8u        /* of a job at a time */

typedef struct Job Job;

/* Who is told of a job. */
typedef struct JobWatcher {
        /* A probe went on to its next step, or ended. */
        void (*progress)(Job *job, const ProbeLog *log, void *userdata);
        /* It has ended, and its reports are final. Called once, and not from job_new(). */
        void (*ended)(Job *job, void *userdata);
        /* It is being freed. */
        void (*gone)(void *userdata);
        void *userdata;
} JobWatcher;

/* What a job works with; all borrowed, and outlives it. */
typedef struct JobContext {
        DiagnosisTools tools;
        void (*ended)(Job *job, void *userdata);        /* told before the watcher */
        void (*more)(Job *job, void *userdata);         /* it has a probe to start that it had not before */
        void *userdata;
} JobContext;

struct Job {
        TAILQ_ENTRY(Job) entry;         /* the manager's */
        TAILQ_ENTRY(Job) stage;         /* the manager's */
        QueueItem queued;               /* the manager's */
        uint64_t id;
        uid_t uid;
        const JobContext *context;
        JobState state;
        size_t n_diagnoses;
        Diagnosis **diagnoses;          /* in the order of the accounts */
        size_t n_begun, n_over;         /* of them */
        size_t turn;                    /* whose probe is started next */
        Shared shared;                  /* what several accounts have in common */
        uint64_t started_usec;          /* CLOCK_REALTIME: when it was asked for */
        uint64_t ended_usec;            /* CLOCK_REALTIME; 0: not yet */
        uint64_t forget;                /* CLOCK_BOOTTIME: when its object goes */
        bool impatient;                 /* its caller waits for the answer: time runs while it is queued, too */
        bool is_list;                   /* it was asked for as a list of accounts, and so is its result */
        bool scheduled;                 /* nobody asked for it: its object goes with its end */
        JobWatcher watcher;
};

/* What is asked for. */
typedef struct JobRequest {
        size_t n_accounts;
        Settings *accounts;
        bool is_list;
        bool impatient;
        bool scheduled;
} JobRequest;

void job_request_done(JobRequest *request);
/* One more account, empty.  Returns 0 and the account, -E2BIG when there are too many, -ENOMEM. */
int job_request_add(JobRequest *request, Settings **ret);

/*
 * Plans a job of `uid`; takes over the settings of the request, which are valid.  Returns 0; -ENOENT with one line in
 * ret_error when there is no plugin for a protocol; or another -errno.
 */
int job_new(const JobContext *context, uint64_t id, uid_t uid, Registry *registry, JobRequest *request, Job **ret,
            char **ret_error);
Job *job_free(Job *job);

/* Its turn has come. */
void job_start(Job *job);
/* Whether it has a probe that can be started. */
bool job_has_next(const Job *job);
/* Starts the next probe, see diagnosis_start_next(). */
int job_start_next(Job *job);
/* There are plugins that were not there before. */
void job_plugins_changed(Job *job, Registry *registry);
/* Ends the probes that wait: there is no worker to run them. */
void job_give_up(Job *job);
/* Ends it now; one that has ended stays as it is. */
void job_cancel(Job *job);

bool job_has_ended(const Job *job);
/* Probes of all diagnoses: those that run, those that have ended, all. */
size_t job_n_running(const Job *job);
size_t job_n_done(const Job *job);
size_t job_n_probes(const Job *job);
/* Judges what was seen so far, in each account and over all of them. */
int job_judge(Job *job);
const Report *job_report(const Job *job, size_t account);
/* Whether it was only asked what settings should be. */
bool job_is_search(const Job *job);
/* The worst verdict of its reports, as they were judged last: an error before what could not be told. */
Verdict job_verdict(const Job *job);

/* As it was judged last: the document maildiag-report/1, or maildiag-reports/1 where a list of accounts was asked for.
 * NULL when out of memory. */
json_t *job_to_json(const Job *job);

/* A finding about several accounts as it stands in the document, without their numbers. */
json_t *shared_finding_to_json(const SharedFinding *finding);

/* The state that follows from those of its diagnoses. */
JobState job_outcome(const JobState *states, size_t n);
