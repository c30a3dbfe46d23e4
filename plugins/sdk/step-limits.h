/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How long a step may take, and what it means when it fails. */

#include <stdint.h>

#include <maildiag/finding.h>

#define MD_GOODBYE_LIMIT (3 * UINT64_C(1000000))

/* Microseconds that a step of that stage has, before the time scale. */
uint64_t md_limit(MdStage stage);
/* The finding that an errno in a stage is; NULL: it is trouble of our own. */
const char *md_failure(MdStage stage, int error);
