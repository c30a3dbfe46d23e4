/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Words to things, by a hash.  Neither is copied.  Zeroed bytes are an empty index. */

#include <stddef.h>
#include <stdint.h>

typedef struct IndexEntry {
        const char *key;
        void *value;
} IndexEntry;

typedef struct Index {
        IndexEntry *entries;            /* as many as a power of two, at most half of them used */
        size_t size, used;
} Index;

void index_done(Index *index);

/* The value of a key; NULL. */
void *index_get(const Index *index, const char *key);

/* Adds a key that is not there yet.  Returns 0 or -ENOMEM. */
int index_add(Index *index, const char *key, void *value);
