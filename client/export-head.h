/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What every file says first: whose settings these are, and how far they were tried. */

#include "export.h"

/* One line, in the reader's language. */
const char *export_proof_text(const ExportService *service);

/* The head of the format: comments, and for XML what stands before them. */
void put_head(FILE *out, const ExportFormat *format, const ExportAccount *account);

/* "anna-example.org": what the account is called where a name is needed. */
void put_account_name(FILE *out, const ExportAccount *account);
