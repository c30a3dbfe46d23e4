/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Escapes and insertions of dialogue texts. */

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "expand.h"

typedef struct Output {
        FILE *file;
        const Words *words;
        const char *reason;
} Output;

/* ---- what the client said ---- */

void words_done(Words *words) {
        for (size_t i = 0; i < WORDS_GROUPS; i++)
                free(words->groups[i]);
        for (size_t i = 0; i < WORDS_HEARD; i++)
                free(words->heard[i]);
}

void words_hear(Words *words, const char *line) {
        char **slot = &words->heard[words->n_heard++ % WORDS_HEARD];
        free(*slot);
        *slot = strdup(line);
}

static const char *heard_before(const Words *words, size_t back) {
        if (back >= words->n_heard || back >= WORDS_HEARD)
                return NULL;
        return words->heard[(words->n_heard - 1 - back) % WORDS_HEARD];
}

/* First word of the last line whose second word is `command`; of the last line when that is NULL. */
static char *find_tag(const Words *words, const char *command) {
        for (size_t back = 0;; back++) {
                const char *line = heard_before(words, back);
                if (!line)
                        return NULL;
                size_t tag = strcspn(line, " ");
                const char *second = line[tag] ? line + tag + 1 : "";
                if (!command || (strcspn(second, " ") == strlen(command) &&
                                 !strncasecmp(second, command, strlen(command))))
                        return strndup(line, tag);
        }
}

/* SCRAM: the client's nonce, from the base64 at the end of its last line (RFC 5802 section 7), which ManageSieve
 * quotes. */
static char *find_nonce(const Words *words) {
        const char *line = heard_before(words, 0);
        if (!line)
                return NULL;
        const char *word = strrchr(line, ' ') ? strrchr(line, ' ') + 1 : line;
        word += strspn(word, "\"");
        char *encoded = strndup(word, strcspn(word, "\""));
        char *clear = encoded ? decode_base64(encoded) : NULL, *nonce = clear ? strstr(clear, "r=") : NULL;
        char *found = nonce ? strndup(nonce + 2, strcspn(nonce + 2, ",")) : NULL;
        free(clear);
        free(encoded);
        return found;
}

/* ---- insertions ---- */

static void expand_into(Output *out, const char *text, size_t size);

static void put_encoded(Output *out, const char *text, size_t size,
                        char *(*encode)(const char *bytes, size_t size)) {
        const char *reason = NULL;
        char *inner = strndup(text, size);
        size_t n = 0;
        char *bytes = inner ? expand(out->words, inner, &n, &reason) : NULL;
        char *encoded = bytes ? encode(bytes, n) : NULL;

        if (encoded)
                fputs(encoded, out->file);
        else
                out->reason = reason ?: "cannot be encoded";
        free(encoded);
        free(bytes);
        free(inner);
}

static void put_repeated(Output *out, const char *text, size_t size) {
        char *end;
        unsigned long n = strtoul(text, &end, 10);

        if (*end != ':' || end >= text + size) {
                out->reason = "${repeat:n:text} needs a number";
                return;
        }
        end++;
        for (; n > 0; n--)
                expand_into(out, end, size - (end - text));
}

static void put_owned(Output *out, char *text) {
        if (text)
                fputs(text, out->file);
        else
                out->reason = "the client has not said what this insertion refers to";
        free(text);
}

static bool put_word(Output *out, const char *name) {
        const Words *w = out->words;
        const struct {
                const char *name, *value;
        } plain[] = {
                { "user", w->user }, { "secret", w->secret }, { "address", w->address },
                { "host", w->host }, { "client", w->client },
        };

        for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
                if (!strcmp(name, plain[i].name)) {
                        fputs(plain[i].value ?: "", out->file);
                        return true;
                }
        if (!strcmp(name, "port"))
                fprintf(out->file, "%u", w->port);
        else if (!strcmp(name, "n"))
                fprintf(out->file, "%u", w->number);
        else if (!strcmp(name, "tag"))
                put_owned(out, find_tag(w, NULL));
        else if (!strcmp(name, "nonce"))
                put_owned(out, find_nonce(w));
        else if (isdigit((unsigned char) name[0]) && !name[1])
                put_owned(out, w->groups[name[0] - '0'] ? strdup(w->groups[name[0] - '0']) : NULL);
        else
                return false;
        return true;
}

static void put_insertion(Output *out, const char *text, size_t size) {
        if (size > 7 && !strncmp(text, "base64:", 7)) {
                put_encoded(out, text + 7, size - 7, encode_base64);
                return;
        }
        if (size > 4 && !strncmp(text, "hex:", 4)) {
                put_encoded(out, text + 4, size - 4, encode_hex);
                return;
        }
        if (size > 7 && !strncmp(text, "repeat:", 7)) {
                put_repeated(out, text + 7, size - 7);
                return;
        }
        char *name = strndup(text, size);
        if (name && !strncmp(name, "tag:", 4))
                put_owned(out, find_tag(out->words, name + 4));
        else if (!name || !put_word(out, name))
                out->reason = "no such insertion";
        free(name);
}

/* ---- escapes ---- */

/* Returns how many characters after the backslash belong to the escape, 0 when it is none. */
static size_t put_escape(Output *out, const char *text) {
        static const char names[] = "rnt0\\$s";
        static const char values[] = "\r\n\t\0\\$ ";
        const char *found = *text ? strchr(names, *text) : NULL;
        unsigned value;

        if (found) {
                fputc(values[found - names], out->file);
                return 1;
        }
        if (*text == 'x' && isxdigit((unsigned char) text[1]) && sscanf(text + 1, "%2x", &value) == 1) {
                fputc(value, out->file);
                return isxdigit((unsigned char) text[2]) ? 3 : 2;
        }
        out->reason = "unknown escape";
        return 0;
}

/* Length of the insertion that starts at text ("${"), up to and with its brace; 0 when that is missing. */
static size_t insertion_length(const char *text, size_t size) {
        unsigned depth = 0;

        for (size_t i = 0; i < size; i++) {
                if (text[i] == '$' && i + 1 < size && text[i + 1] == '{')
                        depth++;
                if (text[i] == '}' && --depth == 0)
                        return i + 1;
        }
        return 0;
}

static void expand_into(Output *out, const char *text, size_t size) {
        for (size_t i = 0; i < size && !out->reason;) {
                if (text[i] == '\\') {
                        i += 1 + put_escape(out, text + i + 1);
                } else if (text[i] == '$' && i + 1 < size && text[i + 1] == '{') {
                        size_t n = insertion_length(text + i, size - i);
                        if (n == 0) {
                                out->reason = "an insertion is not closed";
                                return;
                        }
                        put_insertion(out, text + i + 2, n - 3);
                        i += n;
                } else
                        fputc(text[i++], out->file);
        }
}

char *expand(const Words *words, const char *text, size_t *ret_size, const char **ret_reason) {
        char *bytes = NULL;
        size_t size = 0;
        Output out = { .file = open_memstream(&bytes, &size), .words = words };

        if (!out.file) {
                *ret_reason = "out of memory";
                return NULL;
        }
        expand_into(&out, text, strlen(text));
        fclose(out.file);
        if (out.reason) {
                *ret_reason = out.reason;
                free(bytes);
                return NULL;
        }
        *ret_size = size;
        return bytes;
}
