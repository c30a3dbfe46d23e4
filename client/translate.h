/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The daemon's texts in the language of whoever reads them.
 *
 * The daemon says everything in English, and names for each finding its code and the values in its texts.  So a text of the
 * catalogue is asked for by its code, translated as it stands there ({host} and all), and filled in here.
 */

#include "call.h"

/* Begins: the language of the environment, the catalogues of translations.  MAILDIAG_LOCALEDIR points an uninstalled
 * client at its own. */
void translate_init(void);

/* Whether the texts are read in another language than theirs. */
bool translate_is_active(void);

/* The translation of a whole text, or of the parts of a list "a, b"; what has none stays as it is.  A list is a new string
 * that the caller frees; NULL: no memory. */
const char *translate(const char *text);
char *translate_list(const char *text);

/* Puts the texts of a report (maildiag-report/1 or maildiag-reports/1) into the reader's language.  Returns the exit status
 * of the call. */
int translate_report(Call *call, json_t *document);

/* What the catalogue has for a code, in English: an object, owned by whoever is asked; NULL or null: nothing. */
typedef const json_t *(*TranslateLookup)(void *userdata, const char *code);
/* Puts the texts of a list of findings into the reader's language, with a catalogue of the caller. */
void translate_findings(json_t *findings, TranslateLookup lookup, void *userdata);

/* A text with {name} in it, filled with the values; one that is not there becomes "?".  A new string; NULL: no memory. */
char *translate_fill(const char *text, const json_t *params);
