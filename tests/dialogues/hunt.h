/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The hunt for a secret: in clear, base64 (at every alignment, alone and with the user name), hexadecimal,
 * percent-encoded, as an IMAP quoted string, UTF-16LE; without regard to case. */

#include <stddef.h>

/* Returns the name of the encoding in which the secret stands in these bytes, or NULL. */
const char *hunt(const char *secret, const char *bytes, size_t size);
