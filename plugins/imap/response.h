/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * One response of an IMAP server (RFC 9051 section 7, RFC 3501 alike), from bytes to struct.
 *
 * Nothing here reads or waits.  Whoever reads asks of each line whether a literal follows, puts lines and
 * literals together as they came, and has the whole parsed.  Structure is taken strictly, words generously:
 * servers invent words, but one that cannot count its parentheses is not to be believed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAP_LITERAL_MAX (64u * 1024u)  /* largest literal that is read */
#define IMAP_DEPTH_MAX 32u              /* lists inside lists */
#define IMAP_VALUES_MAX 4096u           /* words and lists in one response */

/* What is wrong with a response; these are results, not errors. */
typedef enum ImapFault {
        IMAP_FAULT_NONE,
        IMAP_FAULT_SYNTAX,
        IMAP_FAULT_LITERAL,             /* {-1}, {}, {012}, {5+}, ~{5} */
        IMAP_FAULT_LITERAL_SIZE,        /* above IMAP_LITERAL_MAX */
        IMAP_FAULT_DEPTH,
        IMAP_FAULT_AMOUNT,              /* above IMAP_VALUES_MAX */
} ImapFault;

typedef enum ImapKind {
        IMAP_CONTINUE,                  /* + text */
        IMAP_STATUS,                    /* tag or *, a status, [code], text */
        IMAP_DATA,                      /* *, perhaps a number, a name, values */
} ImapKind;

typedef enum ImapStatus {
        IMAP_OK,
        IMAP_NO,
        IMAP_BAD,
        IMAP_PREAUTH,
        IMAP_BYE,
} ImapStatus;

typedef enum ImapType {
        IMAP_ATOM,
        IMAP_STRING,                    /* quoted, or a literal */
        IMAP_LIST,                      /* its members follow, one deeper */
} ImapType;

/* A tree, flat: a list is followed by its members, whose depth is one more. */
typedef struct ImapValue {
        ImapType type;
        uint32_t depth;                 /* 0: no list around it */
        const char *text;               /* NUL-terminated; NULL for a list */
        size_t size;
} ImapValue;

typedef struct ImapResponse {
        ImapKind kind;
        const char *tag;                /* NULL: untagged */

        ImapStatus status;              /* STATUS */
        const char *code;               /* its name; NULL: none */
        const char *argument;           /* what follows the name; NULL: nothing */
        const char *text;               /* STATUS, CONTINUE: for people; DATA: all behind the name */

        const char *name;               /* DATA: "LIST"; as the server wrote it */
        uint64_t number;                /* DATA: that before the name; 0: none */
        ImapValue *values;
        size_t n_values;

        char *memory;                   /* holds all texts */
} ImapResponse;

/* Whether literals can stand in a response that begins with this line: not in the text for people. */
bool imap_line_may_hold_literals(const char *line, size_t size);
/* Whether the line (without its CR LF) announces a literal: 1 with its length, 0 when not, or what is
 * wrong as a negative ImapFault. */
int imap_line_announces(const char *line, size_t size, size_t *ret_size);

/*
 * Parses a whole response: its lines joined by CR LF, literals where they were announced, the last CR LF off.
 * Returns 0, an ImapFault, or -ENOMEM; *ret is written only for 0.
 */
int imap_response_parse(const char *bytes, size_t size, ImapResponse *ret);
void imap_response_done(ImapResponse *response);

/* "OK", "NO", … */
const char *imap_status_to_string(ImapStatus status);

/* ---- values ---- */

/* Fills values and n_values; `*memory` takes the texts and is moved on.  Like imap_response_parse(). */
int imap_values_parse(const char *bytes, size_t size, char **memory, ImapResponse *ret);
bool imap_value_is_nil(const ImapValue *value);
/* A number of at most 63 bits (RFC 9051 section 9, number64); false when it is none. */
bool imap_value_number(const ImapValue *value, uint64_t *ret);
/* The value behind `i` and behind all that lies within it; n_values at the end. */
size_t imap_value_next(const ImapResponse *response, size_t i);
