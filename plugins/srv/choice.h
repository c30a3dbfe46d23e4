/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which services are asked for, and what their SRV records amount to (RFC 2782, 6186, 8314).  No I/O. */

#include <stdbool.h>

#include <maildiag/plugin.h>

#include "message.h"

#define SRV_CHOICES_MAX 8u              /* of one service */

typedef struct SrvService {
        const char *label;              /* "_imaps._tcp" */
        const char *protocol;
        MdSecurity security;
} SrvService;

extern const SrvService srv_services[];
extern const size_t srv_n_services;

typedef struct SrvChoice {
        const DnsRecord *list[SRV_CHOICES_MAX]; /* that can be, the best first; borrowed */
        size_t n;
        size_t n_fine;                  /* that can be, altogether */
        bool absent;                    /* "." says that there is no such service */
        const DnsRecord *bad;           /* the first that cannot be; NULL: none */
        const char *why;                /* "its port is 0" */
} SrvChoice;

void srv_choose(const DnsRecords *records, SrvChoice *ret);

/* MX hosts, the best first; n is at most SRV_CHOICES_MAX.  A null MX (RFC 7505) is `absent`. */
void srv_choose_exchangers(const DnsRecords *records, SrvChoice *ret);
