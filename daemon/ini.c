/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sections, keys and values, line by line.  A line that is none of these is a fault, never passed over. */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "ini.h"
#include "own.h"
#include "text.h"

#define SECTION_MAX 64u
#define KEY_MAX 64u

typedef struct Walk {
        const IniHandler *handler;
        char section[SECTION_MAX + 1];  /* "": none yet */
        unsigned line;
        char **ret_fault;
} Walk;

static int fault(const Walk *walk, const char *text) {
        *walk->ret_fault = strdup(text);
        return *walk->ret_fault ? -EINVAL : -ENOMEM;
}

static bool is_space(char c) {
        return c == ' ' || c == '\t';
}

static char *trim(char *text) {
        while (is_space(*text))
                text++;
        size_t length = strlen(text);
        while (length > 0 && is_space(text[length - 1]))
                length--;
        text[length] = '\0';
        return text;
}

static int take_section(Walk *walk, char *text) {
        size_t length = strlen(text);

        if (text[length - 1] != ']')
                return fault(walk, "a section has no \"]\" at its end");
        text[length - 1] = '\0';
        text = trim(text + 1);
        length = strlen(text);
        if (length == 0)
                return fault(walk, "a section has no name");
        if (length > SECTION_MAX)
                return fault(walk, "the name of a section is longer than 64 bytes");
        memcpy(walk->section, text, length + 1);
        return walk->handler->section(walk->handler->userdata, walk->section, walk->line, walk->ret_fault);
}

static bool is_key(const char *key) {
        size_t length = strlen(key);
        return length > 0 && length <= KEY_MAX &&
               strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

static int take_value(Walk *walk, char *text) {
        char *equals = strchr(text, '=');

        if (!equals)
                return fault(walk, "is neither a section, nor a key with a value (key = value), nor a comment");
        *equals = '\0';
        char *key = trim(text), *value = trim(equals + 1);
        if (!is_key(key))
                return fault(walk, "what stands before \"=\" is not the name of a key");
        if (!*walk->section)
                return fault(walk, "a key stands before the first section");
        return walk->handler->value(walk->handler->userdata, walk->section, key, value, walk->line, walk->ret_fault);
}

/* Tabs are spaces; nothing else that is not shown has a place here. */
static bool is_clean(const char *line, size_t length) {
        for (size_t i = 0; i < length;) {
                size_t run = 0;
                while (i + run < length && line[i + run] != '\t')
                        run++;
                if (!md_text_is_clean(line + i, run))
                        return false;
                i += run + 1;
        }
        return true;
}

static int take_text(Walk *walk, char *text) {
        if (*text == '\0' || *text == '#' || *text == ';')
                return 0;
        return *text == '[' ? take_section(walk, text) : take_value(walk, text);
}

static int take_line(Walk *walk, const char *line, size_t length) {
        char copy[INI_VALUE_MAX + 1];

        if (length > 0 && line[length - 1] == '\r')
                length--;
        if (length > INI_VALUE_MAX)
                return fault(walk, "the line is longer than 1024 bytes");
        if (!is_clean(line, length))
                return fault(walk, "the line holds a control character, or is not UTF-8 text");
        memcpy(copy, line, length);
        copy[length] = '\0';
        int r = take_text(walk, trim(copy));
        explicit_bzero(copy, length);           /* somebody may have put a secret there */
        return r;
}

int ini_parse(const char *text, size_t size, const IniHandler *handler, unsigned *ret_line, char **ret_fault) {
        Walk walk = { .handler = handler, .line = 1, .ret_fault = ret_fault };
        int r = size > INI_TEXT_MAX ? fault(&walk, "the file is larger than 64 KiB") : 0;

        for (size_t at = 0; r >= 0 && at < size; walk.line++) {
                const char *end = memchr(text + at, '\n', size - at);
                size_t length = end ? (size_t) (end - text) - at : size - at;
                *ret_line = walk.line;
                r = take_line(&walk, text + at, length);
                at += length + 1;
        }
        if (size > INI_TEXT_MAX)
                *ret_line = 1;
        return r;
}
