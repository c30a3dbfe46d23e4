/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The hunt for the secret in texts that are about to leave the process: servers echo passwords in their
 * refusals.
 *
 * Each form that a secret can take has one function that compares it with the text at one place.  Nothing is
 * decoded or copied, so no second secret comes into being.  A text that ends in the middle of a match counts
 * as one, since a reply of several lines may have been broken there.
 */

#include <stdint.h>
#include <string.h>

#include "secret.h"
#include "text.h"

#define PIECE_MIN 4             /* bytes of the secret that must show in a piece of it */

/* A part of a text, consumed from the left. */
typedef struct Text {
        const uint8_t *at, *end;
} Text;

static int hex_value(int c) {
        if (c >= '0' && c <= '9')
                return c - '0';
        c |= 0x20;
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that two hexadecimal digits mean; -1 when they are none. */
static int hex_byte(Text text) {
        if (text.end - text.at < 2)
                return -1;
        int high = hex_value(text.at[0]), low = hex_value(text.at[1]);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/*
 * One byte of the secret, or for base64 one character of it, each way it can be written.  Returns how many
 * bytes of the text it takes, 0 when it does not match; `text` is never empty.
 */
typedef size_t (*TakeByte)(uint8_t byte, Text text);

static size_t take_plain(uint8_t byte, Text text) {
        return *text.at == byte;
}

/* In URLs and forms every byte may be written as %XX, and a space as "+". */
static size_t take_percent(uint8_t byte, Text text) {
        if (*text.at == '%' && hex_byte((Text) { text.at + 1, text.end }) == byte)
                return 3;
        return *text.at == byte || (byte == ' ' && *text.at == '+');
}

/* RFC 9051 section 4.3. */
static size_t take_quoted(uint8_t byte, Text text) {
        if ((byte == '"' || byte == '\\') && *text.at == '\\' && text.end - text.at > 1 && text.at[1] == byte)
                return 2;
        return *text.at == byte;
}

static size_t take_hex(uint8_t byte, Text text) {
        return hex_byte(text) == byte ? 2 : 0;
}

/* Matches from the first byte; returns the length in the text, and how many bytes of the secret it shows. */
static size_t match_bytes(const uint8_t *secret, size_t size, Text text, TakeByte take, size_t *ret_shown) {
        const uint8_t *start = text.at;
        size_t shown = 0;
        while (shown < size && text.at < text.end) {
                size_t n = take(secret[shown], text);
                if (n == 0)
                        return 0;
                text.at += n;
                shown++;
        }
        *ret_shown = shown;
        return (size_t) (text.at - start);
}

static size_t match_plain(const uint8_t *secret, size_t size, Text text, size_t *ret_shown) {
        return match_bytes(secret, size, text, take_plain, ret_shown);
}

static size_t match_percent(const uint8_t *secret, size_t size, Text text, size_t *ret_shown) {
        return match_bytes(secret, size, text, take_percent, ret_shown);
}

static size_t match_quoted(const uint8_t *secret, size_t size, Text text, size_t *ret_shown) {
        return match_bytes(secret, size, text, take_quoted, ret_shown);
}

static size_t match_hex(const uint8_t *secret, size_t size, Text text, size_t *ret_shown) {
        return match_bytes(secret, size, text, take_hex, ret_shown);
}

/* A unit of UTF-16, little-endian; the last high byte may be missing, so that big-endian matches as well, and
 * a NUL may have become U+FFFD already. */
static size_t take_unit(uint32_t unit, Text text) {
        if (*text.at != (unit & 0xff))
                return 0;
        size_t left = (size_t) (text.end - text.at);
        if (left > 1 && text.at[1] == unit >> 8)
                return 2;
        if (left > 3 && unit >> 8 == 0 && !memcmp(text.at + 1, "\xef\xbf\xbd", 3))
                return 4;
        return left == 1;
}

static size_t match_utf16(const uint8_t *secret, size_t size, Text text, size_t *ret_shown) {
        const uint8_t *start = text.at;
        size_t shown = 0;
        while (shown < size && text.at < text.end) {
                uint32_t c;
                size_t length = md_utf8_decode((const char *) secret + shown, size - shown, &c);
                if (length == 0 || c > 0xffff)
                        return 0;
                size_t n = take_unit(c, text);
                if (n == 0 && shown + length == size)
                        n = *text.at == (c & 0xff);     /* the high byte of a big-endian unit came before */
                if (n == 0)
                        return 0;
                text.at += n;
                shown += length;
        }
        *ret_shown = shown;
        return (size_t) (text.at - start);
}

/* ---- base64 ---- */

static char base64_digit(unsigned value) {
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[value & 63];
}

static bool is_alnum(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_base64(int c) {
        return is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

/* Character `index` of the base64 of `shift` unknown bytes followed by the secret; both bytes that it is made
 * of must be of the secret. */
static char base64_at(const uint8_t *secret, size_t size, size_t shift, size_t index) {
        size_t bit = index * 6 - shift * 8;
        unsigned pair = (unsigned) secret[bit / 8] << 8 | (bit / 8 + 1 < size ? secret[bit / 8 + 1] : 0);
        return base64_digit(pair >> (10 - bit % 8));
}

static bool same_digit(char digit, uint8_t c) {
        return c == (uint8_t) digit || (digit == '+' && c == '-') || (digit == '/' && c == '_');
}

/*
 * The characters that depend on the secret alone, wherever it stands in the encoded bytes: that finds it
 * between user name and NUL, in a bearer token, and under any other wrapping.  The character that ends it
 * together with the first bits of what follows is taken along, and so is padding.
 */
static size_t match_base64(const uint8_t *secret, size_t size, size_t shift, Text text, size_t *ret_shown) {
        const uint8_t *start = text.at;
        size_t bits = (shift + size) * 8, first = (shift * 8 + 5) / 6, last = bits / 6, index = first;
        if (last < first + 2)
                return 0;
        for (; index < last && text.at < text.end; index++, text.at++)
                if (!same_digit(base64_at(secret, size, shift, index), *text.at))
                        return 0;
        *ret_shown = index == last ? size : (index - first) * 6 / 8;
        if (bits % 6 && text.at < text.end && is_base64(*text.at))
                text.at++;
        while (text.at < text.end && *text.at == '=')
                text.at++;
        return (size_t) (text.at - start);
}

static size_t match_base64_0(const uint8_t *secret, size_t size, Text text, size_t *ret_shown) {
        return match_base64(secret, size, 0, text, ret_shown);
}

static size_t match_base64_1(const uint8_t *secret, size_t size, Text text, size_t *ret_shown) {
        return match_base64(secret, size, 1, text, ret_shown);
}

static size_t match_base64_2(const uint8_t *secret, size_t size, Text text, size_t *ret_shown) {
        return match_base64(secret, size, 2, text, ret_shown);
}

/* ---- whether any of them can begin so ---- */

static bool base64_begins(const uint8_t *secret, size_t size, uint8_t c) {
        for (size_t shift = 0; shift < 3; shift++) {
                size_t first = (shift * 8 + 5) / 6;
                if ((shift + size) * 8 / 6 >= first + 2 && same_digit(base64_at(secret, size, shift, first), c))
                        return true;
        }
        return false;
}

/* Says yes too often rather than once too rarely. */
static bool any_begins(const uint8_t *secret, size_t size, uint8_t c) {
        uint32_t unit;

        if (c == secret[0] || c == '%' || (c == '+' && secret[0] == ' ') || (c == '\\' && secret[0] == '"'))
                return true;
        if (hex_value(c) == secret[0] >> 4)
                return true;
        if (secret[0] >= 0x80 && md_utf8_decode((const char *) secret, size, &unit) > 0 && c == (unit & 0xff))
                return true;
        return base64_begins(secret, size, c);
}

void md_redact_starts(const uint8_t *secret, size_t size, bool starts[static 256]) {
        for (unsigned c = 0; c < 256; c++)
                starts[c] = any_begins(secret, size, (uint8_t) c);
}

/* ---- all of them ---- */

static const struct {
        size_t (*match)(const uint8_t *secret, size_t size, Text text, size_t *ret_shown);
        bool inside;            /* stands in the middle of a word by its nature */
} forms[] = {
        { match_plain, false },   { match_percent, false }, { match_quoted, false },  { match_hex, false },
        { match_utf16, false },   { match_base64_0, true }, { match_base64_1, true },
        { match_base64_2, true },
};

/* A secret of two letters is part of every other word. */
static bool is_plausible(size_t size, bool inside, Text text, size_t length, bool in_word) {
        if (size >= PIECE_MIN)
                return true;
        bool goes_on = text.at + length < text.end && is_alnum(text.at[length]);
        return !goes_on && (inside || !in_word);
}

/* The longest place at the start of the text that shows all of the secret or, up to the text's end, a piece
 * of it. `in_word`: the character before belongs to a word. */
static size_t match_any(const uint8_t *secret, size_t size, Text text, bool in_word) {
        size_t longest = 0;
        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
                size_t shown = 0, length = forms[i].match(secret, size, text, &shown);
                if (length > longest && (shown == size || shown >= PIECE_MIN) &&
                    is_plausible(size, forms[i].inside, text, length, in_word))
                        longest = length;
        }
        return longest;
}

/* The rest of a secret that an earlier line began; the longest first. */
static size_t match_rest(const uint8_t *secret, size_t size, Text text) {
        size_t room = (size_t) (text.end - text.at);
        for (size_t from = size > room ? size - room : 1; from + PIECE_MIN <= size; from++) {
                if (!any_begins(secret + from, size - from, *text.at))
                        continue;
                size_t length = match_any(secret + from, size - from, text, false);
                if (length > 0)
                        return length;
        }
        return 0;
}

/* Where the text of a reply begins: at its start, and behind a code, a tag or a status word. */
static bool is_start(const uint8_t *text, size_t at) {
        return at == 0 || ((text[at - 1] == ' ' || text[at - 1] == '-') && !memchr(text, ' ', at - 1));
}

size_t md_secret_redact(const MdSecret *secret, char *buffer, size_t size) {
        const uint8_t *bytes = (const uint8_t *) md_secret_bytes(secret);
        const bool *starts = md_secret_starts(secret);
        uint8_t *text = (uint8_t *) buffer;
        size_t n = md_secret_size(secret), places = 0;

        for (size_t at = 0; n > 0 && at < size;) {
                Text rest = { text + at, text + size };
                size_t length = 0;
                if (starts[text[at]])
                        length = match_any(bytes, n, rest, at > 0 && is_alnum(text[at - 1]));
                if (length == 0 && is_start(text, at))
                        length = match_rest(bytes, n, rest);
                if (length > 0) {
                        memset(text + at, '*', length);
                        places++;
                }
                at += length > 0 ? length : 1;
        }
        return places;
}
