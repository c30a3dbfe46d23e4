/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The sanitiser: bytes in, one line of harmless UTF-8 out.  No I/O, no locale. */

#include <stdlib.h>
#include <string.h>

#include "text.h"

#define COMBINING_MAX 4
#define REPLACEMENT "\xef\xbf\xbd"
#define ELLIPSIS "\xe2\x80\xa6"

size_t md_utf8_decode(const char *text, size_t size, uint32_t *ret_char) {
        static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
        if (size == 0)
                return 0;
        uint8_t first = text[0];
        size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
        if (length == 0 || length > size)
                return 0;

        uint32_t c = length == 1 ? first : first & (0x7f >> length);
        for (size_t i = 1; i < length; i++) {
                uint8_t next = text[i];
                if (next >> 6 != 2)
                        return 0;
                c = c << 6 | (next & 0x3f);
        }
        if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
                return 0;
        *ret_char = c;
        return length;
}

typedef struct Range {
        uint32_t first, last;
} Range;

static bool in_ranges(uint32_t c, const Range *ranges, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (c >= ranges[i].first && c <= ranges[i].last)
                        return true;
        return false;
}

/* Characters that act on what is around them, or cannot be seen. */
static bool is_harmful(uint32_t c) {
        static const Range ranges[] = {
                { 0x00, 0x1f },         /* C0 controls: ESC, newline, bell */
                { 0x7f, 0x9f },         /* delete, C1 controls: CSI, OSC */
                { 0xad, 0xad },         /* soft hyphen */
                { 0x034f, 0x034f },     /* combining grapheme joiner */
                { 0x061c, 0x061c },     /* Arabic letter mark */
                { 0x115f, 0x1160 },     /* Hangul fillers */
                { 0x17b4, 0x17b5 },     /* invisible Khmer vowels */
                { 0x180b, 0x180f },     /* Mongolian selectors */
                { 0x200b, 0x200f },     /* zero width, direction marks */
                { 0x2028, 0x202e },     /* line and paragraph separators, bidirectional overrides */
                { 0x2060, 0x206f },     /* word joiner, isolates, deprecated formatting */
                { 0x3164, 0x3164 },     /* Hangul filler */
                { 0xe000, 0xf8ff },     /* private use */
                { 0xfe00, 0xfe0f },     /* variation selectors */
                { 0xfeff, 0xfeff },     /* byte order mark */
                { 0xffa0, 0xffa0 },     /* half-width Hangul filler */
                { 0xfff0, 0xfffb },     /* interlinear annotation */
                { 0xfffe, 0xffff },     /* not characters */
                { 0xe0000, 0x10ffff },  /* tags, more selectors, private use */
        };
        return in_ranges(c, ranges, sizeof(ranges) / sizeof(ranges[0]));
}

static bool is_combining(uint32_t c) {
        static const Range ranges[] = {
                { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061a },
                { 0x064b, 0x065f }, { 0x0e31, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff },
                { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff }, { 0xfe20, 0xfe2f },
        };
        return in_ranges(c, ranges, sizeof(ranges) / sizeof(ranges[0]));
}

/* Most of what passes, and in need of no table. */
static bool is_plain(char c) {
        return c >= ' ' && c <= '~';
}

/* The next character as it may be shown: writes 1 to 4 bytes and their number (0: drop it), returns how many bytes
 * of the input it stands for. */
static size_t next_clean(const char *text, size_t size, unsigned *combining, char ret[static 4], size_t *ret_length) {
        uint32_t c;
        size_t length = md_utf8_decode(text, size, &c);

        if (length > 0 && c == '\t') {
                ret[0] = ' ';
                *ret_length = 1;
        } else if (length == 0 || is_harmful(c)) {
                memcpy(ret, REPLACEMENT, 3);
                *ret_length = 3;
        } else {
                memcpy(ret, text, length);
                *ret_length = length;
        }
        *combining = length > 0 && is_combining(c) ? *combining + 1 : 0;
        if (*combining > COMBINING_MAX)
                *ret_length = 0;
        return length > 0 ? length : 1;
}

char *md_text_clean(const char *text, size_t size, size_t max) {
        /* A bad byte grows to three. */
        size_t room = size < max / 3 ? size * 3 : max;
        char *clean = malloc(room + sizeof(ELLIPSIS));
        if (!clean)
                return NULL;

        unsigned combining = 0;
        size_t used = 0;
        for (size_t i = 0; i < size;) {
                char bytes[4];
                size_t n;

                if (is_plain(text[i]) && used < room) {
                        clean[used++] = text[i++];
                        combining = 0;
                        continue;
                }
                i += next_clean(text + i, size - i, &combining, bytes, &n);
                if (used + n > room) {
                        memcpy(clean + used, ELLIPSIS, 3);
                        used += 3;
                        break;
                }
                memcpy(clean + used, bytes, n);
                used += n;
        }
        clean[used] = '\0';
        return clean;
}

bool md_text_is_clean(const char *text, size_t size) {
        unsigned combining = 0;
        for (size_t i = 0; i < size;) {
                char bytes[4];

                if (is_plain(text[i])) {
                        i++;
                        combining = 0;
                        continue;
                }
                size_t n, step = next_clean(text + i, size - i, &combining, bytes, &n);
                if (n != step || memcmp(bytes, text + i, n))
                        return false;
                i += step;
        }
        return true;
}

bool md_word_equal(const char *a, const char *b) {
        for (;; a++, b++) {
                char x = *a >= 'A' && *a <= 'Z' ? *a + 32 : *a;
                char y = *b >= 'A' && *b <= 'Z' ? *b + 32 : *b;
                if (x != y)
                        return false;
                if (x == '\0')
                        return true;
        }
}
