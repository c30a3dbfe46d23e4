/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The schedule, with a clock that the tests set. */

#include <check.h>
#include <stdlib.h>

#include "harness.h"
#include "own.h"
#include "schedule.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define NOW (1000 * HOUR)
#define NEVER SCHEDULE_NOT_YET

static const SchedulePolicy policy = {
        .interval = 30 * MINUTE,
        .login_interval = 6 * HOUR,
        .confirm = MINUTE,
        .confirm_login = 10 * MINUTE,
        .back_off_max = 4 * HOUR,
        .spread = 5 * MINUTE,
        .wake_min = 5 * SECOND,
        .wake_max = 30 * SECOND,
        .seed = 42,
};

/* From `earliest` to before `latest`, counted from now, whatever the account and turn. */
static const struct {
        const char *name;
        ScheduleFacts facts;
        bool starting;
        int64_t earliest, latest;
} dues[] = {
        { "never checked: at once", { .checked = NEVER }, false, 0, 1 },
        { "never checked, the daemon starts: spread", { .checked = NEVER }, true, 0, 5 * MINUTE },
        { "just checked", { .checked = NOW }, false, 27 * MINUTE, 33 * MINUTE },
        { "checked ten minutes ago", { .checked = NOW - 10 * MINUTE }, true, 17 * MINUTE, 23 * MINUTE },
        { "overdue", { .checked = NOW - 40 * MINUTE }, false, 0, 1 },
        { "overdue, the daemon starts", { .checked = NOW - 40 * MINUTE }, true, 0, 5 * MINUTE },
        { "long before the computer was started", { .checked = -1000 * HOUR }, true, 0, 5 * MINUTE },
        { "perhaps broken", { .checked = NOW, .suspect = true }, false, 54 * SECOND, 66 * SECOND },
        { "perhaps broken by its login", { .checked = NOW, .suspect = true, .suspect_login = true }, false, 9 * MINUTE,
          11 * MINUTE },
        { "broken", { .checked = NOW, .n_failed = 1 }, false, 27 * MINUTE, 33 * MINUTE },
        { "still broken", { .checked = NOW, .n_failed = 2 }, false, 54 * MINUTE, 66 * MINUTE },
        { "for long", { .checked = NOW, .n_failed = 4 }, false, 4 * HOUR - 24 * MINUTE, 4 * HOUR + 24 * MINUTE },
        { "for ever", { .checked = NOW, .n_failed = 4000000000 }, false, 4 * HOUR - 24 * MINUTE,
          4 * HOUR + 24 * MINUTE },
};

START_TEST(due) {
        int64_t earliest = INT64_MAX, latest = INT64_MIN;

        for (uint64_t number = 0; number < 1000; number++) {
                ScheduleFacts facts = dues[_i].facts;
                facts.number = number * UINT64_C(0x123456789abcdef);
                facts.turn = number % 7;
                int64_t when = schedule_due(&policy, &facts, NOW, dues[_i].starting) - NOW;
                ck_assert_msg(when >= dues[_i].earliest && when < dues[_i].latest, "%s: %lld s", dues[_i].name,
                              (long long) (when / SECOND));
                earliest = when < earliest ? when : earliest;
                latest = when > latest ? when : latest;
        }
        /* Where there is room for chance, it is used. */
        int64_t room = dues[_i].latest - dues[_i].earliest;
        ck_assert_msg(latest - earliest >= room * 9 / 10 - 1, "%s", dues[_i].name);
}
END_TEST

/* Every account for itself, and the same at each time. */
START_TEST(chance_is_seeded) {
        const ScheduleFacts facts = { .checked = NOW, .number = 7 }, other = { .checked = NOW, .number = 8 };
        const ScheduleFacts later = { .checked = NOW, .number = 7, .turn = 1 };
        SchedulePolicy elsewhere = policy;

        elsewhere.seed = 43;
        int64_t when = schedule_due(&policy, &facts, NOW, false);
        ck_assert_int_eq(schedule_due(&policy, &facts, NOW, false), when);
        ck_assert_int_ne(schedule_due(&policy, &other, NOW, false), when);
        ck_assert_int_ne(schedule_due(&policy, &later, NOW, false), when);
        ck_assert_int_ne(schedule_due(&elsewhere, &facts, NOW, false), when);
}
END_TEST

