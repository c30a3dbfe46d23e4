/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The budget, its file, and the word of a probe about its login. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "log.h"
#include "logins.h"
#include "own.h"
#include "state.h"

#define FILE_NAME "logins"
#define PATIENCE_MS 500u                /* with another daemon that has the file; it needs it for a few of them */

struct Logins {
        char *place;                    /* NULL: nowhere */
        bool given;                     /* somebody named the place */
        int directory;                  /* -1: not open */
        bool opened;                    /* it was tried */
        bool keeps_out;                 /* the file is that of a later version: it is left alone */
        unsigned patience_ms;           /* none with one that was stopped in the middle */
        bool told;                      /* that nothing can be kept */
        StateMark mark;
        Budget *budget;
        uint64_t n_settled;
};

Logins *logins_new(Instance instance, const char *directory) {
        Logins *logins = calloc(1, sizeof(*logins));
        KeyedHash key;

        if (!logins || getrandom(&key, sizeof(key), 0) != sizeof(key) || !(logins->budget = budget_new(&key))) {
                free(logins);
                return NULL;
        }
        logins->directory = -1;
        logins->patience_ms = PATIENCE_MS;
        logins->place = state_place(instance, directory, &logins->given);
        return logins;
}

Logins *logins_free(Logins *logins) {
        if (!logins)
                return NULL;
        budget_free(logins->budget);
        close_fd(logins->directory);
        free(logins->place);
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

/* ---- the file ---- */

/* Once: whoever named the directory is warned; where it is only the usual place, it may well be missing. */
static void tell(Logins *logins, const char *why) {
        if (!logins->told)
                log_line(logins->given ? LOG_WARNING : LOG_NOTICE, "logins are counted only while it runs: %s%s%s",
                         logins->place ? logins->place : "", logins->place ? ": " : "", why);
        logins->told = true;
}

static void load(Logins *logins, const BudgetClock *now) {
        _cleanup_free_ char *text = NULL;
        Budget *budget = NULL;

        logins->keeps_out = false;
        int r = state_read(logins->directory, FILE_NAME, &text);
        if (r >= 0)
                r = budget_from_text(text, now, &budget);
        if (r >= 0) {
                budget_free(logins->budget);
                logins->budget = budget;
        } else if (r == -EPROTONOSUPPORT) {
                logins->keeps_out = true;
                tell(logins, "the file there was written by a later version");
        } else if (r != -ENOENT && r != -ENOMEM)
                log_line(LOG_WARNING, "%s/" FILE_NAME " cannot be used, counting begins anew: %s", logins->place,
                         r == -EBADMSG ? "it is damaged" : strerror(-r));
}

static void open_place(Logins *logins, const BudgetClock *now) {
        logins->opened = true;
        if (!logins->place) {
                tell(logins, "there is no state directory");
                return;
        }
        logins->directory = state_open(logins->place);
        if (logins->directory < 0)
                tell(logins, logins->directory == -EPERM ? "others may write there" : strerror(-logins->directory));
}

/* Begins a change: what another daemon has written since is taken over. */
static void begin(Logins *logins, const BudgetClock *now) {
        if (!logins->opened)
                open_place(logins, now);
        if (logins->directory < 0)
                return;
        logins->patience_ms = state_lock(logins->directory, logins->patience_ms) < 0 ? 0 : PATIENCE_MS;
        if (state_look(logins->directory, FILE_NAME, &logins->mark))
                load(logins, now);
}

static void save(Logins *logins, const BudgetClock *now) {
        _cleanup_free_ char *text = budget_to_text(logins->budget, now);
        int r = text ? state_write(logins->directory, FILE_NAME, text) : -ENOMEM;
        if (r < 0)
                tell(logins, strerror(-r));
        else
                state_look(logins->directory, FILE_NAME, &logins->mark);
}

static void commit(Logins *logins, const BudgetClock *now) {
        if (logins->directory < 0)
                return;
        if (!logins->keeps_out)
                save(logins, now);
        state_unlock(logins->directory);
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
        else if (logins->directory >= 0)
                state_unlock(logins->directory);
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
