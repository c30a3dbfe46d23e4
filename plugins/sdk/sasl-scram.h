/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a server may say in SCRAM (RFC 5802, 7677) before a proof of the password is computed for it. */

#include <stddef.h>

#define MD_SCRAM_NONCE_MAX 128

/* Finds our nonce in the first message that we sent.  Returns 0, -EBADMSG. */
int md_scram_client_nonce(const char *message, size_t size, char ret[static MD_SCRAM_NONCE_MAX]);
/* Checks the server's first message.  Returns 0, -EBADMSG when it cannot be read, -EKEYREJECTED when it
 * breaks a rule that protects the password; `ret_what` then says which. */
int md_scram_check_first(const char *nonce, const char *message, const char **ret_what);
