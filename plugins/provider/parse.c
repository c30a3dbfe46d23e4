/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Files of the table, line by line: "[id]", "key = value", and comments from a '#' that begins a word; a line goes on
 * behind a '\' at its end.
 *
 * The text is copied once and cut up in place; what the table holds points into the copy.  A line that is wrong is told
 * and left out.  Without a good heading the lines below it belong to nothing, and are left out with it.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table-private.h"
#include "value.h"

#define FAULT_SIZE 300u

void parser_fault(Parser *parser, const char *format, ...) {
        char fault[FAULT_SIZE];
        va_list arguments;

        if (parser->n_faults++ >= TABLE_FAULTS_MAX)
                return;
        va_start(arguments, format);
        vsnprintf(fault, sizeof(fault), format, arguments);
        va_end(arguments);
        const char *told = parser->n_faults < TABLE_FAULTS_MAX ? fault
                                                               : "is wrong, too, and so may be more lines of this file";
        parser->fault(parser->userdata, parser->file, parser->line, told);
}

static bool is_space(char c) {
        return c == ' ' || c == '\t';
}

char *parser_skip_space(char *text) {
        while (is_space(*text))
                text++;
        return text;
}

char *parser_word(char **rest) {
        char *word = parser_skip_space(*rest), *end = word;

        while (*end && !is_space(*end))
                end++;
        *rest = end;
        if (*end)
                *(*rest)++ = '\0';
        return end > word ? word : NULL;
}

/* ---- headings ---- */

static int replace_below(Parser *parser, const char *id) {
        size_t below;
        int r = 0;

        for (unsigned layer = 0; layer < parser->layer && r >= 0; layer++)
                if (table_find_id(parser->table, layer, id, &below))
                        r = table_replace(parser->table, below);
        return r;
}

static int begin_block(Parser *parser, const char *id) {
        Table *table = parser->table;
        size_t other;

        if (table_find_id(table, parser->layer, id, &other)) {
                parser_fault(parser, "[%s] stands in %s already, from line %u; this one is left out", id,
                             table_block(table, other)->file, table_block(table, other)->line);
                return 0;
        }
        TableBlock **blocks = table_grow(table->blocks, table->n_blocks, sizeof(*blocks));
        if (!blocks)
                return -ENOMEM;
        table->blocks = blocks;
        if (index_add(&table->layers[parser->layer].ids, id, table_count(table)) < 0)
                return -ENOMEM;
        TableBlock *block = calloc(1, sizeof(*block));
        if (!block)
                return -ENOMEM;
        block->id = block->name = id;
        block->layer = parser->layer;
        block->file = parser->file;
        block->line = parser->line;
        blocks[table->n_blocks++] = parser->block = block;
        return replace_below(parser, id);
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

/* ---- lines ---- */

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
        line = parser_skip_space(line);
        if (has_control(line)) {
                parser_fault(parser, "holds a control character");
                return 0;
        }
        if (!*line)
                return 0;
        return *line == '[' ? take_heading(parser, line) : parser_take_key(parser, line);
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

int table_read(Table *table, unsigned layer, const char *file, const char *text, size_t size, TableFault fault,
               void *userdata) {
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
