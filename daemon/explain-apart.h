/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What to look at when a text alone leaves several findings possible. */

#include <maildiag/finding.h>

/* How a finding shows itself, a msgid; NULL: only by a diagnosis. */
const char *explain_apart(const char *id);

/* The command that finds out, for a service of that protocol (NULL: not known).  A new string; NULL when
 * no command can, or there is no memory. */
char *explain_command(const MdFindingInfo *info, const char *protocol);
