/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the verbs check and test have in common. */

#include "settings.h"

/* Checks the services of the settings and prints the report.  Returns the exit status. */
int diagnose(Settings *settings);
