/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The account file: one account of maildiag's own configuration, accounts.d/ID.conf.
 *
 *   [account]
 *   name = Work mail
 *   address = anna@example.org
 *   secret = credential:work
 *
 *   [imap]
 *   host = imap.example.org
 *   security = tls
 *
 * A section besides [account] is a service and names its protocol; a second one of the same protocol has a word of its own
 * behind it ("smtp backup").  What stands in [account] of user name, mechanisms and secret holds for all services that do
 * not say otherwise.  Pure.
 */

#include "account.h"

/* Reads it.  Returns 0; -EINVAL with the line (0: the whole file) and what is wrong; -ENOMEM. */
int account_file_parse(const char *id, const char *path, const char *text, size_t size, Account **ret, unsigned *ret_line,
                       char **ret_fault);

/* The name of a credential in a value of "secret"; NULL when it names none ("none"), or is not in order. */
const char *account_secret_name(const char *secret);
