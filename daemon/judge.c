/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judge's work: collect the findings of all probes, add what only the whole shows, put root causes first.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "judge-private.h"
#include "own.h"
#include "match.h"

/* ---- what the end of a probe means ---- */

static const struct {
        ProbeEnd end;
        const char *code;
        const char *reason;             /* NULL: the log's own text or detail */
} end_codes[] = {
        { PROBE_CRASHED, "internal.worker-lost", NULL },
        { PROBE_SILENT, "internal.worker-lost", "it ended without a word" },
        { PROBE_WORKER_LOST, "internal.worker-lost", "the worker ended" },
        { PROBE_OVERDUE, "internal.overdue", NULL },
        { PROBE_RUBBISH, "internal.bad-record", NULL },
        { PROBE_REFUSED, "internal.not-started", NULL },
};

static int judge_end(Report *report, size_t probe, const Registry *registry) {
        const ProbeLog *log = report->logs[probe];
        char reason[64];

        for (size_t i = 0; i < sizeof(end_codes) / sizeof(end_codes[0]); i++) {
                if (end_codes[i].end != log->end)
                        continue;
                snprintf(reason, sizeof(reason), "signal %d", log->detail);
                const char *why = end_codes[i].reason ? end_codes[i].reason : log->text ? log->text : reason;
                const char *step = probe_log_step(log);
                const MdField params[] = { MD_TEXT("reason", why), MD_TEXT("step", step ? step : "start"), { 0 } };
                return finding_add(report, probe, registry, end_codes[i].code, NULL, params);
        }
        return 0;
}

/* ---- what the probes found ---- */

static int judge_probe(Report *report, size_t probe, const Registry *registry) {
        const ProbeLog *log = report->logs[probe];

        if (!probe_why_is_configured(log->why))
                return 0;
        if (log->end == PROBE_RUBBISH)
                return judge_end(report, probe, registry);
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));) {
                MdField params[MD_RECORD_FIELDS_MAX + 1] = { 0 };
                memcpy(params, record->fields, record->n_fields * sizeof(MdField));
                int r = finding_add(report, probe, registry, md_record_text(record, "code"),
                                    md_record_text(record, "evidence"), params);
                if (r < 0)
                        return r;
        }
        return judge_end(report, probe, registry);
}

/* ---- security "auto" ---- */

/* Later rounds add logs of any service behind those of all. */
bool is_first_of_service(const Report *report, size_t probe) {
        for (size_t i = 0; i < probe; i++)
                if (report->logs[i]->service == report->logs[probe]->service)
                        return false;
        return true;
}

static bool probe_has_error(const Report *report, size_t probe) {
        for (size_t i = 0; i < report->n_findings; i++)
                if (report->findings[i].probe == probe && report->findings[i].info->severity == MD_SEVERITY_ERROR)
                        return true;
        return false;
}

static bool probe_works(const Report *report, size_t probe) {
        return report->logs[probe]->end == PROBE_ENDED && !report->logs[probe]->superseded &&
               !probe_has_error(report, probe);
}

/* A candidate that was only a try: what it found is no fault of the settings. */
static void supersede(Report *report, size_t probe) {
        size_t kept = 0;
        report->logs[probe]->superseded = true;
        for (size_t i = 0; i < report->n_findings; i++) {
                if (report->findings[i].probe == probe)
                        finding_done(&report->findings[i]);
                else
                        report->findings[kept++] = report->findings[i];
        }
        report->n_findings = kept;
}

/* The one login of a service, however it went; SIZE_MAX: there was none. */
static size_t login_probe(const Report *report, size_t service) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->service == service && probe_why_is_configured(report->logs[i]->why) &&
                    strcmp(probe_log_login(report->logs[i]), "not-tried"))
                        return i;
        return SIZE_MAX;
}

/* The probe of a service that answers for it: the one with the login, the first that works, or the one that came
 * furthest. */
