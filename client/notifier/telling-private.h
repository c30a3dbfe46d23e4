/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files telling*.c share. */

#include "telling.h"

typedef struct Decision {
        const Telling *telling;
        const WatchList *list;
        Memory *memory;
        Causes causes;                  /* those that may be told */
        Causes hushed;                  /* muted */
        Orders orders;
} Decision;

/* Takes over the notice, and a reference to the accounts.  Returns 0, -ENOMEM. */
int telling_add_order(Decision *decision, OrderKind kind, const char *key, Notice *notice, json_t *accounts);
/* The instance of an account, by its key. */
const TellingInstance *telling_instance(const Telling *telling, const char *account);
/* Nothing is said about an account, or concluded from it, now; but whoever asked gets an answer. */
bool telling_is_quiet(const Telling *telling, const char *account);
/* Orders what follows from causes that are gone, and forgets them.  Returns 0, -ENOMEM. */
int telling_bury(Decision *decision);
