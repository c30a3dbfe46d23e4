/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Encodings that the tests need, written apart from those of the program so that neither can hide a fault of
 * the other.  All return new strings, NULL when out of memory. */

#include <stddef.h>

char *encode_base64(const char *bytes, size_t size);
char *encode_hex(const char *bytes, size_t size);
char *encode_percent(const char *bytes, size_t size);
/* Without its quotes (RFC 9051 section 4.3). */
char *encode_quoted(const char *bytes, size_t size);
/* Returns a string that may end early at a NUL in it; NULL for anything but base64. */
char *decode_base64(const char *text);
