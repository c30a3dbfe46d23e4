/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The judge's chapters about discovery, and what they share. */

#include "candidates.h"
#include "judge-private.h"

typedef struct Desk {
        Report *report;
        const Registry *registry;
        const Candidates *candidates;
} Desk;

/* The first log of a plugin that finds settings, which findings that belong to no service stand with; SIZE_MAX: none. */
size_t desk_finder(const Desk *desk);

/* What has to be done before the settings of a provider work. */
int judge_conditions(const Desk *desk);
/* Sources that disagree, servers that are published and do not work, nothing at all. */
int judge_sources(const Desk *desk);
