/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The inside of MdTrust: certificates lie as DER in one block and are parsed only when a chain needs them. */

#include <gnutls/x509.h>

#include "tls.h"

/* Trusts nobody yet.  NULL when out of memory. */
MdTrust *md_trust_new_empty(void);

/* Adds the certificates of a PEM text, skipping what is none.  Returns their number, -ENOMEM. */
int md_trust_add_text(MdTrust *trust, const char *text, size_t size);

/* Loads a PEM bundle from a file, or from wherever the library keeps the system's when there is no such
 * file.  Returns the number of certificates, or -errno. */
int md_trust_load(MdTrust *trust, const char *path);

/* Adds to `list` every trusted certificate that is, or may have issued, one of the chain (DER); all of them
 * when their name does.  Returns 0, -ENOMEM. */
int md_trust_select(const MdTrust *trust, const gnutls_datum_t *chain, size_t n, gnutls_x509_trust_list_t list);

/* Whether a name (an organisation) occurs as a whole in one of the trusted certificates. */
bool md_trust_mentions(const MdTrust *trust, const char *name);

/* Reads a PEM file, pipe or memory file to its end, at most 1 MiB, within 2 s; NUL-terminated.  Returns
 * 0, -EFBIG, -ETIMEDOUT, -ENOMEM, -errno. */
int md_pem_read(int fd, char **ret, size_t *ret_size);
