/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The connection of a probe, seen from inside the SDK. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/conn.h>

#include "replay.h"
#include "stream.h"
#include "tls.h"

typedef struct MdConn {
        MdStream stream;                /* fd -1: not connected */
        MdTls *tls;                     /* NULL: clear text */
        bool verified;
        int error;                      /* -errno that broke the connection for good */

        char *in;                       /* MD_CONN_IN_SIZE bytes; [start, end) came in and were not read */
        size_t start, end;
        size_t scanned;                 /* of them, looked at for a line end */
        bool cr_ends_lines;             /* a peer that sends CR alone */
        bool skip_lf;                   /* the line before ended with a CR, the LF may still come */

        char *out;                      /* MD_CONN_OUT_SIZE bytes, queued */
        size_t n_out;
        bool deaf;                      /* the peer takes no more; what it said before can still be read */

        MdReplay replay;                /* what was said before TLS */
        bool is_implicit;               /* TLS came first */
} MdConn;

/* in[0] is never filled, so that what is read can move left by one to make room for a NUL. */
#define MD_CONN_IN_SIZE (1 + MD_LINE_MAX + 4096u)
/* Room for the longest secret, every byte of it quoted.  Locked memory, taken before the process is
 * locked. */
#define MD_CONN_OUT_SIZE (36u * 1024u)

/* Takes over a connected socket. */
int md_conn_open(MdProbe *probe, int fd);
void md_conn_close(MdProbe *probe);
bool md_conn_works(const MdProbe *probe);

/* Reads what is there into the buffer; waits for it until the deadline (0: does not wait,
 * -EAGAIN).  Returns how many bytes, or an error of conn.h. */
ssize_t md_conn_fill(MdProbe *probe, uint64_t deadline);
/* Notes that the connection broke; returns the error. */
int md_conn_broke(MdProbe *probe, int error);
/* What came in and was not read. */
const char *md_conn_peek(const MdProbe *probe, size_t *ret_size);

/* Puts TLS on the connection and reports it.  Returns 0, -EPROTO when a finding says why not, -errno. */
int md_conn_start_tls(MdProbe *probe, bool implicit);
