/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of a job: its diagnoses begin in the order of the accounts, and their probes take turns. */

#include <assert.h>
#include <errno.h>

#include "clock.h"
#include "job.h"
#include "own.h"

/* ---- requests ---- */

void job_request_done(JobRequest *request) {
        for (size_t i = 0; i < request->n_accounts; i++)
                settings_done(&request->accounts[i]);
        free(request->accounts);
        *request = (JobRequest) { 0 };
}

int job_request_add(JobRequest *request, Settings **ret) {
        if (request->n_accounts == JOB_ACCOUNTS_MAX)
                return -E2BIG;
        Settings *larger = reallocarray(request->accounts, request->n_accounts + 1, sizeof(Settings));
        if (!larger)
                return -ENOMEM;
        request->accounts = larger;
        *ret = &request->accounts[request->n_accounts++];
        settings_init(*ret);
        return 0;
}

/* ---- what is known of it ---- */

bool job_has_ended(const Job *job) {
        return job->state != JOB_QUEUED && job->state != JOB_RUNNING;
}

size_t job_n_running(const Job *job) {
        size_t n = 0;
        for (size_t i = 0; i < job->n_diagnoses; i++)
                n += job->diagnoses[i]->n_started - job->diagnoses[i]->n_ended;
        return n;
}

size_t job_n_done(const Job *job) {
        size_t n = 0;
        for (size_t i = 0; i < job->n_diagnoses; i++)
                n += job->diagnoses[i]->n_ended;
        return n;
}

size_t job_n_probes(const Job *job) {
        size_t n = 0;
        for (size_t i = 0; i < job->n_diagnoses; i++)
                n += job->diagnoses[i]->n_probes;
        return n;
}

const Report *job_report(const Job *job, size_t account) {
        return job->diagnoses[account]->report;
}

Verdict job_verdict(const Job *job) {
        Verdict worst = VERDICT_OK;
        for (size_t i = 0; i < job->n_diagnoses; i++)
                if (verdict_is_worse(job->diagnoses[i]->report->verdict, worst))
                        worst = job->diagnoses[i]->report->verdict;
        return worst;
}

int job_judge(Job *job) {
        Report *reports[JOB_ACCOUNTS_MAX];

        if (job_has_ended(job))
                return 0;
        for (size_t i = 0; i < job->n_diagnoses; i++)
                reports[i] = diagnosis_report(job->diagnoses[i]);
        return judge_shared(reports, job->n_diagnoses, job->diagnoses[0]->registry, &job->shared);
}

/* ---- the end ---- */

JobState job_outcome(const JobState *states, size_t n) {
        static const JobState order[] = { JOB_CANCELLED, JOB_DONE, JOB_TIMEOUT };

        for (size_t k = 0; k < ELEMENTS(order); k++)
                for (size_t i = 0; i < n; i++)
                        if (states[i] == order[k])
                                return order[k];
        return JOB_FAILED;
}

static void end(Job *job) {
        JobState states[JOB_ACCOUNTS_MAX];

        for (size_t i = 0; i < job->n_diagnoses; i++)
                states[i] = job->diagnoses[i]->report->state;
        job_judge(job);
        job->state = job_outcome(states, job->n_diagnoses);
        job->ended_usec = clock_realtime_usec();
        job->context->ended(job, job->context->userdata);
        if (job->watcher.ended)
                job->watcher.ended(job, job->watcher.userdata);
}

void job_cancel(Job *job) {
        if (job_has_ended(job))
                return;
        job->n_begun = job->n_diagnoses;   /* none begins any more */
        for (size_t i = 0; i < job->n_diagnoses; i++)
                diagnosis_cancel(job->diagnoses[i]);
}

/* ---- its diagnoses ---- */

static void begin_diagnoses(Job *job) {
        while (job->n_begun < job->n_diagnoses && job->n_begun - job->n_over < JOB_DIAGNOSES_RUNNING)
                diagnosis_start(job->diagnoses[job->n_begun++]);
}

