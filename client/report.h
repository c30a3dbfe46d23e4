/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Reading of a report (maildiag-report/1), and what it means for the exit status. */

#include <jansson.h>

/* A text member, "" when it is absent or of another type. */
const char *report_text(const json_t *object, const char *key);
/* A number, 0 when absent. */
json_int_t report_number(const json_t *object, const char *key);
/* Texts of a list joined by `separator`; a new string, "" when there is none, NULL when out of memory. */
char *report_join(const json_t *list, const char *separator);

/* STATUS_FINE, STATUS_BROKEN or STATUS_UNKNOWN. */
int report_status(const json_t *report);
/* The same of a verdict word. */
int exit_status_of(const char *verdict);
