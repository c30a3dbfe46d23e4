/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Thorough: what no app of today depends on, looked at on further connections once the dialogue has shown that the settings
 * are right.  Which certificate apps get that do not name the server; whether commands that were slipped in before
 * STARTTLS are carried out behind it.
 */

#include <maildiag/probe.h>

/* Raises what it finds.  Nothing is wrong when it cannot be looked at. */
void md_examine(MdProbe *probe);
