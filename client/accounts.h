/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The file of --accounts: a JSON list of accounts, with the keys of the interface (StartCheckAccounts); secrets and
 * certificates stand in it as paths only. */

#include <jansson.h>

typedef struct Accounts {
        json_t *list;                   /* as it goes on the bus, descriptors as numbers; owned */
        size_t n_fds;
        int *fds;                       /* all of them; owned */
} Accounts;

/* Reads it and opens what it names, relative to its own place.  Returns 0, or an exit status after having said what is
 * wrong; accounts_done() is due in both cases. */
int accounts_read(const char *path, Accounts *ret);
void accounts_done(Accounts *accounts);
