/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Line by line: what is not the line in question goes through unread. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ini-edit.h"

typedef struct Walk {
        FILE *out;
        const char *section, *key, *value;
        bool inside;                    /* the section */
        bool done;
        unsigned blank;                 /* empty lines that were held back, so that a new key stands before them */
} Walk;

static const char *skip_space(const char *text) {
        return text + strspn(text, " \t");
}

static void put_key(Walk *walk) {
        if (walk->value && !walk->done)
                fprintf(walk->out, "%s = %s\n", walk->key, walk->value);
        walk->done = true;
}

static void put_blanks(Walk *walk) {
        for (; walk->blank > 0; walk->blank--)
                fputc('\n', walk->out);
}

static bool is_section(const char *line, const char *section) {
        const char *name = skip_space(skip_space(line) + 1);
        size_t length = strlen(section);
        return !strncmp(name, section, length) && *skip_space(name + length) == ']';
}

static bool is_key(const char *line, const char *key) {
        const char *name = skip_space(line);
        size_t length = strlen(key);
        return !strncmp(name, key, length) && *skip_space(name + length) == '=';
}

static void take_line(Walk *walk, const char *line) {
        const char *first = skip_space(line);

        if (*first == '\0' || *first == '\r') {
                walk->blank++;
                return;
        }
        if (*first == '[') {
                if (walk->inside)
                        put_key(walk);
                walk->inside = is_section(line, walk->section);
        } else if (walk->inside && is_key(line, walk->key)) {
                put_blanks(walk);
                put_key(walk);
                return;
        }
        put_blanks(walk);
        fprintf(walk->out, "%s\n", line);
}

static void finish(Walk *walk, bool empty) {
        if (walk->inside)
                put_key(walk);
        if (!walk->done && walk->value) {
                fprintf(walk->out, "%s[%s]\n", empty ? "" : "\n", walk->section);
                put_key(walk);
        }
}

int ini_edit(char **text, const char *section, const char *key, const char *value) {
        char *copy = strdup(*text), *rest = copy, *line, *edited = NULL;
        Walk walk = { .section = section, .key = key, .value = value };
        size_t size;

        walk.out = open_memstream(&edited, &size);
        if (!copy || !walk.out) {
                free(copy);
                if (walk.out)
                        fclose(walk.out);
                free(edited);
                return -ENOMEM;
        }
        while ((line = strsep(&rest, "\n")))
                if (rest || *line)      /* behind the last newline is no line */
                        take_line(&walk, line);
        finish(&walk, **text == '\0');
        free(copy);
        if (fclose(walk.out) != 0) {
                free(edited);
                return -ENOMEM;
        }
        free(*text);
        *text = edited;
        return 0;
}