static size_t best_probe(const Report *report, size_t service) {
        size_t best = login_probe(report, service), best_steps = 0;
        if (best != SIZE_MAX)
                return best;
        for (size_t i = 0; i < report->n_logs; i++) {
                if (report->logs[i]->service != service || !probe_why_is_configured(report->logs[i]->why))
                        continue;
                if (probe_works(report, i))
                        return i;
                size_t steps = 0;
                for (const MdRecord *step = NULL; (step = probe_log_next(report->logs[i], step, "step"));)
                        steps += !strcmp(md_record_text(step, "outcome"), "ok");
                if (best == SIZE_MAX || steps > best_steps) {
                        best = i;
                        best_steps = steps;
                }
        }
        return best;
}

/* Candidates of a service that were only tries do not count as faults of it. */
static int judge_auto(Report *report, size_t service, const Registry *registry) {
        size_t best = best_probe(report, service);
        if (best == SIZE_MAX || report->logs[best]->why == PROBE_CONFIGURED)
                return 0;
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->service == service && i != best && probe_why_is_configured(report->logs[i]->why))
                        supersede(report, i);
        if (!probe_works(report, best))
                return 0;

        const MdTarget *target = &report->logs[best]->target;
        const MdField params[] = {
                MD_TEXT("value", "auto"),
                MD_TEXT("suggested", md_security_to_string(target->security)),
                { 0 },
        };
        int r = finding_add(report, best, registry, "settings.security-found", NULL, params);
        if (r >= 0)
                report->findings[report->n_findings - 1].proof =
                        strcmp(probe_log_login(report->logs[best]), "ok") ? PROOF_CONNECTION : PROOF_LOGIN;
        return r;
}

/* ---- causes and consequences ---- */

/* Within one service: the first follows from the second.  A name ending in '.' stands for all that begin so. */
static const struct {
        const char *consequence, *cause;
} follows[] = {
        { "tls.starttls-missing", "security.starttls-masked" },
        { "auth.not-offered", "tls.starttls-missing" },
        { "auth.not-offered", "auth.not-possible-without-tls" },
        { "auth.no-common-mechanism", "auth.not-possible-without-tls" },
        { "security.cleartext", "auth.not-possible-without-tls" },
        { "security.cleartext", "auth.encryption-required" },
        { "security.cleartext", "port." },
        { "cert.expired", "local.clock-wrong" },
        { "cert.not-yet-valid", "local.clock-wrong" },
        { "protocol.closed", "server." },
        { "protocol.closed", "auth." },
        { "server.closed-session", "auth." },
        { "tls.truncated", "auth." },
        { "auth.closed", "auth.rate-limited" },
        { "mailbox.nearly-full", "mailbox.full" },
        { "net.some-addresses-dead", "net.ipv6-broken" },
        { "cert.replaced", "cert." },
        { "tls.timeout", "net.large-packets-lost" },
        { "tls.", "tls.version-intolerant" },
        { "auth.rejected", "settings.suspicious-secret" },
        { "auth.encryption-required", "security.password-exposed" },
        { "security.cleartext", "security.password-exposed" },
        { "internal.", "settings." },
        { "autoconf.nothing-found", "settings.address-misspelt" },
        { "dns.no-such-domain", "settings.address-misspelt" },
        { "autoconf.nothing-found", "dns." },
        { "autoconf.nothing-found", "net." },
        { "autoconf.nothing-found", "autoconf.unreachable" },
        { "autoconf.nothing-found", "autoconf.intercepted" },
        { "autoconf.nothing-found", "autoconf.bad-certificate" },
        { "autoconf.nothing-found", "autoconf.bad-json" },
        { "autoconf.nothing-found", "autoconf.bad-record" },
        { "autoconf.nothing-found", "autoconf.bad-redirect" },
        { "autoconf.nothing-found", "autoconf.bad-value" },
        { "autoconf.nothing-found", "autoconf.bad-xml" },
        { "autoconf.nothing-found", "autoconf.too-large" },
        { "dns.", "settings.host-misspelt" },
        { "tcp.", "settings.host-misspelt" },
        { "cert.", "settings.host-misspelt" },
        { "settings.differ-from-published", "settings.host-misspelt" },
        { "server.unreachable", "settings.host-misspelt" },
        { "settings.web-host", "settings.host-misspelt" },
        { "dns.", "settings.host-retired" },
        { "tcp.", "settings.host-retired" },
        { "cert.", "settings.host-retired" },
        { "settings.differ-from-published", "settings.host-retired" },
        { "server.unreachable", "settings.host-retired" },
        { "settings.web-host", "settings.host-retired" },
};

