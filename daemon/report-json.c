/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The report as the document maildiag-report/1; its schema stands in dbus/. */

#include <string.h>

#include "config.h"
#include "report-discovery.h"
#include "report.h"

/* Sets a member unless the text is NULL. */
static void set_text(json_t *object, const char *key, const char *text) {
        if (text)
                json_object_set_new(object, key, json_string(text));
}

static json_t *list_to_json(const char *const *list) {
        json_t *array = json_array();
        for (size_t i = 0; list && list[i]; i++)
                json_array_append_new(array, json_string(list[i]));
        return array;
}

static json_t *field_to_json(const MdField *field) {
        switch (field->type) {
        case 's':
                return json_string(field->text);
        case 'u':
                return json_integer(field->number);
        case 'b':
                return json_boolean(field->number);
        default:
                return list_to_json(field->list);
        }
}

/* Members that a record has under the same or another name; times end in -usec outside. */
typedef struct Member {
        const char *key;        /* of the record */
        const char *name;       /* of the document */
} Member;

static json_t *record_to_json(const MdRecord *record, const Member *members) {
        json_t *object = json_object();
        for (; members->key; members++) {
                const MdField *field = md_record_get(record, members->key);
                if (field)
                        json_object_set_new(object, members->name, field_to_json(field));
        }
        return object;
}

static json_t *records_to_json(const ProbeLog *log, const char *kind, const Member *members) {
        json_t *array = json_array();
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, kind));)
                json_array_append_new(array, record_to_json(record, members));
        return array;
}

/* ---- services ---- */

/* A step is reported twice, when it begins and when it ends; the document has it once. */
static json_t *steps_to_json(const ProbeLog *log) {
        static const Member members[] = { { "name", "name" }, { "stage", "stage" }, { "outcome", "outcome" },
                                          { "at-us", "at-usec" }, { "elapsed-us", "elapsed-usec" },
                                          { "error", "error" }, { 0 } };
        json_t *array = json_array();
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "step"));) {
                bool started = !strcmp(md_record_text(record, "outcome"), "started");
                json_t *step = record_to_json(record, members);
                if (!json_object_get(step, "elapsed-usec"))
                        json_object_set_new(step, "elapsed-usec", json_integer(0));
                if (started)
                        json_object_set_new(step, "outcome", json_string("unfinished"));

                size_t n = json_array_size(array);
                json_t *last = n ? json_array_get(array, n - 1) : NULL;
                bool same = last && json_equal(json_object_get(last, "name"), json_object_get(step, "name")) &&
                            !strcmp(json_string_value(json_object_get(last, "outcome")), "unfinished");
                if (same && !started)
                        json_array_set_new(array, n - 1, step);
                else
                        json_array_append_new(array, step);
        }
        return array;
}

static json_t *tls_to_json(const ProbeLog *log) {
        static const Member members[] = { { "outcome", "outcome" }, { "verified", "verified" }, { "version", "version" },
                                          { "cipher", "cipher" }, { "group", "group" }, { "signature", "signature" },
                                          { "sni", "sni" }, { "alert", "alert" }, { 0 } };
        static const Member certificate[] = { { "subject", "subject" }, { "issuer", "issuer" }, { "names", "names" },
                                              { "not-before", "not-before" }, { "not-after", "not-after" },
                                              { "key", "key" }, { "signature", "signature" }, { "serial", "serial" },
                                              { "sha256", "sha256" }, { "reasons", "reasons" }, { 0 } };
        const MdRecord *record = probe_log_next(log, NULL, "tls");
        if (!record)
                return NULL;
        json_t *tls = record_to_json(record, members);
        json_object_set_new(tls, "certificates", records_to_json(log, "certificate", certificate));
        return tls;
}

static json_t *capabilities_to_json(const ProbeLog *log) {
        json_t *object = json_object();
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "capability"));)
                json_object_set_new(object, md_record_text(record, "phase"),
                                    list_to_json(md_record_list(record, "words")));
        return object;
}

json_t *report_facts_to_json(const ProbeLog *log) {
        json_t *object = json_object();
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "fact"));)
                json_object_set_new(object, md_record_text(record, "name"),
                                    field_to_json(md_record_get(record, "value")));
        return object;
}

static Verdict service_verdict(const Report *report, size_t probe) {
        Verdict worst = report->logs[probe]->end == PROBE_ENDED ? VERDICT_OK : VERDICT_UNKNOWN;
        for (size_t i = 0; i < report->n_findings; i++)
                if (report->findings[i].probe == probe && worst != VERDICT_UNKNOWN &&
                    (Verdict) report->findings[i].info->severity > worst)
                        worst = (Verdict) report->findings[i].info->severity;
        return worst;
}

