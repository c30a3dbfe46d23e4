/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The workers, seen as one.
 *
 * One runs dialogues and is there as long as the daemon is.  Plugins that find settings on the network bring large
 * libraries along; they lie in a folder of their own and get a worker of their own, which is started when it is wanted
 * and let go when nobody has needed it for a while.  What it announced is remembered.
 */

#include "link.h"

typedef struct Crew Crew;

typedef struct CrewHooks {
        /* There are plugins that were not there before, or other ones. */
        void (*ready)(void *userdata);
        /* The worker of the dialogues ended, or did not start; its probes have ended before.  `why` is one line. */
        void (*lost)(void *userdata, const char *why);
        /* A probe more can be started than before, or one that waits for discovery can not be. */
        void (*room)(void *userdata);
        /* How the network is, or what became of it, by the worker of the dialogues; see LinkHooks. */
        void (*network)(void *userdata, const char *state, bool changed);
        void *userdata;
} CrewHooks;

typedef enum CrewDiscovery {
        CREW_DISCOVERY_NONE,            /* there is no folder of such plugins */
        CREW_DISCOVERY_ASLEEP,
        CREW_DISCOVERY_STARTING,
        CREW_DISCOVERY_READY,
        CREW_DISCOVERY_BROKEN,          /* it does not start */
} CrewDiscovery;

/* Starts the worker of the dialogues.  `time_scale` divides how long that of discovery rests. */
int crew_new(sd_event *event, const PeerConfig *config, uint32_t time_scale, const CrewHooks *hooks, Crew **ret);
/* Kills the workers and with them every probe; calls no hook. */
Crew *crew_free(Crew *crew);

/* Of the worker of the dialogues. */
LinkState crew_state(const Crew *crew);

CrewDiscovery crew_discovery(const Crew *crew);
/* It is wanted now, or soon. */
void crew_wake_discovery(Crew *crew);
/* Whether the plugins of all workers are known, or why not will not change soon. */
bool crew_knows_all(const Crew *crew);

/* What the workers have announced, as one; NULL: nothing yet.  Borrowed. */
Registry *crew_registry(const Crew *crew);

/* Goes up with whatever may make a probe startable that was not. */
uint64_t crew_n_changes(const Crew *crew);
/* Whether a probe of that plugin can be started now; NULL: of any. */
bool crew_has_room(const Crew *crew, const char *plugin);
/* A probe of that plugin waits: its worker is started if it is asleep. */
void crew_want(Crew *crew, const char *plugin);
/* Like link_start_probe(); -EHOSTDOWN: its worker does not start. */
int crew_start_probe(Crew *crew, ProbeLog *log, const int fds[static _MD_TARGET_FD_MAX], LinkProbeHandler handler,
                     void *userdata, LinkProbe **ret);
