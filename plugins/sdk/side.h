/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A second connection to the address in use, when the first one does not tell enough: it listens, or it
 * offers TLS, and is closed again.
 */

#include "classify.h"
#include "stream.h"
#include "tls.h"

/* A connection must have been made.  Connects within the time of the stream's deadline, which is set here.  Returns 0, -ETIMEDOUT, -errno. */
int md_side_open(MdProbe *probe, uint64_t patience, MdStream *ret);
/* Options of every handshake with the target. */
MdTlsOptions md_side_tls_options(const MdProbe *probe);

/* What a server says that is left alone for `patience` microseconds, or offered TLS.  The first bytes stay in
 * `ret_stream`, which is closed.  `ret_hung_up`: to the offer of TLS it closed the connection without a word. */
MdSpeech md_side_listen(MdProbe *probe, uint64_t patience, MdStream *ret_stream);
MdSpeech md_side_hello(MdProbe *probe, uint64_t patience, MdStream *ret_stream, bool *ret_hung_up);

/* Reads on until the first line in `stream->first` is whole, for a short while. */
void md_side_finish_line(MdStream *stream);
