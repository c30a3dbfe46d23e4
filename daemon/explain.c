/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Which rule explains a text.
 *
 * The narrowest words win: first those of one server, then those of an app or a library, then what any server
 * says, then sentences that say little, then codes.  Rules of protocols see what stands behind the codes of a
 * reply, those of apps the whole text.  What the rule names as looking the same follows, and nothing else:
 * guesses help nobody.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "explain-read.h"
#include "explain-rules.h"
#include "explain.h"

/* Nothing is known about the dialogue, so that every rule may fit. */
#define ANYTHING (MD_REPLY_IN_CLEAR | MD_REPLY_NO_LOGIN | MD_REPLY_LOGIN_OFFERED | MD_REPLY_TO_APP)

typedef struct Search {
        const ExplainTable *tables;
        size_t n_tables;
        const char *protocol;           /* NULL: any */
        bool is_reply;                  /* the text holds one of a server */
        MdReply said;                   /* by a server */
        MdReply shown;                  /* by an app */
} Search;

static const MdReplyRule *find(const MdReplyRule *rules, size_t n, MdReplyRank rank, const MdReply *reply) {
        size_t at = md_reply_match(rules, n, rank, 0, reply);
        return at < n ? &rules[at] : NULL;
}

/* What apps show has words, and a name to whom they belong. */
static const MdReplyRule *find_shown(const Search *search, const ExplainRules *set) {
        return find(set->rules, set->n_rules, MD_REPLY_WORDS_OF_ONE, &search->shown);
}

static const MdReplyRule *find_told(const Search *search) {
        static const ExplainRules *const sets[] = { &explain_outlook, &explain_tls, &explain_apps, &explain_network };
        const MdReplyRule *rule = NULL;
        for (size_t i = 0; !rule && i < sizeof(sets) / sizeof(sets[0]); i++)
                rule = find_shown(search, sets[i]);
        return rule;
}

static const MdReplyRule *find_said(const Search *search, MdReplyRank rank) {
        const MdReplyRule *rule = NULL;
        for (size_t i = 0; !rule && i < search->n_tables; i++) {
                const ExplainTable *table = &search->tables[i];
                if (!search->protocol || !strcmp(search->protocol, table->protocol))
                        rule = find(table->rules, table->n_rules, rank, &search->said);
        }
        return rule ? rule : find(md_replies, md_n_replies, rank, &search->said);
}

/* What stands behind a code are the words of a server; only a code of the app itself may be beside them. */
static const MdReplyRule *find_in_reply(const Search *search) {
        const MdReplyRule *rule = find_said(search, MD_REPLY_WORDS_OF_ONE);

        rule = rule ? rule : find_said(search, MD_REPLY_WORDS);
        rule = rule ? rule : find_shown(search, &explain_outlook);
        return rule ? rule : find_said(search, MD_REPLY_CODES);
}

static const MdReplyRule *find_anywhere(const Search *search) {
        const MdReplyRule *rule = find_said(search, MD_REPLY_WORDS_OF_ONE);

        rule = rule ? rule : find_told(search);
        rule = rule ? rule : find_said(search, MD_REPLY_WORDS);
        rule = rule ? rule : find_shown(search, &explain_vague);
        return rule ? rule : find_shown(search, &explain_frames);
}

static const MdReplyRule *search_all(const Search *search) {
        const MdReplyRule *rule = search->is_reply ? find_in_reply(search) : NULL;

        return rule ? rule : find_anywhere(search);
}

static void split_ids(Explanation *explanation) {
        char *next = explanation->also, *word;

        explanation->ids[explanation->n_ids++] = explanation->rule->id;
        snprintf(explanation->also, sizeof(explanation->also), "%s",
                 explanation->rule->also ? explanation->rule->also : "");
        while (explanation->n_ids < EXPLAIN_IDS_MAX && (word = strtok_r(next, " ", &next)))
                explanation->ids[explanation->n_ids++] = word;
}

int explain_text(const ExplainTable *tables, size_t n_tables, const char *text, const ExplainContext *context,
                 Explanation *ret) {
        Reading reading;

        *ret = (Explanation) { 0 };
        int r = reading_init(&reading, text);
        if (r < 0)
                return r;
        const char *asked = context ? context->protocol : NULL, *stage = context ? context->stage : NULL;
        const Search search = {
                .tables = tables,
                .n_tables = n_tables,
                .protocol = asked ? asked : reading.protocol,
                .is_reply = asked || reading.protocol,
                .said = { .stage = stage, .code = reading.code, .enhanced = reading.enhanced, .text = reading.rest,
                          .when = ANYTHING },
                .shown = { .text = reading.whole, .when = ANYTHING },
        };
        ret->protocol = search.protocol;
        /* A greeting that is fine in one protocol is a fault where another was expected. */
        bool is_other = asked && reading.protocol && strcmp(asked, reading.protocol);
        if (is_other || !reading_is_fine(&reading))
                ret->rule = search_all(&search);
        reading_done(&reading);
        if (ret->rule)
                split_ids(ret);
        return 0;
}
