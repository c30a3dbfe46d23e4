/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The words of a file of preferences. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Scanner {
        const char *text;
        size_t size, at;
        unsigned line;
} Scanner;

/* The next byte, -1 at the end. */
int scanner_peek(const Scanner *scanner);
/* Goes over white space and comments.  Returns what is wrong, NULL: nothing. */
const char *scanner_skip_space(Scanner *scanner);
/* Goes on at the next line. */
void scanner_skip_line(Scanner *scanner);
/* Whether this byte comes next; then goes behind it. */
bool scanner_take(Scanner *scanner, char byte);
/* A word of letters and "_"; its length. */
size_t scanner_word(Scanner *scanner, const char **ret);

/* A text in quotes, without them, in UTF-8; the caller frees it.  Returns what is wrong, NULL: nothing; *ret is NULL then when
 * memory is out. */
const char *scanner_text(Scanner *scanner, char **ret);
/* A whole number.  Returns what is wrong, NULL: nothing. */
const char *scanner_number(Scanner *scanner, int32_t *ret);
