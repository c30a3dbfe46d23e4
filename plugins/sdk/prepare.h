/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The phases of a probe before its dialogue, in order. */

#include <stdint.h>

#include <maildiag/probe.h>

/* What a phase returns besides -errno. */
enum {
        MD_PHASE_NEXT = 0,
        MD_PHASE_OVER = 1,              /* a finding says what is wrong; nothing more can be done */
};

/* Control characters in what would be sent. */
int md_check_settings(MdProbe *probe);
/* The domain of the address that a discovery plugin is asked about, as it travels and for people. */
int md_read_domain(MdProbe *probe);
/* The host as it travels, and its addresses. */
int md_resolve_target(MdProbe *probe);
/* Certificates to trust besides the system's. */
int md_read_authorities(MdProbe *probe);
/* Room for the secret, then the hook that locks the process. */
int md_lock(MdProbe *probe);
int md_read_secret(MdProbe *probe);

/* Reports how far a step is; `r` is the -errno that it failed with. */
void md_report_step(MdProbe *probe, const char *name, MdStage stage, const char *outcome, uint64_t began,
                    int r);
