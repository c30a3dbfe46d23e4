/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Accounts that the daemon knows, for a person: objects of the document that Describe gives. */

#include <jansson.h>

#include "page.h"

/* "2 accounts, 1 broken" and what there is to say besides. */
void render_summary(Page *page, const json_t *document);
/* One line about each, with what is wrong under it. */
void render_status(Page *page, const json_t *accounts);
/* A table. */
void render_accounts(Page *page, const json_t *accounts);
/* Settings with the origin of each value, and status. */
void render_account(Page *page, const json_t *account);
/* What is broken in the configuration. */
void render_faults(Page *page, const json_t *faults);

/* The name of an account for people: its name where it may be seen, else its id. */
const char *account_name(const json_t *account);
