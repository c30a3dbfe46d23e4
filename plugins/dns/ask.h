/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Questions to the domain name system, with DNSSEC: every answer says whether it was proved.
 *
 * The name servers of this computer are asked first.  Where they keep signatures back, the answers are sought from the root
 * downwards; where that is not possible either, the name servers of this computer are believed, and nothing is proved.
 */

#include <stdbool.h>

#include <maildiag/discovery.h>

#include "message.h"

/* Where answers come from. */
typedef enum DnsMode {
        DNS_CHECKED,                    /* name servers of this computer, with signatures */
        DNS_FROM_ROOT,                  /* they keep signatures back: from the root downwards */
        DNS_UNCHECKED,                  /* neither was possible: nothing is proved */
} DnsMode;

typedef enum DnsOutcome {
        DNS_FOUND,
        DNS_NOTHING,                    /* the name has no record of the type, or is not there: see no_name */
        DNS_BOGUS,                      /* what came contradicts its signatures: it is not used */
        DNS_FAILED,                     /* a name server answered that it cannot tell */
        DNS_SILENT,                     /* no answer in time */
        DNS_BROKEN,                     /* an answer that cannot be read */
} DnsOutcome;

/* What is asked; the rest is the answer. */
typedef struct DnsQuestion {
        const char *name;
        uint16_t type;
        DnsOutcome outcome;
        bool secure;                    /* proved by DNSSEC, that there is nothing included */
        bool no_name;
        char why[256];                  /* DNS_BOGUS: what is wrong, in words; "" */
        DnsRecords records;
} DnsQuestion;

typedef struct Dns Dns;

/* Finds out how to ask, which takes a question or two; within the deadline of the step.  Returns 0, -ENOMEM, -errno. */
int dns_new(MdProbe *probe, Dns **ret);
Dns *dns_free(Dns *dns);
DnsMode dns_mode(const Dns *dns);

/* Asks all of them at once, for the time that the step has left, or the half of it (`share` 2) and so on.  Returns 0, -ENOMEM,
 * -errno. */
int dns_ask(Dns *dns, DnsQuestion *questions, size_t n, unsigned share);
void dns_question_done(DnsQuestion *question);
