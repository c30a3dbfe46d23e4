/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The line of progress, on the standard error: the report may go elsewhere. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "i18n.h"
#include "page.h"
#include "progress.h"
#include "text.h"

#define CLEAR_LINE "\r\033[K"

void progress_init(Progress *progress) {
        const char *term = getenv("TERM");
        *progress = (Progress) { .shown = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") };
}

void progress_show(void *userdata, uint32_t done, uint32_t total, const char *service, const char *step) {
        Progress *progress = userdata;
        char line[256];
        if (!progress->shown)
                return;

        int n = snprintf(line, sizeof(line), _("checking, %u of %u done: %.64s %.64s"), done, total, service, step);
        /* One column stays free: a full line makes some terminals begin the next. */
        char *clean = md_text_clean(line, n > 0 ? strlen(line) : 0, terminal_width(STDERR_FILENO) - 4);
        if (clean) {
                fprintf(stderr, CLEAR_LINE "%s", clean);
                fflush(stderr);
                progress->dirty = true;
        }
        free(clean);
}

void progress_clear(Progress *progress) {
        if (progress->dirty)
                fputs(CLEAR_LINE, stderr);
        fflush(stderr);
        progress->dirty = false;
}
