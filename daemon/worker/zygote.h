/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The worker's loop: one process, one thread, that forks a probe for each request and tells how it ended.
 *
 * It holds no secret: descriptors of a request pass through to the probe and are closed.  It makes no TLS
 * session.
 */

#include "links.h"
#include "plugins.h"
#include "run.h"
#include "sandbox.h"
#include "watchdog.h"

#define ZYGOTE_CRASHES_MAX 3u           /* of one plugin, until it is no longer run */

typedef struct ZygoteOptions {
        int socket;                     /* to the daemon */
        Plugins *plugins;
        const Sandbox *sandbox;
        MdTrust *trust;
        Watchdog *watchdog;
        Links *links;                   /* NULL: the network is another worker's to watch */
        uint32_t time_scale;            /* for every probe, instead of what its request says; 0: as it says */
} ZygoteOptions;

/* Serves until end of file, then ends the probes that still run.  Returns 0 or -errno. */
int zygote_run(const ZygoteOptions *options);
