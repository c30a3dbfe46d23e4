/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the menu and the tooltip have in common: a line for each account, the worst first. */

#include "menu.h"

/* Name in the icon theme. */
const char *status_icon(WatchedStatus status);
/* "Work: cannot send mail (muted)".  A new string; NULL when out of memory. */
char *account_line(const MenuScene *scene, const Watched *watched);
/* A new array of the list's accounts; NULL when out of memory. */
Watched **accounts_worst_first(const WatchList *list);
