/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Candidates: settings that sources give for the services of an address, put together.
 *
 * Equal ones of several sources are one, with several origins.  All of it follows from what the probes of a report said;
 * pure, and made again whenever it is asked for.
 */

#include "report.h"

#define CANDIDATES_MAX 64u
#define CANDIDATE_ORIGINS_MAX 8u

/* What speaks for an answer, the strongest last. */
typedef enum Trust {
        TRUST_INSECURE,
        TRUST_TABLE,
        TRUST_HTTPS,
        TRUST_DNSSEC,
} Trust;

/* How the candidate did when it was tried, without login. */
typedef enum Trial {
        TRIAL_NONE,                     /* it was not, or has not ended */
        TRIAL_WORKS,
        TRIAL_FAILS,
} Trial;

typedef struct CandidateOrigin {
        const char *plugin;
        const char *text;               /* where it stands */
        const char *asof;               /* how old it is; NULL: of today */
        Trust trust;
        uint64_t priority;
        bool disputed;
} CandidateOrigin;

/* Texts are borrowed from the report. */
typedef struct Candidate {
        const char *protocol, *host;
        uint16_t port;
        MdSecurity security;
        const char *username;           /* NULL: not said */
        const char *form;               /* of it: "address", "local-part", "other", "unknown" */
        const char *const *auth;        /* NULL: not said */
        size_t n_origins;
        CandidateOrigin origins[CANDIDATE_ORIGINS_MAX]; /* what speaks for it most first */
        Trust trust;                    /* of the best */
        bool foreign;                   /* outside of the domain */
        bool disputed;                  /* all origins say so */
        const char *until;              /* it was right up to then; NULL: it is right */
        bool conflict;                  /* other sources give another host for this protocol */
        bool username_conflict;         /* other sources give another form of the user name for it */
        bool chosen;                    /* the best of its protocol */
        size_t probe;                   /* of its trial; SIZE_MAX: none */
        Trial trial;
        const char *code;               /* the finding that it failed with; NULL */
} Candidate;

typedef struct Candidates {
        size_t n;
        Candidate items[CANDIDATES_MAX];        /* by protocol, the best first */
} Candidates;

/* Puts together what the probes of the report said.  NULL when out of memory; free(3) it. */
Candidates *candidates_new(const Report *report, const Registry *registry);

/* Whether it may be proposed, and have the secret once its certificate is verified: it is no hearsay about a foreign host,
 * encrypted, and still right. */
bool candidate_is_sound(const Candidate *candidate);

/* The best of a protocol; NULL: none is sound, or none works. */
const Candidate *candidates_best(const Candidates *candidates, const char *protocol);

/* The sound candidate that a target is; NULL: it is none. */
const Candidate *candidates_find(const Candidates *candidates, const MdTarget *target);

/* The candidate that says which user name the host of a target takes for its protocol; NULL: no sound one does, or they
 * differ. */
const Candidate *candidates_username(const Candidates *candidates, const MdTarget *target);

/* "insecure", "table", "https", "dnssec"; "works", "fails", "unknown". */
const char *trust_to_string(Trust trust);
const char *trial_to_string(Trial trial);
