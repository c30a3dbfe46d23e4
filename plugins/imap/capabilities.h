/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A list of capabilities (RFC 9051 section 7.2.2), from a response or a response code. */

#include <stdbool.h>
#include <stddef.h>

#define IMAP_CAPABILITIES_MAX 512u

typedef struct ImapCapabilities {
        char **words;                   /* NULL-terminated, as they came; NULL: no list was seen */
        char **mechanisms;              /* NULL-terminated, what follows "AUTH=" */
        char *text;                     /* the list as it came */
        char *memory;
} ImapCapabilities;

/* Splits a text at its spaces.  Returns 0, -E2BIG above IMAP_CAPABILITIES_MAX words, -ENOMEM. */
int imap_capabilities_parse(const char *text, ImapCapabilities *ret);
void imap_capabilities_done(ImapCapabilities *capabilities);

/* Whole words, without regard to case: "STARTTLSX" is not STARTTLS. */
bool imap_capabilities_have(const ImapCapabilities *capabilities, const char *word);
/* Whether both hold the same words, in any order. */
bool imap_capabilities_equal(const ImapCapabilities *a, const ImapCapabilities *b);
/* A word that something on the way crossed out ("XXXXXXXX"); NULL: none. */
const char *imap_capabilities_masked(const ImapCapabilities *capabilities);
