/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Writer of user.js for a new profile of Thunderbird. */

#include "export.h"

void export_thunderbird(FILE *out, const ExportAccount *account);
