/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where a document for an address may be, in the order of draft-ietf-mailmaint-autoconfig section 4.  No I/O. */

#include <stdbool.h>
#include <stddef.h>

#define AUTOCONFIG_SOURCES_MAX 7u

typedef enum AutoconfigPlace {
        AUTOCONFIG_OWN,                 /* the domain's own */
        AUTOCONFIG_CENTRAL,             /* the central database, by the domain */
        AUTOCONFIG_EXCHANGER,           /* found by the mail exchanger of the domain */
} AutoconfigPlace;

typedef struct AutoconfigSource {
        char *url;
        AutoconfigPlace place;
} AutoconfigSource;

typedef struct AutoconfigSources {
        AutoconfigSource list[AUTOCONFIG_SOURCES_MAX];
        size_t n;
} AutoconfigSources;

/* What is asked about.  Names are A-labels in lower case. */
typedef struct AutoconfigQuery {
        const char *address, *domain;
        const char *exchanger;          /* the first of the domain; NULL: not known */
        const char *ispdb;              /* URL that a domain is added to; NULL: none is asked */
} AutoconfigQuery;

/* Returns 0, -ENOMEM; to be released in any case. */
int autoconfig_sources_list(const AutoconfigQuery *query, AutoconfigSources *ret);
void autoconfig_sources_done(AutoconfigSources *sources);
