/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One attempt to connect per address: start it, see how it ends, say so. */

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "probe-state.h"

/*
 * Measured on Linux: a local route of type unreachable, prohibit or blackhole fails connect() at once with
 * EHOSTUNREACH, EACCES or EINVAL.  The same numbers later are ICMP: host unreachable and administratively
 * prohibited give EHOSTUNREACH (IPv4) or EACCES (IPv6).
 */
MdAttemptOutcome md_attempt_outcome(int error, bool at_once) {
        static const struct {
                int error;
                MdAttemptOutcome at_once, later;
        } table[] = {
                { 0, MD_ATTEMPT_OK, MD_ATTEMPT_OK },
                { ECONNREFUSED, MD_ATTEMPT_REFUSED, MD_ATTEMPT_REFUSED },
                { ECONNRESET, MD_ATTEMPT_RESET, MD_ATTEMPT_RESET },
                { ETIMEDOUT, MD_ATTEMPT_TIMEOUT, MD_ATTEMPT_TIMEOUT },
                { EHOSTUNREACH, MD_ATTEMPT_NO_ROUTE, MD_ATTEMPT_UNREACHABLE },
                { ENETUNREACH, MD_ATTEMPT_NO_ROUTE, MD_ATTEMPT_UNREACHABLE },
                { EHOSTDOWN, MD_ATTEMPT_UNREACHABLE, MD_ATTEMPT_UNREACHABLE },
                { EPROTO, MD_ATTEMPT_UNREACHABLE, MD_ATTEMPT_UNREACHABLE },
                { ENOPROTOOPT, MD_ATTEMPT_UNREACHABLE, MD_ATTEMPT_UNREACHABLE },
                { EACCES, MD_ATTEMPT_NO_ROUTE, MD_ATTEMPT_PROHIBITED },
                { EPERM, MD_ATTEMPT_PROHIBITED, MD_ATTEMPT_PROHIBITED },
                { EINVAL, MD_ATTEMPT_NO_ROUTE, MD_ATTEMPT_FAILED },
                { ENETDOWN, MD_ATTEMPT_NO_ROUTE, MD_ATTEMPT_NO_ROUTE },
                { EADDRNOTAVAIL, MD_ATTEMPT_NO_ROUTE, MD_ATTEMPT_FAILED },
                { EAFNOSUPPORT, MD_ATTEMPT_NO_ROUTE, MD_ATTEMPT_NO_ROUTE },
        };
        for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
                if (table[i].error == error)
                        return at_once ? table[i].at_once : table[i].later;
        return MD_ATTEMPT_FAILED;
}

const char *md_attempt_word(MdAttemptOutcome outcome) {
        static const char *const words[] = {
                [MD_ATTEMPT_NOT_TRIED] = "not-tried",
                [MD_ATTEMPT_PENDING] = "timeout",
                [MD_ATTEMPT_FAILED] = "failed",
                [MD_ATTEMPT_NO_ROUTE] = "no-route",
                [MD_ATTEMPT_PROHIBITED] = "prohibited",
                [MD_ATTEMPT_UNREACHABLE] = "unreachable",
                [MD_ATTEMPT_TIMEOUT] = "timeout",
                [MD_ATTEMPT_RESET] = "reset",
                [MD_ATTEMPT_REFUSED] = "refused",
                [MD_ATTEMPT_OK] = "ok",
        };
        return words[outcome];
}

void md_attempts_init(MdAttempts *attempts, const MdAddresses *addresses) {
        *attempts = (MdAttempts) { .n = addresses->n, .began = md_now() };
        for (size_t i = 0; i < addresses->n; i++)
                attempts->list[i] = (MdAttempt) { .address = &addresses->list[i], .fd = -1 };
}

static void close_fd(int *fd) {
        if (*fd >= 0)
                close(*fd);
        *fd = -1;
}

void md_attempts_done(MdAttempts *attempts) {
        for (size_t i = 0; i < attempts->n; i++)
                close_fd(&attempts->list[i].fd);
}

