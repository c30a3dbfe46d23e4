/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which settings a guide is asked about: --setting, or the proposals of a report. */

#include <jansson.h>

#include "guide-steps.h"
#include "settings.h"

#define GUIDE_CHANGES_MAX 16u           /* a side has fewer settings */

typedef struct GuideChanges {
        GuideChange list[GUIDE_CHANGES_MAX];
        size_t n;
        char *texts[GUIDE_SETTINGS_MAX]; /* owned: one an option */
        json_t *report;                 /* owned: those of a report */
} GuideChanges;

/* Returns 0, or an exit status after having said what is wrong; guide_changes_done() is the caller's in any case. */
int guide_changes_read(const Settings *settings, GuideChanges *changes);
void guide_changes_done(GuideChanges *changes);
