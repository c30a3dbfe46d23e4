/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How many servers a user has had checked lately: enough for a person, too few for a scan.  Pure: no clock. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define VISITS_MAX 20u                                          /* of one user in the period */
#define VISITS_PERIOD_USEC (10u * 60u * UINT64_C(1000000))

typedef struct Visits Visits;

/* NULL: out of memory. */
Visits *visits_new(void);
Visits *visits_free(Visits *visits);

/* The number of a server, for visits_add(). */
uint64_t visits_server(const Visits *visits, const char *host, uint16_t port);

/*
 * Counts servers that a user wants checked, all or none; one that he had checked in the period counts once.  Returns 0;
 * -EDQUOT, and ret_wait_usec says when there may be room (0: never, they are too many at once); -ENOMEM.
 */
int visits_add(Visits *visits, uid_t uid, const uint64_t *servers, size_t n, uint64_t now, uint64_t *ret_wait_usec);
