/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The budget, its file, and the word of a probe about its login. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "logins.h"
#include "own.h"
#include "state-file.h"

struct Logins {
        StateFile *file;
        Budget *budget;
        uint64_t n_settled;
};

Logins *logins_new(Instance instance, const char *directory) {
        Logins *logins = calloc(1, sizeof(*logins));
        KeyedHash key;

        if (!logins || getrandom(&key, sizeof(key), 0) != sizeof(key))
                return logins_free(logins);
        logins->budget = budget_new(&key);
        logins->file = state_file_new(instance, directory, "logins", "logins are counted only while it runs");
        return logins->budget && logins->file ? logins : logins_free(logins);
}

Logins *logins_free(Logins *logins) {
        if (!logins)
                return NULL;
        budget_free(logins->budget);
        state_file_free(logins->file);
        free(logins);
        return NULL;
}

uint64_t logins_n_settled(const Logins *logins) {
        return logins->n_settled;
}

static BudgetClock clock_now(void) {
        BudgetClock now = { .boottime = (int64_t) clock_boottime_usec(), .realtime = (int64_t) clock_realtime_usec() };
        if (sd_id128_get_boot(&now.boot) < 0)
                now.boot = SD_ID128_NULL;
        return now;
}

/* Begins a change: what another daemon has written since is taken over. */
static void begin(Logins *logins, const BudgetClock *now) {
        _cleanup_free_ char *text = state_file_begin(logins->file);
        Budget *budget = NULL;

        int r = text ? budget_from_text(text, now, &budget) : 0;
        if (r < 0)
                state_file_refuse(logins->file, r);
        if (!budget)
                return;
        budget_free(logins->budget);
        logins->budget = budget;
}

static void commit(Logins *logins, const BudgetClock *now) {
        _cleanup_free_ char *text = budget_to_text(logins->budget, now);
        state_file_end(logins->file, text);
}

/* ---- questions ---- */

BudgetAnswer logins_ask(Logins *logins, const MdTarget *target, bool always, BudgetTicket *ret_ticket,
                        Denial *ret_denial) {
        BudgetClock now = clock_now();

        begin(logins, &now);
        KeyedHash account = budget_account(logins->budget, target->username, target->host);
        BudgetAnswer answer = budget_ask(logins->budget, &account, &now, always, ret_ticket, ret_denial);
        if (answer == BUDGET_YES)
                commit(logins, &now);
        else
                state_file_end(logins->file, NULL);
        return answer;
}

/* ---- outcomes ---- */

/* A probe that did not come to its end may have sent the secret once its login began. */
static bool login_may_have_begun(const ProbeLog *log) {
        for (const MdRecord *step = NULL; (step = probe_log_next(log, step, "step"));)
                if (!strcmp(md_record_text(step, "stage"), "auth"))
                        return true;
        return false;
}

static BudgetOutcome outcome_of(const ProbeLog *log) {
        const char *login = probe_log_login(log);

        if (!strcmp(login, "ok"))
                return BUDGET_OK;
        if (!strcmp(login, "refused"))
                return BUDGET_REFUSED;
        return log->end != PROBE_ENDED && login_may_have_begun(log) ? BUDGET_REFUSED : BUDGET_NOT_TRIED;
}

/* The server wants no login for a while.  Returns the time, and 0 when it does not. */
static int64_t pause_of(const ProbeLog *log) {
        static const char *const codes[] = { "auth.rate-limited", "server.auth-temporarily-down" };

        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));)
                for (size_t i = 0; i < ELEMENTS(codes); i++) {
                        const char *evidence = md_record_text(record, "evidence");
                        if (strcmp(md_record_text(record, "code"), codes[i]))
                                continue;
                        int64_t stated = evidence ? budget_stated_pause(evidence) : 0;
                        return stated > 0 ? stated : BUDGET_PAUSE_USEC;
                }
        return 0;
}

void logins_settle(Logins *logins, BudgetTicket *ticket, const ProbeLog *log) {
        BudgetClock now = clock_now();
        int64_t pause = pause_of(log);
        KeyedHash account = ticket->account;

        if (ticket->at == 0)
                return;
        begin(logins, &now);
        budget_settle(logins->budget, ticket, &now, outcome_of(log));
        if (pause > 0)
                budget_pause(logins->budget, &account, &now, pause);
        commit(logins, &now);
        logins->n_settled++;
}
