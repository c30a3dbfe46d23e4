/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The text of an account file, as the options of the command line or somebody in an editor want it. */

#include <stdbool.h>

#include "settings.h"

/* Whether the options say anything about the account. */
bool draft_is_wanted(const Settings *settings);
/* Puts what the options say into the text, which is replaced.  Returns 0, or an exit status after having complained. */
int draft_apply(const Settings *settings, char **text);
/* Lets somebody edit the text, which is replaced.  Returns 0, or an exit status after having complained. */
int draft_edit(const char *id, char **text);
/* Asks on the terminal whether to edit it again; no without one. */
bool draft_again(void);
