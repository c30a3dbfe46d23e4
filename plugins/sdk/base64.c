/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Base64 for secrets and challenges; see base64.h for why it is not a library's. */

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t md_base64_encode(const MdPart *parts, size_t n_parts, char *ret) {
        uint32_t bits = 0;
        unsigned n_bits = 0;
        size_t length = 0;
        for (size_t i = 0; i < n_parts; i++)
                for (size_t j = 0; j < parts[i].size; j++) {
                        bits = bits << 8 | ((const uint8_t *) parts[i].bytes)[j];
                        for (n_bits += 8; n_bits >= 6; n_bits -= 6)
                                ret[length++] = digits[bits >> (n_bits - 6) & 63];
                }
        if (n_bits > 0)
                ret[length++] = digits[bits << (6 - n_bits) & 63];
        while (length % 4)
                ret[length++] = '=';
        ret[length] = '\0';
        return length;
}

static int digit_value(char c) {
        const char *digit = c ? strchr(digits, c) : NULL;
        return digit ? (int) (digit - digits) : -1;
}

/* How many of the last group's characters are padding; -1 when the length is wrong. */
static int count_padding(const char *text, size_t length) {
        if (length % 4)
                return -1;
        if (length == 0 || text[length - 1] != '=')
                return 0;
        return text[length - 2] == '=' ? 2 : 1;
}

int md_base64_decode(const char *text, void *ret, size_t size, size_t *ret_size) {
        size_t length = strlen(text), used = 0;
        int padding = count_padding(text, length);
        if (padding < 0)
                return -EBADMSG;
        if (length / 4 * 3 - (size_t) padding + 1 > size)
                return -EMSGSIZE;

        uint32_t bits = 0;
        unsigned n_bits = 0;
        for (size_t i = 0; i < length - (size_t) padding; i++) {
                int value = digit_value(text[i]);
                if (value < 0)
                        return -EBADMSG;
                bits = bits << 6 | (uint32_t) value;
                n_bits += 6;
                if (n_bits >= 8) {
                        n_bits -= 8;
                        ((uint8_t *) ret)[used++] = (uint8_t) (bits >> n_bits);
                }
        }
        if (bits & ((1u << n_bits) - 1))
                return -EBADMSG;
        ((uint8_t *) ret)[used] = '\0';
        *ret_size = used;
        return 0;
}
