/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* maildiag status --nagios: one line for Nagios, Icinga and what else runs their plugins. */

#include <jansson.h>

/* What the document of the daemon says of all accounts, in the form of the Monitoring Plugins development guidelines:
 * a line with performance data, then a line for each account that is not well; ids and codes only, nothing personal.
 * `failure` is an exit status, when there is no document.  Returns 0, 1, 2 or 3. */
int nagios_print(const json_t *document, int failure);
