/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Placeholders of the table: %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%. */

#include <stddef.h>

/* Writes the text with its placeholders filled in for an address.  Returns 0, -ENOBUFS, or -EINVAL for an address without
 * an @. */
int fill_placeholders(const char *text, const char *address, char *buffer, size_t size);

/* The form of a user name in a word: "address", "local-part", "other"; "" for NULL. */
const char *fill_form(const char *username);
