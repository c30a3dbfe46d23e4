/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The budget of logins: of each account so many in a day, and so few that are refused in half an hour, that no provider
 * locks it.  Pure: no I/O, and what time it is comes with every question.
 *
 * A login counts as refused from the moment it is allowed; what became of it is told later, and a success takes that
 * back.  So neither many at once nor a crash in the middle can spend more than there is.
 *
 * Time is that of CLOCK_BOOTTIME: setting the clock of the wall changes nothing.  Only across a start of the computer that
 * clock is all there is, and then it is believed forward, and never backward.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-id128.h>

#include "denial.h"
#include "keyed-hash.h"

#define BUDGET_MINUTE INT64_C(60000000)         /* microseconds */
#define BUDGET_REFUSED_MAX 3u                   /* logins of an account that may be refused … */
#define BUDGET_REFUSED_USEC (30 * BUDGET_MINUTE)        /* … in this time */
#define BUDGET_DAY_MAX 96u                      /* logins of an account … */
#define BUDGET_DAY_USEC (24 * 60 * BUDGET_MINUTE)       /* … in this time, which begins with the first */
#define BUDGET_PAUSE_USEC (30 * BUDGET_MINUTE)  /* after a server asked to wait, and did not say for how long */
#define BUDGET_UNDECIDED_USEC (2 * BUDGET_MINUTE)       /* a login that takes longer has no outcome any more */
#define BUDGET_ACCOUNTS_MAX 400u
#define BUDGET_TEXT_MAX (64u * 1024u)           /* bytes of all of it, written down */

/* The clocks at one moment. */
typedef struct BudgetClock {
        sd_id128_t boot;                /* which start of the computer */
        int64_t boottime;               /* microseconds of CLOCK_BOOTTIME */
        int64_t realtime;               /* … of CLOCK_REALTIME */
} BudgetClock;

/* A login that was allowed, until its outcome is told. */
typedef struct BudgetTicket {
        KeyedHash account;
        int64_t at;                     /* 0: none */
} BudgetTicket;

typedef enum BudgetAnswer {
        BUDGET_YES,
        BUDGET_WAIT,                    /* other logins of the account have to end first */
        BUDGET_NO,
} BudgetAnswer;

typedef enum BudgetOutcome {
        BUDGET_OK,
        BUDGET_REFUSED,                 /* or nobody knows */
        BUDGET_NOT_TRIED,
} BudgetOutcome;

typedef struct Budget Budget;

/* An empty one whose accounts are hashed with this key.  NULL: out of memory. */
Budget *budget_new(const KeyedHash *key);
Budget *budget_free(Budget *budget);

/* An account is a user name at a host; neither can be read from its hash.  Case does not make another one. */
KeyedHash budget_account(const Budget *budget, const char *username, const char *host);

/* Whether the account may log in now.  With `always` the answer is yes, and it counts.  BUDGET_YES fills ret_ticket,
 * BUDGET_NO ret_denial. */
BudgetAnswer budget_ask(Budget *budget, const KeyedHash *account, const BudgetClock *now, bool always,
                        BudgetTicket *ret_ticket, Denial *ret_denial);
/* What became of it; a ticket is good for once. */
void budget_settle(Budget *budget, BudgetTicket *ticket, const BudgetClock *now, BudgetOutcome outcome);
/* The server asked to wait: no login of the account for so long, BUDGET_DAY_USEC at most; 0: BUDGET_PAUSE_USEC. */
void budget_pause(Budget *budget, const KeyedHash *account, const BudgetClock *now, int64_t usec);

/* The time that a reply asks to wait for ("try again in 15 minutes"); 0: it names none. */
int64_t budget_stated_pause(const char *reply);

/* All of it as text, of BUDGET_TEXT_MAX bytes at most.  NULL: out of memory. */
char *budget_to_text(const Budget *budget, const BudgetClock *now);
/* The reverse, whatever the text.  Returns 0, -EBADMSG when it is damaged, -EPROTONOSUPPORT when a later version wrote
 * it, -ENOMEM. */
int budget_from_text(const char *text, const BudgetClock *now, Budget **ret);
