/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Patterns of domains and hosts, written as people write them:
 *
 *   *.example.org      every name below example.org
 *   example.*          example below any top-level domain, or one of a country's: example.com, example.co.uk
 *   mx*.example.org    any letters, digits and hyphens in place of the star, none, too
 */

#include <stdbool.h>

/* What is wrong with a pattern of letters, digits, hyphens, dots and stars; NULL: nothing. */
const char *pattern_fault(const char *pattern);

/* Whether a name in lower case is the pattern, or is matched by it. */
bool pattern_match(const char *pattern, const char *name);
