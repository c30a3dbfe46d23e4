/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How far one word is from another, for words that were mistyped. */

#include <stddef.h>

/* How many letters must be changed, added, dropped or swapped with their neighbour to make one word of the other.  Of words
 * with more than 64 bytes the length of the longer one. */
size_t md_word_distance(const char *a, const char *b);