static const struct {
        const char *name;
        ScheduleFacts facts;
        bool login;
} logins[] = {
        { "no secret", { .login = NEVER }, false },
        { "never logged in", { .login = NEVER, .has_secret = true }, true },
        { "logged in lately", { .login = NOW - 5 * HOUR, .has_secret = true }, false },
        { "long ago", { .login = NOW - 6 * HOUR, .has_secret = true }, true },
        { "nearly so long ago", { .login = NOW - 6 * HOUR + MINUTE, .has_secret = true }, false },
        { "perhaps broken without it", { .login = NEVER, .has_secret = true, .suspect = true }, false },
        { "perhaps broken by it", { .login = NOW, .has_secret = true, .suspect = true, .suspect_login = true,
                                    .refused = true }, true },
        { "refused", { .login = NOW - 7 * HOUR, .has_secret = true, .refused = true }, false },
        { "refused a day ago", { .login = NOW - 24 * HOUR, .has_secret = true, .refused = true }, true },
};

START_TEST(login) {
        ck_assert_msg(schedule_has_login(&policy, &logins[_i].facts, NOW) == logins[_i].login, "%s", logins[_i].name);
        SchedulePolicy none = policy;
        none.login_interval = 0;
        ck_assert_msg(!schedule_has_login(&none, &logins[_i].facts, NOW), "%s", logins[_i].name);
}
END_TEST

START_TEST(wake) {
        for (uint64_t number = 0; number < 1000; number++) {
                const ScheduleFacts facts = { .number = number * 12345, .checked = NOW - 40 * MINUTE, .n_failed = 9 };
                int64_t when = schedule_wake(&policy, &facts, NOW) - NOW;
                ck_assert_int_ge(when, 5 * SECOND);
                ck_assert_int_lt(when, 30 * SECOND);
        }
}
END_TEST

START_TEST(switched_off) {
        SchedulePolicy off = policy;
        off.interval = 0;
        for (size_t i = 0; i < ELEMENTS(dues); i++) {
                ck_assert_int_eq(schedule_due(&off, &dues[i].facts, NOW, dues[i].starting), SCHEDULE_NEVER);
                ck_assert_int_eq(schedule_wake(&off, &dues[i].facts, NOW), SCHEDULE_NEVER);
        }
}
END_TEST

/* However long the interval is, what is broken is not asked more often than what works. */
START_TEST(back_off_is_no_haste) {
        SchedulePolicy slow = policy;
        slow.interval = 24 * HOUR;
        for (unsigned n = 0; n < 5; n++) {
                const ScheduleFacts facts = { .checked = NOW, .n_failed = n };
                ck_assert_int_ge(schedule_due(&slow, &facts, NOW, false) - NOW, 21 * HOUR);
        }
}
END_TEST

/* A day of an account: how many checks it comes to, and how many of them log in. */
START_TEST(day) {
        ScheduleFacts facts = { .checked = NEVER, .login = NEVER, .has_secret = true, .number = 99 };
        unsigned n_checks = 0, n_logins = 0;
        int64_t now = NOW;

        while ((now = schedule_due(&policy, &facts, now, now == NOW)) < NOW + 24 * HOUR) {
                bool login_now = schedule_has_login(&policy, &facts, now);
                n_checks++;
                n_logins += login_now;
                facts.checked = now;
                facts.turn++;
                if (login_now)
                        facts.login = now;
        }
        ck_assert_uint_ge(n_checks, 45);
        ck_assert_uint_le(n_checks, 52);
        ck_assert_uint_eq(n_logins, 4);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("schedule");
        TCase *tcase = tcase_create("schedule");
        tcase_add_loop_test(tcase, due, 0, ELEMENTS(dues));
        tcase_add_test(tcase, chance_is_seeded);
        tcase_add_loop_test(tcase, login, 0, ELEMENTS(logins));
        tcase_add_test(tcase, wake);
        tcase_add_test(tcase, switched_off);
        tcase_add_test(tcase, back_off_is_no_haste);
        tcase_add_test(tcase, day);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
