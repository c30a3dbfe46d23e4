/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Words, texts with their escapes, numbers.  A text ends on its line: that is how Thunderbird writes them, and it keeps a
 * quote that was forgotten from swallowing the rest of the file. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "prefs-token.h"

int scanner_peek(const Scanner *scanner) {
        return scanner->at < scanner->size ? (unsigned char) scanner->text[scanner->at] : -1;
}

static int peek_second(const Scanner *scanner) {
        return scanner->at + 1 < scanner->size ? (unsigned char) scanner->text[scanner->at + 1] : -1;
}

static void advance(Scanner *scanner) {
        scanner->line += scanner->text[scanner->at++] == '\n';
}

bool scanner_take(Scanner *scanner, char byte) {
        if (scanner_peek(scanner) != (unsigned char) byte)
                return false;
        advance(scanner);
        return true;
}

void scanner_skip_line(Scanner *scanner) {
        while (scanner->at < scanner->size && scanner->text[scanner->at] != '\n')
                scanner->at++;
        scanner_take(scanner, '\n');
}

static const char *skip_comment(Scanner *scanner) {
        unsigned line = scanner->line;

        for (scanner->at += 2; scanner->at < scanner->size; advance(scanner))
                if (scanner_peek(scanner) == '*' && peek_second(scanner) == '/') {
                        scanner->at += 2;
                        return NULL;
                }
        scanner->line = line;
        return "a comment has no end";
}

const char *scanner_skip_space(Scanner *scanner) {
        const char *wrong = NULL;

        for (int c; !wrong && (c = scanner_peek(scanner)) >= 0;) {
                if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f')
                        advance(scanner);
                else if (c == '#' || (c == '/' && peek_second(scanner) == '/'))
                        scanner_skip_line(scanner);
                else if (c == '/' && peek_second(scanner) == '*')
                        wrong = skip_comment(scanner);
                else
                        break;
        }
        return wrong;
}

size_t scanner_word(Scanner *scanner, const char **ret) {
        size_t begin = scanner->at;

        *ret = scanner->text + begin;
        for (int c = scanner_peek(scanner); (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
             c = scanner_peek(scanner))
                scanner->at++;
        return scanner->at - begin;
}

/* ---- texts ---- */

static int hex_digit(int c) {
        if (c >= '0' && c <= '9')
                return c - '0';
        c |= 0x20;
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number of `n` hexadecimal digits; -1: there are fewer. */
static int32_t take_hex(Scanner *scanner, unsigned n) {
        int32_t value = 0;

        for (; n > 0; n--) {
                int digit = hex_digit(scanner_peek(scanner));
                if (digit < 0)
                        return -1;
                value = value * 16 + digit;
                scanner->at++;
        }
        return value;
}

static size_t put_utf8(char *out, uint32_t c) {
        if (c < 0x80) {
                out[0] = (char) c;
                return 1;
        }
        if (c < 0x800) {
                out[0] = (char) (0xc0 | c >> 6);
                out[1] = (char) (0x80 | (c & 0x3f));
                return 2;
        }
        if (c < 0x10000) {
                out[0] = (char) (0xe0 | c >> 12);
                out[1] = (char) (0x80 | (c >> 6 & 0x3f));
                out[2] = (char) (0x80 | (c & 0x3f));
                return 3;
        }
        out[0] = (char) (0xf0 | c >> 18);
        out[1] = (char) (0x80 | (c >> 12 & 0x3f));
        out[2] = (char) (0x80 | (c >> 6 & 0x3f));
        out[3] = (char) (0x80 | (c & 0x3f));
        return 4;
}

/* UTF-16: the second half of a pair has to follow the first. */
static int32_t take_code_unit(Scanner *scanner) {
        int32_t high = take_hex(scanner, 4), low;

        if (high < 0xd800 || high > 0xdfff)
                return high;
        if (high > 0xdbff || !scanner_take(scanner, '\\') || !scanner_take(scanner, 'u'))
                return -1;
        low = take_hex(scanner, 4);
        return low < 0xdc00 || low > 0xdfff ? -1 : 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* What stands behind a backslash.  An escape is never shorter than what it means, but for \xHH: four bytes for two. */
static const char *take_escape(Scanner *scanner, char *out, size_t *used) {
        int c = scanner_peek(scanner);
        int32_t value;

        if (c < 0 || c == '\n')
                return "a text has no end";
        scanner->at++;
        switch (c) {
        case '"': case '\'': case '\\':
                value = c;
                break;
        case 'n':
                value = '\n';
                break;
        case 'r':
                value = '\r';
                break;
        case 'x':
                value = take_hex(scanner, 2);
                break;
        case 'u':
                value = take_code_unit(scanner);
                break;
        default:
                return "a text has an escape that is none";
        }
        if (value < 0)
                return "a text has an escape that is incomplete";
        if (value == 0)
                return "a text holds a NUL";
        *used += put_utf8(out + *used, (uint32_t) value);
        return NULL;
}

const char *scanner_text(Scanner *scanner, char **ret) {
        const char *end = memchr(scanner->text + scanner->at, '\n', scanner->size - scanner->at);
        size_t rest = (end ? (size_t) (end - scanner->text) : scanner->size) - scanner->at, used = 0;
        const char *wrong = NULL;
        int quote = scanner_peek(scanner), c;

        *ret = NULL;
        if (quote != '"' && quote != '\'')
                return "a text in quotes is missing";
        char *out = malloc(rest + 4);
        if (!out)
                return NULL;
        scanner->at++;
        while (!wrong && (c = scanner_peek(scanner)) != quote) {
                if (c < 0 || c == '\n')
                        wrong = "a text has no end";
                else if (c == 0)
                        wrong = "a text holds a NUL";
                else {
                        scanner->at++;
                        if (c == '\\')
                                wrong = take_escape(scanner, out, &used);
                        else
                                out[used++] = (char) c;
                }
        }
        if (wrong) {
                free(out);
                return wrong;
        }
        scanner->at++;
        out[used] = '\0';
        char *fitting = realloc(out, used + 1);
        *ret = fitting ? fitting : out;
        return NULL;
}

/* ---- numbers ---- */

const char *scanner_number(Scanner *scanner, int32_t *ret) {
        bool negative = scanner_take(scanner, '-');
        int64_t value = 0;
        size_t begin;

        if (!negative)
                scanner_take(scanner, '+');
        begin = scanner->at;
        for (int c; (c = scanner_peek(scanner)) >= '0' && c <= '9'; scanner->at++)
                value = value <= INT32_MAX ? value * 10 + (c - '0') : value;
        if (scanner->at == begin)
                return "a value is missing: a text in quotes, a number, true or false";
        if (value > INT32_MAX)
                return "a number is too large";
        *ret = (int32_t) (negative ? -value : value);
        return NULL;
}
