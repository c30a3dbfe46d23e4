/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The report of one account: the logs of its probes, and what the judge made of them. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe-log.h"
#include "registry.h"

typedef enum Verdict {
        VERDICT_OK,
        VERDICT_INFO,
        VERDICT_WARNING,
        VERDICT_ERROR,
        VERDICT_UNKNOWN,
} Verdict;

typedef enum Ability {
        ABILITY_NONE,                   /* no such service was asked for */
        ABILITY_OK,
        ABILITY_BROKEN,
        ABILITY_UNKNOWN,
} Ability;

typedef enum JobState {
        JOB_QUEUED,
        JOB_RUNNING,
        JOB_DONE,
        JOB_CANCELLED,
        JOB_FAILED,
        JOB_TIMEOUT,
} JobState;

/* One setting of a proposal. */
typedef struct Change {
        const char *setting;            /* "host", "port", …; "protocol" for another kind of account */
        char *from, *to;
} Change;

#define CHANGES_MAX 5u

/* What a proposal rests on. */
typedef enum Proof {
        PROOF_NONE,                     /* it was not tried */
        PROOF_CONNECTION,               /* a probe came to the end without login */
        PROOF_LOGIN,                    /* a probe logged in */
} Proof;

/* What a finding may be just as well: the server would have answered the same. */
typedef struct Alternative {
        const MdFindingInfo *info;      /* in the registry */
        char *message;
} Alternative;

#define ALTERNATIVES_MAX 6u

/* How sure a finding is. */
typedef enum Confidence {
        CONFIDENCE_CERTAIN,
        CONFIDENCE_UNDECIDED,           /* its alternatives mean the same to whoever listens */
        CONFIDENCE_UNPROVEN,            /* who said so is not known: the certificate does not prove the server */
} Confidence;

/* A judgement.  Texts have their parameters filled in. */
typedef struct Finding {
        const MdFindingInfo *info;      /* in the registry */
        size_t probe;                   /* index of the log that it came from */
        MdRecord params;                /* the values in its texts */
        char *message, *meaning, *hint;
        const char *setting;            /* the client's setting to change; NULL: none */
        char *value;                    /* its present value; NULL */
        char *suggested;                /* the value that it should have; NULL */
        Proof proof;                    /* of the suggestion, and of the changes */
        size_t n_changes;
        Change changes[CHANGES_MAX];    /* the whole proposal, the named setting first; none when it was not tried */
        size_t n_alternatives;
        Alternative alternatives[ALTERNATIVES_MAX];     /* the likeliest first */
        char *evidence;                 /* NULL */
        MdSeverity weight;              /* the worst of its own severity and those of what follows from it */
        const char *cause;              /* code of the finding that this one follows from; NULL: it is a root */
} Finding;

typedef struct Report {
        const Registry *registry;       /* set by report_judge() */
        char *account;                  /* id of a known account; NULL */
        bool as_known;                  /* see Settings */
        char *address;                  /* NULL */
        bool is_search;                 /* it was only asked what settings should be */
        bool is_assumed;                /* no service was given, so what was found is checked */
        JobState state;
        uint64_t started_usec;          /* CLOCK_REALTIME */
        uint64_t elapsed_usec;
        size_t n_logs;
        ProbeLog **logs;                /* owned, in the order of the plan */
        size_t n_findings;
        Finding *findings;              /* root cause first */
        Verdict verdict;
        Ability receive, send;
        const Finding *receive_cause, *send_cause;      /* what decides a broken ability; NULL */
        char *receive_text, *send_text; /* one sentence each */
} Report;

Report *report_new(const char *address, uint64_t started_usec);
Report *report_free(Report *report);
/* Takes over a log. */
int report_add_log(Report *report, ProbeLog *log);

/* Judges (again) from the logs as they are: fills findings, verdict and abilities. Pure. Returns 0, -ENOMEM. */
int report_judge(Report *report, const Registry *registry);

/* The document maildiag-report/1; NULL when out of memory. */
json_t *report_to_json(const Report *report);
/* Parts of it, as they stand in the document; NULL when out of memory. */
json_t *report_findings_to_json(const Report *report);
json_t *report_receive_to_json(const Report *report);
json_t *report_send_to_json(const Report *report);
/* The parameters of a finding, as an object of a document. */
json_t *report_params_to_json(const MdRecord *params);

const char *verdict_to_string(Verdict verdict);
/* Of several: an error is worse than what could not be told, and that worse than a warning. */
bool verdict_is_worse(Verdict verdict, Verdict than);
const char *ability_to_string(Ability ability);
const char *job_state_to_string(JobState state);
const char *proof_to_string(Proof proof);
const char *confidence_to_string(Confidence confidence);

Confidence finding_confidence(const Finding *finding);
