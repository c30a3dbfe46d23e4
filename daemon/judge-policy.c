/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge on logins that were left undone: the budget had no room for them, or there was no secret to log in with. */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "finding.h"
#include "judge-private.h"

static bool login_was_tried(const Report *report, size_t service) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->service == service && strcmp(probe_log_login(report->logs[i]), "not-tried"))
                        return true;
        return false;
}

static const Denial *find_denial(const Report *report, size_t service) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->service == service && report->logs[i]->denial.reason != DENIAL_NONE &&
                    report->logs[i]->denial.reason != DENIAL_PROVIDER)
                        return &report->logs[i]->denial;
        return NULL;
}

/* The probe that answers for a service. */
static size_t find_answer(const Report *report, size_t service) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->service == service && probe_why_is_configured(report->logs[i]->why) &&
                    !report->logs[i]->superseded)
                        return i;
        return SIZE_MAX;
}

static int judge_denial(Report *report, const Registry *registry, size_t service) {
        const Denial *denial = find_denial(report, service);
        size_t probe = find_answer(report, service);
        char again[64] = "?";
        struct tm day;

        if (!denial || probe == SIZE_MAX || login_was_tried(report, service))
                return 0;
        time_t seconds = (time_t) (denial->again_usec / 1000000);
        if (gmtime_r(&seconds, &day))
                strftime(again, sizeof(again), "%Y-%m-%d %H:%M UTC", &day);
        const MdField params[] = {
                MD_TEXT("reason", denial_reason_to_string(denial->reason)),
                MD_NUMBER("minutes", denial->wait_minutes),
                MD_TEXT("again", again),
                { 0 },
        };
        return finding_add(report, probe, registry, "policy.login-budget", NULL, params);
}

static int judge_missing(Report *report, const Registry *registry, size_t service) {
        size_t probe = find_answer(report, service);
        const char *missing = probe == SIZE_MAX ? NULL : report->logs[probe]->secret_missing;

        if (!missing || login_was_tried(report, service))
                return 0;
        const MdField params[] = { MD_TEXT("credential", missing), { 0 } };
        return finding_add(report, probe, registry, "policy.secret-missing", NULL, params);
}

static int judge_logins(Report *report, const Registry *registry, size_t service) {
        int r = judge_denial(report, registry, service);
        return r < 0 ? r : judge_missing(report, registry, service);
}

int judge_budget(Report *report, const Registry *registry) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < report->n_logs; i++)
                if (is_first_of_service(report, i))
                        r = judge_logins(report, registry, report->logs[i]->service);
        return r;
}
