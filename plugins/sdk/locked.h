/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Memory for secrets: never swapped, in no core dump, wiped before it is given back. */

#include <stddef.h>

/* Zeroed memory that is locked, where this system lets anybody lock memory, and left out of dumps.  NULL when out of
 * memory or of lockable memory. */
void *md_locked_new(size_t size);
/* The same, out of reach even for the kernel and debuggers where memfd_secret(2) exists.  Only before the
 * process is locked: it needs to size a file. */
void *md_locked_new_hidden(size_t size);
/* Wipes the first `used` bytes and unmaps all; `size` as given to the constructor.  Returns NULL. */
void *md_locked_free(void *memory, size_t size, size_t used);
