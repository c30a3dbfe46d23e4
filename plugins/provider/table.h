/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The provider table: who runs the mail of a domain, and which settings it has there.
 *
 * It is read from text files (their format: maildiag-providers(5)), layer upon layer: first the one that maildiag brings,
 * then what an administrator adds.  A block of a later layer replaces the one of the same id below it, and answers first.
 * Reading does no I/O; what is wrong in a file is told with its line, and the rest holds.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/plugin.h>

#define TABLE_LAYERS_MAX 4u
#define TABLE_FILE_MAX (1024u * 1024u)  /* bytes of one file */
#define TABLE_LINE_MAX 8192u            /* bytes of one line */
#define TABLE_FAULTS_MAX 20u            /* told of one file; the last one says that there are more */

/* What is remarkable about a service. */
enum {
        TABLE_DISPUTED = 1u << 0,       /* other sources say otherwise */
        TABLE_UNUSUAL = 1u << 1,        /* port and security do not belong together, as published */
};

/* Words of a list.  They belong to the table. */
typedef struct TableNames {
        const char *const *at;
        size_t n;
} TableNames;

typedef struct TableService {
        const char *protocol;           /* "imap", "pop3", "smtp" */
        const char *host;               /* may hold %EMAILDOMAIN% */
        uint16_t port;
        MdSecurity security;
        unsigned marks;                 /* TABLE_* */
        const char *username;           /* with placeholders; NULL: not known */
        const char *date;               /* when it was checked: "2025", "2025-03", "2025-03-14"; NULL: not known */
        const char *until;              /* was right up to then, and is not any more; NULL: it is right */
        TableNames auth;                /* "password", "encrypted-password", "oauth2", …; none: not known */
        TableNames source;              /* words of the legend, or addresses of pages */
        TableNames only;                /* the domains, or patterns, that it is for; none: for all of the block */
        unsigned line;
} TableService;

/* What must be done, or known, before a login can succeed. */
typedef struct TablePrecondition {
        const char *kind;               /* "app-password", "service-off", … */
        TableNames protocols;           /* that it concerns; none: all */
        const char *page;               /* of the provider; NULL */
        const char *since;              /* when it began; NULL: not known */
        const char *date;               /* when it was checked; NULL: not known */
        const char *note;               /* a remark for people; NULL */
        TableNames source, only;
        unsigned line;
} TablePrecondition;

/* A provider. */
typedef struct TableBlock {
        const char *id;                 /* [a-z0-9-], at most 31, unique in its layer */
        const char *name;               /* for people; never NULL */
        const char *page;               /* help about mail apps; NULL */
        const char *username, *date;    /* for services that say nothing else */
        TableNames auth, source;        /* likewise */
        TableNames domains;
        TableNames patterns;
        TableNames mx;                  /* names and patterns of mail exchangers */
        TableNames popular;             /* domains that a near miss was probably meant for */
        const TableService *services;   /* in order of preference */
        size_t n_services;
        const TablePrecondition *preconditions;
        size_t n_preconditions;
        unsigned layer;
        const char *file;
        unsigned line;
} TableBlock;

/* A word of the legend: where facts come from. */
typedef struct TableSource {
        const char *word;
        const char *name, *page, *licence, *date;
} TableSource;

/* A word, and the number of the block that it leads to. */
typedef struct TableKey {
        const char *word;
        size_t block;
} TableKey;

/* What maildiag brings: the files of table/, read when it was built.  The keys are sorted. */
typedef struct TableShipped {
        const TableBlock *blocks;
        size_t n_blocks;
        const TableKey *domains, *ids;
        size_t n_domains;               /* there are as many ids as blocks */
        const TableSource *sources;
        size_t n_sources;
} TableShipped;

typedef struct Table Table;

/* Told once for each fault: "is not the name of a host", with the place.  `line` is 0 where all of the file is meant. */
typedef void (*TableFault)(void *userdata, const char *file, unsigned line, const char *fault);

/* A table with what maildiag brings in layer 0 (NULL: with nothing); that is not copied.  NULL when out of memory. */
Table *table_new(const TableShipped *shipped);
Table *table_free(Table *table);

/* Reads a file into a layer.  `file` is its name, for people; `text` is left as it is.  Returns 0, also when there were
 * faults, or -ENOMEM. */
int table_read(Table *table, unsigned layer, const char *file, const char *text, size_t size, TableFault fault,
               void *userdata);

/* All blocks in the order in which they were read, those that were replaced, too. */
size_t table_count(const Table *table);
const TableBlock *table_block(const Table *table, size_t i);
/* Whether a block was replaced by one of a later layer. */
bool table_is_replaced(const Table *table, size_t i);

/* The block that lists a domain (lower case, A-labels) in a layer and was not replaced; NULL. */
const TableBlock *table_domain(const Table *table, unsigned layer, const char *domain);

/* What a word of the legend stands for; NULL. */
const TableSource *table_source(const Table *table, const char *word);
/* All words of the legend, in order; NULL behind the last. */
const TableSource *table_source_at(const Table *table, size_t i);
