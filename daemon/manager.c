/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The manager's loop.
 *
 * All that changes who may run next goes through one place, on_pump(), from the loop and not from within whatever
 * changed it: so no job starts, ends and is freed under the feet of the code that holds it.
 */

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>

#include "bus.h"
#include "clock.h"
#include "config.h"
#include "log.h"
#include "manager.h"
#include "monitor.h"
#include "own.h"

/* Probes of one user at a time, so that another's can start. */
#define USER_PROBES_MAX 32u
#define SHARED_PROBES_MAX 48u           /* of those that a worker runs; the rest is for users who have none */

#define USER_LIMITS \
        .user_running = 4, .user_queued = 32, .total_running = 16, .total_queued = 256, .newcomers = 16

/* Root of the system has a class of its own; elsewhere root is the user whom the daemon serves. */
static const QueueLimits *limits_of(Instance instance) {
        static const QueueLimits of_users = { USER_LIMITS }, of_system = { USER_LIMITS, .root_queued = 10000 };
        return instance == INSTANCE_SYSTEM ? &of_system : &of_users;
}

static Job *job_of_item(QueueItem *item) {
        return (Job *) ((char *) item - offsetof(Job, queued));
}

static void pump_soon(Manager *manager) {
        sd_event_source_set_enabled(manager->pump, SD_EVENT_ONESHOT);
}

/* ---- jobs that ended ---- */

static void drop_job(Manager *manager, Job *job) {
        TAILQ_REMOVE(&manager->jobs, job, entry);
        TAILQ_REMOVE(&manager->ended, job, stage);
        job_free(job);
}

static size_t ended_of(const Manager *manager, uid_t uid) {
        const Job *job;
        size_t n = 0;
        TAILQ_FOREACH(job, &manager->ended, stage)
                n += job->uid == uid;
        return n;
}

/* Of each user the latest are kept. Many of one user may end at once, so they are not counted again for each. */
static void trim_jobs(Manager *manager) {
        Job *job, *following;
        uid_t counted = (uid_t) -1;
        size_t n = 0;

        for (job = TAILQ_FIRST(&manager->ended); job; job = following) {
                following = TAILQ_NEXT(job, stage);
                if (job->uid != counted)
                        n = ended_of(manager, job->uid);
                counted = job->uid;
                if (n <= MANAGER_KEEP_MAX)
                        continue;
                drop_job(manager, job);
                n--;
        }
}

static void forget_jobs(Manager *manager) {
        uint64_t now = clock_boottime_usec(), next = UINT64_MAX;
        Job *job, *following;

        for (job = TAILQ_FIRST(&manager->ended); job; job = following) {
                following = TAILQ_NEXT(job, stage);
                if (job->forget <= now)
                        drop_job(manager, job);
                else if (job->forget < next)
                        next = job->forget;
        }
        if (next == UINT64_MAX)
                return;
        sd_event_source_set_time(manager->forget, next);
        sd_event_source_set_enabled(manager->forget, SD_EVENT_ONESHOT);
}

static void on_job_ended(Job *job, void *userdata) {
        Manager *manager = userdata;

        manager->some_ended = true;
        log_line(LOG_DEBUG, "job %" PRIu64 " of user %u ends: %s, %s", job->id, job->uid, job_state_to_string(job->state),
                 verdict_to_string(job_verdict(job)));
        if (job->queued.running)
                TAILQ_REMOVE(&manager->running, job, stage);
        TAILQ_INSERT_TAIL(&manager->ended, job, stage);
        queue_remove(manager->queue, &job->queued);
        job->forget = clock_boottime_usec() + (job->impatient || job->scheduled ? 0 : MANAGER_KEEP_USEC);
        manager_take_reports(manager, job);
        pump_soon(manager);
}

static void on_job_more(Job *job, void *userdata) {
        pump_soon(userdata);
}

/* ---- jobs that run ---- */

/* Whoever has none running finds room where others find none any more. */
static bool user_may_probe(const Manager *manager, uid_t uid) {
        size_t own = 0, all = 0;
        const Job *job;

        TAILQ_FOREACH(job, &manager->running, stage) {
                size_t n = job_n_running(job);
                all += n;
                own += job->uid == uid ? n : 0;
        }
        return own == 0 || (own < USER_PROBES_MAX && all < SHARED_PROBES_MAX);
}

