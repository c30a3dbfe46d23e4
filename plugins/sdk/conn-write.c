/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Commands out.  They wait in a queue of fixed size, so that a secret in it has no second copy and is wiped
 * once it has left.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe-state.h"

static ssize_t write_some(MdConn *conn, const char *bytes, size_t size) {
        return conn->tls ? md_tls_write(conn->tls, bytes, size) : md_stream_write(&conn->stream, bytes, size);
}

static void forget_queue(MdConn *conn) {
        explicit_bzero(conn->out, conn->n_out);
        conn->n_out = 0;
}

static int wait_to_write(MdProbe *probe) {
        probe->conn.stream.deadline = probe->step_deadline;
        int r = md_stream_wait(&probe->conn.stream, true);
        if (r != -ETIMEDOUT)
                return r;
        if (!probe->in_goodbye)
                md_find(probe, "send.timeout", NULL);
        return -EPROTO;
}

int md_flush(MdProbe *probe) {
        MdConn *conn = &probe->conn;
        size_t sent = 0;
        int r = 0;

        while (r >= 0 && conn->error == 0 && !conn->deaf && sent < conn->n_out) {
                ssize_t n = write_some(conn, conn->out + sent, conn->n_out - sent);
                if (n > 0)
                        sent += n;
                else if (n == -EAGAIN)
                        r = wait_to_write(probe);
                else if (n == -ENOMEM)
                        r = n;
                else    /* A server that hangs up often said why before: read that first. */
                        conn->deaf = true;
        }
        forget_queue(conn);
        return r < 0 ? md_conn_broke(probe, r) : 0;
}

/* Makes room for `size` more bytes in the queue. */
static int reserve(MdProbe *probe, size_t size) {
        MdConn *conn = &probe->conn;
        if (conn->stream.fd < 0)
                return -ENOTCONN;
        if (size > MD_CONN_OUT_SIZE)
                return -EMSGSIZE;
        return size > MD_CONN_OUT_SIZE - conn->n_out ? md_flush(probe) : 0;
}

static void queue(MdConn *conn, const void *bytes, size_t size) {
        memcpy(conn->out + conn->n_out, bytes, size);
        conn->n_out += size;
}

static int queue_line(MdProbe *probe, const char *line, size_t length) {
        int r = reserve(probe, length + 2);
        if (r < 0)
                return r;
        queue(&probe->conn, line, length);
        queue(&probe->conn, "\r\n", 2);
        md_transcript_add(probe, false, line, length);
        if (!probe->conn.tls)
                md_replay_said(&probe->conn.replay, line, length);
        return 0;
}

int md_send(MdProbe *probe, const char *format, ...) {
        char *line;
        va_list args;

        va_start(args, format);
        int length = vasprintf(&line, format, args);
        va_end(args);
        if (length < 0)
                return -ENOMEM;
        bool forged = strpbrk(line, "\r\n") || strlen(line) != (size_t) length;
        int r = forged ? -EINVAL : queue_line(probe, line, length);
        free(line);
        return r;
}

/* ---- with the secret ---- */

/* The secret is about to be queued: makes room, and sees to it that it may be. */
static int open_door(MdProbe *probe, size_t size) {
        int r = probe->login == MD_LOGIN_BEGUN ? 0 : md_probe_login_begin(probe);
        return r < 0 ? r : reserve(probe, size);
}

/* What the transcript shows instead. */
static void show_stars(MdProbe *probe, const char *before, const char *after) {
        char shown[256];
        snprintf(shown, sizeof(shown), "%s***%s", before, after);
        md_transcript_add(probe, false, shown, strlen(shown));
}

int md_conn_send_encoded(MdProbe *probe, const char *before, const MdPart *parts, size_t n_parts,
                         const char *after) {
        MdConn *conn = &probe->conn;
        size_t size = 0;
        for (size_t i = 0; i < n_parts; i++)
                size += parts[i].size;
        int r = open_door(probe, strlen(before) + MD_BASE64_SIZE(size) + strlen(after) + 2);
        if (r < 0)
                return r;

        queue(conn, before, strlen(before));
        conn->n_out += md_base64_encode(parts, n_parts, conn->out + conn->n_out);
        queue(conn, after, strlen(after));
        queue(conn, "\r\n", 2);
        show_stars(probe, before, after);
        return 0;
}

size_t md_secret_length(const MdProbe *probe) {
        return probe->has_secret ? md_secret_size(probe->secret) : 0;
}

bool md_secret_is_quotable(const MdProbe *probe) {
        if (!probe->has_secret)
                return false;
        const char *bytes = md_secret_bytes(probe->secret);
        for (size_t i = 0; i < md_secret_size(probe->secret); i++)
                if ((bytes[i] & 0x80) || bytes[i] == '\0' || bytes[i] == '\r' || bytes[i] == '\n')
                        return false;
        return true;
}

static void queue_quoted(MdConn *conn, const char *bytes, size_t size) {
        queue(conn, "\"", 1);
        for (size_t i = 0; i < size; i++) {
                if (bytes[i] == '"' || bytes[i] == '\\')
                        queue(conn, "\\", 1);
                queue(conn, bytes + i, 1);
        }
        queue(conn, "\"", 1);
}

int md_send_secret(MdProbe *probe, const char *before, MdSecretForm form) {
        MdConn *conn = &probe->conn;
        size_t length = strlen(before), size = md_secret_length(probe);

        if (!probe->has_secret || probe->secret_sent)
                return -EACCES;
        if (strpbrk(before, "\r\n") || (form == MD_SECRET_QUOTED && !md_secret_is_quotable(probe)))
                return -EINVAL;
        int r = open_door(probe, length + 2 * size + 4);
        if (r < 0)
                return r;

        queue(conn, before, length);
        if (form == MD_SECRET_QUOTED)
                queue_quoted(conn, md_secret_bytes(probe->secret), size);
        else
                queue(conn, md_secret_bytes(probe->secret), size);
        queue(conn, "\r\n", 2);
        probe->secret_sent = true;
        show_stars(probe, before, "");
        return 0;
}
