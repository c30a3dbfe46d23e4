/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Files that say what the daemon does: read only when nobody but root and the daemon's own user could have written them,
 * since whoever names a server is given what is meant for it. */

#include <stddef.h>

/*
 * Reads a regular file of at most `max` bytes; `name` is relative to the directory, or absolute.  A NUL stands behind it.
 * Returns 0; -ENOENT, -EACCES, …; -EINVAL with what is wrong with it, a constant, in ret_fault.
 */
int trusted_read(int directory, const char *name, size_t max, char **ret_text, size_t *ret_size, const char **ret_fault);
/* Wipes and frees such a text; returns NULL. */
char *trusted_free(char *text, size_t size);

/* Opens a directory whose files can be trusted.  Returns a descriptor, -ENOENT, …, or -EINVAL with a fault. */
int trusted_directory(const char *path, const char **ret_fault);
