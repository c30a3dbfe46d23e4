/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The probes that run: who they are, when they have to be over, and how they ended. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "plugins.h"
#include "protocol.h"

typedef struct Child {
        uint64_t id;                    /* of the request */
        pid_t pid;
        uint64_t deadline_ms;           /* of children_now() */
        Plugin *plugin;
} Child;

typedef struct Children {
        size_t n;
        Child items[WORKER_PROBES_MAX];
} Children;

/* Milliseconds of CLOCK_BOOTTIME. */
uint64_t children_now(void);

/* There must be room. */
void children_add(Children *children, const Child *child);
const Child *children_find(const Children *children, uint64_t id);

/* Takes one that has ended off the list: true, with its status as from waitpid(2); false: none has. */
bool children_reap(Children *children, Child *ret, int *ret_status);

/* Kills those whose time is over.  They stay on the list until they are reaped. */
void children_kill_overdue(const Children *children);
/* How long until the next one's time is over, for poll(2); -1: none runs. */
int children_wait_ms(const Children *children);

/* Kills all and waits for their end. */
void children_done(Children *children);
