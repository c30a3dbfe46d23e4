/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules of the schedule. */

#include "schedule.h"

#define DAY INT64_C(86400000000)

/* From 0 to just below `range`, the same for the same account and turn. */
static int64_t chance(const SchedulePolicy *policy, const ScheduleFacts *facts, int64_t range) {
        /* SplitMix64 (Steele, Lea and Flood, 2014). */
        uint64_t z = policy->seed ^ facts->number ^ (facts->turn + 1) * UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        z ^= z >> 31;
        return range > 0 ? (int64_t) (z % (uint64_t) range) : 0;
}

/* What stays broken is asked less and less often. */
static int64_t interval_of(const SchedulePolicy *policy, const ScheduleFacts *facts) {
        int64_t interval = policy->interval;

        for (unsigned n = 1; n < facts->n_failed && interval < policy->back_off_max; n++)
                interval *= 2;
        if (interval > policy->back_off_max && facts->n_failed > 1)
                interval = policy->back_off_max > policy->interval ? policy->back_off_max : policy->interval;
        return interval;
}

/* A tenth more or less. */
static int64_t about(const SchedulePolicy *policy, const ScheduleFacts *facts, int64_t interval) {
        return interval - interval / 10 + chance(policy, facts, interval / 5);
}

int64_t schedule_due(const SchedulePolicy *policy, const ScheduleFacts *facts, int64_t now, bool starting) {
        int64_t due;

        if (policy->interval == 0)
                return SCHEDULE_NEVER;
        if (facts->checked == SCHEDULE_NOT_YET)
                return now + (starting ? chance(policy, facts, policy->spread) : 0);
        if (facts->suspect)
                due = facts->checked + about(policy, facts, facts->suspect_login ? policy->confirm_login : policy->confirm);
        else
                due = facts->checked + about(policy, facts, interval_of(policy, facts));
        if (due < now)
                due = now + (starting ? chance(policy, facts, policy->spread) : 0);
        return due;
}

/* A secret that was refused is not tried again before a day has passed, but for the one time that confirms it. */
bool schedule_has_login(const SchedulePolicy *policy, const ScheduleFacts *facts, int64_t now) {
        int64_t interval = facts->refused && policy->login_interval < DAY ? DAY : policy->login_interval;

        if (!facts->has_secret || policy->login_interval == 0)
                return false;
        if (facts->suspect)
                return facts->suspect_login;
        return facts->login == SCHEDULE_NOT_YET || now - facts->login >= interval;
}

int64_t schedule_wake(const SchedulePolicy *policy, const ScheduleFacts *facts, int64_t now) {
        if (policy->interval == 0)
                return SCHEDULE_NEVER;
        return now + policy->wake_min + chance(policy, facts, policy->wake_max - policy->wake_min);
}
