/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Probes, as the daemon sees them: a socket with records, and the worker's word about how the process ended.
 *
 * A probe has ended when both are through.  One that is dropped stays here, unheard, until the worker has said that
 * its process is gone: it still takes a place.
 */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "batch.h"
#include "clock.h"
#include "link-private.h"
#include "own.h"

#define BATCHES_PER_WAKEUP 64           /* so that a flood leaves time for everything else */
#define LISTEN_USEC (50u * 1000u)       /* between two looks at what probes say: soon enough for a person who watches */
#define PATIENCE_USEC (3u * 1000u * 1000u)      /* for the answer to a kill */

static LinkProbe *probe_free(LinkProbe *probe) {
        if (!probe)
                return NULL;
        TAILQ_REMOVE(&probe->link->probes, probe, entry);
        probe->link->n_probes--;
        sd_event_source_disable_unref(probe->source);
        close_fd(probe->socket);
        free(probe->refused);
        free(probe);
        return NULL;
}

static void stop_reading(LinkProbe *probe) {
        probe->source = sd_event_source_disable_unref(probe->source);
        probe->socket = close_fd(probe->socket);
}

static void send_kill(LinkProbe *probe) {
        MdRecord record;

        md_record_init(&record, "kill");
        int r = md_record_add(&record, &MD_NUMBER("id", probe->id));
        if (r >= 0)
                r = link_send(probe->link, &record, NULL, 0);
        probe->kill_unsent = r < 0;
        md_record_done(&record);
}

static void probe_kill(LinkProbe *probe) {
        if (probe->exited || probe->killed)
                return;
        probe->killed = clock_boottime_usec();
        send_kill(probe);
        if (sd_event_source_get_enabled(probe->link->patience, NULL) <= 0) {
                sd_event_source_set_time_relative(probe->link->patience, PATIENCE_USEC);
                sd_event_source_set_enabled(probe->link->patience, SD_EVENT_ONESHOT);
        }
}

/* ---- the end ---- */

/* A signal at or after its deadline is the deadline's: a timer, or the worker, ended it. */
static bool was_overdue(const LinkProbe *probe) {
        bool deadly = probe->signal == SIGKILL || probe->signal == SIGALRM || probe->signal == SIGXCPU;
        return deadly && clock_boottime_usec() >= probe->deadline;
}

static void judge_end(LinkProbe *probe) {
        ProbeLog *log = probe->log;

        if (probe_log_next(log, NULL, "end"))
                probe_log_end(log, PROBE_ENDED, 0, NULL);
        else if (!probe->exited)
                probe_log_end(log, PROBE_WORKER_LOST, 0, NULL);
        else if (probe->refused)
                probe_log_end(log, PROBE_REFUSED, 0, probe->refused);
        else if (was_overdue(probe))
                probe_log_end(log, PROBE_OVERDUE, 0, NULL);
        else if (probe->signal)
                probe_log_end(log, PROBE_CRASHED, probe->signal, NULL);
        else
                probe_log_end(log, PROBE_SILENT, probe->status, NULL);
}

/* Tells the handler, and lets go of the log. */
static void report_end(LinkProbe *probe) {
        LinkProbeHandler handler = probe->handler;

        stop_reading(probe);
        probe->log = NULL;
        handler(LINK_PROBE_END, probe->userdata);
}

static void finish(LinkProbe *probe) {
        Link *link = probe->link;
        LinkProbeHandler handler = probe->handler;
        void *userdata = probe->userdata;
        bool dropped = !probe->log;

        if (!dropped)
                judge_end(probe);
        probe_free(probe);
        if (!dropped)
                handler(LINK_PROBE_END, userdata);
        link->hooks.room(link->hooks.userdata);
}

LinkProbe *link_drop_probe(LinkProbe *probe, ProbeEnd end) {
        if (!probe)
                return NULL;
        probe_log_end(probe->log, end, 0, NULL);
        probe->log = NULL;
        stop_reading(probe);
        probe_kill(probe);
        if (probe->exited)
                probe_free(probe);
        return NULL;
}

/* ---- what it says ---- */

/* It broke the rules (or memory is short): killed, and no more of it is heard. */
static void refuse(LinkProbe *probe, int error) {
        if (error == -ENOMEM)
                probe_log_end(probe->log, PROBE_REFUSED, 0, "out of memory");
        else
                probe_log_end(probe->log, PROBE_RUBBISH, 0, NULL);
        probe_kill(probe);
        if (probe->exited)
                finish(probe);
        else
                report_end(probe);
}

static int take_record(void *userdata, MdRecord *record) {
        LinkProbe *probe = userdata;
        int r = probe_log_add(probe->log, record);
        probe->stepped = probe->stepped || r > 0;
        return r;
}

/* Returns 1 when records were taken, 0 when there are none now, -ENODATA at the end, or -errno. */
static int take_records(LinkProbe *probe) {
        int r = md_batch_receive(probe->socket, take_record, probe);
        if (r == -EAGAIN)
                return 0;
        return r == 0 || r == -ECONNRESET ? -ENODATA : r;
}

/* Who listens all the time is woken up for every step of a dialogue. */
static void listen_later(Link *link) {
        if (sd_event_source_get_enabled(link->listen, NULL) > 0)
                return;
        sd_event_source_set_time_relative(link->listen, LISTEN_USEC);
        sd_event_source_set_enabled(link->listen, SD_EVENT_ONESHOT);
}

