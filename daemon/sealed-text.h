/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The form of the daemon's own files: lines, with a sum at the end that shows damage.
 *
 *   MAGIC VERSION
 *   key HASH
 *   …
 *   sum HASH
 *
 * What is read may have been written by a computer that lost its power, or its mind: nothing of it is taken before the sum
 * is right, and no number is to be trusted after that.
 */

#include "keyed-hash.h"

/* The two first lines, these lines, and the sum.  A new string; NULL: out of memory. */
char *sealed_text_new(const char *magic, unsigned version, const KeyedHash *key, const char *lines);

/* The reverse: the key, and the lines between it and the sum, a new string.  Returns 0, -EBADMSG when the text is damaged,
 * -EPROTONOSUPPORT when a later version wrote it, -ENOMEM. */
int sealed_text_open(const char *text, const char *magic, unsigned version, KeyedHash *ret_key, char **ret_lines);

/* What is behind `word` and a space on the next line, which it ends; NULL when that says something else. */
char *sealed_text_next(char **lines, const char *word);
