/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the monitor notes down about an account: when its checks are. */

#include <stdbool.h>
#include <stdint.h>

typedef struct AccountWatch {
        uint64_t number;                /* for chance, another one for each account */
        uint64_t turn;                  /* counts its checks */
        int64_t checked, login;         /* CLOCK_BOOTTIME; SCHEDULE_NOT_YET */
        int64_t due;                    /* CLOCK_BOOTTIME; SCHEDULE_NEVER */
        bool checking;                  /* by the monitor, now */
} AccountWatch;
