/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Names that were mistyped, by their distance to names of the table: gmial.com, smpt.gmail.com.
 *
 * Nobody can know what was meant.  A name that the table knows is never doubted, only what is popular is proposed, and the
 * shorter a name is, the less is taken for a typing error: mail.com, email.com and ymail.com are no gmail.com.  Still, somebody
 * may own the name: what is proposed here is worth saying only where the name as given does not work.
 */

#include "lookup.h"

#define TYPING_NAME_SIZE 254u

/* The popular domain that was probably meant; NULL: none. */
const char *typing_domain(const Table *table, const char *domain);

/* The host that was probably meant.  `block` is the provider of the address, and `domain` the domain of it; each may be NULL.
 * Returns whether there is one. */
bool typing_host(const Table *table, const char *host, const TableBlock *block, const char *domain,
                 char ret[static TYPING_NAME_SIZE]);
