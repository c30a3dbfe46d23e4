/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The form of single values of the table.  Each function returns NULL when all is well, else what is wrong, worded to follow
 * the value: "is not a port from 1 to 65535". */

#include <stdbool.h>
#include <stdint.h>

#include <maildiag/plugin.h>

/* Names of blocks and of sources. */
const char *value_fault_id(const char *id);
/* A domain in A-labels, lower case, of two labels or more. */
const char *value_fault_domain(const char *domain);
/* A pattern of domains or hosts: see pattern.h. */
const char *value_fault_pattern(const char *pattern);
/* A host name, an address literal of the loopback, or either with %EMAILDOMAIN% in it. */
const char *value_fault_host(const char *host);
/* A user name with placeholders. */
const char *value_fault_username(const char *username);
/* "2025", "2025-03" or "2025-03-14". */
const char *value_fault_date(const char *date);
/* The address of a page on the web. */
const char *value_fault_page(const char *page);

const char *value_port(const char *word, uint16_t *ret);
const char *value_security(const char *word, MdSecurity *ret);

/* Whether a word is one of the list, which ends with NULL. */
bool value_is_one_of(const char *word, const char *const *list);

extern const char *const value_auths[];
extern const char *const value_protocols[];
extern const char *const value_preconditions[];

/* Letters to lower case, in place. */
void value_lower(char *text);
