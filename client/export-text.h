/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Settings for people: a page, and steps in an app. */

#include "export.h"
#include "guide.h"

void export_text(FILE *out, const ExportAccount *account);
/* The values, and the steps of Outlook for Windows. */
void export_outlook(FILE *out, const ExportAccount *account);
/* The values, and the steps of any app. */
void export_guide(FILE *out, const ExportAccount *account, const Guide *guide);
