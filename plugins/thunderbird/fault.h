/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How the parsers say what they do not understand: they go on behind it. */

typedef struct FaultSink {
        /* `file` is what the caller gave the file as; line 0: the whole file. */
        void (*fault)(void *userdata, unsigned file, unsigned line, const char *text);
        void *userdata;
} FaultSink;

/* The same with a format. */
void fault_format(const FaultSink *sink, unsigned file, unsigned line, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
