/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * When an account is checked next, and whether with a login.  Pure: no clock, no I/O, and chance comes from a seed, so that
 * many computers with the same accounts do not ask one server at the same time, and yet each does as it did before.
 *
 * Times are microseconds of CLOCK_BOOTTIME, and may lie before the start of the computer.
 */

#include <stdbool.h>
#include <stdint.h>

#define SCHEDULE_NEVER INT64_MAX
#define SCHEDULE_NOT_YET INT64_MIN      /* it has not happened */

typedef struct SchedulePolicy {
        int64_t interval;               /* between two checks; 0: there are none */
        int64_t login_interval;         /* between two checks with login; 0: none has one */
        int64_t confirm;                /* until a change to broken is looked at again */
        int64_t confirm_login;          /* the same, where it means another login with the same secret */
        int64_t back_off_max;           /* the longest time between two checks of what stays broken */
        int64_t spread;                 /* in which the first checks after a start begin */
        int64_t wake_min, wake_max;     /* from a change of the network, or a resume, to the check */
        uint64_t seed;
} SchedulePolicy;

/* What is known of one account. */
typedef struct ScheduleFacts {
        uint64_t number;                /* another one for each account */
        uint64_t turn;                  /* another one for each check */
        int64_t checked;                /* the last check */
        int64_t login;                  /* the last one that tried a login */
        bool has_secret;
        bool suspect;                   /* the last check found it broken, and it was not before */
        bool suspect_login;             /* by its login */
        bool refused;                   /* the last login was refused */
        unsigned n_failed;              /* checks in a row that found it broken, the one that confirmed it included */
} ScheduleFacts;

/* When the next check is due; SCHEDULE_NEVER.  One that is overdue when the daemon starts is spread from now on. */
int64_t schedule_due(const SchedulePolicy *policy, const ScheduleFacts *facts, int64_t now, bool starting);
/* Whether a check at this time is one with login. */
bool schedule_has_login(const SchedulePolicy *policy, const ScheduleFacts *facts, int64_t now);
/* When a check is due because the network became another. */
int64_t schedule_wake(const SchedulePolicy *policy, const ScheduleFacts *facts, int64_t now);
