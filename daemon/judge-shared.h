/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The judge over many accounts: a cause that several of them share becomes one finding, and what each account shows of it
 * points there.  Pure: no I/O, no clock.
 */

#include "report.h"

/* A judgement about several accounts.  Texts have their parameters filled in. */
typedef struct SharedFinding {
        const MdFindingInfo *info;      /* in the registry */
        size_t n_accounts;
        size_t *accounts;               /* indices of their reports, ascending */
        MdRecord params;                /* the values in its texts: accounts, hosts, count, and port, issuer or owner */
        char *message, *meaning, *hint;
} SharedFinding;

typedef struct Shared {
        size_t n_findings;
        SharedFinding *findings;
} Shared;

void shared_done(Shared *shared);
/* Whether an account is one of those that a finding names. */
bool shared_concerns(const SharedFinding *finding, size_t account);

/*
 * Judges reports that were judged each by itself.  `shared` starts as all zero, and is replaced when they are judged again.
 * Findings of the reports get their cause.  Returns 0, -ENOMEM.
 */
int judge_shared(Report *const *reports, size_t n, const Registry *registry, Shared *shared);
