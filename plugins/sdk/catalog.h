/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Findings that any endpoint plugin can raise: the SDK's own catalogue. */

#include <stddef.h>

#include <maildiag/finding.h>

extern const MdFindingInfo md_catalog[];
extern const size_t md_catalog_size;

/* The entry of an id in a table; NULL when it is not there. */
const MdFindingInfo *md_catalog_find(const MdFindingInfo *table, size_t n, const char *id);
