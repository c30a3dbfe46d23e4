/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The accounts that the daemon knows, from all sources, by id.
 *
 * They are read at start and when somebody asks for it.  What is broken then leaves everything else as it is read, and what
 * it said before as it was.  An account that is still there afterwards stays the same object, with its status.
 */

#include "source.h"

#define ACCOUNTS_SOURCES_MAX 32u

typedef struct Accounts Accounts;

/* What a new reading changed. */
typedef struct AccountsHooks {
        void (*added)(void *userdata, Account *account);
        /* It says something else than before. */
        void (*changed)(void *userdata, Account *account);
        /* It is freed afterwards. */
        void (*removed)(void *userdata, Account *account);
        void *userdata;
} AccountsHooks;

/* Something that could not be read. */
typedef struct AccountsFault {
        const Source *source;
        char *path;
        unsigned line;                  /* 0: the whole file */
        char *text;
} AccountsFault;

/* NULL: out of memory. */
Accounts *accounts_new(void);
Accounts *accounts_free(Accounts *accounts);
/* Who is told of changes; NULL: nobody. */
void accounts_set_hooks(Accounts *accounts, const AccountsHooks *hooks);

/* One more place to read.  Returns 0, -E2BIG, -ENOMEM. */
int accounts_add_source(Accounts *accounts, const Source *source, const char *path);
/* No source any more; the accounts stay until they are read again. */
void accounts_clear_sources(Accounts *accounts);
size_t accounts_n_sources(const Accounts *accounts);
const Source *accounts_source_at(const Accounts *accounts, size_t i, const char **ret_path, size_t *ret_n_accounts);

/* Reads all sources but those that plugins read.  Returns 0, whatever was broken in them; -ENOMEM, and nothing has changed. */
int accounts_read(Accounts *accounts);
/* Takes what was read of one source: `give` gives all of it to the sink.  Returns as accounts_read(). */
int accounts_take(Accounts *accounts, const Source *source, int (*give)(void *userdata, const SourceSink *sink),
                  void *userdata);
/* What was broken in the last reading. */
size_t accounts_n_faults(const Accounts *accounts);
const AccountsFault *accounts_fault_at(const Accounts *accounts, size_t i);
/* "PATH:LINE: TEXT", the first of them, and how many more there are.  NULL: there is none, or out of memory. */
char *accounts_faults_text(const Accounts *accounts);

size_t accounts_n(const Accounts *accounts);
/* In the order of their ids. */
Account *accounts_at(const Accounts *accounts, size_t i);
Account *accounts_find(const Accounts *accounts, const char *id);
