/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Optimal string alignment distance, and the best few of a list by it.  Words are short; no I/O. */

#include <stdlib.h>
#include <string.h>

#include "nearest.h"

#define WORD_MAX 64
#define SUGGESTIONS_MAX 3

static size_t least(size_t a, size_t b) {
        return a < b ? a : b;
}

size_t word_distance(const char *a, const char *b) {
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

/* Keeps the best few, in order. */
static void keep(const char *word, size_t distance, const char **best, size_t *distances, size_t *n) {
        size_t at = *n;
        while (at > 0 && distances[at - 1] > distance)
                at--;
        if (at == SUGGESTIONS_MAX)
                return;
        if (*n < SUGGESTIONS_MAX)
                (*n)++;
        for (size_t i = *n - 1; i > at; i--) {
                best[i] = best[i - 1];
                distances[i] = distances[i - 1];
        }
        best[at] = word;
        distances[at] = distance;
}

char *nearest_words(const char *word, const char *prefix, const char *const *known, size_t n) {
        const char *best[SUGGESTIONS_MAX];
        size_t distances[SUGGESTIONS_MAX], n_best = 0;
        size_t limit = strlen(word) / 3 + 1;

        for (size_t i = 0; i < n; i++) {
                size_t distance = word_distance(word, known[i]);
                if (distance <= limit)
                        keep(known[i], distance, best, distances, &n_best);
        }

        size_t size = 1;
        for (size_t i = 0; i < n_best; i++)
                size += strlen(prefix) + strlen(best[i]) + 2;
        char *text = calloc(size, 1), *end = text;
        for (size_t i = 0; text && i < n_best; i++)
                end = stpcpy(stpcpy(stpcpy(end, i > 0 ? ", " : ""), prefix), best[i]);
        return text;
}
