/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge on the conditions of providers: what has to be done in the account before an app is let in. */

#include <string.h>

#include "finding.h"
#include "judge-desk.h"
#include "own.h"
#include "precondition.h"

static const struct {
        const char *kind, *code;
} conditions[] = {
        { "app-password", "provider.app-password" },
        { "service-off", "provider.service-off" },
        { "bridge", "provider.bridge" },
        { "paid", "provider.paid-only" },
        { "unsupported", "provider.no-mail-apps" },
        { "other", "provider.note" },
};

static const char *code_of_condition(const MdRecord *record, bool wasted, bool has_token) {
        const char *kind = md_record_text(record, "kind");

        if (!strcmp(kind, "oauth-only") && wasted)
                return md_record_text(record, "since") ? "provider.passwords-ended" : "provider.oauth-only";
        if (!strcmp(kind, "oauth-only"))
                return has_token ? NULL : "provider.sign-in-only";
        for (size_t i = 0; i < ELEMENTS(conditions); i++)
                if (!strcmp(conditions[i].kind, kind))
                        return conditions[i].code;
        return NULL;
}

static int add_condition(const Desk *desk, size_t probe, const MdRecord *record, bool wasted) {
        const ProbeLog *log = desk->report->logs[probe];
        const char *code = code_of_condition(record, wasted, log->target.oauth_token);
        const char *provider = provider_name(desk->report);
        const char *text = md_record_text(record, "text"), *url = md_record_text(record, "url");
        const char *checked = md_record_text(record, "checked");
        const MdField params[] = {
                MD_TEXT("provider", provider ? provider : log->target.host),
                MD_TEXT("text", text ? text : ""),
                MD_TEXT("url", url ? url : ""),
                MD_TEXT("since", md_record_text(record, "since")),
                MD_TEXT("checked", checked ? checked : "-"),
                MD_TEXT("suggested", wasted ? "oauth2" : NULL),
                MD_TEXT("value", wasted ? "password" : NULL),
                { 0 },
        };
        return code ? finding_add(desk->report, probe, desk->registry, code, md_record_text(record, "origin"), params) : 0;
}

static bool was_let_in(const Report *report, size_t service) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->service == service && !strcmp(probe_log_login(report->logs[i]), "ok"))
                        return true;
        return false;
}

/* Whoever is let in has met them. */
static int judge_conditions_of(const Desk *desk, size_t probe) {
        const ProbeLog *log = desk->report->logs[probe];
        bool wasted = log->denial.reason == DENIAL_PROVIDER;
        int r = 0;

        if (!probe_why_is_configured(log->why) || log->superseded || was_let_in(desk->report, log->service))
                return 0;
        for (const MdRecord *record = NULL;
             r >= 0 && (record = precondition_next(desk->report, record, log->target.plugin, log->target.host));)
                r = add_condition(desk, probe, record, wasted);
        return r;
}

int judge_conditions(const Desk *desk) {
        size_t finder = desk_finder(desk);
        int r = 0;

        if (finder == SIZE_MAX)
                return 0;
        if (desk->report->is_search)
                for (const MdRecord *record = NULL; r >= 0 && (record = precondition_next(desk->report, record, NULL, NULL));)
                        r = add_condition(desk, finder, record, false);
        for (size_t i = 0; r >= 0 && !desk->report->is_search && i < desk->report->n_logs; i++)
                r = judge_conditions_of(desk, i);
        return r;
}
