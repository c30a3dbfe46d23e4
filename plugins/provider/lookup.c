/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Look-ups in the table: by domain, by pattern, by mail exchanger, by the servers that are configured. */

#include <string.h>

#include "lookup.h"
#include "pattern.h"

static const char *const hows[_LOOKUP_HOW_MAX] = {
        [LOOKUP_DOMAIN] = "domain",
        [LOOKUP_PATTERN] = "pattern",
        [LOOKUP_MX] = "mx",
        [LOOKUP_HOST] = "host",
};

const char *lookup_how_to_string(LookupHow how) {
        return hows[how];
}

/* How long the longest pattern is that matches: the longer, the more it says.  0: none does. */
static size_t match_length(const TableNames *patterns, const char *name) {
        size_t longest = 0;

        for (size_t i = 0; i < patterns->n; i++) {
                size_t length = strlen(patterns->at[i]);
                if (length > longest && pattern_match(patterns->at[i], name))
                        longest = length;
        }
        return longest;
}

/* The block of a layer with the longest match in a list of it; NULL. */
static const TableBlock *best_match(const Table *table, unsigned layer, const char *name, size_t list) {
        const TableBlock *best = NULL;
        size_t longest = 0;

        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                const TableNames *patterns = (const TableNames *) ((const char *) block + list);
                bool asked = block->layer == layer && !table_is_replaced(table, i);
                size_t length = asked ? match_length(patterns, name) : 0;
                if (length > longest) {
                        best = block;
                        longest = length;
                }
        }
        return best;
}

/* ---- one way each, in one layer ---- */

static const TableBlock *by_domain(const Table *table, unsigned layer, const LookupQuestion *question) {
        return table_domain(table, layer, question->domain);
}

static const TableBlock *by_pattern(const Table *table, unsigned layer, const LookupQuestion *question) {
        return best_match(table, layer, question->domain, offsetof(TableBlock, patterns));
}

/* An exchanger that no block names may lie in the domain of a provider. */
static const TableBlock *by_parent(const Table *table, unsigned layer, const char *name) {
        const TableBlock *block = NULL;

        for (const char *dot = strchr(name, '.'); !block && dot; dot = strchr(dot + 1, '.'))
                block = table_domain(table, layer, dot + 1);
        return block;
}

static const TableBlock *by_exchanger(const Table *table, unsigned layer, const char *name) {
        const TableBlock *block = best_match(table, layer, name, offsetof(TableBlock, mx));
        return block ? block : by_parent(table, layer, name);
}

static const TableBlock *by_mx(const Table *table, unsigned layer, const LookupQuestion *question) {
        for (const char *const *mx = question->mx; mx && *mx; mx++) {
                const TableBlock *block = by_exchanger(table, layer, *mx);
                if (block)
                        return block;
        }
        return NULL;
}

static bool has_host(const TableBlock *block, const char *host) {
        for (size_t i = 0; i < block->n_services; i++)
                if (!strcmp(block->services[i].host, host))
                        return true;
        return false;
}

/* Bridge programs of several providers listen there. */
static bool is_this_computer(const char *host) {
        return !strncmp(host, "127.", 4) || !strcmp(host, "::1") || !strcmp(host, "localhost");
}

static size_t count_hosts(const TableBlock *block, const char *const *hosts) {
        size_t n = 0;

        for (; hosts && *hosts; hosts++)
                n += !is_this_computer(*hosts) && has_host(block, *hosts);
        return n;
}

/* Several providers may name a server: the one that runs it has exchangers, and more domains. */
static bool is_better(const TableBlock *block, size_t n, const TableBlock *best, size_t n_best) {
        if (n != n_best)
                return n > n_best;
        if ((block->mx.n > 0) != (best->mx.n > 0))
                return block->mx.n > 0;
        return block->domains.n > best->domains.n;
}

static const TableBlock *by_host(const Table *table, unsigned layer, const LookupQuestion *question) {
        const TableBlock *best = NULL;
        size_t n_best = 0;

        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                bool asked = block->layer == layer && !table_is_replaced(table, i);
                size_t n = asked ? count_hosts(block, question->hosts) : 0;
                if (n > 0 && (!best || is_better(block, n, best, n_best))) {
                        best = block;
                        n_best = n;
                }
        }
        return best;
}

/* ---- all of them ---- */

static const TableBlock *(*const ways[_LOOKUP_HOW_MAX])(const Table *, unsigned, const LookupQuestion *) = {
        [LOOKUP_DOMAIN] = by_domain,
        [LOOKUP_PATTERN] = by_pattern,
        [LOOKUP_MX] = by_mx,
        [LOOKUP_HOST] = by_host,
};

/* What is known of the domain itself goes before what is known of servers, in whatever layer. */
static const LookupHow stages[][2] = {
        { LOOKUP_DOMAIN, LOOKUP_PATTERN },
        { LOOKUP_MX, LOOKUP_MX },
        { LOOKUP_HOST, LOOKUP_HOST },
};

const TableBlock *lookup_block(const Table *table, const LookupQuestion *question, LookupHow *ret_how) {
        for (size_t stage = 0; stage < sizeof(stages) / sizeof(stages[0]); stage++)
                for (unsigned layer = TABLE_LAYERS_MAX; layer-- > 0;)
                        for (LookupHow how = stages[stage][0]; how <= stages[stage][1]; how++) {
                                const TableBlock *block = ways[how](table, layer, question);
                                if (block) {
                                        *ret_how = how;
                                        return block;
                                }
                        }
        return NULL;
}

bool lookup_is_for(const TableNames *only, const char *domain) {
        return only->n == 0 || match_length(only, domain) > 0;
}

/* ---- what holds for a service ---- */

const char *lookup_username(const TableBlock *block, const TableService *service) {
        return service->username ? service->username : block->username;
}

const TableNames *lookup_auth(const TableBlock *block, const TableService *service) {
        return service->auth.n > 0 ? &service->auth : &block->auth;
}

const TableNames *lookup_source(const TableBlock *block, const TableNames *source) {
        return source->n > 0 ? source : &block->source;
}

/* Its own, that of the block, or the latest of its sources. */
const char *lookup_date(const Table *table, const TableBlock *block, const TableService *service) {
        const TableNames *words = lookup_source(block, &service->source);
        const char *latest = service->date ? service->date : block->date;

        for (size_t i = 0; !service->date && !block->date && i < words->n; i++) {
                const TableSource *source = table_source(table, words->at[i]);
                if (source && source->date && (!latest || strcmp(source->date, latest) > 0))
                        latest = source->date;
        }
        return latest;
}

/* ---- what is known at all ---- */

bool lookup_knows_domain(const Table *table, const char *domain) {
        LookupHow how;
        return lookup_block(table, &(LookupQuestion) { .domain = domain }, &how) != NULL;
}

bool lookup_knows_host(const Table *table, const char *host) {
        for (size_t i = 0; i < table_count(table); i++)
                if (!table_is_replaced(table, i) && has_host(table_block(table, i), host))
                        return true;
        return false;
}
