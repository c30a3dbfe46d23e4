/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Writers of XML. */

#include "export.h"

/* A configuration of Thunderbird's kind (config 1.1) for all addresses of the domain.  The problem is a user name that
 * cannot be made from an address. */
const char *export_autoconfig_problem(const ExportAccount *account);
void export_autoconfig(FILE *out, const ExportAccount *account);

/* A configuration profile of Apple (com.apple.mail.managed). */
const char *export_mobileconfig_problem(const ExportAccount *account);
void export_mobileconfig(FILE *out, const ExportAccount *account);
