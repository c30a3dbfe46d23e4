/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Texts of the catalogue in a caller's language. */

#include <stdbool.h>

typedef struct Language Language;

/* Whether a text has the form of a locale's name, BCP 47 or POSIX. */
bool language_name_is_valid(const char *name);
/* The language of a locale; one that this system does not have, "" and NULL are English.  NULL: out of memory. */
Language *language_new(const char *name);
Language *language_free(Language *language);
/* The translation of a text, or the text itself. */
const char *language_say(Language *language, const char *text);
