/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Optimal string alignment distance.  Words are short; no I/O. */

#include <string.h>

#include "distance.h"

#define WORD_MAX 64

static size_t least(size_t a, size_t b) {
        return a < b ? a : b;
}

size_t md_word_distance(const char *a, const char *b) {
        size_t rows[3][WORD_MAX + 1];
        size_t *before = rows[0], *last = rows[1], *now = rows[2];
        size_t n = strlen(a), m = strlen(b);
        if (n > WORD_MAX || m > WORD_MAX)
                return n > m ? n : m;

        for (size_t j = 0; j <= m; j++)
                last[j] = j;
        for (size_t i = 1; i <= n; i++) {
                now[0] = i;
                for (size_t j = 1; j <= m; j++) {
                        size_t changed = last[j - 1] + (a[i - 1] != b[j - 1]);
                        now[j] = least(changed, least(last[j], now[j - 1]) + 1);
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                                now[j] = least(now[j], before[j - 2] + 1);
                }
                size_t *spare = before;
                before = last;
                last = now;
                now = spare;
        }
        return last[m];
}