static void set_target(json_t *service, const ProbeLog *log) {
        static const char *const purposes[] = {
                [MD_PURPOSE_RECEIVE] = "receive",
                [MD_PURPOSE_SEND] = "send",
                [MD_PURPOSE_OTHER] = "other",
        };
        const char *security = md_security_to_string(log->target.security);

        set_text(service, "protocol", log->target.plugin);
        set_text(service, "host", log->target.host);
        json_object_set_new(service, "port", json_integer(log->target.port));
        set_text(service, "security", security);
        set_text(service, "asked-security", log->why == PROBE_CONFIGURED ? security : "auto");
        set_text(service, "username", log->target.username);
        set_text(service, "purpose", purposes[log->purpose]);
        set_text(service, "assumed-from", log->assumed_from);
}

static void set_records(json_t *service, const ProbeLog *log) {
        static const Member attempt[] = { { "address", "address" }, { "port", "port" }, { "family", "family" },
                                          { "outcome", "outcome" }, { "elapsed-us", "elapsed-usec" },
                                          { "used", "used" }, { 0 } };
        static const Member mechanism[] = { { "name", "name" }, { "reason", "reason" }, { "offered", "offered" }, { 0 } };
        static const Member reply[] = { { "to", "to" }, { "code", "code" }, { "enhanced", "enhanced" },
                                        { "text", "text" }, { 0 } };
        static const Member transcript[] = { { "from", "from" }, { "text", "text" }, { "at-us", "at-usec" }, { 0 } };
        const MdRecord *greeting = probe_log_next(log, NULL, "greeting");
        const MdRecord *login = probe_log_next(log, NULL, "mechanism");
        json_t *tls = tls_to_json(log);

        json_object_set_new(service, "steps", steps_to_json(log));
        json_object_set_new(service, "addresses", records_to_json(log, "attempt", attempt));
        if (greeting)
                set_text(service, "greeting", md_record_text(greeting, "text"));
        json_object_set_new(service, "capabilities", capabilities_to_json(log));
        if (tls)
                json_object_set_new(service, "tls", tls);
        if (login)
                json_object_set_new(service, "mechanism", record_to_json(login, mechanism));
        json_object_set_new(service, "replies", records_to_json(log, "reply", reply));
        json_object_set_new(service, "facts", report_facts_to_json(log));
        json_object_set_new(service, "transcript", records_to_json(log, "transcript", transcript));
}

static json_t *service_to_json(const Report *report, size_t probe) {
        const ProbeLog *log = report->logs[probe];
        const MdRecord *end = probe_log_next(log, NULL, "end");
        json_t *service = json_object();

        set_target(service, log);
        set_text(service, "verdict", verdict_to_string(service_verdict(report, probe)));
        set_text(service, "login", end ? md_record_text(end, "login") : "not-tried");
        json_object_set_new(service, "elapsed-usec", json_integer(end ? md_record_number(end, "elapsed-us", 0) : 0));
        set_records(service, log);
        if (end) {
                json_object_set_new(service, "bytes-in", json_integer(md_record_number(end, "bytes-in", 0)));
                json_object_set_new(service, "bytes-out", json_integer(md_record_number(end, "bytes-out", 0)));
        }
        return service;
}

/* ---- findings ---- */

static void set_proposal(json_t *object, const Finding *finding) {
        if (finding->suggested) {
                json_object_set_new(object, "verified", json_boolean(finding->proof != PROOF_NONE));
                set_text(object, "proof", proof_to_string(finding->proof));
        }
        json_t *changes = json_array();
        for (size_t i = 0; i < finding->n_changes; i++) {
                json_t *change = json_object();
                set_text(change, "setting", finding->changes[i].setting);
                set_text(change, "from", finding->changes[i].from);
                set_text(change, "to", finding->changes[i].to);
                json_array_append_new(changes, change);
        }
        if (finding->n_changes > 0)
                json_object_set(object, "changes", changes);
        json_decref(changes);
}

json_t *report_params_to_json(const MdRecord *params) {
        json_t *object = json_object();
        for (size_t i = 0; i < params->n_fields; i++)
                json_object_set_new(object, params->fields[i].key, field_to_json(&params->fields[i]));
        return object;
}

static void set_alternatives(json_t *object, const Finding *finding) {
        json_t *alternatives = json_array();
        for (size_t i = 0; i < finding->n_alternatives; i++) {
                json_t *alternative = json_object();
                set_text(alternative, "code", finding->alternatives[i].info->id);
                set_text(alternative, "message", finding->alternatives[i].message);
                json_array_append_new(alternatives, alternative);
        }
        if (finding->n_alternatives > 0)
                json_object_set(object, "alternatives", alternatives);
        json_decref(alternatives);
}

