/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What was told, so that it is told once: kept over restarts and logins in a file of the user's state directory. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "notice.h"

typedef struct Told {
        char *key;                      /* of the cause */
        json_t *accounts;               /* keys of the accounts that it was about */
        bool warning;
        uint64_t told_usec;             /* CLOCK_REALTIME; 0: not yet */
        /* of this run: */
        bool recent;                    /* told since this program started */
        bool up;                        /* on the screen, or on the way there */
        NoticeUrgency urgency;
        char *text;                     /* as it stands there */
} Told;

typedef struct Memory Memory;

/* Reads the file; one that is not there or broken is an empty memory.  `path` NULL: nothing is kept.  NULL: out of memory. */
Memory *memory_new(const char *path);
Memory *memory_free(Memory *memory);
/* Writes the file if anything has changed.  Negative errno. */
int memory_save(Memory *memory);
/* $XDG_STATE_HOME/maildiag/notifier.json.  NULL: there is no home, or out of memory. */
char *memory_default_path(void);

size_t memory_n(const Memory *memory);
Told *memory_at(Memory *memory, size_t i);
Told *memory_find(Memory *memory, const char *key);
/* An entry of a key, made if there is none.  NULL: out of memory. */
Told *memory_add(Memory *memory, const char *key);
void memory_forget(Memory *memory, Told *told);
/* What a caller changed in an entry is to be kept. */
void memory_touch(Memory *memory);

/* When this account last had a critical notification; 0: never. */
uint64_t memory_critical(const Memory *memory, const char *account);
int memory_set_critical(Memory *memory, const char *account, uint64_t usec);
/* Until when it is muted here, for instances that keep no such time; 0: not. */
uint64_t memory_muted(const Memory *memory, const char *account);
int memory_set_muted(Memory *memory, const char *account, uint64_t until_usec);
