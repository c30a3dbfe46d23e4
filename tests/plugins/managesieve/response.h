/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The lines of a ManageSieve server (RFC 5804), taken apart: bytes in, struct out. */

#include <stdbool.h>
#include <stddef.h>

typedef enum SieveStatus {
        SIEVE_DATA,                     /* a string first: a capability, a script, a challenge */
        SIEVE_OK,
        SIEVE_NO,
        SIEVE_BYE,
} SieveStatus;

/* One line.  Texts that are longer than their room are cut; a challenge of SASL may be long. */
typedef struct SieveResponse {
        SieveStatus status;
        char code[64];                  /* response code, "QUOTA/MAXSIZE"; "": none */
        char code_text[4096];           /* string in the code: (SASL "…") */
        char name[16384];               /* SIEVE_DATA: the first string */
        char text[4096];                /* the string at the end, for people; SIEVE_DATA: the second one */
        bool active;                    /* SIEVE_DATA: the word ACTIVE follows */
} SieveResponse;

/* Reads a line in which literals have been replaced by quoted strings.  0 or -EBADMSG. */
int sieve_response_parse(const char *line, SieveResponse *ret);

/* What a line ends with. */
enum {
        SIEVE_NO_LITERAL,
        SIEVE_LITERAL,                  /* "{12}" or "{12+}": the bytes of a literal follow */
        SIEVE_BAD_LITERAL,              /* braces without a number */
};

/* Whether a literal follows the line, and how long it is; cuts its announcement off `length`. */
int sieve_response_literal(const char *line, size_t *length, size_t *ret_size);
