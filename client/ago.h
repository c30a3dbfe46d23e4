/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How long ago something was, and how long it still takes, for a person. */

#include <stdint.h>

/* A text in a buffer of its own. */
typedef struct Ago {
        char text[64];
} Ago;

/* "3 min ago"; "never" for 0; "in 3 min" for what is to come.  Both times are CLOCK_REALTIME in microseconds. */
Ago ago_format(uint64_t usec, uint64_t now_usec);
uint64_t ago_now(void);
