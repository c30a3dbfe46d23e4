/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What to do in an app, step by step, so that settings get the values that they should have. */

#include <jansson.h>

#include "guide.h"

typedef struct GuideChange {
        const GuideSetting *setting;
        const char *protocol;           /* "imap", "pop3", "smtp"; "" when it is not known */
        const char *value;              /* NULL: only where it is */
} GuideChange;

/* The steps, an array of sentences.  *ret_unverified: no source supports one of them.  NULL when out of memory. */
json_t *guide_steps(const Guide *guide, const GuideChange *changes, size_t n, bool *ret_unverified);

/* The same for a finding of a report: its whole proposal, or the setting that it names; NULL when it names none. */
json_t *guide_steps_finding(const Guide *guide, const json_t *finding, bool *ret_unverified);

/* "{account}" in a path as "your account"; a new string, NULL when out of memory. */
char *guide_path_text(const char *path);
/* The line of a file with its value; a new string, NULL when out of memory. */
char *guide_line_text(const GuideRow *row, const char *value);
/* A value as the app calls it: "tls" as "SSL/TLS". */
const char *guide_value_text(const GuideRow *row, const char *value);
