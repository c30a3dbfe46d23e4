/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Messages.  In a unit they are sent to the journal as fields: a line on standard error that begins with "<0>" would
 * be taken for a priority, and what is logged here may come from a worker that was taken over.
 */

#define SD_JOURNAL_SUPPRESS_LOCATION

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>

#include "log.h"
#include "own.h"
#include "text.h"

#define LINE_MAX_BYTES 2048u

static int max_level = LOG_INFO;

void log_set_level(int level) {
        max_level = level;
}

/* Whether standard error is a stream to the journal, as systemd tells its services. */
static bool stderr_is_journal(void) {
        const char *stream = secure_getenv("JOURNAL_STREAM");
        unsigned long long device, inode;
        struct stat info;

        return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(STDERR_FILENO, &info) >= 0 &&
               info.st_dev == device && info.st_ino == inode;
}

void log_line(int priority, const char *format, ...) {
        _cleanup_free_ char *text = NULL, *line = NULL;
        va_list arguments;

        if (priority > max_level)
                return;
        va_start(arguments, format);
        int length = vasprintf(&text, format, arguments);
        va_end(arguments);
        if (length >= 0)
                line = md_text_clean(text, length, LINE_MAX_BYTES);
        else
                text = NULL;
        if (!line)
                return;
        if (stderr_is_journal())
                sd_journal_send("MESSAGE=%s", line, "PRIORITY=%i", priority, NULL);
        else
                fprintf(stderr, "maildiagd: %s\n", line);
}
