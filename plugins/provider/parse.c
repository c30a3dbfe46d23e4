/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Files of the table, line by line: "[id]", "key = value", and comments from a '#' that begins a word; a line goes on behind
 * a '\' at its end.
 *
 * The text is copied once and cut up in place; what the table holds points into the copy.  A line that is wrong is told and left
 * out.  Without a good heading the lines below it belong to nothing, and are left out with it.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/sdk/distance.h"
#include "table-private.h"
#include "value.h"

#define SPACE " \t"
#define FAULT_SIZE 300u

void parser_fault(Parser *parser, const char *format, ...) {
        char fault[FAULT_SIZE];
        va_list arguments;

        if (parser->n_faults++ >= TABLE_FAULTS_MAX)
                return;
        va_start(arguments, format);
        vsnprintf(fault, sizeof(fault), format, arguments);
        va_end(arguments);
        parser->fault(parser->userdata, parser->file, parser->line,
                      parser->n_faults < TABLE_FAULTS_MAX ? fault : "is wrong, too, and so may be more lines of this file");
}

static bool is_space(char c) {
        return c == ' ' || c == '\t';
}

static char *skip_space(char *text) {
        while (is_space(*text))
                text++;
        return text;
}

char *parser_word(char **rest) {
        char *word = skip_space(*rest), *end = word;

        while (*end && !is_space(*end))
                end++;
        *rest = end;
        if (*end)
                *(*rest)++ = '\0';
        return end > word ? word : NULL;
}

/* ---- lists ---- */

