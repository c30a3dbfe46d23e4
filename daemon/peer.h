/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The worker as a process: how there comes to be one, how it is made to end, and the word that it has.
 *
 * It is a child of ours, or, where the daemon has no network, whoever the service manager starts for each connection to
 * a socket.  Nothing else needs to know which of the two.
 */

#include <stdbool.h>
#include <systemd/sd-event.h>

typedef struct Peer Peer;

/* Texts are borrowed, and outlive the peer. */
typedef struct PeerConfig {
        const char *sockets;            /* folder of those to connect to; NULL: the program is started as a child */
        const char *program;            /* path of maildiag-worker */
        const char *plugin_dir;         /* of a child; a service has its own */
        bool discovery;                 /* the worker of the plugins that find settings on the network */
} PeerConfig;

/* It has ended; `how` is one line. Called once, from the loop; what it wrote before can still be read then. */
typedef void (*PeerGone)(const char *how, void *userdata);

/* Starts a worker, or connects to one.  Returns 0 or -errno; that the program cannot be run shows in its end. */
int peer_new(sd_event *event, const PeerConfig *config, PeerGone gone, void *userdata, Peer **ret);
/* Ends it, without a word; returns NULL. */
Peer *peer_free(Peer *peer);

/* Our end of its socket: SOCK_SEQPACKET, not blocking; the peer's. */
int peer_socket(const Peer *peer);
/* Makes it end because of what it did; the other's word follows, and is this one. */
void peer_end(Peer *peer, const char *why);
/* Its socket is at its end: it is about to end by itself, and is made to when it does not. */
void peer_hung_up(Peer *peer);
/* Whether it is to end. */
bool peer_is_ending(const Peer *peer);
