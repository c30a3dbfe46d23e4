/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The values inside data: atoms, quoted strings, literals, lists (RFC 9051 section 4).  The reader is a
 * loop and not a recursion, so that a server cannot choose how much stack it takes.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "response.h"

typedef struct Reader {
        const char *at, *end;
        const char *last_bracket;       /* the last "]" of all */
        char *memory;
        uint32_t depth;
        size_t n_allocated;
        ImapResponse *response;
} Reader;

static int add(Reader *reader, ImapType type, const char *text, size_t size) {
        ImapResponse *response = reader->response;

        if (response->n_values == IMAP_VALUES_MAX)
                return IMAP_FAULT_AMOUNT;
        if (response->n_values == reader->n_allocated) {
                size_t n = reader->n_allocated ? reader->n_allocated * 2 : 16;
                ImapValue *values = reallocarray(response->values, n, sizeof(ImapValue));
                if (!values)
                        return -ENOMEM;
                response->values = values;
                reader->n_allocated = n;
        }

        response->values[response->n_values++] = (ImapValue) {
                .type = type,
                .depth = reader->depth,
                .text = text,
                .size = size,
        };
        return 0;
}

/* Adds what was written to the memory since `text` began. */
static int add_text(Reader *reader, ImapType type, char *text) {
        size_t size = (size_t) (reader->memory - text);

        *reader->memory++ = '\0';
        return add(reader, type, text, size);
}

static int read_quoted(Reader *reader) {
        char *text = reader->memory;

        for (reader->at++; reader->at < reader->end; reader->at++) {
                if (*reader->at == '"') {
                        reader->at++;
                        return add_text(reader, IMAP_STRING, text);
                }
                if (*reader->at == '\r' || *reader->at == '\n')
                        break;
                if (*reader->at == '\\' && ++reader->at == reader->end)
                        break;
                *reader->memory++ = *reader->at;
        }
        return IMAP_FAULT_SYNTAX;
}

static int read_literal(Reader *reader) {
        const char *brace = memchr(reader->at, '}', (size_t) (reader->end - reader->at));
        size_t size;

        if (!brace || imap_line_announces(reader->at, (size_t) (brace + 1 - reader->at), &size) != 1)
                return IMAP_FAULT_LITERAL;

        size_t left = (size_t) (reader->end - brace) - 1;
        if (left < 2 || left - 2 < size || memcmp(brace + 1, "\r\n", 2))
                return IMAP_FAULT_LITERAL;

        char *text = reader->memory;
        reader->memory = mempcpy(text, brace + 3, size);
        reader->at = brace + 3 + size;
        return add_text(reader, IMAP_STRING, text);
}

static bool ends_atom(char c) {
        return c == ' ' || c == '(' || c == ')' || c == '\r' || c == '\n';
}

/* Up to a space or parenthesis; but BODY[HEADER.FIELDS (DATE)] is one. */
static int read_atom(Reader *reader) {
        char *text = reader->memory;

        while (reader->at < reader->end && !ends_atom(*reader->at)) {
                const char *last = reader->at;
                if (*last == '[' && reader->last_bracket && last < reader->last_bracket)
                        last = memchr(last, ']', (size_t) (reader->end - last));

                size_t size = (size_t) (last - reader->at) + 1;
                reader->memory = mempcpy(reader->memory, reader->at, size);
                reader->at += size;
        }
        return add_text(reader, IMAP_ATOM, text);
}

static int open_list(Reader *reader) {
        int r = add(reader, IMAP_LIST, NULL, 0);
        if (r != 0)
                return r;

        reader->at++;
        return ++reader->depth > IMAP_DEPTH_MAX ? IMAP_FAULT_DEPTH : 0;
}

static int close_list(Reader *reader) {
        if (reader->depth == 0)
                return IMAP_FAULT_SYNTAX;

        reader->at++;
        reader->depth--;
        return 0;
}

static int read_value(Reader *reader) {
        switch (*reader->at) {
        case ' ':
                reader->at++;
                return 0;
        case '(':
                return open_list(reader);
        case ')':
                return close_list(reader);
        case '"':
                return read_quoted(reader);
        case '{':
                return read_literal(reader);
        case '\r':
        case '\n':
                return IMAP_FAULT_SYNTAX;
        default:
                return read_atom(reader);
        }
}

int imap_values_parse(const char *bytes, size_t size, char **memory, ImapResponse *ret) {
        Reader reader = {
                .at = bytes,
                .end = bytes + size,
                .last_bracket = memrchr(bytes, ']', size),
                .memory = *memory,
                .response = ret,
        };
        int r = 0;

        while (r == 0 && reader.at < reader.end)
                r = read_value(&reader);

        *memory = reader.memory;
        if (r != 0)
                return r;
        return reader.depth > 0 ? IMAP_FAULT_SYNTAX : 0;
}

bool imap_value_is_nil(const ImapValue *value) {
        return value->type == IMAP_ATOM && !strcasecmp(value->text, "NIL");
}

bool imap_value_number(const ImapValue *value, uint64_t *ret) {
        uint64_t number = 0;

        if (value->type != IMAP_ATOM || value->size == 0)
                return false;
        for (size_t i = 0; i < value->size; i++) {
                char c = value->text[i];
                if (c < '0' || c > '9' || number > (INT64_MAX - (uint64_t) (c - '0')) / 10)
                        return false;
                number = number * 10 + (uint64_t) (c - '0');
        }

        *ret = number;
        return true;
}

size_t imap_value_next(const ImapResponse *response, size_t i) {
        uint32_t depth = response->values[i].depth;

        for (i++; i < response->n_values && response->values[i].depth > depth; i++)
                ;
        return i;
}