/* Domains of the block.  Each stands once in a layer. */
static int take_domains(Parser *parser, char *value) {
        Index *domains = &parser->table->layers[parser->layer].domains;

        for (char *word; (word = parser_word(&value));) {
                value_lower(word);
                const char *fault = value_fault_domain(word);
                const TableBlock *other = fault ? NULL : index_get(domains, word);
                if (fault)
                        parser_fault(parser, "domain \"%.80s\" %s", word, fault);
                else if (other)
                        parser_fault(parser, "domain \"%s\" stands in [%s] already (%s, from line %u)", word, other->id, other->file,
                                     other->line);
                else if (index_add(domains, word, parser->block) < 0 || table_names_add(&parser->block->domains, word) < 0)
                        return -ENOMEM;
        }
        return 0;
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
        for (char *word; (word = strsep(&words, SPACE ","));) {
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
        for (char *word; (word = strsep(&words, SPACE ","));) {
                if (!*word)
                        continue;
                if (value_fault_id(word) && value_fault_page(word))
                        parser_fault(parser, "source \"%.80s\" is neither a word of the legend nor the address of a page", word);
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

/* ---- lines ---- */

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

static int take_key(Parser *parser, char *line) {
        char *value = strchr(line, '=');

        if (!value) {
                parser_fault(parser, "is neither [id] nor key = value");
                return 0;
        }
        *value++ = '\0';
        value = skip_space(value);
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

static void replace_below(Parser *parser, const char *id) {
        for (unsigned layer = 0; layer < parser->layer; layer++) {
                TableBlock *below = index_get(&parser->table->layers[layer].ids, id);
                if (below)
                        below->replaced = true;
        }
}

static int begin_block(Parser *parser, const char *id) {
        Table *table = parser->table;
        Index *ids = &table->layers[parser->layer].ids;
        const TableBlock *other = index_get(ids, id);
        if (other) {
                parser_fault(parser, "[%s] stands in %s already, from line %u; this one is left out", id, other->file, other->line);
                return 0;
        }
        TableBlock **blocks = table_grow(table->blocks, table->n_blocks, sizeof(*blocks));
        if (!blocks)
                return -ENOMEM;
        table->blocks = blocks;
        TableBlock *block = calloc(1, sizeof(*block));
        if (!block || index_add(ids, id, block) < 0) {
                free(block);
                return -ENOMEM;
        }
        block->id = block->name = id;
        block->layer = parser->layer;
        block->file = parser->file;
        block->line = parser->line;
        blocks[table->n_blocks++] = parser->block = block;
        replace_below(parser, id);
        return 0;
}

static int begin_source(Parser *parser, const char *word) {
        Table *table = parser->table;

        if (table_source(table, word)) {
                parser_fault(parser, "[source %s] stands there for the second time; this one is left out", word);
                return 0;
        }
        TableSource *sources = table_grow(table->sources, table->n_sources, sizeof(*sources));
        if (!sources)
                return -ENOMEM;
        table->sources = sources;
        parser->source = &sources[table->n_sources++];
        *parser->source = (TableSource) { .word = word };
        return 0;
}

static int take_heading(Parser *parser, char *line) {
        char *end = strchr(line, ']'), *rest = line + 1;

        parser->block = NULL;
        parser->source = NULL;
        if (!end || end[1]) {
                parser_fault(parser, "begins with [ and does not end with ]; the lines below it are left out");
                return 0;
        }
        *end = '\0';
        char *word = parser_word(&rest), *second = parser_word(&rest);
        bool source = word && second && !strcmp(word, "source");
        const char *id = source ? second : word ? word : "";
        const char *fault = (second && !source) || parser_word(&rest) ? "is not one word" : value_fault_id(id);
        if (fault) {
                parser_fault(parser, "[%.80s] %s; the lines below it are left out", id, fault);
                return 0;
        }
        return source ? begin_source(parser, id) : begin_block(parser, id);
}

/* The line at *rest without its end.  A '\' at the end joins the next one to it. */
static char *cut_line(char **rest, unsigned *number) {
        char *line = *rest, *end = line;

        for (;; end++) {
                end = strchrnul(end, '\n');
                ++*number;
                char *last = end > line && end[-1] == '\r' ? end - 1 : end;
                if (!*end || last == line || last[-1] != '\\')
                        break;
                memset(last - 1, ' ', (size_t) (end - last) + 2);
        }
        *rest = *end ? end + 1 : NULL;
        *end = '\0';
        return line;
}

/* Cuts off a comment, and the space at the end. */
static void trim_line(char *line) {
        for (char *sign = strchr(line, '#'); sign; sign = strchr(sign + 1, '#'))
                if (sign == line || is_space(sign[-1])) {
                        *sign = '\0';
                        break;
                }
        for (char *end = line + strlen(line); end > line && (is_space(end[-1]) || end[-1] == '\r'); end--)
                end[-1] = '\0';
}

static bool has_control(const char *line) {
        for (; *line; line++)
                if (((unsigned char) *line < ' ' && *line != '\t') || *line == 0x7f)
                        return true;
        return false;
}

static int take_line(Parser *parser, char *line) {
        if (strlen(line) > TABLE_LINE_MAX) {
                parser_fault(parser, "is longer than %u bytes", TABLE_LINE_MAX);
                return 0;
        }
        trim_line(line);
        line = skip_space(line);
        if (has_control(line)) {
                parser_fault(parser, "holds a control character");
                return 0;
        }
        if (!*line)
                return 0;
        return *line == '[' ? take_heading(parser, line) : take_key(parser, line);
}

/* A copy that lives as long as the table. */
static char *keep_text(Table *table, const char *text, size_t size) {
        char **texts = table_grow(table->texts, table->n_texts, sizeof(*texts));
        if (!texts)
                return NULL;
        table->texts = texts;
        char *copy = malloc(size + 1);
        if (!copy)
                return NULL;
        memcpy(copy, text, size);
        copy[size] = '\0';
        return texts[table->n_texts++] = copy;
}

int table_read(Table *table, unsigned layer, const char *file, const char *text, size_t size, TableFault fault, void *userdata) {
        static const char mark[] = "\xef\xbb\xbf";      /* some editors put it in front */
        Parser parser = { .table = table, .layer = layer, .file = file, .fault = fault, .userdata = userdata };

        if (size > TABLE_FILE_MAX) {
                parser_fault(&parser, "is larger than %u bytes", TABLE_FILE_MAX);
                return 0;
        }
        if (memchr(text, '\0', size)) {
                parser_fault(&parser, "is no text");
                return 0;
        }
        if (size >= strlen(mark) && !memcmp(text, mark, strlen(mark))) {
                text += strlen(mark);
                size -= strlen(mark);
        }
        char *rest = keep_text(table, text, size);
        parser.file = rest ? keep_text(table, file, strlen(file)) : NULL;
        int r = parser.file ? 0 : -ENOMEM;
        unsigned next = 1;
        while (r >= 0 && rest && *rest) {
                parser.line = next;
                char *line = cut_line(&rest, &next);
                r = take_line(&parser, line);
        }
        return r;
}
