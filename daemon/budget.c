/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules of the budget. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "budget-private.h"

Budget *budget_new(const KeyedHash *key) {
        Budget *budget = calloc(1, sizeof(*budget));
        if (budget)
                budget->key = *key;
        return budget;
}

Budget *budget_free(Budget *budget) {
        free(budget);
        return NULL;
}

/* ---- accounts ---- */

static void hash_name(const KeyedHash *key, const char *name, KeyedHash *ret) {
        char folded[1024];
        size_t length = strlen(name);

        if (length > sizeof(folded))
                length = sizeof(folded);        /* longer than any server takes */
        for (size_t i = 0; i < length; i++)
                folded[i] = name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i];
        *ret = keyed_hash(key, folded, length);
}

KeyedHash budget_account(const Budget *budget, const char *username, const char *host) {
        KeyedHash names[2];

        hash_name(&budget->key, username, &names[0]);
        hash_name(&budget->key, host, &names[1]);
        return keyed_hash(&budget->key, names, sizeof(names));
}

static bool same_hash(const KeyedHash *a, const KeyedHash *b) {
        return !memcmp(a, b, sizeof(*a));
}

static Account *find_account(Budget *budget, const KeyedHash *hash) {
        for (size_t i = 0; i < budget->n_accounts; i++)
                if (same_hash(&budget->accounts[i].hash, hash))
                        return &budget->accounts[i];
        return NULL;
}

static void drop_refused(Account *account, size_t i) {
        account->n_refused--;
        memmove(&account->refused[i], &account->refused[i + 1], (account->n_refused - i) * sizeof(Login));
}

static int64_t min(int64_t a, int64_t b) {
        return a < b ? a : b;
}

/* Forgets what is over.  Nothing lies in the future: a clock that says so is wrong, and nobody is locked out by it.  (The
 * times of logins that were allowed in the same microsecond are kept apart, and so a little ahead.) */
static void refresh(Account *account, int64_t now) {
        for (size_t i = account->n_refused; i > 0; i--) {
                Login *login = &account->refused[i - 1];
                login->at = min(login->at, now + BUDGET_REFUSED_MAX);
                if (now - login->at >= BUDGET_REFUSED_USEC)
                        drop_refused(account, i - 1);
        }
        account->day_began = min(account->day_began, now);
        if (now - account->day_began >= BUDGET_DAY_USEC)
                account->n_day = 0;
        account->paused_until = min(account->paused_until, now + BUDGET_DAY_USEC);
}

static bool is_over(const Account *account, int64_t now) {
        return account->n_refused == 0 && account->n_day == 0 && account->paused_until <= now;
}

/* How much would be lost with an account; of those that weigh the same the oldest goes first. */
static int64_t weight(const Account *account, int64_t now) {
        int64_t last = account->day_began;
        for (size_t i = 0; i < account->n_refused; i++)
                last = account->refused[i].at > last ? account->refused[i].at : last;
        return last + (account->n_refused > 0 || account->paused_until > now ? 2 * BUDGET_DAY_USEC : 0);
}

/* Room for one more: those that are over go, or else the one that is missed least. */
static void make_room(Budget *budget, int64_t now) {
        size_t kept = 0, least = 0;

        for (size_t i = 0; i < budget->n_accounts; i++) {
                refresh(&budget->accounts[i], now);
                if (!is_over(&budget->accounts[i], now))
                        budget->accounts[kept++] = budget->accounts[i];
        }
        budget->n_accounts = kept;
        if (kept < BUDGET_ACCOUNTS_MAX)
                return;
        for (size_t i = 1; i < kept; i++)
                if (weight(&budget->accounts[i], now) < weight(&budget->accounts[least], now))
                        least = i;
        budget->accounts[least] = budget->accounts[--budget->n_accounts];
}

static Account *get_account(Budget *budget, const KeyedHash *hash, int64_t now) {
        Account *account = find_account(budget, hash);

        if (!account) {
                if (budget->n_accounts == BUDGET_ACCOUNTS_MAX)
                        make_room(budget, now);
                account = &budget->accounts[budget->n_accounts++];
                *account = (Account) { .hash = *hash, .day_began = now, .paused_until = now };
        }
        refresh(account, now);
        return account;
}

/* ---- questions ---- */

