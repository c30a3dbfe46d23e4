/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The worker's life, as the daemon sees it: started, heard out about its plugins, served, gone, started again.
 *
 * Everything that ends a worker ends in on_gone(): what it did wrong only decides what it is ended for.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "batch.h"
#include "clock.h"
#include "link-private.h"
#include "log.h"
#include "own.h"
#include "worker/protocol.h"

#define HELLO_USEC (10u * 1000u * 1000u)        /* from its start to "ready" */
#define STABLE_USEC (10u * 1000u * 1000u)       /* ready for so long: the next failure counts as the first */
#define BACK_OFF_FIRST_MS 100u
#define BACK_OFF_MAX_MS 5000u
#define BATCHES_PER_WAKEUP 32
#define HELLO_RECORDS_MAX (REGISTRY_PLUGINS_MAX * (1 + REGISTRY_ENDPOINTS_MAX + REGISTRY_FINDINGS_MAX + \
                                                   REGISTRY_RULES_MAX))

void link_fail(Link *link, const char *why) {
        if (!link->peer || peer_is_ending(link->peer))
                return;
        sd_event_source_set_enabled(link->io, SD_EVENT_OFF);
        peer_end(link->peer, why);
}

/* ---- what the worker says ---- */

static const char *kind_of(const Link *link) {
        return link->config.discovery ? "discovery" : "dialogues";
}

static void tell_back(Link *link) {
        const LogField fields[] = { { "MAILDIAG_WORKER", kind_of(link) }, { 0 } };

        if (link->told)
                log_event(LOG_EVENT_WORKER_BACK, fields, "there is a worker again");
        free(TAKE_PTR(link->told));
}

static int take_ready(Link *link) {
        if (link->state == LINK_READY)
                return -EBADMSG;
        link->state = LINK_READY;
        tell_back(link);
        link->ready_since = clock_boottime_usec();
        sd_event_source_set_enabled(link->timer, SD_EVENT_OFF);
        link->hooks.ready(link->hooks.userdata, TAKE_PTR(link->coming));
        return 0;
}

static int take_network(Link *link, const MdRecord *record) {
        const char *state = md_record_text(record, "state");

        if (link->state != LINK_READY || !state)
                return -EBADMSG;
        link->hooks.network(link->hooks.userdata, state, md_record_truth(record, "changed"));
        return 0;
}

/* A plugin that announces nonsense loses only what was nonsense. */
static int take_hello(Link *link, const MdRecord *record) {
        if (link->state == LINK_READY || ++link->n_hello > HELLO_RECORDS_MAX)
                return -EBADMSG;
        int r = registry_add(link->coming, record);
        if (r == -EBADMSG) {
                const char *plugin = md_record_text(record, !strcmp(record->kind, "plugin") ? "name" : "plugin");
                log_line(LOG_WARNING, "plugin %s: a record \"%s\" breaks the rules and is left out",
                         plugin ? plugin : "?", record->kind);
        }
        return r == -ENOMEM ? r : 0;
}

static int take_record(void *userdata, MdRecord *record) {
        Link *link = userdata;

        if (peer_is_ending(link->peer)) /* not to be believed any more */
                return 0;
        if (!strcmp(record->kind, "exit"))
                return link_probe_take_exit(link, record);
        if (!strcmp(record->kind, "ready"))
                return take_ready(link);
        if (!strcmp(record->kind, "network"))
                return take_network(link, record);
        return take_hello(link, record);
}

/* Returns 1 when records were taken, 0 when there are none now, -ENODATA at the end, or -errno. */
static int take_records(Link *link) {
        int r = md_batch_receive(peer_socket(link->peer), take_record, link);
        if (r == -EAGAIN)
                return 0;
        return r == 0 ? -ENODATA : r;
}

static void flush(Link *link) {
        link->stuffed = false;
        sd_event_source_set_io_events(link->io, EPOLLIN);
        link_probes_flush(link);
        if (!link->stuffed)
                link->hooks.room(link->hooks.userdata);
}

static void set_timer(sd_event_source *timer, uint64_t usec) {
        sd_event_source_set_time_relative(timer, usec);
        sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

/* How it ended tells more than that it has. */
static void await_end(Link *link) {
        link->closed = true;
        sd_event_source_set_enabled(link->timer, SD_EVENT_OFF);
        sd_event_source_set_enabled(link->io, SD_EVENT_OFF);
        peer_hung_up(link->peer);
}

static int on_worker(sd_event_source *source, int fd, uint32_t revents, void *userdata) {
        Link *link = userdata;
        int r = 1;

        if (revents & EPOLLOUT)
                flush(link);
        for (size_t i = 0; r > 0 && !peer_is_ending(link->peer) && i < BATCHES_PER_WAKEUP; i++)
                r = take_records(link);
        if (r == -ENODATA || r == -ECONNRESET)
                await_end(link);
        else if (r < 0)
                link_fail(link, r == -EBADMSG ? "it broke the rules of the protocol" : strerror(-r));
        return 0;
}

int link_send(Link *link, const MdRecord *record, const int *fds, size_t n_fds) {
        if (!link->peer)
                return -ENOTCONN;
        if (link->stuffed)
                return -EAGAIN;
        int r = md_record_send(peer_socket(link->peer), record, fds, n_fds);
        if (r == -EAGAIN) {
                link->stuffed = true;
                sd_event_source_set_io_events(link->io, EPOLLIN | EPOLLOUT);
        }
        return r;
}

/* ---- start and end ---- */

static int start(Link *link);

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        Link *link = userdata;

        if (link->peer)
                link_fail(link, "it was not ready within 10 s");
        else
                start(link);
        return 0;
}

