/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One line on the standard error.  Values come from command lines, files and daemons: the sanitiser sees all of it. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "i18n.h"
#include "text.h"

#define LINE_MAX_BYTES 600

int complain(ExitStatus status, const char *format, ...) {
        va_list args;
        char *line = NULL;

        va_start(args, format);
        int n = vasprintf(&line, format, args);
        va_end(args);
        if (n < 0)
                return complain_oom();

        char *clean = md_text_clean(line, n, LINE_MAX_BYTES);
        if (clean)
                fprintf(stderr, "maildiag: %s\n", clean);
        free(clean);
        free(line);
        return status;
}

int complain_oom(void) {
        fputs("maildiag: out of memory\n", stderr);
        return STATUS_UNKNOWN;
}
