/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Comparisons that planner and judge share. */

#include <stdbool.h>
#include <string.h>

/* Whether a code is the pattern; one that ends in '.' stands for all codes that begin so. */
static inline bool code_matches(const char *code, const char *pattern) {
        size_t length = strlen(pattern);
        return pattern[length - 1] == '.' ? !strncmp(code, pattern, length) : !strcmp(code, pattern);
}

/* Whether two names belong to one owner, as far as their last two labels tell.  Good enough to tell evidence from
 * coincidence, not to trust anybody. */
bool hosts_are_related(const char *a, const char *b);

/* Nothing and an empty text are the same. */
static inline bool texts_equal(const char *a, const char *b) {
        return !strcmp(a ? a : "", b ? b : "");
}
