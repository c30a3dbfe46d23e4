/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Who runs the mail of a domain, and what of that is for this domain. */

#include <stdbool.h>

#include "table.h"

/* Names are in lower case and A-labels.  The lists end with NULL; NULL: none. */
typedef struct LookupQuestion {
        const char *domain;             /* of the address */
        const char *const *mx;          /* mail exchangers of the domain, best first */
        const char *const *hosts;       /* servers that are configured */
} LookupQuestion;

/* What the block was found by, best first. */
typedef enum LookupHow {
        LOOKUP_DOMAIN,
        LOOKUP_PATTERN,
        LOOKUP_MX,
        LOOKUP_HOST,
        _LOOKUP_HOW_MAX,
} LookupHow;

const char *lookup_how_to_string(LookupHow how);

/* The block for a domain; NULL: the table does not know.  A later layer is asked first. */
const TableBlock *lookup_block(const Table *table, const LookupQuestion *question, LookupHow *ret_how);

/* Whether a row with this `only` is for the domain. */
bool lookup_is_for(const TableNames *only, const char *domain);

/* What holds for a service: its own word, else that of its block. */
const char *lookup_username(const TableBlock *block, const TableService *service);
const char *lookup_date(const Table *table, const TableBlock *block, const TableService *service);
const TableNames *lookup_auth(const TableBlock *block, const TableService *service);
const TableNames *lookup_source(const TableBlock *block, const TableNames *source);

/* Whether the table knows a name as a domain, by a pattern, or as a host. */
bool lookup_knows_domain(const Table *table, const char *domain);
bool lookup_knows_host(const Table *table, const char *host);