static Job *next_to_probe(const Manager *manager) {
        Job *job;
        TAILQ_FOREACH(job, &manager->running, stage)
                if (job_has_next(job) && user_may_probe(manager, job->uid))
                        return job;
        return NULL;
}

/* One probe per job and turn. */
static void start_probes(Manager *manager) {
        Job *job;

        while (crew_has_room(manager->crew, NULL) && (job = next_to_probe(manager))) {
                if (job_start_next(job) == -EAGAIN)
                        return;
                /* Starting may have ended it. */
                if (!job->queued.running)
                        continue;
                TAILQ_REMOVE(&manager->running, job, stage);
                TAILQ_INSERT_TAIL(&manager->running, job, stage);
        }
}

/* Nothing is kept waiting for a worker that does not start. */
static void give_up(Manager *manager) {
        Job *job;
        TAILQ_FOREACH(job, &manager->jobs, entry)
                job_give_up(job);
}

/* What `systemctl status` shows. */
static void notify_status(const Manager *manager, const char *more, unsigned running) {
        size_t n = accounts_n(manager->accounts), n_broken = manager_n_broken(manager);

        if (n > 0)
                sd_notifyf(false, "%sSTATUS=%zu of %zu accounts broken, %u checks running", more, n_broken, n, running);
        else
                sd_notifyf(false, "%sSTATUS=%u checks running", more, running);
}

static void tell_status(Manager *manager) {
        unsigned running = queue_n_running(manager->queue);

        if (manager->bus && running != manager->told_running)
                notify_status(manager, "", running);
        manager->told_running = running;
}

static int on_pump(sd_event_source *source, void *userdata) {
        Manager *manager = userdata;
        QueueItem *item;

        if (manager->some_ended) {
                manager->some_ended = false;
                forget_jobs(manager);
                trim_jobs(manager);
        }
        while ((item = queue_next(manager->queue))) {
                Job *job = job_of_item(item);
                log_line(LOG_DEBUG, "job %" PRIu64 " of user %u begins, %zu accounts", job->id, job->uid, job->n_diagnoses);
                TAILQ_INSERT_TAIL(&manager->running, job, stage);
                job_start(job);
        }
        if (crew_state(manager->crew) == LINK_BROKEN)
                give_up(manager);
        start_probes(manager);
        tell_status(manager);
        return 0;
}

static int on_forget(sd_event_source *source, uint64_t usec, void *userdata) {
        Manager *manager = userdata;

        manager->some_ended = true;
        pump_soon(manager);
        return 0;
}

/* ---- new jobs ---- */

int manager_start_check(Manager *manager, uid_t uid, JobRequest *request, Job **ret, char **ret_error) {
        Job *job;

        Registry *registry = crew_registry(manager->crew);
        if (!registry)
                return asprintf(ret_error, "there is no worker: %s", manager->trouble ? manager->trouble : "?") < 0 ?
                        -ENOMEM : -EHOSTDOWN;
        int r = job_new(&manager->context, manager->last_job_id + 1, uid, registry, request, &job, ret_error);
        if (r < 0)
                return r;
        r = queue_add(manager->queue, uid, &job->queued);
        if (r < 0) {
                job_free(job);
                return r;
        }
        manager->last_job_id++;
        TAILQ_INSERT_TAIL(&manager->jobs, job, entry);
        pump_soon(manager);
        *ret = job;
        return 0;
}

const Registry *manager_registry(const Manager *manager) {
        return crew_registry(manager->crew);
}

Job *manager_job(const Manager *manager, uint64_t id) {
        Job *job;
        TAILQ_FOREACH(job, &manager->jobs, entry)
                if (job->id == id)
                        return job;
        return NULL;
}

bool manager_is_checking(const Manager *manager) {
        return queue_n_running(manager->queue) > 0;
}

/* ---- the worker ---- */

/* The bus is opened when there is something to say on it; until then callers wait. */
static void open_bus(Manager *manager) {
        if (manager->bus)
                return;
        int r = bus_new(manager, TAKE_FD(manager->bus_fd), &manager->bus);
        if (r < 0) {
                log_line(LOG_ERR, "cannot answer on the %s bus: %s", instance_to_string(manager->instance),
                         r == -EEXIST ? "another maildiagd does" : strerror(-r));
                sd_event_exit(manager->event, EX_UNAVAILABLE);
                return;
        }
        notify_status(manager, "READY=1\n", 0);
        /* So that lists are complete, and its objects there, before anybody asks. */
        if (manager->instance != INSTANCE_PRIVATE)
                crew_wake_discovery(manager->crew);
}

