/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The provider table in memory. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "table-private.h"

void *table_grow(void *array, size_t n, size_t size) {
        if (n > 0 && (n & (n - 1)))             /* there is room up to the next power of two */
                return array;
        return reallocarray(array, n > 0 ? n * 2 : 1, size);
}

int table_names_add(TableNames *names, const char *word) {
        const char **at = table_grow((void *) names->at, names->n, sizeof(*at));
        if (!at)
                return -ENOMEM;
        at[names->n++] = word;
        names->at = at;
        return 0;
}

static void names_done(const TableNames *names) {
        free((void *) names->at);
}

static void block_free(TableBlock *block) {
        const TableNames *const lists[] = { &block->auth, &block->source, &block->domains, &block->patterns, &block->mx,
                                            &block->popular };

        for (size_t i = 0; i < block->n_services; i++) {
                names_done(&block->services[i].auth);
                names_done(&block->services[i].source);
                names_done(&block->services[i].only);
        }
        for (size_t i = 0; i < block->n_preconditions; i++) {
                names_done(&block->preconditions[i].protocols);
                names_done(&block->preconditions[i].source);
                names_done(&block->preconditions[i].only);
        }
        for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
                names_done(lists[i]);
        free((void *) block->services);
        free((void *) block->preconditions);
        free(block);
}

Table *table_new(const TableShipped *shipped) {
        static const TableShipped nothing;
        Table *table = calloc(1, sizeof(Table));

        if (table)
                table->shipped = shipped ? shipped : &nothing;
        return table;
}

Table *table_free(Table *table) {
        if (!table)
                return NULL;
        for (size_t i = 0; i < table->n_blocks; i++)
                block_free(table->blocks[i]);
        for (size_t i = 0; i < table->n_texts; i++)
                free(table->texts[i]);
        for (unsigned i = 0; i < TABLE_LAYERS_MAX; i++) {
                index_done(&table->layers[i].domains);
                index_done(&table->layers[i].ids);
        }
        free(table->blocks);
        free(table->replaced);
        free(table->sources);
        free(table->texts);
        free(table);
        return NULL;
}

/* ---- blocks ---- */

size_t table_count(const Table *table) {
        return table->shipped->n_blocks + table->n_blocks;
}

const TableBlock *table_block(const Table *table, size_t i) {
        size_t n = table->shipped->n_blocks;
        return i < n ? &table->shipped->blocks[i] : table->blocks[i - n];
}

bool table_is_replaced(const Table *table, size_t i) {
        return i < table->n_replaced && table->replaced[i];
}

/* The marks reach as far as the last block that has one. */
int table_replace(Table *table, size_t i) {
        if (i >= table->n_replaced) {
                bool *replaced = realloc(table->replaced, (i + 1) * sizeof(bool));
                if (!replaced)
                        return -ENOMEM;
                memset(replaced + table->n_replaced, 0, (i + 1 - table->n_replaced) * sizeof(bool));
                table->replaced = replaced;
                table->n_replaced = i + 1;
        }
        table->replaced[i] = true;
        return 0;
}

/* ---- words ---- */

static int compare_key(const void *word, const void *key) {
        return strcmp(word, ((const TableKey *) key)->word);
}

static bool find_key(const TableKey *keys, size_t n, const char *word, size_t *ret) {
        const TableKey *key = n > 0 ? bsearch(word, keys, n, sizeof(*keys), compare_key) : NULL;

        if (key)
                *ret = key->block;
        return key != NULL;
}

bool table_find_domain(const Table *table, unsigned layer, const char *domain, size_t *ret) {
        const TableShipped *shipped = table->shipped;

        return (layer == 0 && find_key(shipped->domains, shipped->n_domains, domain, ret)) ||
               index_get(&table->layers[layer].domains, domain, ret);
}

bool table_find_id(const Table *table, unsigned layer, const char *id, size_t *ret) {
        const TableShipped *shipped = table->shipped;

        return (layer == 0 && find_key(shipped->ids, shipped->n_blocks, id, ret)) ||
               index_get(&table->layers[layer].ids, id, ret);
}

const TableBlock *table_domain(const Table *table, unsigned layer, const char *domain) {
        size_t i;
        return table_find_domain(table, layer, domain, &i) && !table_is_replaced(table, i) ? table_block(table, i) : NULL;
}

static const TableSource *find_source(const TableSource *sources, size_t n, const char *word) {
        for (size_t i = 0; i < n; i++)
                if (!strcmp(sources[i].word, word))
                        return &sources[i];
        return NULL;
}

const TableSource *table_source(const Table *table, const char *word) {
        const TableSource *source = find_source(table->shipped->sources, table->shipped->n_sources, word);
        return source ? source : find_source(table->sources, table->n_sources, word);
}

const TableSource *table_source_at(const Table *table, size_t i) {
        size_t n = table->shipped->n_sources;

        if (i < n)
                return &table->shipped->sources[i];
        return i - n < table->n_sources ? &table->sources[i - n] : NULL;
}
