/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The life of a job.
 *
 * Its probes are those of the plan, and those that the planner adds when it has seen how others ended; so the planner is
 * asked again after each.  A job keeps no secret: the descriptors in its settings are handed on, and closed with it.
 */

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "clock.h"
#include "job.h"
#include "own.h"

struct JobProbe {
        Job *job;
        size_t index;                   /* of its log in the report */
        int fds[_MD_TARGET_FD_MAX];     /* borrowed from the settings */
        LinkProbe *running;             /* NULL: not started, or ended */
        BudgetTicket ticket;            /* for its login */
};

static uint32_t left_ms(const Job *job) {
        uint64_t now = clock_boottime_usec();
        return now + JOB_GRACE_USEC >= job->deadline ? 0 : (job->deadline - JOB_GRACE_USEC - now) / 1000;
}

bool job_has_ended(const Job *job) {
        return job->report->state != JOB_QUEUED && job->report->state != JOB_RUNNING;
}

/* ---- the end ---- */

JobState job_outcome(ProbeLog *const *logs, size_t n) {
        bool answered = false, overdue = false;

        for (size_t i = 0; i < n; i++)
                switch (logs[i]->end) {
                case PROBE_ENDED:
                case PROBE_CRASHED:
                case PROBE_RUBBISH:
                case PROBE_SILENT:
                        answered = true;
                        break;
                case PROBE_OVERDUE:
                        overdue = true;
                        break;
                case PROBE_RUNNING:
                case PROBE_REFUSED:
                case PROBE_WORKER_LOST:
                case PROBE_CANCELLED:
                        break;
                }
        return answered ? JOB_DONE : overdue ? JOB_TIMEOUT : JOB_FAILED;
}

static void end(Job *job, JobState state) {
        Report *report = job->report;

        job->timer = sd_event_source_disable_unref(job->timer);
        job->tick = sd_event_source_disable_unref(job->tick);
        report->state = state;
        report->elapsed_usec = clock_boottime_usec() - job->asked;
        job->ended_usec = clock_realtime_usec();
        report_judge(report, job->registry);
        settings_done(&job->settings);
        job->context->ended(job, job->context->userdata);
        if (job->watcher.ended)
                job->watcher.ended(job, job->watcher.userdata);
}

/* Ends what has not ended yet, for this reason. */
static void end_probes(Job *job, ProbeEnd why) {
        for (size_t i = 0; i < job->n_probes; i++) {
                JobProbe *probe = job->probes[i];
                ProbeLog *log = job->report->logs[probe->index];
                if (probe->running)
                        probe->running = link_drop_probe(probe->running, why);
                else
                        probe_log_end(log, why, 0, NULL);
                logins_settle(job->context->logins, &probe->ticket, log);
        }
        job->n_started = job->n_ended = job->n_probes;
}

void job_cancel(Job *job) {
        if (job_has_ended(job))
                return;
        end_probes(job, PROBE_CANCELLED);
        end(job, JOB_CANCELLED);
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *userdata) {
        Job *job = userdata;

        end_probes(job, PROBE_OVERDUE);
        end(job, job_outcome(job->report->logs, job->report->n_logs));
        return 0;
}

static int set_deadline(Job *job) {
        uint64_t limit = job->settings.timeout_ms * UINT64_C(1000) + JOB_GRACE_USEC;

        job->deadline = clock_boottime_usec() + limit;
        return sd_event_add_time(job->context->event, &job->timer, CLOCK_BOOTTIME, job->deadline, 10000, on_deadline,
                                 job);
}

/* ---- probes ---- */

static JobProbe **grow(Job *job) {
        JobProbe **larger = reallocarray(job->probes, job->n_probes + 1, sizeof(JobProbe *));
        if (larger)
                job->probes = larger;
        return larger;
}

static int add_probe(Job *job, const PlannedProbe *planned) {
        const PluginInfo *plugin = registry_plugin(job->registry, planned->target.plugin);
        JobProbe *probe = calloc(1, sizeof(*probe));
        ProbeLog *log = probe_log_new(planned->service, planned->why, &planned->target,
                                      plugin ? plugin->purpose : MD_PURPOSE_OTHER);

        if (!probe || !log || !grow(job) || report_add_log(job->report, log) < 0) {
                probe_log_free(log);
                free(probe);
                return -ENOMEM;
        }
        *probe = (JobProbe) { .job = job, .index = job->n_probes };
        memcpy(probe->fds, planned->fds, sizeof(probe->fds));
        job->probes[job->n_probes++] = probe;
        return 0;
}

static int add_plan(Job *job, Plan *plan) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < plan->n_probes; i++)
                r = add_probe(job, &plan->probes[i]);
        plan_done(plan);
        return r;
}

/* More may follow from what was seen. */
static void plan_more(Job *job) {
        const PlanContext context = { job->registry, job->context->control, job->context->time_scale };
        size_t before = job->n_probes;
        Plan plan;

        if (plan_next(&job->settings, &context, job->report, left_ms(job), &plan) >= 0)
                add_plan(job, &plan);
        if (job->n_probes > before) {
                job->stalled = 0;
                job->context->more(job, job->context->userdata);
        }
}

static void go_on(Job *job) {
        plan_more(job);
        if (job->n_ended == job->n_probes)
                end(job, job_outcome(job->report->logs, job->report->n_logs));
}

