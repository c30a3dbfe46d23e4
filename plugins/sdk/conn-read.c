/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lines and literals in: RFC line ends, and the others that servers send. */

#include <errno.h>
#include <string.h>

#include "probe-state.h"

#define LONG_LINE 8192u                 /* RFC 7162 section 4: the longest that a client has to take */
#define CR_PATIENCE (500 * MD_MSEC)     /* for the LF after a CR, before the CR counts as a line end */

typedef struct Found {
        char *text;
        size_t length;
        bool odd_end;
} Found;

static void drop_late_lf(MdConn *conn) {
        if (conn->skip_lf && conn->start < conn->end) {
                conn->start += conn->in[conn->start] == '\n';
                conn->skip_lf = false;
        }
        if (conn->scanned < conn->start)
                conn->scanned = conn->start;
}

/* Takes the bytes up to `end`, and the line end of `skip` bytes. */
static Found take(MdConn *conn, char *end, size_t skip, bool odd_end) {
        Found found = { .text = conn->in + conn->start, .odd_end = odd_end };
        found.length = end - found.text;
        conn->start += found.length + skip;
        conn->scanned = conn->start;
        *end = '\0';
        return found;
}

/* Looks for a whole line in the buffer.  A CR ends one only where a peer showed that it sends no LF, since
 * a CR in the middle of a text must not be able to forge a line. */
static bool find_line(MdConn *conn, bool cr_ends, Found *ret) {
        drop_late_lf(conn);
        size_t from = cr_ends ? conn->start : conn->scanned;
        char *lf = memchr(conn->in + from, '\n', conn->end - from);
        char *cr = cr_ends ? memchr(conn->in + conn->start, '\r', conn->end - conn->start) : NULL;

        if (cr && (!lf || cr + 1 < lf)) {
                conn->skip_lf = cr + 1 == conn->in + conn->end;
                *ret = take(conn, cr, 1, true);
                return true;
        }
        conn->scanned = conn->end;
        if (!lf)
                return false;
        bool pair = lf > conn->in + conn->start && lf[-1] == '\r';
        *ret = take(conn, pair ? lf - 1 : lf, pair ? 2 : 1, !pair);
        return true;
}

static bool holds_cr(const MdConn *conn) {
        return memchr(conn->in + conn->start, '\r', conn->end - conn->start);
}

/* Waits for more of a line: 0, or an error.  Silence after a CR tells a peer that ends its lines so. */
static int wait_for_more(MdProbe *probe) {
        MdConn *conn = &probe->conn;
        uint64_t deadline = probe->step_deadline, patience = md_probe_deadline(probe, CR_PATIENCE);
        bool cr = holds_cr(conn);

        if (conn->end - conn->start >= MD_LINE_MAX + sizeof("\r"))
                return md_conn_broke(probe, -EMSGSIZE);
        ssize_t n = md_conn_fill(probe, cr && patience < deadline ? patience : deadline);
        if (n > 0)
                return 0;
        if (cr && (n == -ETIMEDOUT || n == -ENODATA)) {
                conn->cr_ends_lines = true;
                return 0;
        }
        if (n == -ETIMEDOUT && conn->end > conn->start)
                n = -ETIME;
        return md_conn_broke(probe, n);
}

static void note_oddities(MdProbe *probe, const Found *line, const char *evidence) {
        if (probe->in_goodbye)
                return;
        if (line->odd_end)
                md_find(probe, "protocol.bad-line-ends", evidence);
        if (memchr(line->text, '\0', line->length))
                md_find(probe, "protocol.nul-byte", evidence);
        if (line->length > LONG_LINE)
                md_find(probe, "protocol.long-line", evidence, MD_NUMBER("length", line->length));
}

static int read_line(MdProbe *probe, bool is_private, const char **ret_line, size_t *ret_length) {
        MdConn *conn = &probe->conn;
        Found line;

        int r = md_flush(probe);
        while (r >= 0 && !find_line(conn, conn->cr_ends_lines, &line))
                r = wait_for_more(probe);
        if (r >= 0 && line.length > MD_LINE_MAX)
                r = md_conn_broke(probe, -EMSGSIZE);
        if (r < 0)
                return r;

        if (!is_private)
                md_transcript_add(probe, true, line.text, line.length);
        if (!conn->tls)
                md_replay_heard(&conn->replay);
        note_oddities(probe, &line, is_private ? NULL : line.text);
        *ret_line = line.text;
        if (ret_length)
                *ret_length = line.length;
        return 0;
}

int md_read_line(MdProbe *probe, const char **ret_line, size_t *ret_length) {
        return read_line(probe, false, ret_line, ret_length);
}

int md_read_private_line(MdProbe *probe, const char **ret_line, size_t *ret_length) {
        return read_line(probe, true, ret_line, ret_length);
}

int md_read_bytes(MdProbe *probe, size_t length, const char **ret_bytes) {
        MdConn *conn = &probe->conn;

        if (length > MD_LINE_MAX)
                return -EMSGSIZE;
        int r = md_flush(probe);
        drop_late_lf(conn);
        while (r >= 0 && conn->end - conn->start < length) {
                ssize_t n = md_conn_fill(probe, probe->step_deadline);
                if (n == -ETIMEDOUT && conn->end > conn->start)
                        n = -ETIME;
                if (n < 0)
                        r = md_conn_broke(probe, (int) n);
        }
        if (r < 0)
                return r;

        /* One place to the left, so that the NUL does not fall on what follows. */
        char *bytes = memmove(conn->in + conn->start - 1, conn->in + conn->start, length);
        bytes[length] = '\0';
        conn->start += length;
        conn->scanned = conn->start;
        md_transcript_add(probe, true, bytes, length);
        *ret_bytes = bytes;
        return 0;
}

size_t md_unread(MdProbe *probe) {
        MdConn *conn = &probe->conn;
        if (conn->start == conn->end)
                md_conn_fill(probe, 0);
        drop_late_lf(conn);
        return conn->end - conn->start;
}

int md_expect_silence(MdProbe *probe) {
        size_t size;
        if (md_unread(probe) == 0)
                return 0;
        const char *bytes = md_conn_peek(probe, &size);
        md_find_bytes(probe, "security.unsolicited-reply", bytes, size, NULL);
        return -EPROTO;
}

int md_too_many_lines(MdProbe *probe) {
        md_find(probe, "protocol.too-many-lines", NULL);
        return -EPROTO;
}

int md_bad_reply(MdProbe *probe, const char *line) {
        md_find(probe, "protocol.bad-reply", line);
        return -EPROTO;
}
