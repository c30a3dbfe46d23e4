/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How an account is, as the last checks found it. */

#include <stdint.h>

#include <jansson.h>

#include "report.h"

typedef struct AccountStatus {
        Verdict verdict;                /* "unknown" until it was checked */
        uint64_t since_usec;            /* CLOCK_REALTIME: when it became so; 0: never */
        uint64_t checked_usec;          /* CLOCK_REALTIME: the last check; 0: never */
        uint64_t login_usec;            /* CLOCK_REALTIME: the last one that logged in; 0: never */
        uint64_t muted_usec;            /* CLOCK_REALTIME: nobody is told until then; 0: not muted */
        char *summary;                  /* one sentence; NULL: none */
        json_t *receive, *send;         /* as in a report; NULL: none */
        json_t *findings;               /* as in a report, root cause first; NULL: none */
} AccountStatus;

void account_status_init(AccountStatus *status);
void account_status_done(AccountStatus *status);
