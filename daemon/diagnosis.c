/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The life of a diagnosis.
 *
 * Its probes are those of the plan, and those that the planner adds when it has seen how others ended; so the planner
 * is asked again after each.  It keeps no secret: the descriptors in its settings are handed on, and closed with it.
 */

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "clock.h"
#include "diagnosis.h"
#include "finding.h"
#include "own.h"
#include "precondition.h"

struct DiagnosisProbe {
        Diagnosis *diagnosis;
        ProbeLog *log;                  /* the report's */
        int fds[_MD_TARGET_FD_MAX];     /* borrowed from the settings */
        LinkProbe *running;             /* NULL: not started, or ended */
        BudgetTicket ticket;            /* for its login */
};

static uint32_t left_ms(const Diagnosis *diagnosis) {
        uint64_t now = clock_boottime_usec() + DIAGNOSIS_GRACE_USEC;
        return now >= diagnosis->deadline ? 0 : (diagnosis->deadline - now) / 1000;
}

bool diagnosis_has_ended(const Diagnosis *diagnosis) {
        return diagnosis->report->state != JOB_QUEUED && diagnosis->report->state != JOB_RUNNING;
}

/* ---- the end ---- */

JobState diagnosis_outcome(ProbeLog *const *logs, size_t n) {
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

static void end(Diagnosis *diagnosis, JobState state) {
        Report *report = diagnosis->report;

        diagnosis->timer = sd_event_source_disable_unref(diagnosis->timer);
        diagnosis->tick = sd_event_source_disable_unref(diagnosis->tick);
        report->state = state;
        report->elapsed_usec = clock_boottime_usec() - diagnosis->asked;
        report_judge(report, diagnosis->registry);
        settings_done(&diagnosis->settings);
        diagnosis->owner.ended(diagnosis, diagnosis->owner.userdata);
}

/* Ends what has not ended yet, for this reason. */
static void end_probes(Diagnosis *diagnosis, ProbeEnd why) {
        for (size_t i = 0; i < diagnosis->n_probes; i++) {
                DiagnosisProbe *probe = diagnosis->probes[i];
                ProbeLog *log = probe->log;
                if (probe->running)
                        probe->running = link_drop_probe(probe->running, why);
                else
                        probe_log_end(log, why, 0, NULL);
                logins_settle(diagnosis->tools->logins, &probe->ticket, log);
        }
        diagnosis->n_started = diagnosis->n_ended = diagnosis->n_probes;
}

void diagnosis_cancel(Diagnosis *diagnosis) {
        if (diagnosis_has_ended(diagnosis))
                return;
        end_probes(diagnosis, PROBE_CANCELLED);
        end(diagnosis, JOB_CANCELLED);
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *userdata) {
        Diagnosis *diagnosis = userdata;

        end_probes(diagnosis, PROBE_OVERDUE);
        end(diagnosis, diagnosis_outcome(diagnosis->report->logs, diagnosis->report->n_logs));
        return 0;
}

static int set_deadline(Diagnosis *diagnosis) {
        uint64_t limit = diagnosis->settings.timeout_ms * UINT64_C(1000) + DIAGNOSIS_GRACE_USEC;

        diagnosis->deadline = clock_boottime_usec() + limit;
        return sd_event_add_time(diagnosis->tools->event, &diagnosis->timer, CLOCK_BOOTTIME, diagnosis->deadline,
                                 10000, on_deadline, diagnosis);
}

/* ---- probes ---- */

static char *copy_text(const char *text) {
        return text ? strdup(text) : NULL;
}

static DiagnosisProbe **grow(Diagnosis *diagnosis) {
        DiagnosisProbe **larger = reallocarray(diagnosis->probes, diagnosis->n_probes + 1, sizeof(DiagnosisProbe *));
        if (larger)
                diagnosis->probes = larger;
        return larger;
}

static bool has_authority(const DiagnosisProbe *probe) {
        return probe->fds[MD_TARGET_FD_CA] >= 0;
}

static int add_probe(Diagnosis *diagnosis, const PlannedProbe *planned) {
        const PluginInfo *plugin = registry_plugin(diagnosis->registry, planned->target.plugin);
        const ServiceSettings *service = planned->service == SERVICE_NONE ? NULL :
                                         &diagnosis->settings.services[planned->service];
        const char *missing = service ? service->secret_missing : NULL;
        DiagnosisProbe *probe = calloc(1, sizeof(*probe));
        ProbeLog *log = probe_log_new(planned->service, planned->why, &planned->target,
                                      plugin ? plugin->purpose : MD_PURPOSE_OTHER);

        if (log && service && probe_why_is_configured(planned->why))
                log->assumed_from = copy_text(service->assumed_from);
        if (!probe || !log || (missing && !(log->secret_missing = strdup(missing))) || !grow(diagnosis) ||
            report_add_log(diagnosis->report, log) < 0) {
                probe_log_free(log);
                free(probe);
                return -ENOMEM;
        }
        *probe = (DiagnosisProbe) { .diagnosis = diagnosis, .log = log };
        memcpy(probe->fds, planned->fds, sizeof(probe->fds));
        if (log->why != PROBE_CONTROL && log->why != PROBE_FINDER)
                log->earlier = remember_recall(diagnosis->tools->remember, diagnosis->owner.uid, &log->target,
                                               has_authority(probe));
        diagnosis->probes[diagnosis->n_probes++] = probe;
        return 0;
}

/* Hosts for comparison are the administrator's choice.  Returns whether it may be tried. */
static bool guard(const Diagnosis *diagnosis, PlannedProbe *planned) {
        if (!diagnosis->settings.guarded || planned->why == PROBE_CONTROL)
                return true;
        planned->target.guarded = true;
        return planned->target.local_part || access_has_port(diagnosis->tools->access, planned->target.port);
}

static int add_plan(Diagnosis *diagnosis, Plan *plan) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < plan->n_probes; i++)
                if (guard(diagnosis, &plan->probes[i]))
                        r = add_probe(diagnosis, &plan->probes[i]);
        plan_done(plan);
        return r;
}