/* What stays silent is an answer, too. */
static int on_tick(sd_event_source *source, uint64_t usec, void *userdata) {
        Job *job = userdata;

        plan_more(job);
        if (job->stalled > 0) {         /* for a login that another daemon made, perhaps */
                job->stalled = 0;
                job->context->more(job, job->context->userdata);
        }
        sd_event_source_set_time_relative(source, PLAN_TICK_MS * UINT64_C(1000));
        return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void on_probe(LinkEvent event, void *userdata) {
        JobProbe *probe = userdata;
        Job *job = probe->job;

        if (event == LINK_PROBE_END) {
                probe->running = NULL;
                job->n_ended++;
                logins_settle(job->context->logins, &probe->ticket, job->report->logs[probe->index]);
        }
        if (job->watcher.progress)
                job->watcher.progress(job, job->report->logs[probe->index], job->watcher.userdata);
        if (event == LINK_PROBE_END)
                go_on(job);
}

/* ---- logins ---- */

static bool has_login(const JobProbe *probe, const MdTarget *target) {
        return target->depth >= MD_DEPTH_AUTH && target->username &&
               (probe->fds[MD_TARGET_FD_SECRET] >= 0 || probe->fds[MD_TARGET_FD_CERTIFICATE] >= 0);
}

static void take_login_away(JobProbe *probe, ProbeLog *log, const Denial *denial) {
        log->denial = *denial;
        log->target.depth = MD_DEPTH_TLS;
        probe->fds[MD_TARGET_FD_SECRET] = -1;
}

/* Whether a probe can be started now: with its login, without it when there is none left, or not before others have ended.
 * Half of the time is for waiting. */
static bool is_ready(Job *job, JobProbe *probe) {
        ProbeLog *log = job->report->logs[probe->index];
        Denial denial;

        if (!has_login(probe, &log->target) || probe->ticket.at != 0)
                return true;
        BudgetAnswer answer = logins_ask(job->context->logins, &log->target, job->settings.ignore_login_budget,
                                         &probe->ticket, &denial);
        log->waits = answer == BUDGET_WAIT && left_ms(job) > job->settings.timeout_ms / 2;
        if (answer != BUDGET_YES && !log->waits)
                take_login_away(probe, log, &denial);
        return !log->waits;
}

/* The next probe that can be started; NULL: none. */
static JobProbe *choose_next(Job *job) {
        for (size_t i = job->n_started; i < job->n_probes; i++) {
                JobProbe *probe = job->probes[i];
                if (!is_ready(job, probe))
                        continue;
                memmove(job->probes + job->n_started + 1, job->probes + job->n_started,
                        (i - job->n_started) * sizeof(JobProbe *));
                job->probes[job->n_started] = probe;
                return probe;
        }
        return NULL;
}

/* ---- the next one ---- */

bool job_has_next(const Job *job) {
        return job->report->state == JOB_RUNNING && job->n_started < job->n_probes &&
               job->stalled != logins_n_settled(job->context->logins) + 1;
}

int job_start_next(Job *job) {
        assert(job_has_next(job));
        JobProbe *probe = choose_next(job);
        job->stalled = probe ? 0 : logins_n_settled(job->context->logins) + 1;
        if (!probe)
                return 0;

        ProbeLog *log = job->report->logs[probe->index];
        uint32_t left = left_ms(job);
        if (log->target.timeout_ms > left)
                log->target.timeout_ms = left > 0 ? left : 1;
        int r = link_start_probe(job->context->link, log, probe->fds, on_probe, probe, &probe->running);
        if (r == -EAGAIN)
                return r;
        job->n_started++;
        if (r < 0) {
                probe_log_end(log, PROBE_REFUSED, 0, strerror(-r));
                on_probe(LINK_PROBE_END, probe);
        }
        return 0;
}

void job_give_up(Job *job) {
        while (job->report->state == JOB_RUNNING && job->n_started < job->n_probes) {
                JobProbe *probe = job->probes[job->n_started++];
                probe_log_end(job->report->logs[probe->index], PROBE_WORKER_LOST, 0, NULL);
                on_probe(LINK_PROBE_END, probe);
        }
}

/* ---- the start ---- */

void job_start(Job *job) {
        assert(job->report->state == JOB_QUEUED);
        job->report->state = JOB_RUNNING;
        int r = job->timer ? 0 : set_deadline(job);
        if (r >= 0)
                r = sd_event_add_time_relative(job->context->event, &job->tick, CLOCK_BOOTTIME,
                                               PLAN_TICK_MS * UINT64_C(1000), 50000, on_tick, job);
        if (r < 0)
                job_cancel(job);
}

static int plan(Job *job, char **ret_error) {
        Plan plan;

        int r = plan_configured(&job->settings, job->registry, job->context->time_scale, &plan, ret_error);
        return r < 0 ? r : add_plan(job, &plan);
}

int job_new(const JobContext *context, uint64_t id, uid_t uid, Registry *registry, Settings *settings, bool impatient,
            Job **ret, char **ret_error) {
        Job *job = calloc(1, sizeof(*job));
        if (!job)
                return -ENOMEM;
        job->context = context;
        job->id = id;
        job->uid = uid;
        job->impatient = impatient;
        job->asked = clock_boottime_usec();
        job->settings = *settings;
        settings_init(settings);
        job->registry = registry_ref(registry);
        job->report = report_new(job->settings.address, clock_realtime_usec());

        int r = job->report ? plan(job, ret_error) : -ENOMEM;
        if (r >= 0 && impatient)
                r = set_deadline(job);
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
        for (size_t i = 0; i < job->n_probes; i++) {
                link_drop_probe(job->probes[i]->running, PROBE_CANCELLED);
                free(job->probes[i]);
        }
        free(job->probes);
        sd_event_source_disable_unref(job->timer);
        sd_event_source_disable_unref(job->tick);
        report_free(job->report);
        registry_free(job->registry);
        settings_done(&job->settings);
        free(job);
        return NULL;
}

const Report *job_report(Job *job) {
        if (!job_has_ended(job)) {
                job->report->elapsed_usec = clock_boottime_usec() - job->asked;
                report_judge(job->report, job->registry);
        }
        return job->report;
}
