/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the two kinds of explanations share. */

#include "call.h"
#include "page.h"

/* A text of an entry in the reader's language, "{host} refuses …" as "HOST refuses …": a catalogue's text stands for every
 * case.  A new string; NULL: no memory. */
char *entry_text(const json_t *entry, const char *key);
/* The page's line for one key; none where the entry has no such text. */
void print_part(Page *page, const char *head, const json_t *entry, const char *key);

/* Explains an error that somebody pasted.  Returns the exit status. */
int explain_text(const Settings *settings, Call *call, const char *text);
