/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One line that says why something was not taken.  File names and descriptors are strangers' text. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "refusal.h"
#include "text.h"

#define REASON_MAX 512u

int refuse(char **ret_why, const char *format, ...) {
        char *text;
        va_list args;

        va_start(args, format);
        int length = vasprintf(&text, format, args);
        va_end(args);
        if (length < 0)
                return -ENOMEM;

        char *clean = md_text_clean(text, length, REASON_MAX);
        free(text);
        if (!clean)
                return -ENOMEM;
        *ret_why = clean;
        return REFUSED;
}
