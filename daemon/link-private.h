/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the link share: link.c (the worker's life), link-probe.c (its probes). */

#include <sys/queue.h>
#include <sys/types.h>

#include "link.h"

struct LinkProbe {
        TAILQ_ENTRY(LinkProbe) entry;
        Link *link;
        uint64_t id;
        int socket;                     /* our end of its records; -1: no more is read */
        sd_event_source *source;
        ProbeLog *log;                  /* borrowed; NULL: dropped */
        LinkProbeHandler handler;
        void *userdata;
        uint64_t deadline;              /* CLOCK_BOOTTIME: its own, as it was asked for */
        uint64_t killed;                /* when its end was asked for; 0: not */
        bool kill_unsent;
        bool stepped;                   /* a step began in what is being read */
        bool fell_silent;               /* it closed its end */
        bool exited;                    /* the worker said so */
        int signal;
        int status;
        char *refused;                  /* why it was not started */
};

struct Link {
        sd_event *event;
        PeerConfig config;
        LinkHooks hooks;
        LinkState state;
        Peer *peer;                     /* NULL: none now */
        sd_event_source *io, *timer, *patience, *listen;
        Registry *coming;               /* what the worker announced so far */
        size_t n_hello;                 /* records of its announcement */
        char *told;                     /* why it was lost last, until one is ready; NULL */
        bool closed;                    /* it closed its socket; its end should follow */
        unsigned back_off_ms;
        uint64_t ready_since;
        bool stuffed;                   /* the socket took no more; room is told when it does */
        uint64_t next_id;
        size_t n_probes;
        TAILQ_HEAD(LinkProbes, LinkProbe) probes;
};

/* Sends a record to the worker.  Returns 0, -EAGAIN, or another -errno. */
int link_send(Link *link, const MdRecord *record, const int *fds, size_t n_fds);
/* Ends the worker because of what it did; the loop handles that it is gone. */
void link_fail(Link *link, const char *why);

/* Takes a record "exit".  Returns 0, or -EBADMSG for a probe that is not there or has exited. */
int link_probe_take_exit(Link *link, const MdRecord *record);
/* Hears what the probes have said; to be called by the timer `listen`. */
int link_probes_listen(sd_event_source *timer, uint64_t usec, void *userdata);
/* Sends what could not be sent before. */
void link_probes_flush(Link *link);
/* Ends all probes: the worker is gone. */
void link_probes_lost(Link *link);
/* Frees all without a word. */
void link_probes_free(Link *link);
/* The worker has left a kill unanswered for so long that it must hang. */
bool link_probes_hang(const Link *link);
