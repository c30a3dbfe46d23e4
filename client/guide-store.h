/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The guides as files of a directory: /usr/share/maildiag/guides, or MAILDIAG_GUIDEDIR for an uninstalled client. */

#include <stddef.h>

#include "guide.h"

/* All of these return 0, or an exit status after having said what is wrong. */

/* One guide, by its id or another name that it goes by. */
int guide_load(const char *name, Guide **ret);

/* The same without a word when there is none: *ret is NULL then. */
int guide_find(const char *name, Guide **ret);

/* All of them, sorted by id; a file that is wrong is complained about and left out. */
int guide_load_all(Guide ***ret, size_t *ret_n);
void guide_free_all(Guide **guides, size_t n);

/* "vi": the language that the program speaks, for the texts in the files. */
const char *guide_language(void);