/* Which are refused, and why; NULL: out of memory. */
static char *refused_text(const Registry *registry) {
        char *text = NULL;
        size_t size;
        FILE *file = open_memstream(&text, &size);

        for (size_t i = 0; file && i < registry_n_plugins(registry); i++) {
                const PluginInfo *plugin = registry_plugin_at(registry, i);
                if (!plugin->loaded)
                        fprintf(file, "%s: %s\n", plugin->file, plugin->error);
        }
        if (file && fclose(file) == 0)
                return text;
        free(text);
        return NULL;
}

static void tell_refused(const PluginInfo *plugin) {
        const LogField fields[] = { { "MAILDIAG_PLUGIN", plugin->file }, { "MAILDIAG_REASON", plugin->error }, { 0 } };

        if (!plugin->loaded)
                log_event(LOG_EVENT_PLUGIN_REFUSED, fields, "plugin %s is refused: it %s", plugin->file, plugin->error);
}

/* A worker that announces the same as the one before is no news. */
static void tell_plugins(Manager *manager, const Registry *registry) {
        _cleanup_free_ char *refused = refused_text(registry);
        size_t n_loaded = 0, n = registry_n_plugins(registry);

        for (size_t i = 0; i < n; i++)
                n_loaded += registry_plugin_at(registry, i)->loaded;
        bool same = refused && manager->told_refused && !strcmp(refused, manager->told_refused);
        log_line(same && n == manager->told_plugins ? LOG_DEBUG : LOG_INFO, "a worker is ready: %zu plugins loaded, %zu refused",
                 n_loaded, n - n_loaded);
        for (size_t i = 0; !same && i < n; i++)
                tell_refused(registry_plugin_at(registry, i));
        free(manager->told_refused);
        manager->told_refused = TAKE_PTR(refused);
        manager->told_plugins = n;
}

/* Whoever asks first finds the accounts of mail clients there, too. */
static void open_bus_when_read(void *userdata) {
        Manager *manager = userdata;
        if (!manager->sources || sources_are_settled(manager->sources))
                open_bus(manager);
}

static void on_workers_ready(void *userdata) {
        Manager *manager = userdata;
        const Registry *registry = manager_registry(manager);
        Job *job;

        free(TAKE_PTR(manager->trouble));
        tell_plugins(manager, registry);
        if (manager->sources)
                sources_go_on(manager->sources);
        open_bus_when_read(manager);
        bus_go_on(manager);
        TAILQ_FOREACH(job, &manager->jobs, entry)
                job_plugins_changed(job, crew_registry(manager->crew));
        monitor_begin(manager->monitor);
        pump_soon(manager);
}

static void on_worker_lost(void *userdata, const char *why) {
        Manager *manager = userdata;

        if (crew_state(manager->crew) == LINK_BROKEN) {
                free(manager->trouble);
                manager->trouble = strdup(why);
                open_bus(manager);
        }
        pump_soon(manager);
}

static void on_room(void *userdata) {
        const Manager *manager = userdata;

        if (manager->sources)
                sources_go_on(manager->sources);
        bus_go_on(userdata);
        pump_soon(userdata);
}

/* A word that is none says nothing. */
static void on_network(void *userdata, const char *word, bool changed) {
        Manager *manager = userdata;
        int state = network_state_from_word(word);

        if (state >= 0)
                monitor_links(manager->monitor, state, changed);
}

/* ---- life ---- */

static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        _cleanup_free_ char *text = NULL;
        manager_reload(userdata, &text);        /* what is broken was logged */
        return 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        Manager *manager = userdata;
        return sd_event_exit(manager->event, EXIT_SUCCESS);
}

static int add_sources(Manager *manager) {
        sigset_t blocked;

        sigemptyset(&blocked);
        sigaddset(&blocked, SIGTERM);
        sigaddset(&blocked, SIGINT);
        sigaddset(&blocked, SIGHUP);
        sigaddset(&blocked, SIGCHLD);
        if (sigprocmask(SIG_BLOCK, &blocked, NULL) < 0)
                return -errno;
        signal(SIGPIPE, SIG_IGN);

        int r = sd_event_add_signal(manager->event, NULL, SIGTERM, on_signal, manager);
        if (r >= 0)
                r = sd_event_add_signal(manager->event, NULL, SIGINT, on_signal, manager);
        if (r >= 0)
                r = sd_event_add_signal(manager->event, NULL, SIGHUP, on_hangup, manager);
        if (r >= 0)
                r = sd_event_add_defer(manager->event, &manager->pump, on_pump, manager);
        if (r >= 0)
                r = sd_event_add_time(manager->event, &manager->forget, CLOCK_BOOTTIME, 0, 1000000, on_forget, manager);
        if (r >= 0)
                r = sd_event_source_set_enabled(manager->forget, SD_EVENT_OFF);
        return r;
}

