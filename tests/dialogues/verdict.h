/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Holds what happened against what a script expects. */

#include <stdio.h>

#include "player.h"
#include "witness.h"

/* Prints every difference; returns how many. */
unsigned verdict_judge(const Play *play, const Witness *witness, const PlayReport *report, FILE *problems);
