/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What stands in a block, and in the legend: every key with what it takes.  What is wrong is told and left out. */

#include <errno.h>
#include <string.h>

#include "plugins/sdk/distance.h"
#include "table-private.h"
#include "value.h"

#define SEPARATORS " \t,"

/* ---- lists ---- */

/* Domains of the block.  Each stands once in a layer. */
static int take_domain(Parser *parser, const char *domain) {
        Table *table = parser->table;
        size_t other;

        if (table_find_domain(table, parser->layer, domain, &other)) {
                const TableBlock *block = table_block(table, other);
                parser_fault(parser, "domain \"%s\" stands in [%s] already (%s, from line %u)", domain, block->id, block->file,
                             block->line);
                return 0;
        }
        if (index_add(&table->layers[parser->layer].domains, domain, table_count(table) - 1) < 0)
                return -ENOMEM;
        return table_names_add(&parser->block->domains, domain);
}

static int take_domains(Parser *parser, char *value) {
        int r = 0;

        for (char *word; r >= 0 && (word = parser_word(&value));) {
                value_lower(word);
                const char *fault = value_fault_domain(word);
                if (fault)
                        parser_fault(parser, "domain \"%.80s\" %s", word, fault);
                else
                        r = take_domain(parser, word);
        }
        return r;
}

static int take_patterns(Parser *parser, char *value) {
        for (char *word; (word = parser_word(&value));) {
                value_lower(word);
                const char *fault = value_fault_pattern(word);
                if (fault)
                        parser_fault(parser, "pattern \"%.80s\" %s", word, fault);
                else if (table_names_add(&parser->block->patterns, word) < 0)
                        return -ENOMEM;
        }
        return 0;
}

static int take_mx(Parser *parser, char *value) {
        for (char *word; (word = parser_word(&value));) {
                value_lower(word);
                const char *fault = strchr(word, '*') ? value_fault_pattern(word) : value_fault_domain(word);
                if (fault)
                        parser_fault(parser, "mx \"%.80s\" %s", word, fault);
                else if (table_names_add(&parser->block->mx, word) < 0)
                        return -ENOMEM;
        }
        return 0;
}

static int take_popular(Parser *parser, char *value) {
        for (char *word; (word = parser_word(&value));) {
                value_lower(word);
                const char *fault = value_fault_domain(word);
                if (fault)
                        parser_fault(parser, "domain \"%.80s\" %s", word, fault);
                else if (table_names_add(&parser->block->popular, word) < 0)
                        return -ENOMEM;
        }
        return 0;
}

int parser_take_auth(Parser *parser, TableNames *names, char *words) {
        for (char *word; (word = strsep(&words, SEPARATORS));) {
                if (!*word)
                        continue;
                value_lower(word);
                if (!value_is_one_of(word, value_auths))
                        parser_fault(parser, "auth \"%.80s\" is not a known way to log in", word);
                else if (table_names_add(names, word) < 0)
                        return -ENOMEM;
        }
        return 0;
}

int parser_take_source(Parser *parser, TableNames *names, char *words) {
        for (char *word; (word = strsep(&words, SEPARATORS));) {
                if (!*word)
                        continue;
                if (value_fault_id(word) && value_fault_page(word))
                        parser_fault(parser, "source \"%.80s\" is neither a word of the legend nor the address of a page",
                                     word);
                else if (table_names_add(names, word) < 0)
                        return -ENOMEM;
        }
        return 0;
}

static int take_auth(Parser *parser, char *value) {
        return parser_take_auth(parser, &parser->block->auth, value);
}

static int take_source(Parser *parser, char *value) {
        return parser_take_source(parser, &parser->block->source, value);
}

/* ---- single values ---- */

/* Takes a value that may stand once. */
static int take_once(Parser *parser, const char **at, const char *key, const char *value, const char *fault) {
        if (fault)
                parser_fault(parser, "%s \"%.80s\" %s", key, value, fault);
        else if (*at)
                parser_fault(parser, "%s stands here for the second time", key);
        else
                *at = value;
        return 0;
}

static const char *fault_text(const char *text) {
        return *text ? NULL : "is empty";
}

/* The name is set to the id until there is one. */
static int take_name(Parser *parser, char *value) {
        TableBlock *block = parser->block;
        const char *name = block->name == block->id ? NULL : block->name;

        int r = take_once(parser, &name, "name", value, fault_text(value));
        if (name)
                block->name = name;
        return r;
}

static int take_page(Parser *parser, char *value) {
        return take_once(parser, &parser->block->page, "page", value, value_fault_page(value));
}

static int take_date(Parser *parser, char *value) {
        return take_once(parser, &parser->block->date, "date", value, value_fault_date(value));
}

static int take_username(Parser *parser, char *value) {
        return take_once(parser, &parser->block->username, "username", value, value_fault_username(value));
}

static int take_imap(Parser *parser, char *value) {
        return parser_take_service(parser, "imap", value);
}

static int take_pop3(Parser *parser, char *value) {
        return parser_take_service(parser, "pop3", value);
}

static int take_smtp(Parser *parser, char *value) {
        return parser_take_service(parser, "smtp", value);
}

/* ---- the legend ---- */

static int take_source_name(Parser *parser, char *value) {
        return take_once(parser, &parser->source->name, "name", value, fault_text(value));
}

static int take_source_page(Parser *parser, char *value) {
        return take_once(parser, &parser->source->page, "page", value, value_fault_page(value));
}

static int take_source_licence(Parser *parser, char *value) {
        return take_once(parser, &parser->source->licence, "licence", value, fault_text(value));
}

static int take_source_date(Parser *parser, char *value) {
        return take_once(parser, &parser->source->date, "date", value, value_fault_date(value));
}

/* ---- all keys ---- */

typedef struct Key {
        const char *name;
        int (*take)(Parser *parser, char *value);
} Key;

static const Key block_keys[] = {
        { "name", take_name },         { "page", take_page },         { "domains", take_domains },
        { "patterns", take_patterns }, { "mx", take_mx },             { "popular", take_popular },
        { "username", take_username }, { "auth", take_auth },         { "source", take_source },
        { "date", take_date },         { "imap", take_imap },         { "pop3", take_pop3 },
        { "smtp", take_smtp },         { "precondition", parser_take_precondition }, { NULL },
};

static const Key source_keys[] = {
        { "name", take_source_name }, { "page", take_source_page }, { "licence", take_source_licence },
        { "date", take_source_date }, { NULL },
};

static int key_unknown(Parser *parser, const char *name, const Key *keys) {
        const char *nearest = NULL;
        size_t least = 3;

        for (; keys->name; keys++) {
                size_t distance = md_word_distance(name, keys->name);
                if (distance < least) {
                        nearest = keys->name;
                        least = distance;
                }
        }
        parser_fault(parser, "key \"%.80s\" is not known%s%s", name, nearest ? "; perhaps it should be " : "",
                     nearest ? nearest : "");
        return 0;
}

int parser_take_key(Parser *parser, char *line) {
        char *value = strchr(line, '=');

        if (!value) {
                parser_fault(parser, "is neither [id] nor key = value");
                return 0;
        }
        *value++ = '\0';
        value = parser_skip_space(value);
        char *name = parser_word(&line);
        if (!name || parser_word(&line)) {
                parser_fault(parser, "has not one word before the =");
                return 0;
        }
        if (!parser->block && !parser->source)
                return 0;
        const Key *keys = parser->block ? block_keys : source_keys;
        for (const Key *key = keys; key->name; key++)
                if (key->name[0] == name[0] && !strcmp(key->name, name))
                        return key->take(parser, value);
        return key_unknown(parser, name, keys);
}
