/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The report's life, and its words. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "report.h"

Report *report_new(const char *address, uint64_t started_usec) {
        Report *report = calloc(1, sizeof(*report));
        if (!report)
                return NULL;
        report->started_usec = started_usec;
        report->verdict = VERDICT_UNKNOWN;
        report->address = address ? strdup(address) : NULL;
        return address && !report->address ? report_free(report) : report;
}

Report *report_free(Report *report) {
        if (!report)
                return NULL;
        report_forget(report);
        for (size_t i = 0; i < report->n_logs; i++)
                probe_log_free(report->logs[i]);
        free(report->logs);
        free(report->account);
        free(report->address);
        free(report);
        return NULL;
}

int report_add_log(Report *report, ProbeLog *log) {
        ProbeLog **larger = reallocarray(report->logs, report->n_logs + 1, sizeof(ProbeLog *));
        if (!larger)
                return -ENOMEM;
        report->logs = larger;
        report->logs[report->n_logs++] = log;
        return 0;
}

const char *verdict_to_string(Verdict verdict) {
        static const char *const words[] = {
                [VERDICT_OK] = "ok",
                [VERDICT_INFO] = "info",
                [VERDICT_WARNING] = "warning",
                [VERDICT_ERROR] = "error",
                [VERDICT_UNKNOWN] = "unknown",
        };
        return words[verdict];
}

bool verdict_is_worse(Verdict verdict, Verdict than) {
        static const unsigned rank[] = {
                [VERDICT_OK] = 0, [VERDICT_INFO] = 1, [VERDICT_WARNING] = 2, [VERDICT_UNKNOWN] = 3, [VERDICT_ERROR] = 4,
        };
        return rank[verdict] > rank[than];
}

const char *ability_to_string(Ability ability) {
        static const char *const words[] = {
                [ABILITY_NONE] = "none",
                [ABILITY_OK] = "ok",
                [ABILITY_BROKEN] = "broken",
                [ABILITY_UNKNOWN] = "unknown",
        };
        return words[ability];
}

const char *job_state_to_string(JobState state) {
        static const char *const words[] = {
                [JOB_QUEUED] = "queued",
                [JOB_RUNNING] = "running",
                [JOB_DONE] = "done",
                [JOB_CANCELLED] = "cancelled",
                [JOB_FAILED] = "failed",
                [JOB_TIMEOUT] = "timeout",
        };
        return words[state];
}

const char *proof_to_string(Proof proof) {
        static const char *const words[] = {
                [PROOF_NONE] = "none",
                [PROOF_CONNECTION] = "connection",
                [PROOF_LOGIN] = "login",
        };
        return words[proof];
}

const char *confidence_to_string(Confidence confidence) {
        static const char *const words[] = {
                [CONFIDENCE_CERTAIN] = "certain",
                [CONFIDENCE_UNDECIDED] = "undecided",
                [CONFIDENCE_UNPROVEN] = "unproven",
        };
        return words[confidence];
}

Confidence finding_confidence(const Finding *finding) {
        if (md_record_truth(&finding->params, "unproven"))
                return CONFIDENCE_UNPROVEN;
        return finding->n_alternatives > 0 ? CONFIDENCE_UNDECIDED : CONFIDENCE_CERTAIN;
}
