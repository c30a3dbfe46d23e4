/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Documents that are nearly right: bytes changed, taken out, doubled and cut off, the same in every run. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MUTATE_ROUNDS 4000u
#define MUTATE_MAX 8192u

typedef struct Mutant {
        char *bytes;                    /* exactly `size` long, so that a sanitizer sees who reads on */
        size_t size;
} Mutant;

static inline uint32_t mutate_random(uint64_t *state) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (uint32_t) (*state >> 33);
}

/* The mutant of a text in a round; free its bytes. */
static inline Mutant mutate(const char *text, size_t size, unsigned round) {
        static const char favourites[] = "<>&;%\"'/\\{}[]:,.\0\xff\x80\n =-0a";
        char buffer[MUTATE_MAX];
        uint64_t state = round * UINT64_C(2654435761) + 1;

        memcpy(buffer, text, size);
        for (unsigned n = 1 + mutate_random(&state) % 6; n > 0 && size > 1; n--) {
                size_t at = mutate_random(&state) % size, length = 1 + mutate_random(&state) % 16;
                length = length < size - at ? length : size - at;
                switch (mutate_random(&state) % 5) {
                case 0:
                        buffer[at] = favourites[mutate_random(&state) % sizeof(favourites)];
                        break;
                case 1:
                        buffer[at] ^= (char) (1u << mutate_random(&state) % 8);
                        break;
                case 2:
                        memmove(buffer + at, buffer + at + length, size - at - length);
                        size -= length;
                        break;
                case 3:
                        if (size + length <= MUTATE_MAX) {
                                memmove(buffer + at + length, buffer + at, size - at);
                                size += length;
                        }
                        break;
                case 4:
                        size = mutate_random(&state) % 8 ? size : at;
                        break;
                }
        }
        Mutant mutant = { malloc(size ? size : 1), size };
        memcpy(mutant.bytes, buffer, size);
        return mutant;
}
