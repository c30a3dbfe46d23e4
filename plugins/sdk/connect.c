/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The race of RFC 8305: an address is tried, after 250 ms or its failure the next, and the first that
 * connects is used.  A mail app stops there; a diagnosis goes on in the background until every address has
 * shown whether it works, since the app may pick another one next time.
 */

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <maildiag/conn.h>

#include "connect.h"
#include "probe-state.h"

#define STAGGER (250 * MD_MSEC)         /* RFC 8305 section 5 */
#define PATIENCE (2 * MD_SEC)           /* with addresses that lost the race */

/* Returns 0 with a winner, or -ETIMEDOUT, -ECONNREFUSED when every attempt ended otherwise, -errno. */
static int race(MdProbe *probe) {
        MdAttempts *attempts = &probe->attempts;
        uint64_t next_start = 0;
        bool more = true;

        while (!attempts->winner) {
                bool pending = md_attempts_pending(attempts);
                if (more && (!pending || md_now() >= next_start)) {
                        more = md_attempts_start_next(probe);
                        next_start = md_now() + md_probe_scaled(probe, STAGGER);
                        continue;
                }
                if (!pending)
                        return -ECONNREFUSED;
                bool last = !more || next_start >= probe->step_deadline;
                int r = md_wait(probe, -1, 0, last ? probe->step_deadline : next_start);
                if (r == 0)
                        next_start = 0;
                else if (r != -ETIMEDOUT || last)
                        return r;
        }
        return 0;
}

static const MdAttempt *most_telling(const MdAttempts *attempts) {
        const MdAttempt *most = &attempts->list[0];
        for (size_t i = 1; i < attempts->n; i++)
                if (attempts->list[i].outcome > most->outcome)
                        most = &attempts->list[i];
        return most;
}

static int fail(MdProbe *probe) {
        static const char *const ids[] = {
                [MD_ATTEMPT_NO_ROUTE] = "net.no-route",
                [MD_ATTEMPT_PROHIBITED] = "tcp.rejected-by-firewall",
                [MD_ATTEMPT_UNREACHABLE] = "tcp.rejected-by-firewall",
                [MD_ATTEMPT_TIMEOUT] = "tcp.timeout",
                [MD_ATTEMPT_RESET] = "greeting.reset",  /* it was accepted, and then reset before anybody looked */
                [MD_ATTEMPT_REFUSED] = "tcp.refused",
        };
        md_attempts_expire(probe);
        const MdAttempt *attempt = most_telling(&probe->attempts);
        if (attempt->outcome < MD_ATTEMPT_NO_ROUTE)
                return attempt->error > 0 ? -attempt->error : -ETIMEDOUT;

        const char *id = ids[attempt->outcome];
        if (attempt->outcome == MD_ATTEMPT_RESET && probe->target->security == MD_SECURITY_TLS)
                id = "tls.closed";
        char text[MD_ADDRESS_TEXT_MAX], evidence[MD_ADDRESS_TEXT_MAX + 64];
        md_address_text(attempt->address, text);
        snprintf(evidence, sizeof(evidence), "%s port %u: %s", text, probe->target->port,
                 strerrorname_np(attempt->error));
        md_find(probe, id, evidence);
        return -EPROTO;
}

/* RFC 5321 section 4.1.3. */
static void name_client(MdProbe *probe) {
        MdAddress local = { .length = sizeof(local.bytes) };
        char text[MD_ADDRESS_TEXT_MAX];

        if (getsockname(probe->conn.stream.fd, (struct sockaddr *) &local.bytes, &local.length) < 0)
                return;
        md_address_text(&local, text);
        snprintf(probe->client_name, sizeof(probe->client_name), "[%s%s]",
                 local.bytes.ss_family == AF_INET6 ? "IPv6:" : "", text);
}

int md_step_connect(MdProbe *probe, void *state) {
        md_attempts_init(&probe->attempts, &probe->addresses);
        int r = race(probe);
        if (r < 0)
                return r == -ECANCELED ? r : fail(probe);

        MdAttempt *winner = probe->attempts.winner;
        r = md_conn_open(probe, winner->fd);
        winner->fd = -1;
        if (r < 0)
                return r;
        name_client(probe);
        while (md_attempts_start_next(probe))
                ;
        if (probe->target->security == MD_SECURITY_NONE)
                md_find(probe, "security.cleartext", NULL);
        return MD_NEXT;
}

/* ---- afterwards ---- */

typedef struct Tally {
        size_t ok, dead;
} Tally;

/* An address that this computer has no route to is neither: apps notice at once and take the next. */
static void count(const MdAttempts *attempts, Tally *ret_four, Tally *ret_six) {
        *ret_four = *ret_six = (Tally) { 0 };
        for (size_t i = 0; i < attempts->n; i++) {
                const MdAttempt *attempt = &attempts->list[i];
                Tally *tally = attempt->address->bytes.ss_family == AF_INET6 ? ret_six : ret_four;
                tally->ok += attempt->outcome == MD_ATTEMPT_OK;
                tally->dead += attempt->outcome > MD_ATTEMPT_NO_ROUTE && attempt->outcome < MD_ATTEMPT_OK;
        }
}

static void list_dead(const MdAttempts *attempts, bool six_too, char *ret, size_t size) {
        size_t used = 0;
        *ret = '\0';
        for (size_t i = 0; i < attempts->n; i++) {
                const MdAttempt *attempt = &attempts->list[i];
                char text[MD_ADDRESS_TEXT_MAX];
                if (attempt->outcome <= MD_ATTEMPT_NO_ROUTE || attempt->outcome == MD_ATTEMPT_OK ||
                    (!six_too && attempt->address->bytes.ss_family == AF_INET6))
                        continue;
                md_address_text(attempt->address, text);
                int n = snprintf(ret + used, size - used, "%s%s: %s", used ? ", " : "", text,
                                 md_attempt_word(attempt->outcome));
                if (n < 0 || (size_t) n >= size - used)
                        return;
                used += n;
        }
}

static void judge(MdProbe *probe) {
        char evidence[512];
        Tally four, six;
        count(&probe->attempts, &four, &six);

        bool six_broken = six.ok == 0 && six.dead > 0 && four.ok > 0;
        if (six_broken) {
                list_dead(&probe->attempts, true, evidence, sizeof(evidence));
                md_find(probe, "net.ipv6-broken", evidence);
                six.dead = 0;
        }
        bool four_broken = four.ok == 0 && four.dead > 0 && six.ok > 0;
        if (four_broken) {
                list_dead(&probe->attempts, false, evidence, sizeof(evidence));
                md_find(probe, "net.ipv4-broken", evidence);
                four.dead = 0;
        }
        if (four.dead + six.dead > 0 && four.ok + six.ok > 0) {
                list_dead(&probe->attempts, !six_broken, evidence, sizeof(evidence));
                md_find(probe, "net.some-addresses-dead", evidence,
                        MD_NUMBER("dead", four.dead + six.dead),
                        MD_NUMBER("total", probe->attempts.n));
        }
}

void md_connect_collect(MdProbe *probe) {
        MdAttempts *attempts = &probe->attempts;
        if (!attempts->winner)
                return;

        uint64_t limit = attempts->began + md_probe_scaled(probe, PATIENCE);
        if (limit > probe->deadline)
                limit = probe->deadline;
        while (md_attempts_pending(attempts) && md_wait(probe, -1, 0, limit) == 0)
                ;
        md_attempts_expire(probe);
        judge(probe);
}
