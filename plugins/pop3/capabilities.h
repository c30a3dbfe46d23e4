/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a server says that it can do: the answer to CAPA (RFC 2449), without I/O. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POP3_WORDS_MAX 64u
#define POP3_MECHANISMS_MAX 32u

typedef enum Pop3Keyword {
        POP3_TOP,
        POP3_USER,
        POP3_UIDL,
        POP3_STLS,
        POP3_PIPELINING,
        _POP3_KEYWORD_MAX,
} Pop3Keyword;

/* How long the server keeps mail that was fetched. */
typedef enum Pop3Expire {
        POP3_EXPIRE_UNKNOWN,
        POP3_EXPIRE_NEVER,
        POP3_EXPIRE_DAYS,
} Pop3Expire;

typedef struct Pop3Capabilities {
        bool known;                     /* the server knows CAPA */
        bool has[_POP3_KEYWORD_MAX];
        Pop3Expire expire;
        uint64_t expire_days;
        uint64_t login_delay;           /* seconds; 0: none */
        bool differs_by_user;           /* EXPIRE or LOGIN-DELAY may be otherwise after login: "USER" */
        bool masked;                    /* a word was crossed out by a firewall */
        char *implementation;
        char *words[POP3_WORDS_MAX + 1];        /* each line, NULL-terminated */
        char *mechanisms[POP3_MECHANISMS_MAX + 1];
        size_t n_words, n_mechanisms;
} Pop3Capabilities;

/* Adds one line of the list.  Lines and mechanisms beyond the limits are left out.  Returns 0 or -ENOMEM. */
int pop3_capabilities_add(Pop3Capabilities *c, const char *line);
/* Frees and empties. */
void pop3_capabilities_done(Pop3Capabilities *c);
