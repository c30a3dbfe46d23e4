/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Runs one probe from start to end: resolve, lock the process, read the secret, the plugin's steps, goodbye.
 *
 * Everything it has to say leaves through the sink.  The worker calls it in a fresh process; tests call it in
 * theirs, without a lock.
 */

#include "record.h"
#include "target.h"
#include "tls.h"

typedef struct MdRunHooks {
        /* Takes one record; -errno ends the probe (the daemon is gone). */
        int (*emit)(void *userdata, const MdRecord *record);
        /* Lets go of records that emit() kept: called before time passes, when a step begins, and at the end.  NULL: it
         * keeps none. */
        int (*flush)(void *userdata);
        /* Called once the names are resolved and the trust is read, before the secret is read and a
         * connection made; locks the process.  NULL: no lock. */
        int (*lock)(void *userdata, const MdTarget *target);
        void *userdata;
} MdRunHooks;

/* Returns 0 when the probe said what it could, whatever that was; -errno when it could not be run.  Closes
 * fds. */
int md_run(const MdPlugin *plugin, const MdTarget *target, const int fds[static _MD_TARGET_FD_MAX],
           MdTrust *trust, const MdRunHooks *hooks);
