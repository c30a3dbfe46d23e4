/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Small text files, read whole and replaced whole. */

#include <sys/stat.h>

/* Reads a file of at most 64 KiB; ret_info (may be NULL) says which it was.  Returns 0, or an exit status after having
 * complained: STATUS_NO_INPUT when it is not there. */
int text_file_read(const char *path, char **ret_text, struct stat *ret_info);
/* Writes all of the text into an open file. */
int text_file_fill(int fd, const char *path, const char *text);
/* Writes a file that is not there, or replaces the one that was read: whole, or not at all.  The folder is made where it is
 * missing.  `info` NULL: it must not be there.  Returns 0, or an exit status after having complained. */
int text_file_replace(const char *folder, const char *name, const char *text, const struct stat *info);
