/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Encodings that the tests need. */

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *encode_base64(const char *bytes, size_t size) {
        const unsigned char *in = (const unsigned char *) bytes;
        char *text = calloc(1, (size + 2) / 3 * 4 + 1), *p = text;

        for (size_t i = 0; text && i < size; i += 3) {
                unsigned second = i + 1 < size ? in[i + 1] : 0, third = i + 2 < size ? in[i + 2] : 0;
                unsigned group = in[i] << 16 | second << 8 | third;
                *p++ = alphabet[group >> 18];
                *p++ = alphabet[group >> 12 & 63];
                *p++ = i + 1 < size ? alphabet[group >> 6 & 63] : '=';
                *p++ = i + 2 < size ? alphabet[group & 63] : '=';
        }
        return text;
}

char *encode_hex(const char *bytes, size_t size) {
        char *text = calloc(2, size + 1);

        for (size_t i = 0; text && i < size; i++)
                sprintf(text + 2 * i, "%02x", (unsigned char) bytes[i]);
        return text;
}

/* RFC 3986 section 2.3 */
static bool is_unreserved(char c) {
        return c && (isalnum((unsigned char) c) || strchr("-._~", c));
}

char *encode_percent(const char *bytes, size_t size) {
        char *text = calloc(3, size + 1), *p = text;

        for (size_t i = 0; text && i < size; i++)
                p += sprintf(p, is_unreserved(bytes[i]) ? "%c" : "%%%02X", (unsigned char) bytes[i]);
        return text;
}

char *encode_quoted(const char *bytes, size_t size) {
        char *text = calloc(2, size + 1), *p = text;

        for (size_t i = 0; text && i < size; i++) {
                if (bytes[i] == '"' || bytes[i] == '\\')
                        *p++ = '\\';
                *p++ = bytes[i];
        }
        return text;
}

char *decode_base64(const char *text) {
        size_t size = strcspn(text, "=");
        char *bytes = calloc(1, size + 1), *p = bytes;
        unsigned group = 0, bits = 0;

        for (size_t i = 0; bytes && i < size; i++) {
                const char *digit = strchr(alphabet, text[i]);
                if (!digit) {
                        free(bytes);
                        return NULL;
                }
                group = group << 6 | (digit - alphabet);
                bits += 6;
                if (bits >= 8) {
                        bits -= 8;
                        *p++ = group >> bits & 0xff;
                }
        }
        return bytes;
}
