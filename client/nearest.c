/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The best few of a list.  Words are short; no I/O. */

#include <stdlib.h>
#include <string.h>

#include "distance.h"
#include "nearest.h"

#define SUGGESTIONS_MAX 3

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
                size_t distance = md_word_distance(word, known[i]);
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
