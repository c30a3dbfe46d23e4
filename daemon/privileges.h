/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the daemon gives up before it does anything. */

#include "instance.h"

/*
 * Leaves root for the user "maildiag" where a system instance was started as root, drops every capability for good, and
 * closes the process to debuggers, core dumps and set-user-ID programs.  Returns 0, or -errno with one line in
 * ret_error (static): what could not be given up.
 */
int privileges_drop(Instance instance, const char **ret_error);
