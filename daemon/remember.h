/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who keeps the memory of endpoints: joins its rules (memory.h) with the file in the state directory, the clock and what
 * a probe said. */

#include <sys/types.h>

#include "earlier.h"
#include "instance.h"
#include "probe-log.h"

typedef struct Remember Remember;

/* `directory` is what was asked for; NULL: where the instance has its state.  NULL: out of memory. */
Remember *remember_new(Instance instance, const char *directory);
Remember *remember_free(Remember *remember);

/* What is known of the target of a user from before; `own_authority`: it is judged by certificates that the caller gave. */
Earlier remember_recall(Remember *remember, uid_t uid, const MdTarget *target, bool own_authority);
/* A probe of the user has ended: what it saw is remembered, and its log is told how the certificate differs. */
void remember_note(Remember *remember, uid_t uid, ProbeLog *log, bool own_authority);
