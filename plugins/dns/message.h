/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Answers of the domain name system as they travel (RFC 1035 section 4): bytes in, records out, no I/O.  Whether an answer
 * is to be believed is the resolver's business; here it is only taken apart.
 */

#include <stddef.h>
#include <stdint.h>

enum {
        DNS_CNAME = 5,
        DNS_MX = 15,
        DNS_TXT = 16,
        DNS_SRV = 33,
        DNS_DNSKEY = 48,
        DNS_TLSA = 52,
};

#define DNS_RECORDS_MAX 1024u           /* of one answer that are looked at */
#define DNS_NAME_SIZE 1025u             /* text of a name at its longest (every byte as \DDD), with its NUL */

/* One record of the type that was asked for; what its type does not have is 0 or NULL. */
typedef struct DnsRecord {
        uint16_t priority;              /* MX: preference; SRV */
        uint16_t weight, port;          /* SRV */
        uint8_t usage, selector, matching;      /* TLSA (RFC 6698 section 2.1) */
        char *name;                     /* CNAME, MX, SRV: lower case, without the dot at its end; "." for the root; what is no
                                         * letter, digit, hyphen or underscore as \DDD */
        char *data;                     /* TXT: its strings, one behind the other; TLSA: the association; NUL-terminated */
        size_t size;
} DnsRecord;

typedef struct DnsRecords {
        size_t n, n_seen;
        DnsRecord *list;
} DnsRecords;

/* The response code (RFC 1035 section 4.1.1): 0, 3 for a name that does not exist…; -EBADMSG. */
int dns_rcode(const uint8_t *message, size_t size);

/* Takes the records of a type, whoever their owner is, out of the answer section: a resolver has followed aliases and
 * thrown out what was not asked for.  A record whose own bytes are broken is left out.  Returns 0, -EBADMSG, -ENOMEM; to be
 * released in any case. */
int dns_records_parse(const uint8_t *message, size_t size, uint16_t type, DnsRecords *ret);
void dns_records_done(DnsRecords *records);
