/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A server of the preferences as a service: the meaning of its keys, and what Thunderbird takes where there is none.
 * Pure. */

#include <maildiag/source.h>

#include "fault.h"
#include "prefs.h"

#define SERVER_VALUES_MAX 8u

typedef struct Server {
        MdSourceService service;        /* its values are those below */
        MdSourceValue values[SERVER_VALUES_MAX];
} Server;

/* Fills in the service of an incoming server ("server1") or of an outgoing one ("smtp1").  Returns whether it is one that
 * can be checked: of its protocols, with a host; a fault says what is wrong with it, if anything is. */
bool server_incoming(const Prefs *prefs, const char *key, const Pref *named, const FaultSink *faults, Server *ret);
bool server_outgoing(const Prefs *prefs, const char *key, const Pref *named, const FaultSink *faults, Server *ret);

/* A text that is not empty; of another type it is a fault, and none.  NULL: none. */
const Pref *pref_text(const Pref *pref, const FaultSink *faults);
