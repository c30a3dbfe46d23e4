/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Of a child the end is reaped, and tells how it came.  A service is out of our reach: what can be ended is its
 * connection, on which it ends itself; if it hangs, that is for the watchdog of the service manager, and the next
 * connection has a new one.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "own.h"
#include "peer.h"
#include "spawn.h"
#include "voice.h"

#define HUNG_UP_USEC (1000u * 1000u)    /* from the end of its socket to its own */

struct Peer {
        sd_event *event;
        PeerGone gone;
        void *userdata;
        int socket;
        pid_t pid;                      /* 0: a service, or reaped */
        Voice *voice;                   /* of a child */
        sd_event_source *child;         /* its end */
        sd_event_source *end;           /* of a service: that the connection is over */
        sd_event_source *patience;      /* of a child that hung up */
        char *why;                      /* what it is made to end for; NULL */
};

int peer_socket(const Peer *peer) {
        return peer->socket;
}

bool peer_is_ending(const Peer *peer) {
        return peer->why;
}

void peer_end(Peer *peer, const char *why) {
        if (peer->why)
                return;
        peer->why = strdup(why);
        if (peer->pid > 0)
                kill(peer->pid, SIGKILL);
        else
                sd_event_source_set_enabled(peer->end, SD_EVENT_ONESHOT);
}

void peer_hung_up(Peer *peer) {
        if (peer->pid > 0)
                sd_event_source_set_enabled(peer->patience, SD_EVENT_ONESHOT);
        else
                peer_end(peer, "it closed its socket");
}

/* ---- a child ---- */

/* What it was killed for, or its last words. */
static void describe_end(const Peer *peer, const siginfo_t *info, char *line, size_t size) {
        const char *words = voice_last(peer->voice);

        if (peer->why)
                snprintf(line, size, "%s", peer->why);
        else if (info->si_code == CLD_EXITED)
                snprintf(line, size, "it ended with status %d%s%s", info->si_status, *words ? ": " : "", words);
        else
                snprintf(line, size, "it was ended by signal %d (%s)", info->si_status, strsignal(info->si_status));
}

static int on_child(sd_event_source *source, const siginfo_t *info, void *userdata) {
        Peer *peer = userdata;
        char line[512];

        peer->pid = 0;
        describe_end(peer, info, line, sizeof(line));
        peer->gone(line, peer->userdata);
        return 0;
}

static int on_patience(sd_event_source *source, uint64_t usec, void *userdata) {
        peer_end(userdata, "it closed its socket");
        return 0;
}

static int watch_child(Peer *peer, int voice) {
        int r = voice_new(peer->event, voice, &peer->voice);
        if (r >= 0)
                r = sd_event_add_time_relative(peer->event, &peer->patience, CLOCK_BOOTTIME, HUNG_UP_USEC, 0, on_patience,
                                               peer);
        if (r >= 0)
                r = sd_event_source_set_enabled(peer->patience, SD_EVENT_OFF);
        if (r >= 0)
                r = sd_event_add_child(peer->event, &peer->child, peer->pid, WEXITED, on_child, peer);
        if (r >= 0) /* Last words are heard before the end. */
                r = sd_event_source_set_priority(peer->child, SD_EVENT_PRIORITY_NORMAL + 10);
        return r;
}

static int start_child(Peer *peer, const PeerConfig *config) {
        int voice;
        int r = spawn_worker(config->program, config->plugin_dir, config->discovery, &peer->pid, &peer->socket, &voice);
        return r < 0 ? r : watch_child(peer, voice);
}

/* ---- a service ---- */

static int on_end(sd_event_source *source, void *userdata) {
        Peer *peer = userdata;

        peer->gone(peer->why ? peer->why : strerror(ENOMEM), peer->userdata);
        return 0;
}

/* Whoever listens there answers at once: it is the service manager. */
static int connect_service(Peer *peer, const PeerConfig *config) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        size_t size = sizeof(address.sun_path);

        if ((size_t) snprintf(address.sun_path, size, "%s/%s", config->sockets, config->discovery ? "discovery" : "worker") >= size)
                return -ENAMETOOLONG;
        peer->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (peer->socket < 0 || connect(peer->socket, (const struct sockaddr *) &address, sizeof(address)) < 0)
                return -errno;
        int r = sd_event_add_defer(peer->event, &peer->end, on_end, peer);
        return r < 0 ? r : sd_event_source_set_enabled(peer->end, SD_EVENT_OFF);
}

/* ---- life ---- */

int peer_new(sd_event *event, const PeerConfig *config, PeerGone gone, void *userdata, Peer **ret) {
        Peer *peer = calloc(1, sizeof(*peer));
        if (!peer)
                return -ENOMEM;
        *peer = (Peer) { .event = event, .gone = gone, .userdata = userdata, .socket = -1 };
        int r = config->sockets ? connect_service(peer, config) : start_child(peer, config);
        if (r < 0) {
                peer_free(peer);
                return r;
        }
        *ret = peer;
        return 0;
}

Peer *peer_free(Peer *peer) {
        if (!peer)
                return NULL;
        sd_event_source_disable_unref(peer->child);
        sd_event_source_disable_unref(peer->end);
        sd_event_source_disable_unref(peer->patience);
        if (peer->pid > 0) {
                kill(peer->pid, SIGKILL);
                waitpid(peer->pid, NULL, 0);
        }
        voice_free(peer->voice);
        close_fd(peer->socket);
        free(peer->why);
        free(peer);
        return NULL;
}