static PlanContext plan_context(const Diagnosis *diagnosis) {
        const DiagnosisTools *tools = diagnosis->tools;
        return (PlanContext) {
                diagnosis->registry, tools->control, tools->time_scale, tools->data_dir, tools->offline, tools->proxy,
                tools->ispdb, tools->crew && !crew_knows_all(tools->crew),
        };
}

/* Plugins are wanted that nobody has announced: their worker is asked to. */
static void await_finders(Diagnosis *diagnosis, bool wanted) {
        diagnosis->awaits_finders = wanted && !crew_knows_all(diagnosis->tools->crew);
        if (diagnosis->awaits_finders)
                crew_wake_discovery(diagnosis->tools->crew);
}

/* No service was given, and there is nobody left to ask: what was found is checked. */
static int plan_found(Diagnosis *diagnosis, Plan *ret) {
        const PlanContext context = plan_context(diagnosis);
        _cleanup_free_ char *error = NULL;

        *ret = (Plan) { 0 };
        if (diagnosis->assumed || diagnosis->awaits_finders || !plan_may_assume(&diagnosis->settings, diagnosis->report))
                return 0;
        diagnosis->assumed = true;
        int r = plan_assume(&diagnosis->settings, diagnosis->report, diagnosis->registry);
        return r < 0 ? r : plan_services(&diagnosis->settings, &context, ret, &error);
}

/* More may follow from what was seen. */
static void plan_more(Diagnosis *diagnosis) {
        const PlanContext context = plan_context(diagnosis);
        size_t before = diagnosis->n_probes;
        Plan plan;

        if (plan_next(&diagnosis->settings, &context, diagnosis->report, left_ms(diagnosis), &plan) >= 0) {
                await_finders(diagnosis, plan.wants_finders);
                add_plan(diagnosis, &plan);
        }
        if (plan_found(diagnosis, &plan) >= 0)
                add_plan(diagnosis, &plan);
        if (diagnosis->n_probes > before) {
                diagnosis->stalled = 0;
                diagnosis->owner.more(diagnosis, diagnosis->owner.userdata);
        }
}

static void go_on(Diagnosis *diagnosis) {
        plan_more(diagnosis);
        if (diagnosis->n_ended == diagnosis->n_probes && !diagnosis->awaits_finders)
                end(diagnosis, diagnosis_outcome(diagnosis->report->logs, diagnosis->report->n_logs));
}

void diagnosis_plugins_changed(Diagnosis *diagnosis, Registry *registry) {
        if (diagnosis_has_ended(diagnosis) || registry == diagnosis->registry)
                return;
        /* What was judged points into the old one. */
        report_forget(diagnosis->report);
        diagnosis->report->registry = NULL;
        registry_free(diagnosis->registry);
        diagnosis->registry = registry_ref(registry);
        if (diagnosis->report->state == JOB_RUNNING)
                go_on(diagnosis);
}

