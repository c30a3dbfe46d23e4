/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The wire under a TLS session: hands bytes from the connection to the library and back, and watches the
 * record headers (RFC 8446 section 5.1) that pass.  So what is no TLS is told from its first byte and kept,
 * and neither a handshake nor a reply can be made of records without end.  Deciphers nothing.
 */

#include <sys/uio.h>

#include "tls.h"

#define MD_WIRE_BUFFER 4096u
#define MD_WIRE_HEADER 5u
#define MD_WIRE_HANDSHAKE_RECORDS 256u          /* most records in one handshake */
#define MD_WIRE_HANDSHAKE_BYTES (160u * 1024u)  /* most bytes in one handshake */
#define MD_WIRE_IDLE_RECORDS 64u                /* most records in a row that carry no data, after it */

typedef struct MdWire {
        MdTlsIo io;
        int error;                      /* -errno of the connection, which ends it; 0 */
        MdTlsOutcome trouble;           /* what is wrong with the records; MD_TLS_UP: nothing yet */
        bool blocked;                   /* a read or write would have had to wait; reset by the session */
        bool ended;                     /* end of file was read */
        bool deaf;                      /* the peer takes no more bytes; it may have said why */
        size_t start, end;              /* what of the buffer the session has not taken */
        uint8_t header[MD_WIRE_HEADER];
        size_t header_size;
        size_t body_left;               /* bytes of the record that are still to come */
        size_t records_left, bytes_left;
        size_t n_records;
        uint8_t buffer[MD_WIRE_BUFFER];
} MdWire;

void md_wire_init(MdWire *wire, const MdTlsIo *io);
/* Gives new credit: from now on MD_WIRE_IDLE_RECORDS records may pass until the next call. */
void md_wire_renew(MdWire *wire);

/* Like read(2) and writev(2): a count, 0 for end of file, -EAGAIN, or -errno (-EPROTO: see trouble). */
ssize_t md_wire_read(MdWire *wire, void *buffer, size_t size);
ssize_t md_wire_write(MdWire *wire, const struct iovec *iov, size_t n_iov);
/* Whether a read would not have to wait. */
bool md_wire_ready(MdWire *wire);
