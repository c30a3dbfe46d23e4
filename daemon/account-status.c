/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules by which a check becomes a status. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account-status.h"
#include "job.h"
#include "own.h"

void account_status_init(AccountStatus *status) {
        *status = (AccountStatus) { .verdict = VERDICT_UNKNOWN };
}

void account_status_done(AccountStatus *status) {
        free(status->summary);
        json_decref(status->receive);
        json_decref(status->send);
        json_decref(status->findings);
        free(status->history);
        account_status_init(status);
}

static const char *text_of(const json_t *object, const char *key) {
        const char *text = json_string_value(json_object_get(object, key));
        return text ? text : "";
}

static bool is_one_of(const char *word, const char *const *words, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (!strcmp(words[i], word))
                        return true;
        return false;
}

#define IS_ONE_OF(word, words) is_one_of((word), (words), ELEMENTS(words))

/* ---- checks that say nothing ---- */

/* The network, and not the account. */
static bool means_offline(const char *code) {
        static const char *const codes[] = {
                "net.no-connection", "net.no-route", "net.captive-portal", "dns.nothing-resolves",
                "shared.no-connection", "shared.captive-portal", "shared.names-not-found",
        };
        return IS_ONE_OF(code, codes);
}

/* Without a network nothing is expected to be reached. */
static bool is_of_network(const Finding *finding) {
        return finding->info->severity == MD_SEVERITY_ERROR &&
               (finding->info->stage == MD_STAGE_DNS || finding->info->stage == MD_STAGE_TCP);
}

static bool says_nothing(const StatusCheck *check) {
        const Report *report = check->report;
        bool internal = false;

        if (report->state != JOB_DONE)
                return true;
        for (size_t i = 0; i < report->n_findings; i++) {
                const Finding *finding = &report->findings[i];
                if (means_offline(finding->info->id) || (finding->cause && means_offline(finding->cause)) ||
                    (!check->online && is_of_network(finding)))
                        return true;
                internal = internal || !strncmp(finding->info->id, "internal.", 9);
        }
        return internal && report->verdict == VERDICT_UNKNOWN;
}

/* ---- findings of logins that were not made this time ---- */

static bool is_of_login(const json_t *finding) {
        static const char *const stages[] = { "auth", "mailbox", "policy" };
        return IS_ONE_OF(text_of(finding, "stage"), stages);
}

/* Whether a login was tried for a protocol; NULL: for any. */
static bool login_was_tried(const Report *report, const char *protocol) {
        for (size_t i = 0; i < report->n_logs; i++)
                if ((!protocol || !strcmp(report->logs[i]->target.plugin, protocol)) &&
                    strcmp(probe_log_login(report->logs[i]), "not-tried"))
                        return true;
        return false;
}

static bool login_was_refused(const Report *report) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (probe_why_is_configured(report->logs[i]->why) && !strcmp(probe_log_login(report->logs[i]), "refused"))
                        return true;
        return false;
}

static json_t *find(const json_t *findings, const char *code, const char *service) {
        for (size_t i = 0; i < json_array_size(findings); i++) {
                json_t *finding = json_array_get(findings, i);
                if (!strcmp(text_of(finding, "code"), code) && (!service || !strcmp(text_of(finding, "service"), service)))
                        return finding;
        }
        return NULL;
}

/* That a login is left out is news of that one check. */
static void drop_denials(json_t *findings) {
        for (size_t i = json_array_size(findings); i > 0; i--)
                if (!strcmp(text_of(json_array_get(findings, i - 1), "code"), "policy.login-budget"))
                        json_array_remove(findings, i - 1);
}

/* What the last login found comes behind what this check found. */
static void keep_login_findings(const json_t *old, const Report *report, json_t *findings) {
        for (size_t i = 0; i < json_array_size(old); i++) {
                json_t *finding = json_array_get(old, i);
                const char *service = text_of(finding, "service"), *cause = text_of(finding, "cause");
                if (!is_of_login(finding) || login_was_tried(report, service) ||
                    find(findings, text_of(finding, "code"), service))
                        continue;
                json_t *kept = json_copy(finding);
                if (*cause && !find(findings, cause, NULL))
                        json_object_del(kept, "cause");
                json_array_append_new(findings, kept);
        }
}

/* ---- the new status ---- */

typedef struct Draft {
        Verdict verdict;
        json_t *findings, *receive, *send;
        bool by_login;                  /* what is broken was found by a login, in this check */
} Draft;

static void draft_done(Draft *draft) {
        json_decref(draft->findings);
        json_decref(draft->receive);
        json_decref(draft->send);
}

static void add_shared(const StatusCheck *check, json_t *findings) {
        for (size_t i = 0; check->shared && i < check->shared->n_findings; i++)
                if (shared_concerns(&check->shared->findings[i], check->number))
                        json_array_append_new(findings, shared_finding_to_json(&check->shared->findings[i]));
}

/* An ability that an earlier login found broken, by something that still stands. */
static void keep_ability(const json_t *old, const json_t *findings, json_t **ability) {
        if (strcmp(text_of(old, "verdict"), "broken") || !strcmp(text_of(*ability, "verdict"), "broken"))
                return;
        const json_t *cause = find(findings, text_of(old, "cause"), NULL);
        if (!cause || !is_of_login(cause))
                return;
        json_decref(*ability);
        *ability = json_incref((json_t *) old);
}

static bool has_denial(const Report *report) {
        for (size_t i = 0; i < report->n_findings; i++)
                if (!strcmp(report->findings[i].info->id, "policy.login-budget"))
                        return true;
        return false;
}

