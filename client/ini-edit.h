/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Changes to a text of sections and keys (an account file) that leave everything else as somebody wrote it. */

/* Gives a key of a section this value, NULL: takes it away.  A key or section that is not there is added behind what is.
 * `text` is replaced.  Returns 0, -ENOMEM. */
int ini_edit(char **text, const char *section, const char *key, const char *value);
