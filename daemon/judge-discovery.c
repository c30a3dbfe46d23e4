/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judge on what is published and what tables know: the provider's conditions, names that are nearly known ones,
 * settings that were right once, sources that disagree or do not work.
 *
 * A table is a hint, not a proof: nothing here says that a setting is wrong because a table has another one, unless the
 * service fails and the other one was seen to work.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "finding.h"
#include "judge-desk.h"
#include "match.h"
#include "own.h"
#include "text.h"

size_t desk_finder(const Desk *desk) {
        for (size_t i = 0; i < desk->report->n_logs; i++)
                if (desk->report->logs[i]->why == PROBE_FINDER)
                        return i;
        return SIZE_MAX;
}

/* ---- what the finders found themselves ---- */

/* Several sources fail of the same cause. */
static bool is_told(const Report *report, const MdRecord *record) {
        const char *evidence = md_record_text(record, "evidence");
        for (size_t i = 0; i < report->n_findings; i++) {
                const Finding *told = &report->findings[i];
                if (report->logs[told->probe]->why == PROBE_FINDER && !strcmp(told->info->id, md_record_text(record, "code")) &&
                    !strcmp(told->evidence ? told->evidence : "", evidence ? evidence : ""))
                        return true;
        }
        return false;
}

/* Where a service is in question, only it can be broken. */
static int judge_finder(const Desk *desk, size_t probe) {
        const ProbeLog *log = desk->report->logs[probe];
        bool aside = !desk->report->is_search && !desk->report->is_assumed;
        int r = 0;

        for (const MdRecord *record = NULL; r >= 0 && (record = probe_log_next(log, record, "finding"));) {
                MdField params[MD_RECORD_FIELDS_MAX + 1] = { 0 };
                const char *code = md_record_text(record, "code");
                const MdFindingInfo *info = registry_finding(desk->registry, code, NULL);

                memcpy(params, record->fields, record->n_fields * sizeof(MdField));
                if (info && !(aside && info->severity == MD_SEVERITY_ERROR) && !is_told(desk->report, record))
                        r = finding_add(desk->report, probe, desk->registry, code, md_record_text(record, "evidence"), params);
        }
        return r;
}

static int judge_finders(const Desk *desk) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < desk->report->n_logs; i++)
                if (desk->report->logs[i]->why == PROBE_FINDER && !desk->report->logs[i]->target.mx)
                        r = judge_finder(desk, i);
        return r;
}

/* ---- services that nobody gave ---- */

static int judge_assumed(const Desk *desk) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < desk->report->n_logs; i++) {
                const ProbeLog *log = desk->report->logs[i];
                if (!log->assumed_from || log->superseded)
                        continue;
                const MdField params[] = {
                        MD_TEXT("protocol", log->target.plugin),
                        MD_TEXT("security", md_security_to_string(log->target.security)),
                        MD_TEXT("origin", log->assumed_from),
                        { 0 },
                };
                r = finding_add(desk->report, i, desk->registry, "settings.assumed", log->assumed_from, params);
        }
        return r;
}

/* ---- nearly known names ---- */

/* Whether somebody looked for the domain as it is written, and found nothing: otherwise it may be right. */
static bool domain_is_dead(const Desk *desk) {
        bool asked = desk->report->is_search;

        for (size_t i = 0; i < desk->report->n_logs; i++) {
                const ProbeLog *log = desk->report->logs[i];
                const PluginInfo *plugin = log->why == PROBE_FINDER ? registry_finder(desk->registry, log->target.plugin) : NULL;
                if (probe_log_fact(log, "mx"))
                        return false;
                asked = asked || (plugin && plugin->network && log->end == PROBE_ENDED);
        }
        return asked && desk->candidates->n == 0;
}

static int add_resemblance(const Desk *desk, size_t probe, const char *code, const MdRecord *record) {
        const char *value = md_record_text(record, "value"), *known = md_record_text(record, "known");
        const MdField params[] = { MD_TEXT("value", value), MD_TEXT("suggested", known), { 0 } };
        char evidence[600];

        snprintf(evidence, sizeof(evidence), "%s; known: %s", value, known);
        return finding_add(desk->report, probe, desk->registry, code, evidence, params);
}

/* A host that fails on the way to its first word. */
static bool is_out_of_reach(const Desk *desk, size_t probe) {
        for (size_t i = 0; i < desk->report->n_findings; i++) {
                const Finding *finding = &desk->report->findings[i];
                if (finding->probe == probe && finding->info->severity == MD_SEVERITY_ERROR &&
                    (code_matches(finding->info->id, "dns.") || code_matches(finding->info->id, "tcp.") ||
                     code_matches(finding->info->id, "cert.")))
                        return true;
        }
        return false;
}

static int judge_host_name(const Desk *desk, const MdRecord *record) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < desk->report->n_logs; i++) {
                const ProbeLog *log = desk->report->logs[i];
                if (probe_why_is_configured(log->why) && !log->superseded && is_out_of_reach(desk, i) &&
                    md_word_equal(log->target.host, md_record_text(record, "value")))
                        r = add_resemblance(desk, i, "settings.host-misspelt", record);
        }
        return r;
}

static int judge_names(const Desk *desk) {
        bool told = false;
        int r = 0;

        for (size_t i = 0; r >= 0 && i < desk->report->n_logs; i++)
                for (const MdRecord *record = NULL;
                     r >= 0 && (record = probe_log_next(desk->report->logs[i], record, "resembles"));) {
                        bool address = !strcmp(md_record_text(record, "setting"), "address");
                        if (desk->report->logs[i]->target.mx)   /* asked again */
                                continue;
                        if (!address)
                                r = judge_host_name(desk, record);
                        else if (!told && domain_is_dead(desk))
                                r = add_resemblance(desk, i, "settings.address-misspelt", record);
                        told = told || address;
                }
        return r;
}

/* ---- settings that were right once ---- */

static int judge_retired(const Desk *desk) {
        int r = 0;

        for (size_t i = 0; r >= 0 && i < desk->report->n_logs; i++) {
                const ProbeLog *log = desk->report->logs[i];
                if (!probe_why_is_configured(log->why) || log->superseded || !is_out_of_reach(desk, i))
                        continue;
                for (size_t k = 0; r >= 0 && k < desk->candidates->n; k++) {
                        const Candidate *old = &desk->candidates->items[k];
                        const Candidate *now = candidates_best(desk->candidates, old->protocol);
                        if (!old->until || !now || strcmp(old->protocol, log->target.plugin) ||
                            !md_word_equal(old->host, log->target.host) || !strcmp(now->host, old->host))
                                continue;
                        const MdField params[] = { MD_TEXT("until", old->until), MD_TEXT("origin", old->origins[0].text),
                                                   MD_TEXT("suggested", now->host), { 0 } };
                        r = finding_add(desk->report, i, desk->registry, "settings.host-retired", old->origins[0].text, params);
                        break;
                }
        }
        return r;
}

/* ---- all of it ---- */

int judge_discovery(Report *report, const Registry *registry) {
        static int (*const chapters[])(const Desk *desk) = {
                judge_finders, judge_assumed, judge_conditions, judge_names, judge_retired, judge_sources,
        };
        _cleanup_free_ Candidates *candidates = candidates_new(report, registry);
        const Desk desk = { report, registry, candidates };
        int r = candidates ? 0 : -ENOMEM;

        if (candidates && desk_finder(&desk) == SIZE_MAX)
                return 0;

        for (size_t i = 0; r >= 0 && i < ELEMENTS(chapters); i++)
                r = chapters[i](&desk);
        return r;
}
