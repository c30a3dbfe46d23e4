/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What an error means that somebody pastes: a reply of a server, the code of an app, a sentence of either. */

#include <stddef.h>

#include "reply.h"

#define EXPLAIN_TEXT_MAX MD_REPLY_TEXT_MAX
#define EXPLAIN_IDS_MAX 8u

/* The rules of one protocol. */
typedef struct ExplainTable {
        const char *protocol;
        const MdReplyRule *rules;
        size_t n_rules;
} ExplainTable;

/* What is known besides the text; NULL: nothing. */
typedef struct ExplainContext {
        const char *protocol;
        const char *stage;              /* of <maildiag/reply.h> */
} ExplainContext;

typedef struct Explanation {
        const char *protocol;           /* that the text speaks; NULL: it does not tell */
        const MdReplyRule *rule;        /* that fits; NULL: none, or nothing is wrong */
        size_t n_ids;
        const char *ids[EXPLAIN_IDS_MAX];       /* findings, likeliest first; texts are those of the rule */
        char also[256];                 /* holds the further ones */
} Explanation;

/*
 * Explains a text of at most EXPLAIN_TEXT_MAX bytes; more is not looked at.  Pure.  Texts in `ret` point into
 * the tables and into itself, so it must not be copied.  Returns 0, -ENOMEM.
 */
int explain_text(const ExplainTable *tables, size_t n_tables, const char *text, const ExplainContext *context,
                 Explanation *ret);
