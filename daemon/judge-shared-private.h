/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What accounts can have in common, as a table of rules; the work over it is in judge-shared.c. */

#include "judge-shared.h"

#define SHARED_CODES_MAX 12

/* All reports, and the value that the findings of a group have in common. */
typedef struct SharedScene {
        Report *const *reports;
        size_t n_reports;
        const char *key;                /* port, issuer or host of the first */
} SharedScene;

typedef struct SharedRule {
        const char *id;
        const char *codes[SHARED_CODES_MAX];    /* of findings that are roots in their accounts; "x." stands for all that
                                                 * begin so */
        const char *param;              /* name of the common value in the texts; NULL: there is none */
        /* The common value of a finding; NULL: it has none, and does not count.  A number is written to `buffer`. */
        const char *(*key)(const ProbeLog *log, char buffer[static 8]);
        bool (*same)(const char *a, const char *b);     /* whether two values are one */
        bool several_owners;            /* hosts of at least two owners have to show it … */
        const char *proof;              /* … unless one account has proved it: by this code; NULL: none can */
        bool (*holds)(const SharedScene *scene);        /* whether nothing speaks against it */
} SharedRule;

/* What comes first explains what the later ones would take. */
extern const SharedRule shared_rules[];
extern const size_t n_shared_rules;

/* Whether a rule is made of findings with this code. */
bool shared_rule_takes(const SharedRule *rule, const char *code);
