/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A file that others see whole, as it was or as it will be. */

#include <stdio.h>

typedef struct AtomicFile {
        FILE *file;
        char *temporary;                /* owned, beside the path */
        const char *path;               /* borrowed */
} AtomicFile;

/* Opens a new file in the folder of `path`, readable by everybody.  Returns 0 or -errno. */
int atomic_file_open(const char *path, AtomicFile *ret);
/* Brings it to the disk and puts it in the place of `path`.  Returns 0, or -errno and `path` is as it was. */
int atomic_file_close(AtomicFile *output);