static int set_up(Manager *manager, const ManagerConfig *config) {
        const CrewHooks hooks = { on_workers_ready, on_worker_lost, on_room, on_network, manager };

        int r = sd_event_default(&manager->event);
        if (r >= 0)
                r = add_sources(manager);
        if (r >= 0)
                r = sd_event_set_watchdog(manager->event, true);
        if (r >= 0)
                r = (manager->bouncer = bouncer_new(manager->instance)) ? 0 : -ENOMEM;
        if (r >= 0)
                r = (manager->visits = visits_new()) ? 0 : -ENOMEM;
        if (r >= 0)
                r = (manager->queue = queue_new(limits_of(config->instance))) ? 0 : -ENOMEM;
        if (r >= 0)
                r = (manager->logins = logins_new(config->instance, config->state_dir)) ? 0 : -ENOMEM;
        if (r >= 0)
                r = (manager->remember = remember_new(config->instance, config->state_dir)) ? 0 : -ENOMEM;
        if (r >= 0)
                r = manager_set_up_accounts(manager, config);
        if (r >= 0)
                r = crew_new(manager->event, &config->worker, config->time_scale, &hooks, &manager->crew);
        if (r >= 0)
                r = manager_set_up_sources(manager, config->time_scale, open_bus_when_read);
        manager->context = (JobContext) {
                .tools = {
                        .event = manager->event,
                        .crew = manager->crew,
                        .control = manager_control(manager),
                        .proxy = manager_proxy(manager),
                        .ispdb = manager_ispdb(manager),
                        .access = bouncer_access(manager->bouncer),
                        .logins = manager->logins,
                        .remember = manager->remember,
                        .time_scale = config->time_scale,
                        .data_dir = config->data_dir ? config->data_dir : MAILDIAG_PROVIDERDIR,
                        .offline = config->offline,
                },
                .ended = on_job_ended,
                .more = on_job_more,
                .userdata = manager,
        };
        return r;
}

int manager_new(const ManagerConfig *config, Manager **ret) {
        Manager *manager = calloc(1, sizeof(*manager));
        if (!manager)
                return -ENOMEM;
        manager->instance = config->instance;
        manager->bus_fd = config->bus_fd;
        TAILQ_INIT(&manager->jobs);
        TAILQ_INIT(&manager->running);
        TAILQ_INIT(&manager->ended);
        int r = set_up(manager, config);
        if (r < 0) {
                manager_free(manager);
                return r;
        }
        *ret = manager;
        return 0;
}

Manager *manager_free(Manager *manager) {
        Job *job;

        if (!manager)
                return NULL;
        TAILQ_FOREACH(job, &manager->jobs, entry)
                job_cancel(job);
        while ((job = TAILQ_FIRST(&manager->jobs)))
                drop_job(manager, job);
        sources_free(manager->sources);
        bus_free(manager->bus);
        close_fd(manager->bus_fd);
        crew_free(manager->crew);
        queue_free(manager->queue);
        visits_free(manager->visits);
        logins_free(manager->logins);
        remember_free(manager->remember);
        monitor_free(manager->monitor);
        accounts_free(manager->accounts);
        credentials_free(manager->credentials);
        conf_done(&manager->conf);
        conf_fault_done(&manager->conf_fault);
        free(manager->config_dir);
        bouncer_free(manager->bouncer);
        free(manager->trouble);
        free(manager->told_refused);
        sd_event_source_disable_unref(manager->pump);
        sd_event_source_disable_unref(manager->forget);
        sd_event_unref(manager->event);
        free(manager);
        return NULL;
}

int manager_run(Manager *manager) {
        int status = sd_event_loop(manager->event);

        sd_notify(false, "STOPPING=1");
        if (status < 0)
                log_line(LOG_ERR, "the event loop failed: %s", strerror(-status));
        return status < 0 ? EXIT_FAILURE : status;
}
