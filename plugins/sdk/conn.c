/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The connection: its buffers, and bytes in. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe-state.h"

int md_conn_open(MdProbe *probe, int fd) {
        MdConn *conn = &probe->conn;

        md_stream_init(&conn->stream, probe, fd);
        /* Pages that are never touched cost nothing. */
        conn->in = malloc(MD_CONN_IN_SIZE);
        conn->start = conn->end = conn->scanned = 1;
        conn->replay.whole = true;
        return conn->in ? 0 : -ENOMEM;
}

void md_conn_close(MdProbe *probe) {
        MdConn *conn = &probe->conn;

        if (conn->tls && conn->error == 0)
                md_tls_bye(conn->tls);
        conn->tls = md_tls_free(conn->tls);
        md_stream_done(&conn->stream);
        free(conn->in);
        conn->in = NULL;
        if (conn->out)
                explicit_bzero(conn->out, conn->n_out);
        conn->n_out = 0;
}

bool md_conn_works(const MdProbe *probe) {
        return probe->conn.stream.fd >= 0 && probe->conn.error == 0 && !probe->conn.deaf;
}

bool md_is_encrypted(const MdProbe *probe) {
        return probe->conn.tls;
}

int md_conn_broke(MdProbe *probe, int error) {
        probe->conn.error = error;
        return error;
}

const char *md_conn_peek(const MdProbe *probe, size_t *ret_size) {
        const MdConn *conn = &probe->conn;
        *ret_size = conn->end - conn->start;
        return conn->in + conn->start;
}

/* A session that broke: how it did is for TLS to say. */
static int tls_broke(MdProbe *probe) {
        MdTls *tls = probe->conn.tls;
        static const int certificate_required = 116;    /* RFC 8446 section 6.2: comes after the handshake */
        const char *alert = NULL;
        MdTlsOutcome outcome = md_tls_outcome(tls);

        if (outcome == MD_TLS_CLOSED) {
                if (!probe->in_goodbye)
                        md_find(probe, "tls.truncated", "the connection ended without a goodbye of TLS");
                return -ENODATA;
        }
        if (probe->in_goodbye || (outcome != MD_TLS_ALERT && outcome != MD_TLS_FLOOD))
                return -EBADMSG;
        if (outcome == MD_TLS_FLOOD)
                md_find(probe, "tls.flood", "records that hold nothing");
        else if (md_tls_alert(tls, &alert) == certificate_required)
                md_find(probe, "tls.client-certificate-required", alert);
        else
                md_find(probe, "tls.refused", alert, MD_TEXT("alert", alert));
        return -EPROTO;
}

static ssize_t read_some(MdProbe *probe, void *buffer, size_t size) {
        MdConn *conn = &probe->conn;
        ssize_t n = conn->tls ? md_tls_read(conn->tls, buffer, size) :
                                md_stream_read(&conn->stream, buffer, size);

        if (n > 0 || n == -EAGAIN)
                return n;
        if (n == 0)
                return -ENODATA;
        if (probe->bytes_in > MD_INPUT_MAX)
                return -EOVERFLOW;
        return conn->tls && n == -EBADMSG ? tls_broke(probe) : n;
}

static void make_room(MdConn *conn) {
        memmove(conn->in + 1, conn->in + conn->start, conn->end - conn->start);
        conn->scanned -= conn->start - 1;
        conn->end -= conn->start - 1;
        conn->start = 1;
}

ssize_t md_conn_fill(MdProbe *probe, uint64_t deadline) {
        MdConn *conn = &probe->conn;

        if (conn->error < 0)
                return conn->error;
        if (conn->start > 1)
                make_room(conn);
        if (conn->end == MD_CONN_IN_SIZE)
                return md_conn_broke(probe, -EMSGSIZE);
        for (;;) {
                ssize_t n = read_some(probe, conn->in + conn->end, MD_CONN_IN_SIZE - conn->end);
                if (n > 0) {
                        conn->end += n;
                        return n;
                }
                if (n != -EAGAIN)
                        return md_conn_broke(probe, n);
                if (deadline == 0)
                        return -EAGAIN;
                conn->stream.deadline = deadline;
                int r = md_stream_wait(&conn->stream, false);
                if (r < 0)
                        return r;
        }
}