static Verdict verdict_of(const json_t *findings, const Report *report) {
        static const char *const severities[] = { [VERDICT_INFO] = "info", [VERDICT_WARNING] = "warning",
                                                  [VERDICT_ERROR] = "error" };
        Verdict worst = report->verdict == VERDICT_UNKNOWN && !has_denial(report) ? VERDICT_UNKNOWN : VERDICT_OK;

        for (size_t i = 0; i < json_array_size(findings); i++) {
                const json_t *finding = json_array_get(findings, i);
                Verdict verdict = VERDICT_OK;
                for (size_t k = VERDICT_INFO; k <= VERDICT_ERROR; k++)
                        if (!strcmp(severities[k], text_of(finding, "severity")))
                                verdict = k;
                if (!strcmp(text_of(finding, "code"), "policy.secret-missing"))
                        verdict = VERDICT_UNKNOWN;
                if (verdict_is_worse(verdict, worst))
                        worst = verdict;
        }
        return worst;
}

static int make_draft(const AccountStatus *status, const StatusCheck *check, Draft *ret) {
        const Report *report = check->report;
        json_t *findings = json_array(), *own = report_findings_to_json(report);

        *ret = (Draft) { .findings = findings, .receive = report_receive_to_json(report),
                         .send = report_send_to_json(report) };
        if (findings && own) {
                add_shared(check, findings);
                json_array_extend(findings, own);
        }
        json_decref(own);
        if (!own || !ret->findings || !ret->receive || !ret->send) {
                draft_done(ret);
                return -ENOMEM;
        }
        drop_denials(findings);
        keep_login_findings(status->findings, report, findings);
        keep_ability(status->receive, findings, &ret->receive);
        keep_ability(status->send, findings, &ret->send);
        ret->verdict = verdict_of(findings, report);
        for (size_t i = 0; i < report->n_findings; i++)
                ret->by_login = ret->by_login || (report->findings[i].info->severity == MD_SEVERITY_ERROR &&
                                                  report->findings[i].info->stage >= MD_STAGE_AUTH);
        ret->by_login = ret->by_login && login_was_tried(report, NULL);
        return 0;
}

/* One sentence: what is broken, else what else there is to say. */
static char *summarise(const Draft *draft) {
        const json_t *first = json_array_get(draft->findings, 0);

        if (!strcmp(text_of(draft->receive, "verdict"), "broken"))
                return strdup(text_of(draft->receive, "text"));
        if (!strcmp(text_of(draft->send, "verdict"), "broken"))
                return strdup(text_of(draft->send, "text"));
        return strdup(first ? text_of(first, "message") : text_of(draft->receive, "text"));
}

static void note_event(AccountStatus *status) {
        if (!status->history)
                status->history = calloc(STATUS_HISTORY_MAX, sizeof(StatusEvent));
        if (!status->history)           /* it is only history */
                return;
        if (status->n_history == STATUS_HISTORY_MAX) {
                memmove(status->history, status->history + 1, (STATUS_HISTORY_MAX - 1) * sizeof(StatusEvent));
                status->n_history--;
        }
        StatusEvent *event = &status->history[status->n_history++];
        *event = (StatusEvent) { .usec = status->since_usec, .verdict = status->verdict };
        snprintf(event->code, sizeof(event->code), "%s", text_of(json_array_get(status->findings, 0), "code"));
}

static void replace(json_t **old, json_t **new) {
        json_decref(*old);
        *old = TAKE_PTR(*new);
}

static int take_draft(AccountStatus *status, Draft *draft, uint64_t now_usec) {
        bool changed = status->verdict != draft->verdict || status->since_usec == 0;
        char *summary = summarise(draft);

        if (!summary)
                return -ENOMEM;
        free(status->summary);
        status->summary = summary;
        replace(&status->receive, &draft->receive);
        replace(&status->send, &draft->send);
        replace(&status->findings, &draft->findings);
        status->verdict = draft->verdict;
        if (changed) {
                status->since_usec = now_usec;
                note_event(status);
        }
        return changed ? STATUS_CHANGED : STATUS_CHECKED;
}

static void note_login(AccountStatus *status, const StatusCheck *check) {
        if (!login_was_tried(check->report, NULL))
                return;
        status->login_usec = check->now_usec;
        status->refused = login_was_refused(check->report);
}

int account_status_take(AccountStatus *status, const StatusCheck *check) {
        Draft draft;

        if (says_nothing(check))
                return STATUS_NOTHING;
        int r = make_draft(status, check, &draft);
        if (r < 0)
                return r;
        bool breaks = draft.verdict == VERDICT_ERROR && status->verdict != VERDICT_ERROR;
        status->checked_usec = check->now_usec;
        note_login(status, check);
        if (breaks && !check->asked && !status->suspect) {
                status->suspect = true;
                status->suspect_login = draft.by_login;
                r = STATUS_SUSPECT;
        } else {
                status->suspect = status->suspect_login = false;
                status->n_failed = draft.verdict == VERDICT_ERROR ? status->n_failed + 1 : 0;
                r = take_draft(status, &draft, check->now_usec);
        }
        draft_done(&draft);
        return r;
}

void account_status_settings_changed(AccountStatus *status) {
        for (size_t i = json_array_size(status->findings); i > 0; i--)
                if (is_of_login(json_array_get(status->findings, i - 1)))
                        json_array_remove(status->findings, i - 1);
        status->suspect = status->suspect_login = status->refused = false;
        status->n_failed = 0;
        status->login_usec = 0;
}
