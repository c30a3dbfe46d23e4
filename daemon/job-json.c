/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The document of a job: the report of one account, or maildiag-reports/1 for a list of them. */

#include "clock.h"
#include "config.h"
#include "dbus/names.h"
#include "job.h"
#include "own.h"

/* Members whose text is NULL are left out. */
json_t *shared_finding_to_json(const SharedFinding *finding) {
        const struct {
                const char *key, *text;
        } texts[] = {
                { "code", finding->info->id },
                { "severity", md_severity_to_string(finding->info->severity) },
                { "stage", md_stage_to_string(finding->info->stage) },
                { "actor", md_actor_to_string(finding->info->actor) },
                { "message", finding->message },
                { "meaning", finding->meaning },
                { "hint", finding->hint },
                { "setting", finding->info->setting },
                { "standard", finding->info->standard },
        };
        json_t *object = json_object();

        for (size_t i = 0; i < ELEMENTS(texts); i++)
                if (texts[i].text)
                        json_object_set_new(object, texts[i].key, json_string(texts[i].text));
        json_object_set_new(object, "params", report_params_to_json(&finding->params));
        return object;
}

static json_t *shared_to_json(const SharedFinding *finding) {
        json_t *object = shared_finding_to_json(finding), *accounts = json_array();

        for (size_t i = 0; i < finding->n_accounts; i++)
                json_array_append_new(accounts, json_integer((json_int_t) finding->accounts[i]));
        json_object_set_new(object, "accounts", accounts);
        return object;
}

/* Until it ends, what has passed so far. */
static uint64_t elapsed_usec(const Job *job) {
        uint64_t now = job_has_ended(job) ? job->ended_usec : clock_realtime_usec();
        return now > job->started_usec ? now - job->started_usec : 0;
}

static json_t *list_to_json(const Job *job) {
        json_t *findings = json_array(), *reports = json_array();

        for (size_t i = 0; i < job->shared.n_findings; i++)
                json_array_append_new(findings, shared_to_json(&job->shared.findings[i]));
        for (size_t i = 0; i < job->n_diagnoses; i++)
                json_array_append_new(reports, report_to_json(job_report(job, i)));
        return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:o, s:o}",
                         "schema", MAILDIAG_REPORTS_SCHEMA,
                         "generator", "maildiag " MAILDIAG_VERSION,
                         "state", job_state_to_string(job->state),
                         "started-usec", (json_int_t) job->started_usec,
                         "elapsed-usec", (json_int_t) elapsed_usec(job),
                         "verdict", verdict_to_string(job_verdict(job)),
                         "findings", findings,
                         "reports", reports);
}

json_t *job_to_json(const Job *job) {
        return job->is_list ? list_to_json(job) : report_to_json(job_report(job, 0));
}
