/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Words of the interface for a person, in the reader's language; one that is not known stays as it is. */

#include "page.h"

/* "error": "Error", and how it looks. */
const char *severity_text(const char *word);
Tone severity_tone(const char *word);
/* Who can act: "provider": "the provider of the mail server". */
const char *actor_text(const char *word);
/* What has to be done in an account first, by its kind ("app-password"); "" for one that says nothing by itself. */
const char *precondition_text(const char *kind);
/* Names of settings: "security". */
const char *setting_text(const char *word);
/* How an account is: "error": "broken", and how it looks. */
const char *status_text(const char *word);
Tone status_tone(const char *word);
/* What is to be said of the network: "offline": "There is no network…"; NULL: nothing. */
const char *network_text(const char *word);
