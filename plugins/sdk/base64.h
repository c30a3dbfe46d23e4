/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Base64 (RFC 4648 section 4) without a heap, so that what is encoded stays where its owner put it. */

#include <stddef.h>

/* Bytes that the encoded form of `size` bytes takes, with the NUL. */
#define MD_BASE64_SIZE(size) (((size) + 2) / 3 * 4 + 1)

/* A part of what is to be encoded. */
typedef struct MdPart {
        const void *bytes;
        size_t size;
} MdPart;

/* Encodes the parts as if they were one piece.  Writes a NUL behind; returns the length without it. */
size_t md_base64_encode(const MdPart *parts, size_t n_parts, char *ret);
/* Decodes strictly: no white space, padding in its place, unused bits zero.  Writes a NUL behind what is
 * decoded. Returns 0, -EBADMSG, or -EMSGSIZE when it does not fit. */
int md_base64_decode(const char *text, void *ret, size_t size, size_t *ret_size);
