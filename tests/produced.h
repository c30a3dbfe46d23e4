/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Findings that tests produced leave their ids in $MAILDIAG_PRODUCED_DIR, one file a test; the coverage of the catalogue is
 * counted from them, after all tests. */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Appends an id to the file PREFIX-NAME.  Each test may be a process of its own, so the file is opened for every line. */
static inline void produced_note(const char *prefix, const char *name, const char *code) {
        const char *directory = getenv("MAILDIAG_PRODUCED_DIR");
        char path[4096];

        if (!directory)
                return;
        mkdir(directory, 0755);
        snprintf(path, sizeof(path), "%s/%s-%s", directory, prefix, name);
        FILE *file = fopen(path, "ae");
        if (!file)
                return;
        fprintf(file, "%s\n", code);
        fclose(file);
}
