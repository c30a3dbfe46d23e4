/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The child that a probe is: it narrows itself, runs the plugin's dialogue, and ends. */

#include <sys/types.h>

#include "run.h"
#include "sandbox.h"

/* Exit statuses.  Everything else that a probe has to say it says in records. */
enum {
        PROBE_EXIT_RAN = 0,
        PROBE_EXIT_FAILED = 1,          /* the dialogue could not be run: no memory, nobody listens */
        PROBE_EXIT_NO_SANDBOX = 2,      /* the process could not be narrowed, so nothing was run */
};

/* A probe that has not ended so much later than its time limit is ended by a signal of its own, then by the
 * worker. */
#define PROBE_ALARM_MS 500u
#define PROBE_KILL_MS 1000u

typedef struct ProbeOrder {
        pid_t parent;                   /* of the worker */
        const Sandbox *sandbox;
        const MdPlugin *plugin;
        const MdTarget *target;
        int fds[_MD_TARGET_FD_MAX];
        MdTrust *trust;
} ProbeOrder;

/* Runs in the child, and ends it. */
_Noreturn void probe_run(const ProbeOrder *order);
