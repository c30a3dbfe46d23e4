/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The server's end of a connection. */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"

#define GUARD_MS 30000          /* nothing in a script waits that long */

/* ---- what is kept ---- */

static void keep(char *store, size_t *n, const char *bytes, size_t size) {
        size_t room = CHANNEL_HEARD_MAX - *n;
        size = size < room ? size : room;
        memcpy(store + *n, bytes, size);
        *n += size;
}

void account_log(Account *account, const char *who, const char *bytes, size_t size) {
        char shown[8];

        keep(account->log, &account->n_log, who, strlen(who));
        for (size_t i = 0; i < size && i < 400; i++) {
                unsigned char c = bytes[i];
                bool visible = c >= ' ' && c < 0x7f;
                const char *form = visible ? "%c" : c == '\r' ? "\\r" : c == '\n' ? "\\n" : "\\x%02x";
                int n = snprintf(shown, sizeof(shown), form, c);
                keep(account->log, &account->n_log, shown, n);
        }
        keep(account->log, &account->n_log, size > 400 ? "…\n" : "\n", size > 400 ? 4 : 1);
}

void account_deviate(Account *account, unsigned line, const char *format, ...) {
        va_list args;

        if (account->deviation[0])
                return;
        int n = snprintf(account->deviation, sizeof(account->deviation), "line %u: ", line);
        va_start(args, format);
        vsnprintf(account->deviation + n, sizeof(account->deviation) - n, format, args);
        va_end(args);
}

/* ---- life ---- */

void channel_init(Channel *channel, int fd, bool by_byte, Account *account) {
        *channel = (Channel) { .fd = fd, .by_byte = by_byte, .account = account };
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof(int));
}

void channel_done(Channel *channel) {
        if (channel->tls)
                gnutls_deinit(channel->tls);
        close(channel->fd);
        free(channel->out);
}

void channel_cut(Channel *channel, bool politely) {
        if (politely && channel->tls)
                gnutls_bye(channel->tls, GNUTLS_SHUT_WR);
        shutdown(channel->fd, SHUT_WR);
}

void channel_reset(Channel *channel) {
        const struct linger linger = { .l_onoff = 1 };

        setsockopt(channel->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

/* ---- out ---- */

void channel_say(Channel *channel, const char *bytes, size_t size, bool together) {
        char *out = realloc(channel->out, channel->n_out + size + 1);
        if (!out)
                abort();
        if (together) {
                channel->glue_from = channel->n_out ? channel->n_out - 1 : 0;
                channel->glue_to = channel->n_out + size;
        }
        channel->out = out;
        memcpy(out + channel->n_out, bytes, size);
        channel->n_out += size;
}

/* Sends as much as one call takes: a count, or -errno. */
static ssize_t send_some(Channel *channel, const char *bytes, size_t size) {
        struct pollfd writable = { .fd = channel->fd, .events = POLLOUT };
        ssize_t n;

        if (channel->tls) {
                do
                        n = gnutls_record_send(channel->tls, bytes, size);
                while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
                return n < 0 ? -EPIPE : n;
        }
        if (poll(&writable, 1, GUARD_MS) == 0)
                return -ETIMEDOUT;
        n = send(channel->fd, bytes, size, MSG_NOSIGNAL);
        return n < 0 ? -errno : n;
}

static size_t piece(const Channel *channel, size_t at) {
        if (!channel->by_byte)
                return channel->n_out - at;
        return at == channel->glue_from && channel->glue_to > at ? channel->glue_to - at : 1;
}

int channel_flush(Channel *channel) {
        int r = 0;

        if (channel->n_out)
                account_log(channel->account, channel->tls ? "S| " : "S: ", channel->out, channel->n_out);
        for (size_t at = 0; at < channel->n_out;) {
                ssize_t n = send_some(channel, channel->out + at, piece(channel, at));
                if (n < 0) {
                        r = n;
                        break;
                }
                at += n;
        }
        channel->n_out = channel->glue_from = channel->glue_to = 0;
        return r;
}

/* ---- in ---- */

/* Reads what is there: a count, 0 at the end, -EAGAIN when it was not for us, -ETIMEDOUT. */
static ssize_t receive(Channel *channel, char *bytes, size_t size, int milliseconds) {
        struct pollfd readable = { .fd = channel->fd, .events = POLLIN };
        Account *account = channel->account;
        ssize_t n;

        bool waiting = channel->tls && gnutls_record_check_pending(channel->tls);
        if (!waiting && poll(&readable, 1, milliseconds) == 0)
                return -ETIMEDOUT;
        if (!channel->tls) {
                n = recv(channel->fd, bytes, size, 0);
                if (n > 0)
                        keep(account->clear, &account->n_clear, bytes, n);
                return n < 0 ? 0 : n;
        }
        n = gnutls_record_recv(channel->tls, bytes, size);
        if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
                return -EAGAIN;
        if (n > 0)
                keep(account->tls, &account->n_tls, bytes, n);
        return n < 0 ? 0 : n;
}

/* Takes the first line out of what came in. */
static int take_line(Channel *channel, char *end, char **ret_line) {
        size_t n = end - channel->in;
        bool proper = n > 0 && end[-1] == '\r';

        *ret_line = strndup(channel->in, proper ? n - 1 : n);
        if (!*ret_line)
                abort();
        account_log(channel->account, channel->tls ? "C| " : "C: ", channel->in, n + 1);
        channel->n_in -= n + 1;
        memmove(channel->in, end + 1, channel->n_in);
        return proper ? 1 : -EBADMSG;
}

int channel_hear(Channel *channel, char **ret_line) {
        for (;;) {
                char *end = memchr(channel->in, '\n', channel->n_in);
                if (end)
                        return take_line(channel, end, ret_line);
                if (channel->n_in == sizeof(channel->in))
                        return -EMSGSIZE;
                ssize_t n = receive(channel, channel->in + channel->n_in, sizeof(channel->in) - channel->n_in,
                                    GUARD_MS);
                if (n == -EAGAIN)
                        continue;
                if (n <= 0)
                        return n;
                channel->n_in += n;
        }
}

bool channel_drain(Channel *channel, int milliseconds) {
        char bytes[4096];

        for (;;) {
                int patience = milliseconds < 0 ? GUARD_MS : milliseconds;
                ssize_t n = receive(channel, bytes, sizeof(bytes), patience);
                if (n == -ETIMEDOUT)
                        return false;
                if (n == 0)
                        return true;
                if (n > 0)
                        account_log(channel->account, channel->tls ? "C| " : "C: ", bytes, n);
        }
}

/* ---- TLS ---- */

int channel_start_tls(Channel *channel, gnutls_certificate_credentials_t credentials) {
        int r = gnutls_init(&channel->tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
        if (r < 0)
                return r;
        gnutls_set_default_priority(channel->tls);
        gnutls_credentials_set(channel->tls, GNUTLS_CRD_CERTIFICATE, credentials);
        gnutls_handshake_set_timeout(channel->tls, GUARD_MS);
        gnutls_transport_set_int(channel->tls, channel->fd);
        do
                r = gnutls_handshake(channel->tls);
        while (r < 0 && !gnutls_error_is_fatal(r));

        const char *outcome = r < 0 ? gnutls_strerror(r) : "handshake";
        account_log(channel->account, "-- TLS ", outcome, strlen(outcome));
        return r;
}
