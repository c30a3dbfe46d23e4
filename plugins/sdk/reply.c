/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Which rule fits a reply.
 *
 * Patterns are interpreted, never compiled to machine code (a probe may not have memory that is writable and
 * executable), and only when codes and stage fit already.  A refusal is rare, so nothing is kept for the next
 * one.
 */

#define PCRE2_CODE_UNIT_WIDTH 8

#include <fnmatch.h>
#include <pcre2.h>
#include <string.h>

#include "reply.h"

/* A hostile text against a careless pattern ends here. */
#define MATCH_LIMIT 20000u
#define DEPTH_LIMIT 1000u
#define HEAP_LIMIT_KIB 1024u

#define WORD_MAX 64u

MdReplyRank md_reply_rank(const MdReplyRule *rule) {
        if (!rule->pattern)
                return MD_REPLY_CODES;
        return rule->provider ? MD_REPLY_WORDS_OF_ONE : MD_REPLY_WORDS;
}

/* ---- words and codes ---- */

/* Whether `value` is one of the globs, which are separated by spaces. */
static bool is_one_of(const char *globs, const char *value) {
        char glob[WORD_MAX];

        for (const char *p = globs; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
                size_t n = strcspn(p, " ");
                if (n >= sizeof(glob))
                        continue;
                memcpy(glob, p, n);
                glob[n] = '\0';
                if (!fnmatch(glob, value, FNM_CASEFOLD | FNM_NOESCAPE))
                        return true;
        }
        return false;
}

static bool fits_code(const char *globs, const char *value) {
        return !globs || is_one_of(globs, value && *value ? value : "-");
}

/* Whether a rule without words says enough for a reply of which nobody knows when it came. */
static bool tells_without_stage(const MdReplyRule *rule) {
        return rule->enhanced || (rule->code && !strpbrk(rule->code, "?*")) || !rule->stages;
}

static bool fits_stage(const MdReplyRule *rule, const char *stage) {
        if (!stage)
                return rule->pattern || tells_without_stage(rule);
        return !rule->stages || is_one_of(rule->stages, stage);
}

/* ---- patterns ---- */

static pcre2_code *pattern_compile(const char *pattern) {
        PCRE2_SIZE offset;
        int error;

        if (strlen(pattern) > MD_REPLY_PATTERN_MAX)
                return NULL;
        return pcre2_compile((PCRE2_SPTR) pattern, PCRE2_ZERO_TERMINATED,
                             PCRE2_CASELESS | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &offset, NULL);
}

bool md_reply_pattern_is_valid(const char *pattern) {
        pcre2_code *code = pattern_compile(pattern);
        pcre2_code_free(code);
        return code;
}

static pcre2_match_context *limits_new(void) {
        pcre2_match_context *limits = pcre2_match_context_create(NULL);
        if (limits) {
                pcre2_set_match_limit(limits, MATCH_LIMIT);
                pcre2_set_depth_limit(limits, DEPTH_LIMIT);
                pcre2_set_heap_limit(limits, HEAP_LIMIT_KIB);
        }
        return limits;
}

static bool fits_pattern(const char *pattern, const char *text) {
        pcre2_code *code = pattern_compile(pattern);
        pcre2_match_context *limits = code ? limits_new() : NULL;
        pcre2_match_data *data = limits ? pcre2_match_data_create(1, NULL) : NULL;

        bool found = data && pcre2_match(code, (PCRE2_SPTR) text, strlen(text), 0, 0, data, limits) >= 0;
        pcre2_match_data_free(data);
        pcre2_match_context_free(limits);
        pcre2_code_free(code);
        return found;
}

static bool fits(const MdReplyRule *rule, const MdReply *reply) {
        if ((rule->when & reply->when) != rule->when || !fits_stage(rule, reply->stage))
                return false;
        if (!fits_code(rule->code, reply->code) || !fits_code(rule->enhanced, reply->enhanced))
                return false;
        if (!rule->pattern || !*rule->pattern)
                return true;
        return reply->text && fits_pattern(rule->pattern, reply->text);
}

/* ---- tables ---- */

size_t md_reply_match(const MdReplyRule *rules, size_t n, MdReplyRank rank, size_t from,
                      const MdReply *reply) {
        for (; from < n; from++)
                if (md_reply_rank(&rules[from]) == rank && fits(&rules[from], reply))
                        return from;
        return n;
}

const MdReplyRule *md_reply_find(const MdReplyRule *rules, size_t n, const MdReply *reply) {
        const struct {
                const MdReplyRule *rules;
                size_t n;
        } tables[] = { { rules, n }, { md_replies, md_n_replies } };

        for (MdReplyRank rank = 0; rank < _MD_REPLY_RANK_MAX; rank++)
                for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
                        size_t at = md_reply_match(tables[i].rules, tables[i].n, rank, 0, reply);
                        if (at < tables[i].n)
                                return &tables[i].rules[at];
                }
        return NULL;
}
