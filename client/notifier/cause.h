/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Root causes: what is wrong with all the accounts together, each thing once. */

#include <stdbool.h>

#include "watched.h"

#define CAUSES_SINGLE_MAX 3u            /* more are told in one */
#define CAUSE_MANY "many"               /* its key */

typedef struct Cause {
        char *key;                      /* the same for as long as it is the same cause */
        bool warning;                   /* mail still works */
        bool ours;                      /* the user can do something about it */
        bool receive, send;             /* what it breaks */
        json_t *findings;               /* objects of a report, root causes all; empty: not known, or many */
        Watched **accounts;             /* the list's */
        size_t n_accounts;
        size_t n_causes;                /* how many are told in this one */
} Cause;

typedef struct Causes {
        Cause *list;                    /* errors first, in the order of the accounts */
        size_t n;
} Causes;

/* What is wrong with those accounts whose details are known and are those of now.  Returns 0, -ENOMEM. */
int causes_find(const WatchList *list, Causes *ret);
/* More than `max` become one.  Returns 0, -ENOMEM. */
int causes_collapse(Causes *causes, size_t max);
void causes_done(Causes *causes);

/* Whether a finding of a list follows from no other one of it. */
bool finding_is_root(const json_t *finding, const json_t *findings);
bool cause_concerns(const Cause *cause, const char *account_key);
/* NULL: there is none. */
const Cause *causes_by_key(const Causes *causes, const char *key);
