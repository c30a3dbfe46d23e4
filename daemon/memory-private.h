/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a memory is made of, for its rules and for its text. */

#include <stddef.h>

#include "memory.h"

typedef struct Endpoint {
        KeyedHash hash;
        Earlier facts;                  /* without what is told for a visit only */
        KeyedHash certificate;          /* of the good TLS session; all zero: none */
        int64_t noted_at;
} Endpoint;

struct Memory {
        KeyedHash key;
        size_t n_endpoints;
        Endpoint endpoints[MEMORY_ENDPOINTS_MAX];
};
