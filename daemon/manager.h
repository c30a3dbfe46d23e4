/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The manager: everything that the daemon holds, around one event loop.
 *
 * It lets jobs run in turn, hands their probes to the link, keeps the reports of ended ones for a while, and opens the
 * bus once it is known what the plugin directory holds.
 */

#include "accounts.h"
#include "bouncer.h"
#include "conf.h"
#include "credentials.h"
#include "instance.h"
#include "job.h"
#include "sources.h"
#include "visits.h"

#define MANAGER_KEEP_USEC (60u * 1000u * 1000u) /* how long the report of an ended job is kept */
#define MANAGER_KEEP_MAX 64u                    /* ended jobs of one user; then the oldest goes */

typedef struct Bus Bus;

typedef struct ManagerConfig {
        Instance instance;
        int bus_fd;                     /* the socket of a private instance; owned from manager_new() on */
        PeerConfig worker;
        const ControlList *control;     /* hosts for comparison; outlives the manager */
        bool control_fixed;             /* whatever the configuration says */
        const char *proxy, *ispdb;      /* instead of those of the configuration; "none"; NULL: those */
        const char *state_dir;          /* NULL: where the instance has its state */
        const char *config_dir;         /* NULL: where the instance has its configuration */
        uint32_t time_scale;
        const char *data_dir;           /* what the administrator adds to tables of providers; NULL: MAILDIAG_PROVIDERDIR */
        bool offline;                   /* nobody on the network is asked what settings should be */
} ManagerConfig;

typedef struct Manager {
        Instance instance;
        sd_event *event;
        Bouncer *bouncer;
        Bus *bus;                       /* NULL: not yet */
        int bus_fd;
        Crew *crew;
        char *trouble;                  /* why there is no worker now; NULL: there is, or one is being started */
        char *config_dir;               /* NULL: none */
        Conf conf;
        ConfFault conf_fault;           /* why it is not what its files say; no path: it is */
        const ControlList *control;     /* where the configuration names none */
        bool control_fixed;
        const char *proxy, *ispdb;      /* instead of those of the configuration; NULL: those */
        Credentials *credentials;
        Accounts *accounts;
        struct Monitor *monitor;
        Sources *sources;               /* mail clients of the user; NULL: not those of anybody */
        Logins *logins;
        Remember *remember;
        Visits *visits;                 /* of users of the system */
        Queue *queue;
        uint64_t last_job_id;
        TAILQ_HEAD(Jobs, Job) jobs;     /* all, in the order in which they came */
        TAILQ_HEAD(Running, Job) running;       /* those whose probes take turns, in that order */
        TAILQ_HEAD(Ended, Job) ended;   /* in the order in which they did */
        JobContext context;
        sd_event_source *pump, *forget;
        bool some_ended;                /* jobs that may have to go */
        unsigned told_running;          /* what the service manager was told */
        size_t told_plugins;            /* what the log was told of: how many, */
        char *told_refused;             /* and which of them are refused; NULL: nothing yet */
} Manager;

int manager_new(const ManagerConfig *config, Manager **ret);
Manager *manager_free(Manager *manager);
/* Runs until a signal, the end of the bus, or a failure.  Returns the exit status. */
int manager_run(Manager *manager);

/*
 * Queues a job of `uid`; takes over the settings of the request.  The object of one whose caller waits for the answer goes
 * when it was told.  Returns 0; -EINVAL or -ENOENT or -EHOSTDOWN with one line in ret_error; -EDQUOT or -EUSERS when
 * there are too many; another -errno.
 */
int manager_start_check(Manager *manager, uid_t uid, JobRequest *request, Job **ret, char **ret_error);

/* What the workers have announced; NULL: nothing yet. */
const Registry *manager_registry(const Manager *manager);

Job *manager_job(const Manager *manager, uint64_t id);
/* Whether any job runs. */
bool manager_is_checking(const Manager *manager);

/* ---- the accounts that it knows (manager-accounts.c) ---- */

/* Reads them for the first time.  Returns 0, -ENOMEM. */
int manager_set_up_accounts(Manager *manager, const ManagerConfig *config);
/* The mail clients of the user, where the instance is one's; `settled` as SourcesHooks.  Returns 0, -errno. */
int manager_set_up_sources(Manager *manager, uint32_t time_scale, void (*settled)(void *userdata));
/* Something in a file is broken. */
void manager_log_fault(const char *path, unsigned line, const char *text);
/* The hosts for comparison that count now. */
const ControlList *manager_control(const Manager *manager);
/* Through which proxy published settings are fetched, and which database of them is asked; NULL: none. */
const char *manager_proxy(const Manager *manager);
const char *manager_ispdb(const Manager *manager);
/* Reads configuration and accounts again.  Returns 0; -EINVAL with one line in ret_text when something in them is broken,
 * which leaves that as it was; -ENOMEM. */
int manager_reload(Manager *manager, char **ret_text);
/* A job has ended: what it says about accounts that are known is how they are. */
void manager_take_reports(Manager *manager, const Job *job);
/* Nobody is to be told of an account until then; 0: no longer so. */
void manager_mute(Manager *manager, Account *account, uint64_t until_usec);

/* The worst status, how many are broken, and when one was checked last. */
Verdict manager_verdict(const Manager *manager);
size_t manager_n_broken(const Manager *manager);
uint64_t manager_last_check_usec(const Manager *manager);
