/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What was probably meant by a word that is not known. */

#include <stddef.h>

/* The known words nearest to `word`, best first, each after `prefix`, as "a, b, c": at most three, and only plausible
 * ones.  A new string, empty when there is none; NULL when out of memory. */
char *nearest_words(const char *word, const char *prefix, const char *const *known, size_t n);
