/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One line that is rewritten while a job runs: on a terminal, and nowhere else. */

#include <stdbool.h>
#include <stdint.h>

typedef struct Progress {
        bool shown;                     /* whether there is a terminal */
        bool dirty;                     /* whether the line holds anything */
} Progress;

void progress_init(Progress *progress);
/* A ProgressFunc of call.h; userdata is the Progress. */
void progress_show(void *userdata, uint32_t done, uint32_t total, const char *service, const char *step);
/* Takes the line away. */
void progress_clear(Progress *progress);
