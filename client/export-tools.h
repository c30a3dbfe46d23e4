/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Writers of lines for the files of text programs. */

#include "export.h"

void export_msmtp(FILE *out, const ExportAccount *account);
void export_mbsync(FILE *out, const ExportAccount *account);
void export_mutt(FILE *out, const ExportAccount *account);
void export_aerc(FILE *out, const ExportAccount *account);
