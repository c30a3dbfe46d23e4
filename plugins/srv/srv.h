/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The plugin that asks the domain name system of an address for its servers. */

#include <maildiag/discovery.h>

#include "ask.h"
#include "choice.h"

#define SRV_SERVICES 6u
#define SRV_ENDPOINTS_MAX 12u           /* whose certificates are asked for (TLSA) */

/* A server that was handed out and whose record was proved. */
typedef struct SrvEndpoint {
        char name[300];                 /* "_993._tcp.imap.example.org" */
} SrvEndpoint;

typedef struct SrvState {
        Dns *dns;
        SrvEndpoint endpoints[SRV_ENDPOINTS_MAX];
        size_t n_endpoints;
} SrvState;

#define SRV_N_FINDINGS 5u
extern const MdFindingInfo srv_findings[SRV_N_FINDINGS];

/* ---- report.c: what the answers say ---- */

/* The six services in the order of srv_services. */
void srv_report_services(MdProbe *probe, SrvState *srv, const DnsQuestion services[static SRV_SERVICES]);
void srv_report_exchangers(MdProbe *probe, const DnsQuestion *question);
void srv_report_certificates(MdProbe *probe, const DnsQuestion *questions, size_t n);
