/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One line, one write: what several processes say does not mix, and a stranger's text cannot begin a line of
 * its own. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "complain.h"
#include "text.h"

#define COMPLAINT_MAX 1024u

void complain(const char *format, ...) {
        char *text, *clean, *line;
        va_list args;

        va_start(args, format);
        int length = vasprintf(&text, format, args);
        va_end(args);
        if (length < 0)
                return;
        clean = md_text_clean(text, length, COMPLAINT_MAX);
        free(text);
        length = clean ? asprintf(&line, "maildiag-worker: %s\n", clean) : -1;
        free(clean);
        if (length < 0)
                return;
        /* Nobody is left to tell when this fails. */
        if (write(STDERR_FILENO, line, length) < 0)
                length = 0;
        free(line);
}
