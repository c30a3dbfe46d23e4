/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Time, and the one function in which it passes. */

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/probe.h>

#define MD_MSEC UINT64_C(1000)                  /* in microseconds, as all times here */
#define MD_SEC (1000 * MD_MSEC)

/* CLOCK_BOOTTIME in microseconds: goes on while the computer sleeps. */
uint64_t md_now(void);

/*
 * Waits until `fd` is ready for `events` (POLLIN, POLLOUT) or the deadline has passed; fd -1: until a
 * connection attempt is decided.  Connection attempts that are still under way are looked after
 * meanwhile.  Returns the events, 0 for a decided attempt (only with fd -1), -ETIMEDOUT, or -ECANCELED when
 * nobody listens to the probe.
 */
int md_wait(MdProbe *probe, int fd, short events, uint64_t deadline);
/* The same for several descriptors.  Returns how many are ready, -ETIMEDOUT, or -ECANCELED. */
int md_wait_many(MdProbe *probe, struct pollfd *fds, size_t n_fds, uint64_t deadline);
