/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Everything that a person reads goes through here: _() translates, N_() marks what a table holds. */

#include <libintl.h>

#define _(text) gettext(text)
#ifndef N_
#  define N_(text) text
#endif
