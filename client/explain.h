/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the two kinds of explanations share. */

#include "call.h"

/* "{host} refuses …" as "HOST refuses …": a catalogue's text stands for every case.  A new string; NULL: no memory. */
char *fill_placeholders(const char *text);

/* Explains an error that somebody pasted.  Returns the exit status. */
int explain_text(const Settings *settings, Call *call, const char *text);
