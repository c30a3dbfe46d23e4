/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The form that all configuration of the daemon has: sections, and in them keys with values.
 *
 *   [section]
 *   key = value up to the end of the line
 *   # a comment; so is a line that begins with ";"
 *
 * There is no quoting, no continuation and no comment behind a value: what stands there is the value, without the spaces
 * around it.  Pure: bytes in, calls out.
 */

#include <stddef.h>

#define INI_TEXT_MAX (64u * 1024u)      /* bytes of a file */
#define INI_VALUE_MAX 1024u             /* bytes of a line */

typedef struct IniHandler {
        /* Told of each section as it begins, and of each value with the section that it stands in.  Return 0; -EINVAL with what
         * is wrong in ret_fault (the caller frees it), which ends the reading; -ENOMEM. */
        int (*section)(void *userdata, const char *section, unsigned line, char **ret_fault);
        int (*value)(void *userdata, const char *section, const char *key, const char *value, unsigned line,
                     char **ret_fault);
        void *userdata;
} IniHandler;

/* Reads `size` bytes.  Returns 0; -EINVAL with the line and what is wrong there, both never unset; -ENOMEM. */
int ini_parse(const char *text, size_t size, const IniHandler *handler, unsigned *ret_line, char **ret_fault);
