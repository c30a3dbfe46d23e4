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
        const char **at = table_grow(names->at, names->n, sizeof(*at));
        if (!at)
                return -ENOMEM;
        names->at = at;
        names->at[names->n++] = word;
        return 0;
}

static void block_free(TableBlock *block) {
        for (size_t i = 0; i < block->n_services; i++) {
                free(block->services[i].auth.at);
                free(block->services[i].source.at);
                free(block->services[i].only.at);
        }
        for (size_t i = 0; i < block->n_preconditions; i++) {
                free(block->preconditions[i].protocols.at);
                free(block->preconditions[i].source.at);
                free(block->preconditions[i].only.at);
        }
        free(block->services);
        free(block->preconditions);
        free(block->auth.at);
        free(block->source.at);
        free(block->domains.at);
        free(block->patterns.at);
        free(block->mx.at);
        free(block->popular.at);
        free(block);
}

Table *table_new(void) {
        return calloc(1, sizeof(Table));
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
        free(table->sources);
        free(table->texts);
        free(table);
        return NULL;
}

size_t table_count(const Table *table) {
        return table->n_blocks;
}

const TableBlock *table_block(const Table *table, size_t i) {
        return table->blocks[i];
}

const TableBlock *table_domain(const Table *table, unsigned layer, const char *domain) {
        const TableBlock *block = index_get(&table->layers[layer].domains, domain);
        return block && !block->replaced ? block : NULL;
}

const TableSource *table_source(const Table *table, const char *word) {
        for (size_t i = 0; i < table->n_sources; i++)
                if (!strcmp(table->sources[i].word, word))
                        return &table->sources[i];
        return NULL;
}