static int on_patience(sd_event_source *source, uint64_t usec, void *userdata) {
        Link *link = userdata;

        if (link_probes_hang(link))
                link_fail(link, "it does not answer");
        return 0;
}

static void clear(Link *link) {
        link->io = sd_event_source_disable_unref(link->io);
        link->peer = peer_free(link->peer);
        link->coming = registry_free(link->coming);
        link->n_hello = 0;
        link->stuffed = link->closed = false;
}

/* One that fails again for the same reason is no news. */
static void tell_lost(Link *link, const char *why) {
        const LogField fields[] = { { "MAILDIAG_WORKER", kind_of(link) }, { "MAILDIAG_REASON", why }, { 0 } };

        if (link->told && !strcmp(link->told, why)) {
                log_line(LOG_DEBUG, "lost the worker again: %s", why);
                return;
        }
        free(link->told);
        link->told = strdup(why);
        log_event(LOG_EVENT_WORKER_LOST, fields, "lost the worker: %s", why);
}

/* The worker is gone; says so, and starts another in a moment. */
static void lost(Link *link, const char *why) {
        bool was_ready = link->state == LINK_READY;
        bool was_stable = was_ready && clock_boottime_usec() - link->ready_since > STABLE_USEC;

        clear(link);
        link->state = was_ready ? LINK_STARTING : LINK_BROKEN;
        link->back_off_ms = was_stable || link->back_off_ms == 0 ? BACK_OFF_FIRST_MS : link->back_off_ms * 2;
        if (link->back_off_ms > BACK_OFF_MAX_MS)
                link->back_off_ms = BACK_OFF_MAX_MS;
        set_timer(link->timer, link->back_off_ms * UINT64_C(1000));
        tell_lost(link, why);
        link_probes_lost(link);
        link->hooks.lost(link->hooks.userdata, why);
}

static void on_gone(const char *how, void *userdata) {
        Link *link = userdata;
        char line[512];

        /* What it said before its end still counts. */
        while (!peer_is_ending(link->peer) && take_records(link) > 0)
                ;
        snprintf(line, sizeof(line), "%s", how);        /* the peer's, which goes now */
        lost(link, line);
}

static int watch(Link *link) {
        int size = 1 << 20;     /* room for a burst of requests; the kernel gives what it allows */

        setsockopt(peer_socket(link->peer), SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
        return sd_event_add_io(link->event, &link->io, peer_socket(link->peer), EPOLLIN, on_worker, link);
}

static int start(Link *link) {
        if (link->state == LINK_READY)
                link->state = LINK_STARTING;
        link->coming = registry_new();
        int r = link->coming ? peer_new(link->event, &link->config, on_gone, link, &link->peer) : -ENOMEM;
        if (r >= 0)
                r = watch(link);
        if (r < 0) {
                lost(link, strerror(-r));
                return r;
        }
        set_timer(link->timer, HELLO_USEC);
        return 0;
}

int link_new(sd_event *event, const PeerConfig *config, const LinkHooks *hooks, Link **ret) {
        Link *link = calloc(1, sizeof(*link));
        if (!link)
                return -ENOMEM;
        link->event = sd_event_ref(event);
        link->config = *config;
        link->hooks = *hooks;
        TAILQ_INIT(&link->probes);

        int r = sd_event_add_time_relative(event, &link->timer, CLOCK_BOOTTIME, 0, 1, on_timer, link);
        if (r >= 0)
                r = sd_event_add_time_relative(event, &link->patience, CLOCK_BOOTTIME, 0, 0, on_patience, link);
        if (r >= 0)
                r = sd_event_source_set_enabled(link->patience, SD_EVENT_OFF);
        if (r >= 0)
                r = sd_event_add_time_relative(event, &link->listen, CLOCK_BOOTTIME, 0, 10000, link_probes_listen, link);
        if (r >= 0)
                r = sd_event_source_set_enabled(link->listen, SD_EVENT_OFF);
        if (r < 0) {
                link_free(link);
                return r;
        }
        *ret = link;
        return 0;       /* the timer is due: the worker is started by the loop */
}

Link *link_free(Link *link) {
        if (!link)
                return NULL;
        link_probes_free(link);
        clear(link);
        sd_event_source_disable_unref(link->timer);
        sd_event_source_disable_unref(link->patience);
        sd_event_source_disable_unref(link->listen);
        sd_event_unref(link->event);
        free(link->told);
        free(link);
        return NULL;
}

LinkState link_state(const Link *link) {
        return link->state;
}

bool link_has_room(const Link *link) {
        return link->state == LINK_READY && !peer_is_ending(link->peer) && !link->closed && !link->stuffed &&
               link->n_probes < WORKER_PROBES_MAX;
}

size_t link_n_probes(const Link *link) {
        return link->n_probes;
}
