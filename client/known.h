/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the verbs about accounts that the daemon knows have in common. */

#include <jansson.h>

#include "settings.h"

/* The document of the daemon, its findings in the reader's language unless it is for a program.  Returns 0, or an exit
 * status after having said what is wrong. */
int known_fetch(const Settings *settings, json_t **ret_document);
/* One account in the same way. */
int known_fetch_account(const Settings *settings, const char *id, json_t **ret_account);
/* Prints JSON, indented. */
void known_print(const json_t *json);
/* Adds the reports of one maildiag-reports/1 to another. */
void known_join(json_t *document, const json_t *more);
