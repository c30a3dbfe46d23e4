/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One socket with a deadline: raw bytes in and out, below TLS. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <maildiag/probe.h>

#include "resolve.h"
#include "tls.h"

#define MD_FIRST_MAX 256u               /* first bytes that are kept for the classifier */

typedef struct MdStream {
        MdProbe *probe;                 /* counts the bytes */
        int fd;
        uint64_t deadline;
        char first[MD_FIRST_MAX];
        size_t n_first;
} MdStream;

/* Takes over a connected socket. */
void md_stream_init(MdStream *stream, MdProbe *probe, int fd);
void md_stream_done(MdStream *stream);

/* As MdTlsIo demands them.  Reading returns -EOVERFLOW above MD_INPUT_MAX bytes in the whole probe. */
ssize_t md_stream_read(void *stream, void *buffer, size_t size);
ssize_t md_stream_write(void *stream, const void *buffer, size_t size);
int md_stream_wait(void *stream, bool for_writing);
MdTlsIo md_stream_io(MdStream *stream);
