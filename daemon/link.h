/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The link to the worker: starts it, learns its plugins, has it run probes, and reads what the probes say.
 *
 * Neither the worker nor a probe is trusted.  What breaks the rules of protocol.h ends a probe (PROBE_RUBBISH), or
 * the worker, which is then started again after a moment; its probes end as PROBE_WORKER_LOST.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "peer.h"
#include "probe-log.h"
#include "registry.h"

typedef struct Link Link;
typedef struct LinkProbe LinkProbe;

typedef enum LinkState {
        LINK_STARTING,                  /* the worker reads its plugins */
        LINK_READY,
        LINK_BROKEN,                    /* it ended before it was ready; it will be tried again */
} LinkState;

typedef struct LinkHooks {
        /* The worker is ready; the registry of its plugins goes to the callee. */
        void (*ready)(void *userdata, Registry *registry);
        /* The worker ended, or did not start; its probes have ended before.  `why` is one line. */
        void (*lost)(void *userdata, const char *why);
        /* A probe more can be started than before. */
        void (*room)(void *userdata);
        /* How the network is, or what became of it: "online", "local" or "offline". */
        void (*network)(void *userdata, const char *state, bool changed);
        void *userdata;
} LinkHooks;

typedef enum LinkEvent {
        LINK_PROBE_STEP,                /* a step of its dialogue began */
        LINK_PROBE_END,                 /* it ended, its log says how; the LinkProbe is gone */
} LinkEvent;

typedef void (*LinkProbeHandler)(LinkEvent event, void *userdata);

/* Starts the worker. */
int link_new(sd_event *event, const PeerConfig *config, const LinkHooks *hooks, Link **ret);
/* Kills the worker and with it every probe; calls no hook. */
Link *link_free(Link *link);

LinkState link_state(const Link *link);
/* Whether a probe can be started now. */
bool link_has_room(const Link *link);
/* Those that run, or whose end was not told yet. */
size_t link_n_probes(const Link *link);

/*
 * Asks for a probe of log->target; `fds` are borrowed, [MD_TARGET_FD_RECORDS] is filled in here.  What the probe says
 * goes to `log` until its end, which the handler is told, never before this function returns.  Returns 0, -EAGAIN
 * when there is no room now, or another -errno when it cannot be asked for (-EMFILE, -ENOMEM, …).
 */
int link_start_probe(Link *link, ProbeLog *log, const int fds[static _MD_TARGET_FD_MAX], LinkProbeHandler handler,
                     void *userdata, LinkProbe **ret);
/* Kills a probe and writes `end` into its log; neither log nor handler are touched afterwards. Returns NULL. */
LinkProbe *link_drop_probe(LinkProbe *probe, ProbeEnd end);
