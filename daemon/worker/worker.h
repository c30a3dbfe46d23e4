/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The worker from start to end: narrow itself, load, announce, serve. */

#include <stdbool.h>
#include <stdint.h>

#include "watchdog.h"

typedef struct WorkerOptions {
        int socket;                     /* to the daemon */
        const char *plugin_directory;
        bool discovery;                 /* it runs the plugins that find settings on the network */
        uint32_t time_scale;            /* see ZygoteOptions */
        Watchdog watchdog;
} WorkerOptions;

/* Returns 0 when the daemon is gone, -errno; has said then on standard error what failed. */
int worker_run(WorkerOptions *options);
