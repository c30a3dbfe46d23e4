/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files with a sum: made, and taken apart again. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "own.h"
#include "sealed-text.h"

char *sealed_text_new(const char *magic, unsigned version, const KeyedHash *key, const char *lines) {
        char key_text[KEYED_HASH_TEXT_SIZE], sum_text[KEYED_HASH_TEXT_SIZE], *text;
        _cleanup_free_ char *body = NULL;

        keyed_hash_to_text(key, key_text);
        if (asprintf(&body, "%s %u\nkey %s\n%s", magic, version, key_text, lines) < 0) {
                body = NULL;
                return NULL;
        }
        KeyedHash sum = keyed_hash(key, body, strlen(body));
        keyed_hash_to_text(&sum, sum_text);
        return asprintf(&text, "%ssum %s\n", body, sum_text) < 0 ? NULL : text;
}

char *sealed_text_next(char **lines, const char *word) {
        char *line = strsep(lines, "\n");
        size_t length = strlen(word);
        return line && !strncmp(line, word, length) && line[length] == ' ' ? line + length + 1 : NULL;
}

/* Ends the lines before the one with the sum, and says what it is. */
static int split_sum(char *text, KeyedHash *ret) {
        char *sum = strstr(text, "\nsum "), *end = sum ? strchr(sum + 1, '\n') : NULL;

        if (!end || end[1])
                return -EBADMSG;
        *end = '\0';
        int r = keyed_hash_from_text(sum + strlen("\nsum "), ret);
        sum[1] = '\0';
        return r < 0 ? -EBADMSG : 0;
}

/* A later version may be written in any way behind its number. */
static unsigned long version_of(const char *text, const char *magic) {
        size_t length = strlen(magic);
        char number[10];

        if (strncmp(text, magic, length) || text[length] != ' ' || sscanf(text + length + 1, "%9[0-9]", number) != 1)
                return 0;
        return strtoul(number, NULL, 10);
}

int sealed_text_open(const char *text, const char *magic, unsigned version, KeyedHash *ret_key, char **ret_lines) {
        char wanted[16];
        KeyedHash sum;

        if (version_of(text, magic) > version)
                return -EPROTONOSUPPORT;
        _cleanup_free_ char *copy = strdup(text);
        int r = copy ? split_sum(copy, &sum) : -ENOMEM;
        _cleanup_free_ char *lines = r >= 0 ? strdup(copy) : NULL;
        if (r < 0 || !lines)
                return r < 0 ? r : -ENOMEM;

        char *rest = lines, *line = sealed_text_next(&rest, magic);
        snprintf(wanted, sizeof(wanted), "%u", version);
        if (!line || strcmp(line, wanted) || !(line = sealed_text_next(&rest, "key")) ||
            keyed_hash_from_text(line, ret_key) < 0)
                return -EBADMSG;
        KeyedHash right = keyed_hash(ret_key, copy, strlen(copy));
        if (memcmp(&right, &sum, sizeof(right)))
                return -EBADMSG;
        *ret_lines = strdup(rest ? rest : "");
        return *ret_lines ? 0 : -ENOMEM;
}
