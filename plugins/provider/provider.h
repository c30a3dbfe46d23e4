/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the parts of the plugin share. */

#include <maildiag/discovery.h>

#include "lookup.h"

#define PROVIDER_FINDINGS 2u

extern const MdFindingInfo provider_findings[PROVIDER_FINDINGS];

/* Hands out what a block says for the address: candidates, and what has to be done first. */
void tell_services(MdProbe *probe, const Table *table, const TableBlock *block);
void tell_preconditions(MdProbe *probe, const TableBlock *block);
