/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A pasted text, taken apart: which protocol a reply in it speaks, and its codes. */

#include <stdbool.h>

#include "reply.h"

typedef struct Reading {
        char *whole;                    /* the text as patterns see it */
        const char *protocol;           /* "smtp", "imap", "pop3"; NULL: no reply of a server is in it */
        char code[16];                  /* "535", "NO", "-ERR"; "" for none */
        char enhanced[32];              /* "5.7.8", "AUTHENTICATIONFAILED"; "" for none */
        const char *rest;               /* of `whole`, behind the codes */
} Reading;

/* Returns 0, -ENOMEM. */
int reading_init(Reading *reading, const char *text);
void reading_done(Reading *reading);

/* Whether the reply says that all is well. */
bool reading_is_fine(const Reading *reading);