static void report(MdProbe *probe, const MdAttempt *attempt) {
        char text[MD_ADDRESS_TEXT_MAX];
        md_address_text(attempt->address, text);
        md_observe(probe, "attempt",
                   MD_TEXT("address", text),
                   MD_NUMBER("port", probe->target->port),
                   MD_TEXT("family", md_address_family(attempt->address)),
                   MD_TEXT("outcome", md_attempt_word(attempt->outcome)),
                   MD_NUMBER("elapsed-us", attempt->began ? md_now() - attempt->began : 0),
                   MD_TRUTH("used", attempt == probe->attempts.winner));
}

/* The first that connects is used; the descriptor of any other has done its service. */
static void decide(MdProbe *probe, MdAttempt *attempt, int error, MdAttemptOutcome outcome) {
        attempt->error = error;
        attempt->outcome = outcome;
        if (outcome == MD_ATTEMPT_OK && !probe->attempts.winner)
                probe->attempts.winner = attempt;
        else
                close_fd(&attempt->fd);
        report(probe, attempt);
}

int md_address_connect(const MdAddress *address, int segment, int *ret_fd) {
        int fd = socket(address->bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return errno;
        *ret_fd = fd;
        /* A command is one write; waiting for more would only cost a round trip. */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof(int));
        if (segment > 0)
                setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment));
        return connect(fd, (const struct sockaddr *) &address->bytes, address->length) < 0 ? errno : 0;
}

bool md_attempts_start_next(MdProbe *probe) {
        MdAttempts *attempts = &probe->attempts;
        for (size_t i = 0; i < attempts->n; i++) {
                MdAttempt *attempt = &attempts->list[i];
                if (attempt->outcome != MD_ATTEMPT_NOT_TRIED)
                        continue;
                attempt->began = md_now();
                attempt->outcome = MD_ATTEMPT_PENDING;
                int error = md_address_connect(attempt->address, 0, &attempt->fd);
                if (error != EINPROGRESS)
                        decide(probe, attempt, error, md_attempt_outcome(error, true));
                return true;
        }
        return false;
}

bool md_attempts_pending(const MdAttempts *attempts) {
        for (size_t i = 0; i < attempts->n; i++)
                if (attempts->list[i].outcome == MD_ATTEMPT_PENDING)
                        return true;
        return false;
}

size_t md_attempts_prepare(const MdAttempts *attempts, struct pollfd *ret) {
        size_t n = 0;
        for (size_t i = 0; i < attempts->n; i++)
                if (attempts->list[i].outcome == MD_ATTEMPT_PENDING)
                        ret[n++] = (struct pollfd) { .fd = attempts->list[i].fd, .events = POLLOUT };
        return n;
}

static MdAttempt *attempt_of(MdAttempts *attempts, int fd) {
        for (size_t i = 0; i < attempts->n; i++)
                if (attempts->list[i].outcome == MD_ATTEMPT_PENDING && attempts->list[i].fd == fd)
                        return &attempts->list[i];
        assert(!"polled for an attempt that is not pending");
        return NULL;
}

bool md_attempts_serve(MdProbe *probe, const struct pollfd *fds, size_t n) {
        bool decided = false;
        for (size_t i = 0; i < n; i++) {
                if (!fds[i].revents)
                        continue;
                MdAttempt *attempt = attempt_of(&probe->attempts, fds[i].fd);
                int error = 0;
                if (getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t) { sizeof(error) }) < 0)
                        error = errno;
                decide(probe, attempt, error, md_attempt_outcome(error, false));
                decided = true;
        }
        return decided;
}

void md_attempts_expire(MdProbe *probe) {
        if (probe->attempts.expired)
                return;
        probe->attempts.expired = true;
        for (size_t i = 0; i < probe->attempts.n; i++) {
                MdAttempt *attempt = &probe->attempts.list[i];
                if (attempt->outcome == MD_ATTEMPT_PENDING)
                        decide(probe, attempt, ETIMEDOUT, MD_ATTEMPT_TIMEOUT);
                else if (attempt->outcome == MD_ATTEMPT_NOT_TRIED)
                        report(probe, attempt);
        }
}
