/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The manager: everything that the daemon holds, around one event loop.
 *
 * It lets jobs run in turn, hands their probes to the link, keeps the reports of ended ones for a while, and opens the
 * bus once it is known what the plugin directory holds.
 */

#include "bouncer.h"
#include "instance.h"
#include "job.h"

#define MANAGER_KEEP_USEC (60u * 1000u * 1000u) /* how long the report of an ended job is kept */
#define MANAGER_KEEP_MAX 64u                    /* ended jobs of one user; then the oldest goes */

typedef struct Bus Bus;

typedef struct ManagerConfig {
        Instance instance;
        int bus_fd;                     /* the socket of a private instance; owned from manager_new() on */
        LinkConfig link;
        const ControlList *control;     /* hosts for comparison; outlives the manager */
        const char *state_dir;          /* NULL: where the instance has its state */
        uint32_t time_scale;
} ManagerConfig;

typedef struct Manager {
        Instance instance;
        sd_event *event;
        Bouncer *bouncer;
        Bus *bus;                       /* NULL: not yet */
        int bus_fd;
        Link *link;
        Registry *registry;             /* of the last worker that was ready; NULL: there was none */
        char *trouble;                  /* why there is no worker now; NULL: there is, or one is being started */
        Logins *logins;
        Queue *queue;
        uint64_t last_job_id;
        TAILQ_HEAD(Jobs, Job) jobs;
        JobContext context;
        sd_event_source *pump, *forget;
        bool some_ended;                /* jobs that may have to go */
        unsigned told_running;          /* what the service manager was told */
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

Job *manager_job(const Manager *manager, uint64_t id);
/* Whether any job runs. */
bool manager_is_checking(const Manager *manager);
