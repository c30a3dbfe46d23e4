/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The table that maildiag brings: the files of table/, made a part of the program when it is built. */

#include <stddef.h>

typedef struct ShippedFile {
        const char *name;
        size_t size;
        const char *text;
} ShippedFile;

extern const ShippedFile shipped_files[];
extern const size_t n_shipped_files;
