/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The wire under a TLS session: buffers what comes, counts records and bytes, and stops what is no TLS.
 * Records are looked at when the session takes them, not when they arrive, so that good ones before a bad
 * one are still delivered.
 */

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "tls-wire.h"

#define RECORD_MAX (16384u + 2048u)     /* RFC 5246 section 6.2.3 */

enum {
        CONTENT_CHANGE_CIPHER_SPEC = 20,
        CONTENT_ALERT = 21,
        CONTENT_HANDSHAKE = 22,
        CONTENT_APPLICATION_DATA = 23,
};

void md_wire_init(MdWire *wire, const MdTlsIo *io) {
        *wire = (MdWire) {
                .io = *io,
                .trouble = MD_TLS_UP,
                .records_left = MD_WIRE_HANDSHAKE_RECORDS,
                .bytes_left = MD_WIRE_HANDSHAKE_BYTES,
        };
}

void md_wire_renew(MdWire *wire) {
        wire->records_left = MD_WIRE_IDLE_RECORDS;
        wire->bytes_left = SIZE_MAX;
}

/* Whether the byte at this place of a header can stand there. */
static bool header_byte_fits(size_t place, uint8_t byte, bool first_record) {
        switch (place) {
        case 0:
                return byte == CONTENT_HANDSHAKE || byte == CONTENT_ALERT ||
                       (!first_record &&
                        (byte == CONTENT_CHANGE_CIPHER_SPEC || byte == CONTENT_APPLICATION_DATA));
        case 1:
                return byte == 3;
        case 2:
                return byte <= 4;
        default:
                return true;
        }
}

static int wire_fail(MdWire *wire, MdTlsOutcome trouble) {
        wire->trouble = trouble;
        return -EPROTO;
}

static int header_complete(MdWire *wire) {
        wire->header_size = 0;
        wire->body_left = (size_t) wire->header[3] << 8 | wire->header[4];
        wire->n_records++;
        if (wire->body_left > RECORD_MAX)
                return wire_fail(wire, MD_TLS_BROKEN);
        bool is_empty = wire->body_left == 0 && wire->header[0] != CONTENT_APPLICATION_DATA;
        if (wire->records_left == 0 || is_empty)        /* RFC 8446 section 5.1 */
                return wire_fail(wire, MD_TLS_FLOOD);
        wire->records_left--;
        return 0;
}

static int header_feed(MdWire *wire, uint8_t byte) {
        bool first_record = wire->n_records == 0;
        if (!header_byte_fits(wire->header_size, byte, first_record))
                return wire_fail(wire, first_record ? MD_TLS_NOT_TLS : MD_TLS_BROKEN);
        wire->header[wire->header_size++] = byte;
        return wire->header_size == MD_WIRE_HEADER ? header_complete(wire) : 0;
}

/* Looks at bytes that the session is about to take. */
static int records_pass(MdWire *wire, const uint8_t *bytes, size_t size) {
        if (size > wire->bytes_left)
                return wire_fail(wire, MD_TLS_TOO_LARGE);
        wire->bytes_left -= size;

        while (size > 0) {
                size_t n = 1;
                if (wire->body_left > 0) {
                        n = size < wire->body_left ? size : wire->body_left;
                        wire->body_left -= n;
                } else {
                        int r = header_feed(wire, *bytes);
                        if (r < 0)
                                return r;
                }
                bytes += n;
                size -= n;
        }
        return 0;
}

static ssize_t wire_fill(MdWire *wire) {
        assert(wire->start == wire->end);

        ssize_t n = wire->io.read(wire->io.userdata, wire->buffer, sizeof(wire->buffer));
        if (n == -EAGAIN) {
                wire->blocked = true;
                return n;
        }
        if (n < 0) {
                wire->error = (int) n;
                return n;
        }
        wire->ended = n == 0;
        wire->start = 0;
        wire->end = (size_t) n;
        return n;
}

ssize_t md_wire_read(MdWire *wire, void *buffer, size_t size) {
        if (wire->trouble != MD_TLS_UP)
                return -EPROTO;
        if (wire->start == wire->end) {
                ssize_t n = wire_fill(wire);
                if (n <= 0)
                        return n;
        }

        size_t n = wire->end - wire->start;
        if (n > size)
                n = size;
        int r = records_pass(wire, wire->buffer + wire->start, n);
        if (r < 0)
                return r;
        memcpy(buffer, wire->buffer + wire->start, n);
        wire->start += n;
        return (ssize_t) n;
}

bool md_wire_ready(MdWire *wire) {
        return wire->trouble != MD_TLS_UP || wire->start < wire->end || wire_fill(wire) != -EAGAIN;
}

/* One segment for a whole flight: two small writes in a row would wait for the acknowledgement of the
 * first. */
static ssize_t gather(const struct iovec *iov, size_t n_iov, uint8_t *buffer, size_t size) {
        size_t total = 0;
        for (size_t i = 0; i < n_iov; i++) {
                size_t n = iov[i].iov_len;
                if (n > size - total)
                        n = size - total;
                memcpy(buffer + total, iov[i].iov_base, n);
                total += n;
        }
        return (ssize_t) total;
}

ssize_t md_wire_write(MdWire *wire, const struct iovec *iov, size_t n_iov) {
        uint8_t flight[MD_WIRE_BUFFER];
        ssize_t size = gather(iov, n_iov, flight, sizeof(flight));
        if (wire->deaf)
                return size;

        ssize_t n = wire->io.write(wire->io.userdata, flight, (size_t) size);
        if (n == -EPIPE || n == -ECONNRESET) {
                /* A server that refuses says so in an alert and hangs up; that alert is worth reading. */
                wire->deaf = true;
                return size;
        }
        if (n == -EAGAIN)
                wire->blocked = true;
        else if (n < 0)
                wire->error = (int) n;
        return n;
}
