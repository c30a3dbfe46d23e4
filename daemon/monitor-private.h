/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the monitor share: monitor.c (the clock, the network, what checks found), monitor-round.c (its jobs). */

#include "clock.h"
#include "monitor-state.h"
#include "monitor.h"
#include "schedule.h"

#define MONITOR_JOBS_MAX 2u             /* at a time; the end of one sets the timer again */

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)

struct Monitor {
        Manager *manager;
        MonitorState *state;
        SchedulePolicy policy;
        int64_t time_scale;
        Network network;
        bool begun;
        sd_event_source *timer;
        unsigned n_jobs;                /* that run */
        bool some_checked;              /* since the last round ended */
        int64_t woken;                  /* CLOCK_BOOTTIME: the last time that the network changed */
        bool wake_waits;                /* it changed again, too soon after that */
        int64_t asleep;                 /* how long the computer has slept since its start, at the last look */
};

static inline int64_t now_usec(void) {
        return (int64_t) clock_boottime_usec();
}

static inline int64_t scaled(const Monitor *monitor, int64_t usec) {
        return usec / monitor->time_scale;
}

/* What the schedule has to know of an account. */
ScheduleFacts monitor_facts(const Account *account);
/* Whether all of its servers are this computer, so that no network is needed. */
bool monitor_is_local(const Account *account);

/* CLOCK_BOOTTIME: when the next account is due that can be checked now; SCHEDULE_NEVER. */
int64_t monitor_next_due(const Monitor *monitor);
/* Starts as many jobs as there may be for what is due. */
void monitor_start_jobs(Monitor *monitor);
/* Sets the timer for what is due next. */
void monitor_set_timer(Monitor *monitor);
