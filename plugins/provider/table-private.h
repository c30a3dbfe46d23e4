/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The table while it grows: for the files that read it. */

#include "index.h"
#include "table.h"

typedef struct TableLayer {
        Index domains, ids;             /* to numbers of blocks */
} TableLayer;

struct Table {
        const TableShipped *shipped;    /* its blocks are the first */
        TableBlock **blocks;            /* those that were read */
        size_t n_blocks;
        bool *replaced;                 /* of the first n_replaced blocks */
        size_t n_replaced;
        TableSource *sources;
        size_t n_sources;
        char **texts;                   /* everything points into these */
        size_t n_texts;
        TableLayer layers[TABLE_LAYERS_MAX];
};

/* The reading of one file. */
typedef struct Parser {
        Table *table;
        unsigned layer;
        const char *file;               /* belongs to the table */
        unsigned line;
        TableBlock *block;              /* whose section it is in; NULL: of none, or of one that is left out */
        TableSource *source;            /* likewise */
        unsigned n_faults;
        TableFault fault;
        void *userdata;
} Parser;

/* Room for one more of `n` things; NULL when out of memory, and the array stays as it is. */
void *table_grow(void *array, size_t n, size_t size);

/* Appends a word.  Returns 0 or -ENOMEM. */
int table_names_add(TableNames *names, const char *word);

/* The number of the block that a domain or an id leads to in a layer, replaced or not.  Returns whether there is one. */
bool table_find_domain(const Table *table, unsigned layer, const char *domain, size_t *ret);
bool table_find_id(const Table *table, unsigned layer, const char *id, size_t *ret);

/* Marks a block as replaced.  Returns 0 or -ENOMEM. */
int table_replace(Table *table, size_t i);

/* Tells a fault of the line that is being read. */
void parser_fault(Parser *parser, const char *format, ...) __attribute__((format(printf, 2, 3)));

char *parser_skip_space(char *text);

/* The next word of a line, which is cut off behind it; NULL: none is left.  Words are separated by spaces and tabs. */
char *parser_word(char **rest);

/* A line "key = value".  Returns 0, also when it was refused, or -ENOMEM. */
int parser_take_key(Parser *parser, char *line);

/* "imap = …" and "precondition = …" of the block.  Return 0, also when the line was refused, or -ENOMEM. */
int parser_take_service(Parser *parser, const char *protocol, char *value);
int parser_take_precondition(Parser *parser, char *value);

/* Lists that stand in blocks and in rows.  Words that are refused are told and left out. */
int parser_take_auth(Parser *parser, TableNames *names, char *words);
int parser_take_source(Parser *parser, TableNames *names, char *words);
