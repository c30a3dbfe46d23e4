/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The planner: which targets are tried, from the settings and what was seen.  Pure: no I/O, no clock. */

#include <stddef.h>

#include "registry.h"
#include "settings.h"
#include "target.h"

typedef struct PlannedProbe {
        size_t service;                 /* index in the settings */
        MdTarget target;                /* owned */
        int fds[_MD_TARGET_FD_MAX];     /* borrowed from the settings; [MD_TARGET_FD_RECORDS] is -1 */
} PlannedProbe;

typedef struct Plan {
        size_t n_probes;
        PlannedProbe *probes;
} Plan;

void plan_done(Plan *plan);

/*
 * The configured targets.  A service with security "auto" becomes one target per security that the protocol has an
 * endpoint for (TLS first; a given port is tried with the security that belongs to it, or with both when it belongs
 * to none); only the first carries the secret: one login per service and diagnosis.
 *
 * Returns 0, or -ENOENT with one line in ret_error (the caller frees it) when a protocol has no plugin; -ENOMEM.
 */
int plan_configured(const Settings *settings, const Registry *registry, uint32_t time_scale, Plan *ret,
                    char **ret_error);
