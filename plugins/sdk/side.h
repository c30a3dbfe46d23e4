/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A second connection to the address in use, when the first one does not tell enough: it listens, or it
 * offers TLS, and is closed again.
 */

#include "classify.h"
#include "stream.h"
#include "tls.h"

/* How a second handshake comes about. */
typedef struct MdSideManner {
        bool replay;                    /* behind STARTTLS: the dialogue is said again up to there */
        const char *injected;           /* bytes that leave with the last command of it; NULL: none */
        bool small_segments;            /* the server is asked for packets that pass nearly everywhere */
        uint64_t patience;              /* microseconds, for all of it */
} MdSideManner;

/* A connection must have been made.  Connects within the time of the stream's deadline, which is set here.  Returns 0, -ETIMEDOUT, -errno. */
int md_side_open(MdProbe *probe, uint64_t patience, MdStream *ret);

/* A second connection with a handshake.  Returns 0 with a session, whose outcome tells how the handshake went; -errno when
 * it never came to it.  The caller frees the session, and the stream after it. */
int md_side_shake_hands(MdProbe *probe, const MdTlsOptions *options, const MdSideManner *manner, MdStream *stream,
                        MdTls **ret);
/* Options of every handshake with the target. */
MdTlsOptions md_side_tls_options(const MdProbe *probe);

/* What a server says that is left alone for `patience` microseconds, or offered TLS.  The first bytes stay in
 * `ret_stream`, which is closed.  `ret_hung_up`: to the offer of TLS it closed the connection without a word. */
MdSpeech md_side_listen(MdProbe *probe, uint64_t patience, MdStream *ret_stream);
MdSpeech md_side_hello(MdProbe *probe, uint64_t patience, MdStream *ret_stream, bool *ret_hung_up);

/* Reads on until the first line in `stream->first` is whole, for a short while. */
void md_side_finish_line(MdStream *stream);