/* What stays silent is an answer, too. */
static int on_tick(sd_event_source *source, uint64_t usec, void *userdata) {
        Diagnosis *diagnosis = userdata;

        go_on(diagnosis);
        if (diagnosis_has_ended(diagnosis))
                return 0;
        if (diagnosis->stalled > 0) {       /* for a login that another daemon made, perhaps */
                diagnosis->stalled = 0;
                diagnosis->owner.more(diagnosis, diagnosis->owner.userdata);
        }
        sd_event_source_set_time_relative(source, PLAN_TICK_MS * UINT64_C(1000));
        return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void on_probe(LinkEvent event, void *userdata) {
        DiagnosisProbe *probe = userdata;
        Diagnosis *diagnosis = probe->diagnosis;

        if (event == LINK_PROBE_END) {
                probe->running = NULL;
                diagnosis->n_ended++;
                logins_settle(diagnosis->tools->logins, &probe->ticket, probe->log);
                remember_note(diagnosis->tools->remember, diagnosis->owner.uid, probe->log,
                              has_authority(probe));
        }
        diagnosis->owner.progress(diagnosis, probe->log, diagnosis->owner.userdata);
        if (event != LINK_PROBE_END)
                return;
        /* A login may have waited for what it said. */
        if (probe->log->why == PROBE_FINDER && diagnosis->stalled > 0) {
                diagnosis->stalled = 0;
                diagnosis->owner.more(diagnosis, diagnosis->owner.userdata);
        }
        go_on(diagnosis);
}

/* ---- logins ---- */

static bool has_login(const DiagnosisProbe *probe, const MdTarget *target) {
        return target->depth >= MD_DEPTH_AUTH && target->username &&
               (probe->fds[MD_TARGET_FD_SECRET] >= 0 || probe->fds[MD_TARGET_FD_CERTIFICATE] >= 0);
}

/* A table knows at once whether a login would be wasted; others are not waited for. */
static bool waits_for_table(const Diagnosis *diagnosis) {
        for (size_t i = 0; i < diagnosis->n_probes; i++) {
                const ProbeLog *log = diagnosis->probes[i]->log;
                const PluginInfo *plugin = log->why == PROBE_FINDER && log->end == PROBE_RUNNING ?
                                           registry_finder(diagnosis->registry, log->target.plugin) : NULL;
                if (plugin && !plugin->network)
                        return true;
        }
        return false;
}

static void take_login_away(DiagnosisProbe *probe, ProbeLog *log, const Denial *denial) {
        log->denial = *denial;
        log->target.depth = MD_DEPTH_TLS;
        probe->fds[MD_TARGET_FD_SECRET] = -1;
}

/* Whether a probe can be started now: with its login, without it when there is none left, or not before others have
 * ended.  Half of the time is for waiting. */
static bool is_ready(Diagnosis *diagnosis, DiagnosisProbe *probe) {
        ProbeLog *log = probe->log;
        Denial denial = { 0 };

        if (!crew_has_room(diagnosis->tools->crew, log->target.plugin)) {
                crew_want(diagnosis->tools->crew, log->target.plugin);
                return false;
        }
        if (!has_login(probe, &log->target) || probe->ticket.at != 0)
                return true;
        if (waits_for_table(diagnosis))
                return false;
        if (!diagnosis->settings.ignore_login_budget && probe->fds[MD_TARGET_FD_SECRET] >= 0 &&
            login_is_wasted(diagnosis->report, log, &denial)) {
                take_login_away(probe, log, &denial);
                return true;
        }
        BudgetAnswer answer = logins_ask(diagnosis->tools->logins, &log->target,
                                         diagnosis->settings.ignore_login_budget, &probe->ticket, &denial);
        log->waits = answer == BUDGET_WAIT && left_ms(diagnosis) > diagnosis->settings.timeout_ms / 2;
        if (answer != BUDGET_YES && !log->waits)
                take_login_away(probe, log, &denial);
        return !log->waits;
}

/* The next probe that can be started; NULL: none. */
static DiagnosisProbe *choose_next(Diagnosis *diagnosis) {
        for (size_t i = diagnosis->n_started; i < diagnosis->n_probes; i++) {
                DiagnosisProbe *probe = diagnosis->probes[i];
                if (!is_ready(diagnosis, probe))
                        continue;
                memmove(diagnosis->probes + diagnosis->n_started + 1, diagnosis->probes + diagnosis->n_started,
                        (i - diagnosis->n_started) * sizeof(DiagnosisProbe *));
                diagnosis->probes[diagnosis->n_started] = probe;
                return probe;
        }
        return NULL;
}

/* ---- the next one ---- */

/* Whatever may make a probe ready that was not. */
static uint64_t n_changes(const Diagnosis *diagnosis) {
        return logins_n_settled(diagnosis->tools->logins) + crew_n_changes(diagnosis->tools->crew);
}

bool diagnosis_has_next(const Diagnosis *diagnosis) {
        return diagnosis->report->state == JOB_RUNNING && diagnosis->n_started < diagnosis->n_probes &&
               diagnosis->stalled != n_changes(diagnosis) + 1;
}

int diagnosis_start_next(Diagnosis *diagnosis) {
        assert(diagnosis_has_next(diagnosis));
        DiagnosisProbe *probe = choose_next(diagnosis);
        diagnosis->stalled = probe ? 0 : n_changes(diagnosis) + 1;
        if (!probe)
                return 0;

        ProbeLog *log = probe->log;
        uint32_t left = left_ms(diagnosis);
        if (log->target.timeout_ms > left)
                log->target.timeout_ms = left > 0 ? left : 1;
        int r = crew_start_probe(diagnosis->tools->crew, log, probe->fds, on_probe, probe, &probe->running);
        if (r == -EAGAIN)
                return r;
        diagnosis->n_started++;
        if (r < 0) {
                probe_log_end(log, PROBE_REFUSED, 0, r == -EHOSTDOWN ? "its worker does not start" : strerror(-r));
                on_probe(LINK_PROBE_END, probe);
        }
        return 0;
}

void diagnosis_give_up(Diagnosis *diagnosis) {
        while (diagnosis->report->state == JOB_RUNNING && diagnosis->n_started < diagnosis->n_probes) {
                DiagnosisProbe *probe = diagnosis->probes[diagnosis->n_started++];
                probe_log_end(probe->log, PROBE_WORKER_LOST, 0, NULL);
                on_probe(LINK_PROBE_END, probe);
        }
}

/* ---- the start ---- */

void diagnosis_start(Diagnosis *diagnosis) {
        assert(diagnosis->report->state == JOB_QUEUED);
        diagnosis->report->state = JOB_RUNNING;
        if (!diagnosis->timer)
                diagnosis->asked = clock_boottime_usec();
        int r = diagnosis->timer ? 0 : set_deadline(diagnosis);
        if (r >= 0)
                r = sd_event_add_time_relative(diagnosis->tools->event, &diagnosis->tick, CLOCK_BOOTTIME,
                                               PLAN_TICK_MS * UINT64_C(1000), 50000, on_tick, diagnosis);
        if (r < 0)
                diagnosis_cancel(diagnosis);
}

static int plan(Diagnosis *diagnosis, char **ret_error) {
        Plan plan;

        const PlanContext context = plan_context(diagnosis);
        int r = plan_configured(&diagnosis->settings, &context, &plan, ret_error);
        return r < 0 ? r : add_plan(diagnosis, &plan);
}

int diagnosis_new(const DiagnosisTools *tools, const DiagnosisOwner *owner, Registry *registry, Settings *settings,
                  bool impatient, Diagnosis **ret, char **ret_error) {
        Diagnosis *diagnosis = calloc(1, sizeof(*diagnosis));
        if (!diagnosis)
                return -ENOMEM;
        diagnosis->tools = tools;
        diagnosis->owner = *owner;
        diagnosis->asked = clock_boottime_usec();
        diagnosis->settings = *settings;
        settings_init(settings);
        diagnosis->registry = registry_ref(registry);
        diagnosis->report = report_new(diagnosis->settings.address, clock_realtime_usec());

        if (diagnosis->report) {
                diagnosis->report->is_search = diagnosis->settings.search.only;
                diagnosis->report->is_assumed = !diagnosis->settings.search.only && diagnosis->settings.n_services == 0;
        }
        int r = diagnosis->report ? plan(diagnosis, ret_error) : -ENOMEM;
        if (r >= 0) {
                diagnosis->report->account = TAKE_PTR(diagnosis->settings.account);
                diagnosis->report->as_known = diagnosis->settings.as_known;
        }
        if (r >= 0 && impatient)
                r = set_deadline(diagnosis);
        if (r < 0) {
                diagnosis_free(diagnosis);
                return r;
        }
        *ret = diagnosis;
        return 0;
}

Diagnosis *diagnosis_free(Diagnosis *diagnosis) {
        if (!diagnosis)
                return NULL;
        for (size_t i = 0; i < diagnosis->n_probes; i++) {
                link_drop_probe(diagnosis->probes[i]->running, PROBE_CANCELLED);
                free(diagnosis->probes[i]);
        }
        free(diagnosis->probes);
        sd_event_source_disable_unref(diagnosis->timer);
        sd_event_source_disable_unref(diagnosis->tick);
        report_free(diagnosis->report);
        registry_free(diagnosis->registry);
        settings_done(&diagnosis->settings);
        free(diagnosis);
        return NULL;
}

Report *diagnosis_report(Diagnosis *diagnosis) {
        if (!diagnosis_has_ended(diagnosis)) {
                diagnosis->report->elapsed_usec = clock_boottime_usec() - diagnosis->asked;
                report_judge(diagnosis->report, diagnosis->registry);
        }
        return diagnosis->report;
}
