/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the verbs check and test have in common. */

#include <jansson.h>

#include "settings.h"

/* Checks the services of the settings and prints the report.  Returns the exit status. */
int diagnose(Settings *settings);

/* Only checks them.  Returns 0 and the report as the daemon wrote it, or an exit status after having said what is wrong. */
int diagnose_report(Settings *settings, json_t **ret);
