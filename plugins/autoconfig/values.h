/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the values of an autoconfig document mean: placeholders filled in, words translated.  No I/O. */

#include <maildiag/discovery.h>

#include "document.h"

/* Who the configuration is for. */
typedef struct AutoconfigPerson {
        const char *address, *local_part, *domain;
} AutoconfigPerson;

typedef enum AutoconfigExpansion {
        AUTOCONFIG_FILLED,              /* a value, with or without placeholders, that can be used */
        AUTOCONFIG_ASKS,                /* it has a placeholder for what only the person knows */
        AUTOCONFIG_BAD,                 /* a placeholder that nobody defined, an unfinished one, or the address twice */
        AUTOCONFIG_TOO_LONG,            /* it becomes longer than AUTOCONFIG_VALUE_MAX */
} AutoconfigExpansion;

#define AUTOCONFIG_VALUE_MAX 512u

/* Fills the placeholders of a value in.  `document` tells which it defines itself.  Returns an AutoconfigExpansion, and a
 * text for AUTOCONFIG_FILLED; or -ENOMEM.  Placeholders are written %LIKE_THIS%; any other per cent sign is itself. */
int autoconfig_expand(const AutoconfigDocument *document, const AutoconfigPerson *person, const char *value, char **ret);

/* What the person is asked for, in the words of the document or the name of the placeholder; NULL when nothing. */
const char *autoconfig_asks_for(const AutoconfigDocument *document, const char *value);

/* What a user name consists of. */
MdUsernameForm autoconfig_username_form(const char *value);

/* The security that a socket type means, or -EINVAL. */
int autoconfig_security(const char *socket_type);

/* The word of MdCandidate.auth; NULL for one that is not known. */
const char *autoconfig_auth(const char *authentication);
