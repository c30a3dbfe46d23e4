/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Preferences: what prefs.js and user.js say, the later over the earlier.  Pure.
 *
 *   user_pref("mail.server.server1.port", 993);
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

typedef enum PrefType {
        PREF_TEXT,
        PREF_NUMBER,
        PREF_TRUTH,
} PrefType;

typedef struct Pref {
        char *name;
        char *text;                     /* of a number its digits, of a truth "true" or "false" */
        int32_t number;                 /* of a truth 0 or 1 */
        PrefType type;
        uint32_t line, file;
        uint32_t order;                 /* among all that were read */
} Pref;

typedef struct Prefs Prefs;

/* NULL: out of memory. */
Prefs *prefs_new(void);
Prefs *prefs_free(Prefs *prefs);

/* Reads one file; of two with the same name the last counts.  Returns 0, whatever was broken in it; -ENOMEM. */
int prefs_read(Prefs *prefs, unsigned file, const char *text, size_t size, const FaultSink *faults);

/* To be called when all files were read, before the first look-up. */
void prefs_sort(Prefs *prefs);
/* NULL: there is none of that name.  "mail.server.%s.%s". */
const Pref *prefs_find(const Prefs *prefs, const char *format, ...) __attribute__((format(printf, 2, 3)));
