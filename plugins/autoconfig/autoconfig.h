/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The plugin that reads the documents which Thunderbird and others set themselves up with. */

#include "report.h"
#include "values.h"

/* Candidates, preconditions, facts and findings of one document. */
typedef struct AutoconfigReport {
        MdProbe *probe;
        const AutoconfigDocument *document;
        const char *origin;
        MdAssurance assurance;
} AutoconfigReport;

void autoconfig_report(const AutoconfigReport *report);