static json_t *finding_to_json(const Report *report, const Finding *finding) {
        const MdTarget *target = &report->logs[finding->probe]->target;
        json_t *object = json_object();

        set_text(object, "code", finding->info->id);
        set_text(object, "severity", md_severity_to_string(finding->info->severity));
        set_text(object, "stage", md_stage_to_string(finding->info->stage));
        set_text(object, "actor", md_actor_to_string(finding->info->actor));
        set_text(object, "message", finding->message);
        set_text(object, "meaning", finding->meaning);
        set_text(object, "hint", finding->hint);
        json_object_set_new(object, "params", report_params_to_json(&finding->params));
        set_text(object, "service", target->plugin);
        set_text(object, "host", target->host);
        json_object_set_new(object, "port", json_integer(target->port));
        set_text(object, "setting", finding->setting);
        set_text(object, "value", finding->setting ? finding->value : NULL);
        set_text(object, "suggested", finding->suggested);
        set_proposal(object, finding);
        set_alternatives(object, finding);
        set_text(object, "evidence", finding->evidence);
        set_text(object, "confidence", confidence_to_string(finding_confidence(finding)));
        set_text(object, "cause", finding->cause);
        set_text(object, "standard", finding->info->standard);
        return object;
}

/* ---- attempts ---- */

/* The finding that ended an attempt, in the words of its own probe; NULL when it works. */
static const char *attempt_fault(const Report *report, const ProbeLog *log) {
        for (const MdRecord *record = NULL; report->registry && (record = probe_log_next(log, record, "finding"));) {
                const MdFindingInfo *info = registry_finding(report->registry, md_record_text(record, "code"), NULL);
                if (info && info->severity == MD_SEVERITY_ERROR)
                        return info->id;
        }
        return NULL;
}

static json_t *attempt_to_json(const Report *report, const ProbeLog *log) {
        const MdRecord *end = probe_log_next(log, NULL, "end");
        const char *fault = attempt_fault(report, log);
        json_t *attempt = json_object();

        set_text(attempt, "why", probe_why_to_string(log->why));
        set_text(attempt, "protocol", log->target.plugin);
        set_text(attempt, "host", log->target.host);
        json_object_set_new(attempt, "port", json_integer(log->target.port));
        set_text(attempt, "security", md_security_to_string(log->target.security));
        set_text(attempt, "username", log->target.username);
        set_text(attempt, "outcome", log->end != PROBE_ENDED ? "unknown" : fault ? "fails" : "works");
        set_text(attempt, "code", fault);
        set_text(attempt, "login", probe_log_login(log));
        json_object_set_new(attempt, "elapsed-usec", json_integer(end ? md_record_number(end, "elapsed-us", 0) : 0));
        return attempt;
}

static json_t *ability_to_json(Ability ability, const char *text, const Finding *cause) {
        json_t *object = json_object();
        set_text(object, "verdict", ability_to_string(ability));
        set_text(object, "text", text ? text : "");
        set_text(object, "cause", cause ? cause->info->id : NULL);
        return object;
}

json_t *report_receive_to_json(const Report *report) {
        return ability_to_json(report->receive, report->receive_text, report->receive_cause);
}

json_t *report_send_to_json(const Report *report) {
        return ability_to_json(report->send, report->send_text, report->send_cause);
}

json_t *report_findings_to_json(const Report *report) {
        json_t *findings = json_array();
        for (size_t i = 0; i < report->n_findings; i++)
                json_array_append_new(findings, finding_to_json(report, &report->findings[i]));
        return findings;
}

json_t *report_to_json(const Report *report) {
        json_t *document = json_object(), *account = json_object();
        json_t *services = json_array(), *attempts = json_array();

        set_text(account, "id", report->account);
        json_object_set_new(account, "address", report->address ? json_string(report->address) : json_null());
        for (size_t i = 0; i < report->n_logs; i++) {
                if (report->logs[i]->why != PROBE_FINDER)
                        json_array_append_new(attempts, attempt_to_json(report, report->logs[i]));
                if (probe_why_is_configured(report->logs[i]->why) && !report->logs[i]->superseded)
                        json_array_append_new(services, service_to_json(report, i));
        }

        set_text(document, "schema", "maildiag-report/1");
        set_text(document, "generator", "maildiag " MAILDIAG_VERSION);
        json_object_set_new(document, "account", account);
        set_text(document, "state", job_state_to_string(report->state));
        json_object_set_new(document, "started-usec", json_integer(report->started_usec));
        json_object_set_new(document, "elapsed-usec", json_integer(report->elapsed_usec));
        set_text(document, "verdict", verdict_to_string(report->verdict));
        json_object_set_new(document, "receive", report_receive_to_json(report));
        json_object_set_new(document, "send", report_send_to_json(report));
        json_object_set_new(document, "findings", report_findings_to_json(report));
        json_object_set_new(document, "services", services);
        json_object_set_new(document, "attempts", attempts);
        json_t *discovery = report_discovery_to_json(report);
        if (discovery)
                json_object_set_new(document, "discovery", discovery);
        return document;
}