static void read_records(LinkProbe *probe) {
        int r = 1;

        probe->stepped = false;
        for (size_t i = 0; r > 0 && i < BATCHES_PER_WAKEUP; i++)
                r = take_records(probe);
        /* Of one that has ended meanwhile its end is told, at once. */
        if (probe->stepped && probe->log->end == PROBE_RUNNING)
                probe->handler(LINK_PROBE_STEP, probe->userdata);
        probe->fell_silent = r == -ENODATA;
        if (r < 0 && r != -ENODATA)
                refuse(probe, r);
        else if (r <= 0 && probe->exited)
                finish(probe);
        else
                listen_later(probe->link);
}

static int on_records(sd_event_source *source, int fd, uint32_t revents, void *userdata) {
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
        read_records(userdata);
        return 0;
}

/* Returns 0, or -errno: then it is heard when it has ended. */
static int listen_now(LinkProbe *probe) {
        if (probe->source)
                return sd_event_source_set_enabled(probe->source, SD_EVENT_ON);
        int r = sd_event_add_io(probe->link->event, &probe->source, probe->socket, EPOLLIN, on_records, probe);
        if (r >= 0) /* The bus goes first. */
                r = sd_event_source_set_priority(probe->source, SD_EVENT_PRIORITY_NORMAL + 5);
        return r;
}

int link_probes_listen(sd_event_source *timer, uint64_t usec, void *userdata) {
        Link *link = userdata;
        LinkProbe *probe;
        TAILQ_FOREACH(probe, &link->probes, entry)
                if (probe->socket >= 0 && !probe->fell_silent)
                        listen_now(probe);
        return 0;
}

/* ---- what the worker says of it ---- */

static LinkProbe *find_probe(Link *link, uint64_t id) {
        LinkProbe *probe;
        TAILQ_FOREACH(probe, &link->probes, entry)
                if (probe->id == id)
                        return probe;
        return NULL;
}

int link_probe_take_exit(Link *link, const MdRecord *record) {
        LinkProbe *probe = find_probe(link, md_record_number(record, "id", 0));
        const char *refused = md_record_text(record, "refused");

        if (!probe || probe->exited)
                return -EBADMSG;
        probe->exited = true;
        probe->signal = (int) (md_record_number(record, "signal", 0) & 0x7f);
        probe->status = (int) (md_record_number(record, "status", 0) & 0xff);
        probe->refused = refused ? strdup(refused) : NULL;
        if (probe->log)
                read_records(probe);
        else
                finish(probe);
        return 0;
}

/* ---- all of them ---- */

void link_probes_flush(Link *link) {
        LinkProbe *probe;
        TAILQ_FOREACH(probe, &link->probes, entry)
                if (probe->kill_unsent)
                        send_kill(probe);
}

/* Whatever it still had to say is in its socket: at most what a log takes. */
static void hear_out(LinkProbe *probe) {
        int r = probe->log ? 1 : 0;
        while (r > 0)
                r = take_records(probe);
        if (r < 0 && r != -ENODATA)
                probe_log_end(probe->log, PROBE_RUBBISH, 0, NULL);
}

void link_probes_lost(Link *link) {
        LinkProbe *probe;
        while ((probe = TAILQ_FIRST(&link->probes))) {
                hear_out(probe);
                finish(probe);
        }
}

void link_probes_free(Link *link) {
        while (!TAILQ_EMPTY(&link->probes))
                probe_free(TAILQ_FIRST(&link->probes));
}

bool link_probes_hang(const Link *link) {
        const LinkProbe *probe;
        uint64_t now = clock_boottime_usec();
        bool waits = false;

        TAILQ_FOREACH(probe, &link->probes, entry) {
                if (probe->killed && now - probe->killed >= PATIENCE_USEC)
                        return true;
                waits = waits || probe->killed;
        }
        if (waits) {
                sd_event_source_set_time_relative(link->patience, PATIENCE_USEC);
                sd_event_source_set_enabled(link->patience, SD_EVENT_ONESHOT);
        }
        return false;
}

/* ---- the start ---- */

/* Its request; the writing end of the records is its own from here on. */
static int request(LinkProbe *probe, const int given[static _MD_TARGET_FD_MAX], int records) {
        int fds[_MD_TARGET_FD_MAX], sent[_MD_TARGET_FD_MAX];
        size_t n = 0;
        MdRecord record;

        memcpy(fds, given, sizeof(fds));
        fds[MD_TARGET_FD_RECORDS] = records;
        for (size_t i = 0; i < _MD_TARGET_FD_MAX; i++)
                if (fds[i] >= 0)
                        sent[n++] = fds[i];
        int r = md_target_to_record(&probe->log->target, probe->id, fds, &record);
        if (r < 0)
                return r;
        r = link_send(probe->link, &record, sent, n);
        md_record_done(&record);
        return r;
}

static int open_probe(LinkProbe *probe, const int fds[static _MD_TARGET_FD_MAX]) {
        _cleanup_close_ int theirs = -1;
        int pair[2];

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                return -errno;
        probe->socket = pair[0];
        theirs = pair[1];
        listen_later(probe->link);
        return request(probe, fds, theirs);
}

int link_start_probe(Link *link, ProbeLog *log, const int fds[static _MD_TARGET_FD_MAX], LinkProbeHandler handler,
                     void *userdata, LinkProbe **ret) {
        if (!link_has_room(link))
                return -EAGAIN;
        LinkProbe *probe = calloc(1, sizeof(*probe));
        if (!probe)
                return -ENOMEM;
        *probe = (LinkProbe) {
                .link = link,
                .id = ++link->next_id,
                .socket = -1,
                .log = log,
                .handler = handler,
                .userdata = userdata,
                .deadline = clock_boottime_usec() + log->target.timeout_ms * UINT64_C(1000),
        };
        TAILQ_INSERT_TAIL(&link->probes, probe, entry);
        link->n_probes++;

        int r = open_probe(probe, fds);
        if (r < 0) {
                probe_free(probe);
                return r;
        }
        *ret = probe;
        return 0;
}
