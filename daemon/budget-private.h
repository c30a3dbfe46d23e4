/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a budget is made of, for its rules and for its text. */

#include <stddef.h>

#include "budget.h"

typedef struct Login {
        int64_t at;                     /* when it was allowed, or refused */
        bool undecided;                 /* its outcome is not known yet */
} Login;

/* Times are microseconds of CLOCK_BOOTTIME of this start of the computer; those of an earlier one may be negative. */
typedef struct Account {
        KeyedHash hash;
        size_t n_refused;
        Login refused[BUDGET_REFUSED_MAX];      /* oldest first */
        int64_t day_began;
        uint32_t n_day;                 /* logins since then */
        int64_t paused_until;
} Account;

struct Budget {
        KeyedHash key;
        size_t n_accounts;
        Account accounts[BUDGET_ACCOUNTS_MAX];
};