static bool follows_from(const char *code, const char *cause) {
        for (size_t i = 0; i < sizeof(follows) / sizeof(follows[0]); i++)
                if (code_matches(code, follows[i].consequence) && code_matches(cause, follows[i].cause))
                        return true;
        return judge_rule_links(code, cause);
}

static const char *cause_within(const Report *report, const Finding *finding) {
        for (size_t i = 0; i < report->n_findings; i++) {
                const Finding *other = &report->findings[i];
                if (other != finding && report->logs[other->probe]->service == report->logs[finding->probe]->service &&
                    strcmp(other->info->id, finding->info->id) && follows_from(finding->info->id, other->info->id))
                        return other->info->id;
        }
        return NULL;
}

/* What is wrong with this computer or its network is the same fault whatever host shows it. */
static const char *const shared[] = {
        "dns.nothing-resolves", "net.no-connection", "net.port-blocked", "net.captive-portal", "local.clock-wrong",
        "cert.intercepted", "provider.",
};

static bool is_shared(const Finding *finding) {
        for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
                if (code_matches(finding->info->id, shared[i]))
                        return true;
        return false;
}

/* What belongs to a service, not to the fault. */
static bool is_local_value(const Finding *finding, const char *key) {
        if (!strcmp(key, "port"))
                return strcmp(finding->info->id, "net.port-blocked");
        return !strcmp(key, "value") || (is_shared(finding) && (!strcmp(key, "host") || !strcmp(key, "username")));
}

static bool fields_equal(const MdField *a, const MdField *b) {
        if (!a || !b || a->type != b->type)
                return a == b;
        return a->type == 's' ? !strcmp(a->text, b->text) : a->type == 'l' || a->number == b->number;
}

static bool values_equal(const Finding *a, const Finding *b) {
        for (size_t i = 0; i < a->params.n_fields; i++) {
                const MdField *field = &a->params.fields[i];
                if (!is_local_value(a, field->key) && !fields_equal(field, md_record_get(&b->params, field->key)))
                        return false;
        }
        return a->params.n_fields == b->params.n_fields;
}

/* Whether two findings of one kind are one fault. */
static bool are_same(const Report *report, const Finding *a, const Finding *b) {
        return values_equal(a, b) && (is_shared(a) || !strcmp(report->logs[a->probe]->target.host,
                                                              report->logs[b->probe]->target.host));
}

/* The same thing, seen by an earlier probe at the same host: an expired certificate on three ports is one fault.  What
 * belongs to the port or to a login is each service's own. */
static bool is_repeated(const Report *report, size_t i) {
        const Finding *finding = &report->findings[i];
        MdStage stage = finding->info->stage;
        if ((stage != MD_STAGE_DNS && stage != MD_STAGE_TLS && !code_matches(finding->info->id, "net.")) ||
            code_matches(finding->info->id, "port."))
                return false;
        for (size_t k = 0; k < i; k++) {
                const Finding *other = &report->findings[k];
                if (other->info == finding->info && other->probe != finding->probe && are_same(report, other, finding))
                        return true;
        }
        return false;
}

/* A warning from which an error follows weighs as much. */
static void judge_weights(Report *report) {
        for (size_t i = 0; i < report->n_findings; i++) {
                Finding *finding = &report->findings[i];
                finding->weight = finding->info->severity;
                for (size_t k = 0; k < report->n_findings; k++) {
                        const Finding *other = &report->findings[k];
                        if (other->cause && !strcmp(other->cause, finding->info->id) &&
                            report->logs[other->probe]->service == report->logs[finding->probe]->service &&
                            other->info->severity > finding->weight)
                                finding->weight = other->info->severity;
                }
        }
}

static void judge_causes(Report *report) {
        for (size_t i = 0; i < report->n_findings; i++) {
                Finding *finding = &report->findings[i];
                finding->cause = cause_within(report, finding);
                if (!finding->cause && is_repeated(report, i))
                        finding->cause = finding->info->id;
        }
}

/* ---- order ---- */

