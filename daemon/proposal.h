/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which of the things that were tried is the best answer for a service.  Pure; used by the planner, which proves it
 * with a login, and by the judge, which proposes it. */

#include "report.h"

/* Whether a probe shows that its target works: it ended in order and found no error. */
bool probe_log_works(const ProbeLog *log, const Registry *registry);

/* The probe that the settings ask for: of several candidates, the one that came furthest.  NULL: none. */
const ProbeLog *proposal_configured(const Report *report, size_t service);

/*
 * The best alternative that works: one that logged in before one that did not, then the one that changes least (the
 * host weighs most, then protocol, user name, port, security), then implicit TLS (RFC 8314 section 3).  A name that the
 * peer gave counts only if it leads to the address of the configured host.  NULL: none.
 */
const ProbeLog *proposal_best(const Report *report, const Registry *registry, size_t service);
