/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The hunt for a secret in its encodings. */

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "hunt.h"

static bool contains(const char *bytes, size_t size, const char *needle, size_t n) {
        for (size_t i = 0; n > 0 && i + n <= size; i++) {
                size_t k = 0;
                while (k < n && tolower((unsigned char) bytes[i + k]) == tolower((unsigned char) needle[k]))
                        k++;
                if (k == n)
                        return true;
        }
        return false;
}

static bool contains_encoded(const char *bytes, size_t size, char *needle) {
        bool found = needle && contains(bytes, size, needle, strlen(needle));
        free(needle);
        return found;
}

/* Behind `shift` unknown bytes: only the characters that depend on the secret alone are sought. */
static bool contains_base64(const char *bytes, size_t size, const char *secret, size_t shift) {
        static const size_t skip[] = { 0, 2, 3 };
        size_t n = strlen(secret), whole = (n + shift) * 8 / 6;
        char *padded = calloc(1, n + shift + 1);

        if (!padded)
                return false;
        memcpy(padded + shift, secret, n);
        char *text = encode_base64(padded, n + shift);
        bool found = text && whole > skip[shift] &&
                     contains(bytes, size, text + skip[shift], whole - skip[shift]);
        free(text);
        free(padded);
        return found;
}

static bool contains_utf16(const char *bytes, size_t size, const char *secret) {
        size_t n = strlen(secret);
        char *wide = calloc(2, n + 1);

        for (size_t i = 0; wide && i < n; i++)
                wide[2 * i] = secret[i];
        bool found = wide && contains(bytes, size, wide, 2 * n - 1);
        free(wide);
        return found;
}

const char *hunt(const char *secret, const char *bytes, size_t size) {
        size_t n = secret ? strlen(secret) : 0;

        if (n == 0)
                return NULL;
        if (contains(bytes, size, secret, n))
                return "clear text";
        for (size_t shift = 0; shift < 3; shift++)
                if (contains_base64(bytes, size, secret, shift))
                        return "base64";
        if (contains_encoded(bytes, size, encode_hex(secret, n)))
                return "hexadecimal";
        if (contains_encoded(bytes, size, encode_percent(secret, n)))
                return "percent-encoding";
        if (contains_encoded(bytes, size, encode_quoted(secret, n)))
                return "a quoted string";
        if (contains_utf16(bytes, size, secret))
                return "UTF-16";
        return NULL;
}
