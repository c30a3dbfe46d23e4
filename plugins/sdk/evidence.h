/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What shows a finding, where nobody said: one line. */

#include <maildiag/probe.h>

#define MD_EVIDENCE_SIZE 256u

/* Keeps what the server offered last, from the record of it. */
void md_evidence_note(MdProbe *probe, const MdField *fields);

/* Of the settings the value at fault; of TLS nothing; later what the server offered or said last.  NULL: there is none.
 * The text may lie in `buffer`. */
const char *md_evidence_default(const MdProbe *probe, const MdFindingInfo *info, const MdField *params,
                                char buffer[static MD_EVIDENCE_SIZE]);
