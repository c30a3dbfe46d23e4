/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Runs many cases, several at a time, each in a process of its own; most of their time is spent waiting. */

#include <stdbool.h>
#include <sys/types.h>

#include "case.h"

#define POOL_WORKERS_MAX 64u

typedef struct Worker {
        pid_t pid;              /* 0: free */
        int output;             /* a memory file with what the case has to say */
        Case run;
} Worker;

typedef struct Pool {
        Worker workers[POOL_WORKERS_MAX];
        unsigned n_workers, n_busy;
        unsigned n_runs, n_failed;
        bool verbose;           /* prints the good ones, too */
} Pool;

/* Starts a case, after waiting for a free worker. */
void pool_submit(Pool *pool, const Case *run);
/* Waits for all. */
void pool_finish(Pool *pool);
