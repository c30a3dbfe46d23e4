/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The matcher of replies: rules and a reply in, the rule that fits out.  No I/O, no state. */

#include <stddef.h>

#include <maildiag/reply.h>

#define MD_REPLY_TEXT_MAX 4096u         /* bytes of a text that are looked at */
#define MD_REPLY_URL_MAX 255u
#define MD_REPLY_PATTERN_MAX 512u

/* The order in which rules are tried, see <maildiag/reply.h>. */
typedef enum MdReplyRank {
        MD_REPLY_WORDS_OF_ONE,
        MD_REPLY_WORDS,
        MD_REPLY_CODES,
        _MD_REPLY_RANK_MAX,
} MdReplyRank;

MdReplyRank md_reply_rank(const MdReplyRule *rule);

/*
 * The first rule of a rank, at or behind `from`, that fits; `n` when none does.  The text of the reply has to
 * come from md_reply_text().  A pattern that is none or takes too long does not fit.  While the stage is not
 * known, rules fit whatever their stage, but for those that are told by stage and a whole class of codes
 * alone.
 */
size_t md_reply_match(const MdReplyRule *rules, size_t n, MdReplyRank rank, size_t from,
                      const MdReply *reply);

/* The same over all ranks, and behind a table that of the SDK. NULL: none fits. */
const MdReplyRule *md_reply_find(const MdReplyRule *rules, size_t n, const MdReply *reply);

/* Whether a pattern can be used. */
bool md_reply_pattern_is_valid(const char *pattern);

/*
 * A text as patterns see it: one line of valid UTF-8 with single spaces, Latin letters without accents, lines
 * joined (continuation codes as in "550-" taken out), and what base64 in it says appended.  A new string, at
 * most MD_REPLY_TEXT_MAX bytes and what was appended; NULL when out of memory.
 */
char *md_reply_text(const char *text);

/* The first web address in a text, without the punctuation around it.  A new string; NULL when there is
 * none or no memory: it is only for show. */
char *md_reply_url(const char *text);

/* Rules for replies of every protocol. */
extern const MdReplyRule md_replies[];
extern const size_t md_n_replies;
