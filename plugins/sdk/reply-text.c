/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Texts of servers and apps as the patterns of rules see them.
 *
 * Accents are taken off so that one pattern serves people who type without them, and servers whose character
 * set was lost; what is in no known encoding becomes U+FFFD (md_text_clean()), which no pattern needs.
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "reply.h"
#include "text.h"

#define ENCODED_MIN 12u                 /* shorter words are words */
#define DECODED_MAX 1024u

/* ---- letters ---- */

/* Latin letters without their marks, by code point; '.' stands for one that stays. */
static const struct {
        uint32_t first;
        const char *plain;
} letters[] = {
        { 0x00c0, "AAAAAA.CEEEEIIII.NOOOOO.OUUUUY..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y" },
        { 0x0100, "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHh..IiIiIiIiIi..JjKk.LlLlLl.." },
        { 0x0141, "LlNnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTt..UuUuUuUuUuUuWwYyYZzZzZz." },
        { 0x01a0, "Oo.............Uu" },
        { 0x1ea0, "AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIi" },
        { 0x1ecc, "OoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy" },
};

/* Signs that word processors put in place of those on the keyboard. */
static const struct {
        uint32_t sign;
        char plain;
} signs[] = {
        { 0x00a0, ' ' }, { 0x2009, ' ' }, { 0x202f, ' ' }, { 0x3000, ' ' }, { 0x2010, '-' }, { 0x2011, '-' },
        { 0x2013, '-' }, { 0x2014, '-' }, { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201c, '"' }, { 0x201d, '"' },
};

/* The ASCII character that stands for this one; 0: it stays. */
static char plain_of(uint32_t c) {
        for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
                if (c >= letters[i].first && c - letters[i].first < strlen(letters[i].plain)) {
                        char plain = letters[i].plain[c - letters[i].first];
                        return plain == '.' ? 0 : plain;
                }
        for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
                if (c == signs[i].sign)
                        return signs[i].plain;
        return 0;
}

/* Accents that follow their letter, as some systems write them. */
static bool is_mark(uint32_t c) {
        return c >= 0x0300 && c <= 0x036f;
}

/* Spaces only between words; what is appended may lie further on in the same text. */
static void append(char *text, size_t *used, const char *bytes, size_t size) {
        for (size_t i = 0; i < size; i++)
                if (bytes[i] != ' ' || (*used > 0 && text[*used - 1] != ' '))
                        text[(*used)++] = bytes[i];
}

/* In place: plain letters, single spaces. */
static void make_plain(char *text) {
        size_t size = strlen(text), used = 0;

        for (size_t i = 0; i < size;) {
                uint32_t c;
                size_t length = md_utf8_decode(text + i, size - i, &c);
                char plain = plain_of(c);
                if (plain)
                        append(text, &used, &plain, 1);
                else if (!is_mark(c))
                        append(text, &used, text + i, length);
                i += length;
        }
        while (used > 0 && text[used - 1] == ' ')
                used--;
        text[used] = '\0';
}

/* ---- lines ---- */

/* Length of "550-" or "550 " at the start of a line. */
static size_t code_length(const char *line) {
        for (size_t i = 0; i < 3; i++)
                if (!isdigit((unsigned char) line[i]))
                        return 0;
        return line[3] == '-' || line[3] == ' ' ? 4 : 0;
}

/* A copy on one line: the code stands once. */
static char *join_lines(const char *text, size_t size) {
        char *joined = malloc(size + 1);
        size_t code = size >= 4 ? code_length(text) : 0, used = 0;

        for (size_t i = 0; joined && i < size; i++) {
                joined[used++] = strchr("\r\n\t", text[i]) ? ' ' : text[i];
                bool ends = text[i] == '\n' || (text[i] == '\r' && i + 1 < size && text[i + 1] != '\n');
                if (ends && code && size - i > 4 && !memcmp(text + i + 1, text, 3))
                        i += code_length(text + i + 1);
        }
        if (joined)
                joined[used] = '\0';
        return joined;
}

/* ---- base64 ---- */

static bool is_printable(const char *text, size_t size) {
        for (size_t i = 0; i < size; i++)
                if (text[i] < 0x20 || text[i] > 0x7e)
                        return false;
        return size > 0;
}

static void decode_word(const char *word, size_t length, FILE *out) {
        char encoded[DECODED_MAX / 3 * 4 + 1], decoded[DECODED_MAX + 1];
        size_t size;

        if (length < ENCODED_MIN || length % 4 != 0 || length >= sizeof(encoded))
                return;
        memcpy(encoded, word, length);
        encoded[length] = '\0';
        if (md_base64_decode(encoded, decoded, sizeof(decoded), &size) == 0 && is_printable(decoded, size))
                fprintf(out, " %s", decoded);
}

/* The text, and behind it what its words of base64 say. */
static char *with_decoded(const char *text) {
        static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
        char *whole = NULL;
        size_t size;
        FILE *out = open_memstream(&whole, &size);

        if (!out)
                return NULL;
        fputs(text, out);
        for (const char *p = text; *p;) {
                size_t length = strspn(p, alphabet);
                decode_word(p, length, out);
                p += length > 0 ? length : 1;
        }
        if (fclose(out) != 0) {
                free(whole);
                return NULL;
        }
        return whole;
}

char *md_reply_text(const char *text) {
        char *joined = join_lines(text, strnlen(text, MD_REPLY_TEXT_MAX));
        char *clean = joined ? md_text_clean(joined, strlen(joined), MD_REPLY_TEXT_MAX) : NULL;
        char *whole = NULL;

        if (clean) {
                make_plain(clean);
                whole = with_decoded(clean);
        }
        free(joined);
        free(clean);
        return whole;
}

/* ---- addresses ---- */

char *md_reply_url(const char *text) {
        static const char *const schemes[] = { "https://", "http://" };
        static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                      "-._~:/?#@!$&*+,;=%";

        for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
                const char *start = strcasestr(text, schemes[i]);
                size_t length = start ? strspn(start, allowed) : 0;
                while (length > 0 && strchr(".,;:!?", start[length - 1]))
                        length--;
                if (length > strlen(schemes[i]) && length <= MD_REPLY_URL_MAX)
                        return strndup(start, length);
        }
        return NULL;
}
