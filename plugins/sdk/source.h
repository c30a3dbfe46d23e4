/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the runtime of a probe does for a source plugin: its places. */

#include "probe-private.h"

#define MD_SOURCE_RECORDS_MAX 16384u    /* of one probe */
#define MD_SOURCE_FAULTS_MAX 64u        /* of one probe */

/* A phase: what may be read. */
int md_source_prepare(MdProbe *probe);
void md_source_done(MdProbe *probe);

/* Lets a record of a source leave.  Returns false when there were too many: then the probe fails. */
bool md_source_tell(MdProbe *probe, const char *kind, const MdField *fields);
