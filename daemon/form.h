/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The form of single settings.  Each function returns NULL when all is well, else what is wrong, worded to follow the
 * name of the setting: "has an empty label". */

#include <stdbool.h>

/* A word that names a plugin. */
const char *form_fault_protocol(const char *word);
/* A DNS name of A-labels or U-labels, or an address literal without brackets (RFC 1123 section 2.1, RFC 4291). */
const char *form_fault_host(const char *host);
/* A mail address: Mailbox of RFC 5321 section 4.1.2, with the UTF-8 of RFC 6531. */
const char *form_fault_address(const char *address);
/* A mail address that settings can be looked for: what people write besides is named (a name, a comment), and the domain
 * has to be one of the domain name system. */
const char *form_fault_search(const char *address);
/* A login name, at most what every server must take (RFC 4616 section 2). */
const char *form_fault_username(const char *username);
/* The name of a SASL mechanism (RFC 4422 section 3.1). */
const char *form_fault_mechanism(const char *name);
/* A descriptor whose content a probe is to read: a file, or a pipe where one probe reads it.  Nothing is read. */
const char *form_fault_descriptor(int fd, bool one_reader);
