/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Records that travel together: several in one datagram, so that saying many small things costs one system call and wakes the
 * listener once.  No descriptors travel with them.
 */

#include "record.h"

/* Kept until it is full or md_batch_send() is called.  Initialise with the socket and size 0. */
typedef struct MdBatch {
        int socket;
        size_t size;
        uint8_t bytes[MD_RECORD_MAX];
} MdBatch;

/* Adds a record; sends first what is there when there is no room for it.  Returns 0 or -errno. */
int md_batch_add(MdBatch *batch, const MdRecord *record);
/* Sends what is there, if anything.  Returns 0 or -errno; never SIGPIPE. */
int md_batch_send(MdBatch *batch);

/* Takes one record, which it may empty to keep what it held.  A negative result ends the reading. */
typedef int (*MdTakeRecord)(void *userdata, MdRecord *record);

/*
 * Receives one datagram, of one record or many, and hands each to `take`.  Returns 1, 0 on end of file, -EAGAIN, -EBADMSG
 * (a record that breaks a rule: those before it were handed out), what `take` failed with, or another -errno.
 */
int md_batch_receive(int socket, MdTakeRecord take, void *userdata);
