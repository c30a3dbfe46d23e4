/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judge's chapter of what cannot be told apart: a server often has one answer for several causes.  The rules about
 * replies know which (the list "also" of a finding); what the other probes have ruled out is left out.
 */

#include <errno.h>
#include <string.h>

#include "candidates.h"
#include "judge-private.h"
#include "match.h"
#include "own.h"
#include "precondition.h"

static bool other_form_was_tried(const Report *report, size_t service) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->service == service && report->logs[i]->why == PROBE_OTHER_USERNAME)
                        return true;
        return false;
}

/* The login of another service says as much about an account as a whole. */
static bool account_is_let_in(const Report *report, const ProbeLog *refused) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (!strcmp(probe_log_login(report->logs[i]), "ok") &&
                    hosts_are_related(report->logs[i]->target.host, refused->target.host))
                        return true;
        return false;
}

/* The sources name the one that was refused. */
static bool username_is_published(const Report *report, const Registry *registry, const MdTarget *refused) {
        _cleanup_free_ Candidates *candidates = candidates_new(report, registry);
        const Candidate *candidate = candidates ? candidates_username(candidates, refused) : NULL;
        return candidate && texts_equal(candidate->username, refused->username);
}

static bool is_ruled_out(const Report *report, const Registry *registry, const Finding *finding, const char *code) {
        const ProbeLog *log = report->logs[finding->probe];
        if (!strcmp(code, "auth.username-form"))
                return other_form_was_tried(report, log->service) || account_is_let_in(report, log) ||
                       username_is_published(report, registry, &log->target);
        return (!strcmp(code, "auth.oauth-required") || !strcmp(code, "auth.app-password-needed")) &&
               account_is_let_in(report, log);
}

static int add(Finding *finding, const MdFindingInfo *info, const char *username) {
        const MdField more[] = { MD_TEXT("value", username), MD_TEXT("suggested", "...") };
        MdRecord params;
        int r = 0;
        md_record_init(&params, "params");
        for (size_t i = 0; r >= 0 && i < finding->params.n_fields; i++)
                r = md_record_add(&params, &finding->params.fields[i]);
        for (size_t i = 0; r >= 0 && i < sizeof(more) / sizeof(more[0]); i++)
                if (!md_record_get(&params, more[i].key))
                        r = md_record_add(&params, &more[i]);
        char *message = r >= 0 ? judge_fill(info->title, &params) : NULL;
        md_record_done(&params);
        if (!message)
                return -ENOMEM;
        finding->alternatives[finding->n_alternatives++] = (Alternative) { info, message };
        return 0;
}

static bool has_alternative(const Finding *finding, const char *code) {
        for (size_t i = 0; i < finding->n_alternatives; i++)
                if (!strcmp(finding->alternatives[i].info->id, code))
                        return true;
        return !strcmp(finding->info->id, code);
}

static int add_code(const Report *report, Finding *finding, const Registry *registry, const char *code) {
        const MdFindingInfo *info = registry_finding(registry, code, NULL);

        if (!info || finding->n_alternatives == ALTERNATIVES_MAX || has_alternative(finding, code) ||
            is_ruled_out(report, registry, finding, code))
                return 0;
        return add(finding, info, report->logs[finding->probe]->target.username);
}

/* What the provider is known for comes before what servers of its kind may mean. */
static int add_known(const Report *report, Finding *finding, const Registry *registry) {
        static const struct {
                const char *kind, *code;
        } known[] = {
                { "oauth-only", "auth.oauth-required" },
                { "app-password", "auth.app-password-needed" },
                { "service-off", "auth.access-disabled" },
                { "paid", "auth.access-disabled" },
        };
        const MdTarget *target = &report->logs[finding->probe]->target;
        int r = 0;

        if (strcmp(finding->info->id, "auth.rejected"))
                return 0;
        for (size_t i = 0; r >= 0 && i < sizeof(known) / sizeof(known[0]); i++)
                if (precondition_find(report, known[i].kind, target->plugin, target->host))
                        r = add_code(report, finding, registry, known[i].code);
        return r;
}

static int add_all(const Report *report, Finding *finding, const Registry *registry) {
        const char *const *codes = md_record_list(&finding->params, "also");

        int r = add_known(report, finding, registry);
        for (size_t i = 0; r >= 0 && codes && codes[i]; i++)
                r = add_code(report, finding, registry, codes[i]);
        return r;
}

int judge_alternatives(Report *report, const Registry *registry) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < report->n_findings; i++)
                r = add_all(report, &report->findings[i], registry);
        return r;
}
