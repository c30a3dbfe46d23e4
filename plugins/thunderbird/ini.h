/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* installs.ini and profiles.ini: sections, keys, values.  Pure. */

#include <stddef.h>

#include "fault.h"

#define INI_LINE_MAX 4096u

typedef struct IniSink {
        /* All texts end with the call.  Returns 0, -errno. */
        int (*section)(void *userdata, const char *name, unsigned line);
        int (*value)(void *userdata, const char *key, const char *value, unsigned line);
        void *userdata;
} IniSink;

/* Returns 0, whatever was broken in it; what the sink returned. */
int ini_read(unsigned file, const char *text, size_t size, const IniSink *sink, const FaultSink *faults);