static bool any_undecided(const Account *account, int64_t now) {
        for (size_t i = 0; i < account->n_refused; i++)
                if (account->refused[i].undecided && now - account->refused[i].at < BUDGET_UNDECIDED_USEC)
                        return true;
        return false;
}

/* The later of all that stands in the way: nobody is told a time at which the answer is no again. */
static DenialReason find_obstacle(const Account *account, int64_t now, int64_t *ret_until) {
        const struct {
                DenialReason reason;
                bool stands;
                int64_t until;
        } obstacles[] = {
                { DENIAL_SERVER, account->paused_until > now, account->paused_until },
                { DENIAL_DAY, account->n_day >= BUDGET_DAY_MAX, account->day_began + BUDGET_DAY_USEC },
                { DENIAL_REFUSED, account->n_refused == BUDGET_REFUSED_MAX,
                  account->refused[0].at + BUDGET_REFUSED_USEC },
        };
        DenialReason reason = DENIAL_NONE;

        for (size_t i = 0; i < sizeof(obstacles) / sizeof(obstacles[0]); i++)
                if (obstacles[i].stands && (reason == DENIAL_NONE || obstacles[i].until > *ret_until)) {
                        reason = obstacles[i].reason;
                        *ret_until = obstacles[i].until;
                }
        return reason;
}

/* Who insists gets one that has no place yet among those that were refused. */
static void allow(Account *account, int64_t now, BudgetTicket *ret_ticket) {
        if (account->n_day == 0)
                account->day_began = now;
        account->n_day++;
        for (size_t i = 0; i < account->n_refused; i++) /* its time tells a login from the others */
                now = account->refused[i].at >= now ? account->refused[i].at + 1 : now;
        if (account->n_refused < BUDGET_REFUSED_MAX)
                account->refused[account->n_refused++] = (Login) { .at = now, .undecided = true };
        *ret_ticket = (BudgetTicket) { account->hash, now };
}

BudgetAnswer budget_ask(Budget *budget, const KeyedHash *hash, const BudgetClock *now, bool always,
                        BudgetTicket *ret_ticket, Denial *ret_denial) {
        Account *account = get_account(budget, hash, now->boottime);
        int64_t until = 0;
        DenialReason reason = find_obstacle(account, now->boottime, &until);

        if (always || reason == DENIAL_NONE) {
                allow(account, now->boottime, ret_ticket);
                return BUDGET_YES;
        }
        *ret_denial = (Denial) {
                .reason = reason,
                .wait_minutes = (uint32_t) ((until - now->boottime + BUDGET_MINUTE - 1) / BUDGET_MINUTE),
                .again_usec = (uint64_t) (now->realtime + until - now->boottime),
        };
        return reason == DENIAL_REFUSED && any_undecided(account, now->boottime) ? BUDGET_WAIT : BUDGET_NO;
}

/* ---- outcomes ---- */

static void drop_undecided(Account *account, int64_t at) {
        for (size_t i = account->n_refused; i > 0; i--)
                if (account->refused[i - 1].at == at && account->refused[i - 1].undecided)
                        drop_refused(account, i - 1);
}

/* The latest ones are kept, in the order of their times. */
static void add_refused(Account *account, int64_t now) {
        if (account->n_refused == BUDGET_REFUSED_MAX)
                drop_refused(account, 0);
        account->refused[account->n_refused++] = (Login) { .at = now };
}

void budget_settle(Budget *budget, BudgetTicket *ticket, const BudgetClock *now, BudgetOutcome outcome) {
        int64_t at = ticket->at;
        if (at == 0)
                return;
        Account *account = get_account(budget, &ticket->account, now->boottime);

        *ticket = (BudgetTicket) { 0 };
        drop_undecided(account, at);
        if (outcome == BUDGET_REFUSED)
                add_refused(account, now->boottime);
        if (outcome == BUDGET_NOT_TRIED && account->n_day > 0)
                account->n_day--;
}

void budget_pause(Budget *budget, const KeyedHash *hash, const BudgetClock *now, int64_t usec) {
        Account *account = get_account(budget, hash, now->boottime);
        int64_t until = now->boottime + min(usec > 0 ? usec : BUDGET_PAUSE_USEC, BUDGET_DAY_USEC);

        if (until > account->paused_until)
                account->paused_until = until;
}
