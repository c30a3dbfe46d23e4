/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * One file of the state directory, which several daemons of one user share: each takes over what another has written, and
 * writes under a lock.  Where nothing can be kept that is said once, and whoever has the file goes on without it.
 */

#include "instance.h"
#include "state.h"

typedef struct StateFile StateFile;

/* `directory` is what was asked for; NULL: where the instance has its state.  `loss` says what it means that nothing is
 * kept, to be followed by ": " and the reason.  Nothing is opened before it is needed.  NULL: out of memory. */
StateFile *state_file_new(Instance instance, const char *directory, const char *name, const char *loss);
StateFile *state_file_free(StateFile *file);

/* Begins a change, which state_file_end() ends.  Returns what another has written since, a new string; NULL: nothing, or
 * it cannot be read. */
char *state_file_begin(StateFile *file);
/* What was read is of no use: -EPROTONOSUPPORT when a later version wrote it, which is left alone then, -EBADMSG when it is
 * damaged. */
void state_file_refuse(StateFile *file, int why);
/* Ends the change, and writes the text, if it is not NULL. */
void state_file_end(StateFile *file, const char *text);
/* Whether what is written is kept. */
bool state_file_is_kept(const StateFile *file);
