/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The descriptor that a plugin exports, checked field by field.
 *
 * Plugins are trusted to be loaded, not to be correct: what passes here can be announced and run without
 * another look. Pointers cannot be checked, so the loader has it done in a process of its own first.
 */

#include <stdbool.h>

#include <maildiag/plugin.h>

#include "note.h"

/* Whether this worker can load what was built as the note says.  0, REFUSED with a reason ("is built for …"),
 * -ENOMEM. */
int descriptor_check_note(const Note *note, char **ret_why);

/*
 * Copies a descriptor, as long as its note says, to one of our length whose newer members are zero, and
 * checks it. Returns 0, REFUSED with a reason ("names step 3 \"\""), -ENOMEM.
 */
int descriptor_read(const MdPlugin *exported, const Note *note, bool discovery, MdPlugin *ret, char **ret_why);
