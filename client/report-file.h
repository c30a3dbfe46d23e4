/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A report that an earlier check left in a file (--from-report). */

#include <jansson.h>

/* Returns 0 and the report of one account, or an exit status after having said what is wrong. */
int report_read(const char *path, json_t **ret);
