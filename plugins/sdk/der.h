/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Reads DER (X.690) element by element, where the library shows too little or reads a list of n names n
 * times. */

#include <stddef.h>
#include <stdint.h>

/* A part of DER; reading advances over the elements in it. */
typedef struct MdDer {
        const uint8_t *at, *end;
} MdDer;

enum {
        MD_DER_INTEGER = 0x02,
        MD_DER_SEQUENCE = 0x30,
        MD_DER_EXPLICIT_0 = 0xa0,       /* [0], as the version of a certificate */
};

/* Takes the next element (one-byte tag, definite length below 16 MiB); its contents go to ret_inside.
 * Returns 0, -ENODATA at the end, -EBADMSG. */
int md_der_next(MdDer *der, uint8_t *ret_tag, MdDer *ret_inside);
/* Takes the next element, which must have this tag. */
int md_der_take(MdDer *der, uint8_t tag, MdDer *ret_inside);
