/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The judge: from what probes saw to ranked findings.  Pure: no I/O, no clock.
 *
 * report_judge() (report.h) runs it.  Its rules are tables: which finding follows from which, what a setting should be
 * instead, and what the end of a probe means.
 */

#include "report.h"

/* Findings that no probe can raise itself: the judge's own catalogue. */
extern const MdFindingInfo judge_catalog[];
extern const size_t judge_catalog_size;

/* Fills texts with parameters: {name}.  A parameter that is not there becomes "?".  NULL when out of memory. */
char *judge_fill(const char *text, const MdRecord *params);