/* Errors first; then what comes earlier in a dialogue, because the rest may follow from it; then as configured. */
static int compare_roots(const void *a, const void *b) {
        const Finding *x = a, *y = b;
        if (x->weight != y->weight)
                return (int) y->weight - (int) x->weight;
        if (x->info->stage != y->info->stage)
                return (int) x->info->stage - (int) y->info->stage;
        return x->probe < y->probe ? -1 : x->probe > y->probe ? 1 : strcmp(x->info->id, y->info->id);
}

static bool belongs_under(const Report *report, const Finding *finding, const Finding *root) {
        if (!finding->cause || strcmp(finding->cause, root->info->id))
                return false;
        if (finding->info == root->info)
                return are_same(report, finding, root);
        return report->logs[finding->probe]->service == report->logs[root->probe]->service;
}

/* Roots in order, each followed by what follows from it, at any depth. */
static void place(const Report *report, const Finding *from, bool *placed, size_t i, Finding *to, size_t *used) {
        /* A stack is not needed: whatever is placed is scanned for consequences in turn. */
        size_t first = *used;
        placed[i] = true;
        to[(*used)++] = from[i];
        for (size_t scan = first; scan < *used; scan++)
                for (size_t k = 0; k < report->n_findings; k++)
                        if (!placed[k] && belongs_under(report, &from[k], &to[scan])) {
                                placed[k] = true;
                                to[(*used)++] = from[k];
                        }
}

static int judge_order(Report *report) {
        size_t n = report->n_findings, used = 0;
        if (n == 0)
                return 0;
        Finding *ordered = calloc(n, sizeof(Finding));
        bool *placed = calloc(n, sizeof(bool));
        if (!ordered || !placed) {
                free(ordered);
                free(placed);
                return -ENOMEM;
        }

        qsort(report->findings, n, sizeof(Finding), compare_roots);
        for (size_t i = 0; i < n; i++)
                if (!placed[i] && !report->findings[i].cause)
                        place(report, report->findings, placed, i, ordered, &used);
        /* A circle of causes has no root; its members stand for themselves. */
        for (size_t i = 0; i < n; i++)
                if (!placed[i]) {
                        report->findings[i].cause = NULL;
                        place(report, report->findings, placed, i, ordered, &used);
                }
        free(placed);
        free(report->findings);
        report->findings = ordered;
        return 0;
}

/* ---- verdicts ---- */

static bool is_internal(const Finding *finding) {
        return !strncmp(finding->info->id, "internal.", 9);
}

/* It says that something was not tried, and not what would have come of it. */
static bool leaves_open(const Finding *finding) {
        static const char *const ids[] = { "policy.login-budget", "policy.secret-missing", "policy.address-refused" };

        for (size_t i = 0; i < ELEMENTS(ids); i++)
                if (!strcmp(finding->info->id, ids[i]))
                        return true;
        return is_internal(finding);
}

/* The login was not accepted, for a reason that says nothing about the settings: a mailbox in use, say. */
static bool is_undecided(const Report *report, size_t probe) {
        const ProbeLog *log = report->logs[probe];
        return probe_why_is_configured(log->why) && probe_works(report, probe) &&
               !strcmp(probe_log_login(log), "refused");
}

static bool any_is_configured(const Report *report) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (probe_why_is_configured(report->logs[i]->why))
                        return true;
        return false;
}

static Verdict judge_verdict(const Report *report) {
        Verdict worst = VERDICT_OK;
        bool unknown = report->n_logs == 0 || (!report->is_search && !any_is_configured(report));

        for (size_t i = 0; i < report->n_logs; i++)
                unknown = unknown || (probe_why_is_configured(report->logs[i]->why) &&
                                      (report->logs[i]->end == PROBE_CANCELLED || report->logs[i]->end == PROBE_RUNNING)) ||
                          is_undecided(report, i);
        for (size_t i = 0; i < report->n_findings; i++) {
                if (leaves_open(&report->findings[i]))
                        unknown = true;
                else if ((Verdict) report->findings[i].info->severity > worst)
                        worst = (Verdict) report->findings[i].info->severity;
        }
        return unknown && worst < VERDICT_ERROR ? VERDICT_UNKNOWN : worst;
}

