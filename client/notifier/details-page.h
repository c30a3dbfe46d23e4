/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The report of accounts as a page for a browser: one file, no script, nothing fetched. */

#include <stdio.h>

#include "watched.h"

/* Writes the page about these accounts; errors of the stream are the caller's to see. */
void details_page(FILE *out, Watched *const *accounts, size_t n);
