/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A short hash that only who has the key can compute: SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012).  The
 * daemon has no other use for cryptography, and so no library of it. */

#include <stddef.h>
#include <stdint.h>

#define KEYED_HASH_SIZE 16u

typedef struct KeyedHash {
        uint8_t bytes[KEYED_HASH_SIZE];
} KeyedHash;

/* The hash of `size` bytes under a key, which has the form of a hash itself. */
KeyedHash keyed_hash(const KeyedHash *key, const void *data, size_t size);

/* 32 hexadecimal digits, with a NUL behind them; and back: returns 0, -EINVAL. */
#define KEYED_HASH_TEXT_SIZE (2 * KEYED_HASH_SIZE + 1)
void keyed_hash_to_text(const KeyedHash *hash, char ret[static KEYED_HASH_TEXT_SIZE]);
int keyed_hash_from_text(const char *text, KeyedHash *ret);
