/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Why a probe goes without the login that the settings ask for, and until when. */

#include <stdint.h>

typedef enum DenialReason {
        DENIAL_NONE,
        DENIAL_REFUSED,                 /* as many logins of the account were refused lately as one may have */
        DENIAL_DAY,                     /* it had as many logins as one may have in a day */
        DENIAL_SERVER,                  /* the server asked to wait */
        DENIAL_PROVIDER,                /* the provider takes no password from an app */
} DenialReason;

typedef struct Denial {
        DenialReason reason;
        uint32_t wait_minutes;          /* from when it was denied, rounded up */
        uint64_t again_usec;            /* CLOCK_REALTIME */
} Denial;

static inline const char *denial_reason_to_string(DenialReason reason) {
        static const char *const words[] = {
                [DENIAL_NONE] = "none",
                [DENIAL_REFUSED] = "refused",
                [DENIAL_DAY] = "day",
                [DENIAL_SERVER] = "server",
                [DENIAL_PROVIDER] = "provider",
        };
        return words[reason];
}
