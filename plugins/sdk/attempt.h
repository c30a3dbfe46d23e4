/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Connection attempts: one per address of the server.  Each ends in a record with its outcome and time; those
 * that lost the race go on in the background (md_wait()) until they are decided.
 */

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/probe.h>

#include "resolve.h"

/* Least telling first: what a failed connection is called is its most telling attempt. */
typedef enum MdAttemptOutcome {
        MD_ATTEMPT_NOT_TRIED,
        MD_ATTEMPT_PENDING,
        MD_ATTEMPT_FAILED,              /* our own trouble: no descriptors, no memory */
        MD_ATTEMPT_NO_ROUTE,            /* this computer knows no way, or a local route forbids it */
        MD_ATTEMPT_PROHIBITED,          /* a packet filter says no, here or on the way */
        MD_ATTEMPT_UNREACHABLE,         /* a machine on the way says so (ICMP), or nobody there answers ARP */
        MD_ATTEMPT_TIMEOUT,
        MD_ATTEMPT_RESET,
        MD_ATTEMPT_REFUSED,
        MD_ATTEMPT_OK,
} MdAttemptOutcome;

typedef struct MdAttempt {
        const MdAddress *address;
        int fd;                         /* -1 unless pending, or connected and not taken yet */
        int error;
        MdAttemptOutcome outcome;
        uint64_t began;
} MdAttempt;

typedef struct MdAttempts {
        size_t n;
        MdAttempt list[MD_ADDRESSES_MAX];
        uint64_t began;
        MdAttempt *winner;              /* the first that connected */
        bool expired;
} MdAttempts;

/* Begins to connect, with segments of at most so many bytes; 0: as they are.  Returns 0, or a positive errno, EINPROGRESS among them; *ret_fd is the socket once
 * there is one, also after an error. */
int md_address_connect(const MdAddress *address, int segment, int *ret_fd);
/* What the error of connect() means; at_once: connect() itself failed, so that the answer came from this
 * computer. */
MdAttemptOutcome md_attempt_outcome(int error, bool at_once);
/* Word for records. */
const char *md_attempt_word(MdAttemptOutcome outcome);

void md_attempts_init(MdAttempts *attempts, const MdAddresses *addresses);
void md_attempts_done(MdAttempts *attempts);
/* Starts the next one; false: there is none. */
bool md_attempts_start_next(MdProbe *probe);
bool md_attempts_pending(const MdAttempts *attempts);
/* For md_wait(): fills in what to poll for, and takes what came of it.  md_attempts_serve() tells whether
 * an attempt was decided. */
size_t md_attempts_prepare(const MdAttempts *attempts, struct pollfd *ret);
bool md_attempts_serve(MdProbe *probe, const struct pollfd *fds, size_t n);
/* Gives up what is still pending; after that every address has its record. */
void md_attempts_expire(MdProbe *probe);