static void on_progress(Diagnosis *diagnosis, const ProbeLog *log, void *userdata) {
        Job *job = userdata;
        if (job->watcher.progress)
                job->watcher.progress(job, log, job->watcher.userdata);
}

static void on_more(Diagnosis *diagnosis, void *userdata) {
        Job *job = userdata;
        job->context->more(job, job->context->userdata);
}

static void on_ended(Diagnosis *diagnosis, void *userdata) {
        Job *job = userdata;

        job->n_over++;
        if (job->n_over == job->n_diagnoses)
                end(job);
        else if (job->n_begun < job->n_diagnoses) {
                begin_diagnoses(job);
                job->context->more(job, job->context->userdata);
        }
}

/* ---- its probes ---- */

static Diagnosis *next_diagnosis(const Job *job, size_t *ret_turn) {
        for (size_t i = 0; i < job->n_diagnoses; i++) {
                size_t turn = (job->turn + i) % job->n_diagnoses;
                if (diagnosis_has_next(job->diagnoses[turn])) {
                        *ret_turn = turn;
                        return job->diagnoses[turn];
                }
        }
        return NULL;
}

bool job_has_next(const Job *job) {
        size_t turn;
        return next_diagnosis(job, &turn) != NULL;
}

int job_start_next(Job *job) {
        size_t turn = 0;
        Diagnosis *diagnosis = next_diagnosis(job, &turn);

        assert(diagnosis);
        job->turn = turn + 1;
        return diagnosis_start_next(diagnosis);
}

void job_give_up(Job *job) {
        for (size_t i = 0; i < job->n_diagnoses; i++)
                diagnosis_give_up(job->diagnoses[i]);
}

void job_plugins_changed(Job *job, Registry *registry) {
        for (size_t i = 0; i < job->n_diagnoses; i++)
                diagnosis_plugins_changed(job->diagnoses[i], registry);
}

bool job_is_search(const Job *job) {
        return job->diagnoses[0]->report->is_search;
}

void job_start(Job *job) {
        assert(job->state == JOB_QUEUED);
        job->state = JOB_RUNNING;
        begin_diagnoses(job);
}

/* ---- life ---- */

static int add_diagnoses(Job *job, Registry *registry, JobRequest *request, char **ret_error) {
        const DiagnosisOwner owner = { on_progress, on_more, on_ended, job, job->uid };
        int r = 0;

        job->diagnoses = calloc(request->n_accounts, sizeof(Diagnosis *));
        if (!job->diagnoses)
                return -ENOMEM;
        for (size_t i = 0; r >= 0 && i < request->n_accounts; i++) {
                r = diagnosis_new(&job->context->tools, &owner, registry, &request->accounts[i], job->impatient,
                              &job->diagnoses[i], ret_error);
                job->n_diagnoses += r >= 0;
        }
        return r;
}

int job_new(const JobContext *context, uint64_t id, uid_t uid, Registry *registry, JobRequest *request, Job **ret,
            char **ret_error) {
        Job *job = calloc(1, sizeof(*job));
        if (!job)
                return -ENOMEM;
        *job = (Job) {
                .context = context,
                .id = id,
                .uid = uid,
                .state = JOB_QUEUED,
                .impatient = request->impatient,
                .is_list = request->is_list,
                .scheduled = request->scheduled,
                .started_usec = clock_realtime_usec(),
        };
        int r = add_diagnoses(job, registry, request, ret_error);
        if (r < 0) {
                job_free(job);
                return r;
        }
        *ret = job;
        return 0;
}

Job *job_free(Job *job) {
        if (!job)
                return NULL;
        if (job->watcher.gone)
                job->watcher.gone(job->watcher.userdata);
        for (size_t i = 0; i < job->n_diagnoses; i++)
                diagnosis_free(job->diagnoses[i]);
        shared_done(&job->shared);
        free(job->diagnoses);
        free(job);
        return NULL;
}