/* The first finding, in order, that breaks a service; NULL when none does. */
static const Finding *breaks_service(const Report *report, size_t service) {
        for (size_t i = 0; i < report->n_findings; i++) {
                const Finding *finding = &report->findings[i];
                if (finding->info->severity == MD_SEVERITY_ERROR && !is_internal(finding) &&
                    report->logs[finding->probe]->service == service)
                        return finding;
        }
        return NULL;
}

static Ability service_ability(const Report *report, size_t service, const Finding **ret_cause) {
        size_t best = best_probe(report, service);
        *ret_cause = breaks_service(report, service);
        if (*ret_cause)
                return ABILITY_BROKEN;
        if (best == SIZE_MAX || !probe_works(report, best) || strcmp(probe_log_login(report->logs[best]), "ok"))
                return ABILITY_UNKNOWN;
        return ABILITY_OK;
}

/* One service that works is enough; one that is broken counts only when none works. */
static Ability judge_ability(const Report *report, MdPurpose purpose, const Finding **ret_cause) {
        static const int rank[] = { [ABILITY_NONE] = 0, [ABILITY_BROKEN] = 1, [ABILITY_UNKNOWN] = 2, [ABILITY_OK] = 3 };
        Ability best = ABILITY_NONE;
        *ret_cause = NULL;
        for (size_t i = 0; i < report->n_logs; i++) {
                const Finding *cause;
                if (report->logs[i]->purpose != purpose || !probe_why_is_configured(report->logs[i]->why))
                        continue;
                Ability ability = service_ability(report, report->logs[i]->service, &cause);
                if (rank[ability] > rank[best]) {
                        best = ability;
                        *ret_cause = cause;
                }
        }
        return best;
}

/* Whole sentences: they are translated as they stand. */
static char *ability_text(Ability ability, const Finding *cause, bool send) {
        static const char *const texts[][2] = {
                [ABILITY_NONE] = { N_("Receiving mail was not part of this check."),
                                   N_("Sending mail was not part of this check.") },
                [ABILITY_OK] = { N_("Receiving mail works."), N_("Sending mail works.") },
                [ABILITY_BROKEN] = { N_("Receiving mail does not work: %s."), N_("Sending mail does not work: %s.") },
                [ABILITY_UNKNOWN] = { N_("Receiving mail could not be proven: no login succeeded."),
                                      N_("Sending mail could not be proven: no login succeeded.") },
        };
        char *text;
        int r = asprintf(&text, texts[ability][send], cause ? cause->message : "");
        return r < 0 ? NULL : text;
}

static int judge_abilities(Report *report) {
        report->receive = judge_ability(report, MD_PURPOSE_RECEIVE, &report->receive_cause);
        report->send = judge_ability(report, MD_PURPOSE_SEND, &report->send_cause);
        report->receive_text = ability_text(report->receive, report->receive_cause, false);
        report->send_text = ability_text(report->send, report->send_cause, true);
        return report->receive_text && report->send_text ? 0 : -ENOMEM;
}

int report_judge(Report *report, const Registry *registry) {
        int r = 0;

        report_forget(report);
        report->registry = registry;
        for (size_t i = 0; r >= 0 && i < report->n_logs; i++)
                r = judge_probe(report, i, registry);
        for (size_t i = 0; r >= 0 && i < report->n_logs; i++)
                if (is_first_of_service(report, i))
                        r = judge_auto(report, report->logs[i]->service, registry);
        if (r < 0)
                return r;
        r = judge_usernames(report, registry);
        if (r >= 0)
                r = judge_budget(report, registry);
        if (r < 0)
                return r;
        r = judge_discovery(report, registry);
        if (r >= 0)
                r = judge_rules(report, registry);
        if (r >= 0)
                r = judge_memory(report, registry);
        if (r >= 0)
                r = judge_downgrade(report, registry);
        if (r < 0)
                return r;
        r = judge_alternatives(report, registry);
        if (r < 0)
                return r;
        judge_causes(report);
        judge_weights(report);
        r = judge_order(report);
        if (r >= 0)
                r = judge_proposals(report, registry);
        if (r < 0)
                return r;
        report->verdict = judge_verdict(report);
        return judge_abilities(report);
}
