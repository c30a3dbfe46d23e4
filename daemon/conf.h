/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The configuration directory. */

#include "instance.h"

/* Where an instance has its configuration: what was asked for, else /etc/maildiag of the system and of root, else
 * $XDG_CONFIG_HOME/maildiag or ~/.config/maildiag.  A new string; NULL: nowhere, or out of memory. */
char *conf_place(Instance instance, const char *asked);
