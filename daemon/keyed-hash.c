/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* SipHash-2-4, the variant with 128 bits.  Numbers are little-endian, whatever the machine. */

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "keyed-hash.h"

typedef struct Sip {
        uint64_t v[4];
} Sip;

static uint64_t rotate(uint64_t x, unsigned bits) {
        return x << bits | x >> (64 - bits);
}

static uint64_t read_number(const uint8_t *bytes) {
        uint64_t number;
        memcpy(&number, bytes, sizeof(number));
        return le64toh(number);
}

static void mix(Sip *sip, unsigned rounds) {
        uint64_t *v = sip->v;

        for (unsigned i = 0; i < rounds; i++) {
                v[0] += v[1];
                v[2] += v[3];
                v[1] = rotate(v[1], 13) ^ v[0];
                v[3] = rotate(v[3], 16) ^ v[2];
                v[0] = rotate(v[0], 32);
                v[2] += v[1];
                v[0] += v[3];
                v[1] = rotate(v[1], 17) ^ v[2];
                v[3] = rotate(v[3], 21) ^ v[0];
                v[2] = rotate(v[2], 32);
        }
}

static void take_word(Sip *sip, uint64_t word) {
        sip->v[3] ^= word;
        mix(sip, 2);
        sip->v[0] ^= word;
}

static uint64_t give_word(Sip *sip) {
        mix(sip, 4);
        return htole64(sip->v[0] ^ sip->v[1] ^ sip->v[2] ^ sip->v[3]);
}

KeyedHash keyed_hash(const KeyedHash *key, const void *data, size_t size) {
        uint64_t k[2] = { read_number(key->bytes), read_number(key->bytes + 8) };
        Sip sip = { { k[0] ^ UINT64_C(0x736f6d6570736575), k[1] ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
                      k[0] ^ UINT64_C(0x6c7967656e657261), k[1] ^ UINT64_C(0x7465646279746573) } };
        const uint8_t *bytes = data;
        uint8_t last[8] = { 0 };
        uint64_t words[2];

        for (size_t i = 0; i + 8 <= size; i += 8)
                take_word(&sip, read_number(bytes + i));
        if (size % 8 > 0)
                memcpy(last, bytes + size - size % 8, size % 8);
        last[7] = (uint8_t) size;
        take_word(&sip, read_number(last));

        sip.v[2] ^= 0xee;
        words[0] = give_word(&sip);
        sip.v[1] ^= 0xdd;
        words[1] = give_word(&sip);

        KeyedHash hash;
        memcpy(hash.bytes, words, sizeof(hash.bytes));
        return hash;
}

/* ---- texts ---- */

static const char digits[] = "0123456789abcdef";

void keyed_hash_to_text(const KeyedHash *hash, char ret[static KEYED_HASH_TEXT_SIZE]) {
        for (size_t i = 0; i < KEYED_HASH_SIZE; i++) {
                ret[2 * i] = digits[hash->bytes[i] >> 4];
                ret[2 * i + 1] = digits[hash->bytes[i] & 15];
        }
        ret[2 * KEYED_HASH_SIZE] = '\0';
}

int keyed_hash_from_text(const char *text, KeyedHash *ret) {
        KeyedHash hash;

        if (strlen(text) != 2 * KEYED_HASH_SIZE || strspn(text, digits) != 2 * KEYED_HASH_SIZE)
                return -EINVAL;
        for (size_t i = 0; i < KEYED_HASH_SIZE; i++)
                hash.bytes[i] = (uint8_t) ((strchr(digits, text[2 * i]) - digits) << 4 |
                                           (strchr(digits, text[2 * i + 1]) - digits));
        *ret = hash;
        return 0;
}
