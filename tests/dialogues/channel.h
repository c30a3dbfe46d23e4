/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The server's end of a connection: bytes out (at once, or one by one), lines in, in clear and inside TLS.
 * All that the client says is kept, separately for both. */

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

#define CHANNEL_HEARD_MAX (256u * 1024u)

/* What one connection heard and how it went; lives in memory shared with the judging process. */
typedef struct Account {
        char deviation[512];            /* what went otherwise than in the script; empty: nothing */
        size_t n_clear, n_tls, n_log;
        char clear[CHANNEL_HEARD_MAX], tls[CHANNEL_HEARD_MAX];
        char log[CHANNEL_HEARD_MAX];    /* the conversation, for people */
} Account;

typedef struct Channel {
        int fd;
        gnutls_session_t tls;           /* NULL: clear text */
        bool by_byte;
        Account *account;
        char *out;                      /* said, not sent yet */
        size_t n_out, glue_from, glue_to;       /* bytes of `out` that must leave together */
        char in[64 * 1024];
        size_t n_in;
} Channel;

void channel_init(Channel *channel, int fd, bool by_byte, Account *account);
void channel_done(Channel *channel);

/* Queues bytes.  `together`: they leave in one segment with the last byte before them. */
void channel_say(Channel *channel, const char *bytes, size_t size, bool together);
/* Sends what is queued: 0, or -errno when the client is gone. */
int channel_flush(Channel *channel);
/* Reads a line, CR LF taken off: 1; 0 at the end; -ETIMEDOUT, -EBADMSG (no CR before the LF), -EMSGSIZE. */
int channel_hear(Channel *channel, char **ret_line);
/* Takes what comes until the client is gone, or `milliseconds` have passed (-1: the guard's time).  Returns
 * whether it is gone. */
bool channel_drain(Channel *channel, int milliseconds);
/* Shakes hands; returns 0 or a code of GnuTLS. */
int channel_start_tls(Channel *channel, gnutls_certificate_credentials_t credentials);
/* Ends the connection from this side. */
void channel_cut(Channel *channel, bool politely);
void channel_reset(Channel *channel);

/* One line of the conversation for people: who speaks, and the bytes, made visible. */
void account_log(Account *account, const char *who, const char *bytes, size_t size);
void account_deviate(Account *account, unsigned line, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
