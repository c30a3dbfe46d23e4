/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's proposals: which setting should have which value, as far as a probe has shown it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "judge-private.h"
#include "match.h"
#include "proposal.h"

static Proof proof_of(const ProbeLog *log) {
        return strcmp(probe_log_login(log), "ok") ? PROOF_CONNECTION : PROOF_LOGIN;
}

/* ---- the form of the user name ---- */

static const ProbeLog *other_form_that_works(const Report *report, size_t service) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->service == service && report->logs[i]->why == PROBE_OTHER_USERNAME &&
                    !strcmp(probe_log_login(report->logs[i]), "ok"))
                        return report->logs[i];
        return NULL;
}

static int replace_refusal(Report *report, size_t i, const ProbeLog *works, const Registry *registry) {
        Finding refusal = report->findings[i];
        const MdField params[] = {
                MD_TEXT("value", report->logs[refusal.probe]->target.username),
                MD_TEXT("suggested", works->target.username),
                { 0 },
        };
        int r = finding_add(report, refusal.probe, registry, "auth.username-form", refusal.evidence, params);
        if (r < 0)
                return r;
        finding_done(&refusal);
        report->findings[i] = report->findings[--report->n_findings];
        return 0;
}

int judge_usernames(Report *report, const Registry *registry) {
        for (size_t i = 0; i < report->n_findings; i++) {
                const Finding *finding = &report->findings[i];
                if (strcmp(finding->info->id, "auth.rejected") &&
                    strcmp(finding->info->id, "auth.address-as-username"))
                        continue;
                const ProbeLog *works = other_form_that_works(report, report->logs[finding->probe]->service);
                int r = works ? replace_refusal(report, i, works, registry) : 0;
                if (r < 0)
                        return r;
        }
        return 0;
}

/* ---- proposals ---- */

static int add_change(Finding *finding, const char *setting, const MdTarget *from, const MdTarget *to) {
        Change change = { .setting = setting, .from = target_setting(from, setting), .to = target_setting(to, setting) };
        if (texts_equal(change.from, change.to) || !change.to || finding->n_changes == CHANGES_MAX) {
                free(change.from);
                free(change.to);
                return 0;
        }
        finding->changes[finding->n_changes++] = change;
        return 0;
}

/* The setting that the finding itself speaks of stands first. */
static void put_first(Finding *finding, const char *setting) {
        for (size_t i = 1; setting && i < finding->n_changes; i++)
                if (!strcmp(finding->changes[i].setting, setting)) {
                        Change change = finding->changes[i];
                        finding->changes[i] = finding->changes[0];
                        finding->changes[0] = change;
                        return;
                }
}

/* The mechanism that was chosen there stands for what the settings should allow. */
static int add_mechanism(Finding *finding, const ProbeLog *configured, const ProbeLog *best) {
        const MdRecord *chosen = probe_log_next(best, NULL, "mechanism");
        MdTarget to = { .mechanisms = (char *[]) { chosen ? (char *) md_record_text(chosen, "name") : NULL, NULL } };

        return best->why == PROBE_OTHER_MECHANISM && chosen ? add_change(finding, "auth", &configured->target, &to) : 0;
}

static int propose(Finding *finding, const ProbeLog *configured, const ProbeLog *best) {
        static const char *const settings[] = { "protocol", "host", "port", "security", "username" };
        for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
                add_change(finding, settings[i], &configured->target, &best->target);
        add_mechanism(finding, configured, best);
        if (finding->n_changes == 0)
                return 0;
        put_first(finding, finding->info->setting);

        free(finding->value);
        free(finding->suggested);
        finding->setting = finding->changes[0].setting;
        finding->value = finding->changes[0].from ? strdup(finding->changes[0].from) : NULL;
        finding->suggested = strdup(finding->changes[0].to);
        finding->proof = proof_of(best);
        return finding->suggested ? 0 : -ENOMEM;
}

/* Whether the suggested value was tried in vain: everything else as configured. */
static bool was_tried(const Report *report, const Finding *finding) {
        const ProbeLog *configured = report->logs[finding->probe];
        for (size_t i = 0; i < report->n_logs; i++) {
                const ProbeLog *log = report->logs[i];
                if (log->service != configured->service || log == configured || log->end == PROBE_RUNNING)
                        continue;
                char *value = target_setting(&log->target, finding->setting);
                bool same = texts_equal(value, finding->suggested);
                free(value);
                if (same)
                        return true;
        }
        return false;
}

/* A value that only the wording of the fault suggests stays, marked as not tried, until a try has failed. */
static void drop_if_tried_in_vain(Report *report, Finding *finding) {
        if (!finding->suggested || !finding->setting || finding->proof != PROOF_NONE || !was_tried(report, finding))
                return;
        free(finding->suggested);
        finding->suggested = NULL;
}

static Finding *first_fault(Report *report, size_t service) {
        for (size_t i = 0; i < report->n_findings; i++) {
                Finding *finding = &report->findings[i];
                if (report->logs[finding->probe]->service == service && !finding->cause &&
                    (finding->info->severity == MD_SEVERITY_ERROR || !strcmp(finding->info->id, "security.cleartext")))
                        return finding;
        }
        return NULL;
}

static int propose_for_service(Report *report, const Registry *registry, size_t service) {
        const ProbeLog *configured = proposal_configured(report, service);
        const ProbeLog *best = proposal_best(report, registry, service);
        Finding *finding = first_fault(report, service);
        return configured && best && finding ? propose(finding, configured, best) : 0;
}

int judge_proposals(Report *report, const Registry *registry) {
        for (size_t i = 0; i < report->n_logs; i++) {
                if (!is_first_of_service(report, i))
                        continue;
                int r = propose_for_service(report, registry, report->logs[i]->service);
                if (r < 0)
                        return r;
        }
        for (size_t i = 0; i < report->n_findings; i++)
                drop_if_tried_in_vain(report, &report->findings[i]);
        return 0;
}
