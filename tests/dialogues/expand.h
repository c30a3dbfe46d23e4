/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Escapes and insertions of dialogue texts: `\x41`, `${user}`, `${base64:…}`. */

#include <stddef.h>

#define WORDS_GROUPS 10u
#define WORDS_HEARD 64u

/* What insertions stand for.  The last client lines belong to the connection that hears them. */
typedef struct Words {
        const char *user, *secret, *address, *host, *client;
        unsigned port;
        unsigned number;                        /* ${n} */
        char *groups[WORDS_GROUPS];             /* of the last pattern; owned */
        char *heard[WORDS_HEARD];               /* client lines, a ring; owned */
        size_t n_heard;
} Words;

void words_done(Words *words);
/* Remembers a line of the client for ${tag} and ${nonce}. */
void words_hear(Words *words, const char *line);

/* Returns the bytes that a text stands for, NUL-terminated (there may be others in it), or NULL and why. */
char *expand(const Words *words, const char *text, size_t *ret_size, const char **ret_reason);
