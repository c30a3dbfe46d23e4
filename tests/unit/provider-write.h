/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The provider table as text again, as a file of it could look. */

#include "table.h"

/* All blocks of a layer.  A new string. */
char *provider_write(const Table *table, unsigned layer);

/* What differs between two blocks, in a word; NULL: nothing but the place where they stand. */
const char *provider_difference(const TableBlock *a, const TableBlock *b);
