/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A hash table with open addressing: entries are only added. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"

#define SIZE_FIRST 64u

/* FNV-1a. */
static uint32_t hash(const char *key) {
        uint32_t sum = 2166136261u;

        for (; *key; key++)
                sum = (sum ^ (uint8_t) *key) * 16777619u;
        return sum;
}

/* The entry of a key, or the free one where it would stand. */
static IndexEntry *find(const Index *index, const char *key) {
        size_t at = hash(key) & (index->size - 1);

        while (index->entries[at].key && strcmp(index->entries[at].key, key))
                at = (at + 1) & (index->size - 1);
        return &index->entries[at];
}

static int grow(Index *index) {
        Index larger = { .size = index->size > 0 ? index->size * 2 : SIZE_FIRST, .used = index->used };

        larger.entries = calloc(larger.size, sizeof(IndexEntry));
        if (!larger.entries)
                return -ENOMEM;
        for (size_t i = 0; i < index->size; i++)
                if (index->entries[i].key)
                        *find(&larger, index->entries[i].key) = index->entries[i];
        free(index->entries);
        *index = larger;
        return 0;
}

void index_done(Index *index) {
        free(index->entries);
        *index = (Index) { 0 };
}

bool index_get(const Index *index, const char *key, size_t *ret) {
        const IndexEntry *entry = index->size > 0 ? find(index, key) : NULL;

        if (!entry || !entry->key)
                return false;
        *ret = entry->number;
        return true;
}

int index_add(Index *index, const char *key, size_t number) {
        if (index->used * 2 >= index->size && grow(index) < 0)
                return -ENOMEM;
        *find(index, key) = (IndexEntry) { key, number };
        index->used++;
        return 0;
}
