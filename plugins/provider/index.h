/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Words to numbers, by a hash.  Words are not copied.  Zeroed bytes are an empty index. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct IndexEntry {
        const char *key;
        size_t number;
} IndexEntry;

typedef struct Index {
        IndexEntry *entries;            /* as many as a power of two, at most half of them used */
        size_t size, used;
} Index;

void index_done(Index *index);

/* The number of a key.  Returns whether it is there. */
bool index_get(const Index *index, const char *key, size_t *ret);

/* Adds a key that is not there yet.  Returns 0 or -ENOMEM. */
int index_add(Index *index, const char *key, size_t number);
