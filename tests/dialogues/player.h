/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Plays the server's part of a script, in a process of its own. */

#include "channel.h"
#include "expand.h"
#include "script.h"

#define PLAY_CONNECTIONS_MAX 6u

typedef struct Play {
        const Script *script;
        MdSecurity security;            /* of this run */
        ScriptMode mode;
        unsigned cut;                   /* MODE_CUT: after this line of the server */
        gnutls_certificate_credentials_t credentials;
        Words words;                    /* what insertions stand for; each connection has its copy */
} Play;

/* What the process leaves in shared memory. */
typedef struct PlayReport {
        unsigned n_connections;
        Account accounts[PLAY_CONNECTIONS_MAX];
} PlayReport;

/* Serves connections to `listener` until `stop` (a pipe) is closed and all of them have ended. */
void player_run(const Play *play, int listener, int stop, PlayReport *report);
