/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a server offers in its answer to EHLO (RFC 5321 section 4.1.1.1), without I/O. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMTP_WORDS_MAX 128u
#define SMTP_WORD_SIZE 256u
#define SMTP_MECHANISMS_MAX 32u
#define SMTP_MECHANISM_SIZE 32u

typedef enum SmtpKeyword {
        SMTP_STARTTLS,                  /* RFC 3207 */
        SMTP_AUTH,                      /* RFC 4954 */
        SMTP_SIZE,                      /* RFC 1870 */
        SMTP_PIPELINING,                /* RFC 2920 */
        SMTP_8BITMIME,                  /* RFC 6152 */
        SMTP_SMTPUTF8,                  /* RFC 6531 */
        SMTP_CHUNKING,                  /* RFC 3030 */
        SMTP_DSN,                       /* RFC 3461 */
        SMTP_ENHANCEDSTATUSCODES,       /* RFC 2034 */
        _SMTP_KEYWORD_MAX,
} SmtpKeyword;

/* All zero: nothing is offered. */
typedef struct SmtpCapabilities {
        bool has[_SMTP_KEYWORD_MAX];
        bool masked;                    /* some words are crossed out */
        uint64_t size_limit;            /* 0: not told */
        size_t n_words, n_mechanisms;
        char words[SMTP_WORDS_MAX][SMTP_WORD_SIZE];     /* as sent, to be shown */
        char mechanisms[SMTP_MECHANISMS_MAX][SMTP_MECHANISM_SIZE];      /* in capitals, each once */
} SmtpCapabilities;

/* Takes the text of one line behind the first.  Keywords are whole words, in capitals or not. */
void smtp_capabilities_add(SmtpCapabilities *capabilities, const char *text);
/* Whether a greeting is crossed out with asterisks, as firewalls do with words that they do not know. */
bool smtp_greeting_is_masked(const char *text);
