/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What to say to a person: a cause, its end, and how everything is. */

#include "cause.h"
#include "notice.h"

/* What is wrong and what to do.  NULL when out of memory. */
Notice *wording_cause(const Cause *cause, NoticeUrgency urgency);
/* These accounts work again.  NULL when out of memory. */
Notice *wording_recovered(const char *title, size_t n_accounts);
/* Somebody asked how they are, and nothing is wrong with them, or it is not known.  NULL when out of memory. */
Notice *wording_checked(const WatchList *list, const char *const *account_keys, size_t n);
/* There is no program to show the details with.  NULL when out of memory. */
Notice *wording_no_viewer(void);

/* "cannot send mail": what a cause breaks. */
const char *wording_trouble(const Cause *cause);
/* "Set for sending: port 587 (tried, works).": what a finding proposes.  A new string, NULL when it proposes nothing or when out of
 * memory. */
char *wording_proposal(const json_t *finding);
/* "tls": "SSL/TLS". */
const char *wording_security(const char *word);
/* A name for people, cut to so many columns.  A new string, NULL when out of memory. */
char *wording_clip(const char *text, unsigned columns);
