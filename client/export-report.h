/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What of a report can be exported: each service as it was proved to work. */

#include <jansson.h>

#include "export.h"

/* The services of a report (maildiag-report/1): as they are where they work, as a verified proposal changes them where they
 * do not, unproved otherwise; where the report has no service, the ones that discovery chose.  Clear text is left out and named in *ret_left_out (a new string, NULL: nothing was).  Returns
 * as export_account_add(). */
int export_add_report(ExportAccount *account, const json_t *report, char **ret_left_out, const char **ret_problem);
