/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was found about the settings that the address should have, as a part of the document and of messages. */

#include <string.h>

#include "candidates.h"
#include "own.h"
#include "precondition.h"
#include "report-discovery.h"

/* Sets a member unless the text is NULL. */
static void set_text(json_t *object, const char *key, const char *text) {
        if (text)
                json_object_set_new(object, key, json_string(text));
}

/* A member that says nothing unless it is true. */
static void set_mark(json_t *object, const char *key, bool truth) {
        if (truth)
                json_object_set_new(object, key, json_true());
}

static json_t *texts_to_json(const char *const *texts) {
        json_t *array = json_array();
        for (; *texts; texts++)
                json_array_append_new(array, json_string(*texts));
        return array;
}

/* ---- candidates ---- */

static json_t *origin_to_json(const CandidateOrigin *origin) {
        json_t *object = json_object();

        set_text(object, "plugin", origin->plugin);
        set_text(object, "origin", origin->text);
        set_text(object, "trust", trust_to_string(origin->trust));
        set_text(object, "asof", origin->asof);
        set_mark(object, "disputed", origin->disputed);
        return object;
}

static json_t *candidate_to_json(const Candidate *candidate) {
        json_t *object = json_object(), *origins = json_array();

        set_text(object, "protocol", candidate->protocol);
        set_text(object, "host", candidate->host);
        json_object_set_new(object, "port", json_integer(candidate->port));
        set_text(object, "security", md_security_to_string(candidate->security));
        set_text(object, "username", candidate->username);
        set_text(object, "username-form", candidate->form);
        if (candidate->auth)
                json_object_set_new(object, "auth", texts_to_json(candidate->auth));
        set_text(object, "origin", candidate->origins[0].text);
        set_text(object, "trust", trust_to_string(candidate->trust));
        set_text(object, "asof", candidate->origins[0].asof);
        set_text(object, "until", candidate->until);
        set_text(object, "outcome", trial_to_string(candidate->trial));
        set_text(object, "code", candidate->code);
        json_object_set_new(object, "chosen", json_boolean(candidate->chosen));
        json_object_set_new(object, "foreign", json_boolean(candidate->foreign));
        json_object_set_new(object, "conflict", json_boolean(candidate->conflict));
        set_mark(object, "username-conflict", candidate->username_conflict);
        set_mark(object, "disputed", candidate->disputed);
        for (size_t i = 0; i < candidate->n_origins; i++)
                json_array_append_new(origins, origin_to_json(&candidate->origins[i]));
        json_object_set_new(object, "origins", origins);
        return object;
}

json_t *report_candidates_to_json(const Report *report) {
        _cleanup_free_ Candidates *candidates = report->registry ? candidates_new(report, report->registry) : NULL;
        json_t *array = json_array();

        for (size_t i = 0; candidates && i < candidates->n; i++)
                json_array_append_new(array, candidate_to_json(&candidates->items[i]));
        return array;
}

/* ---- the rest ---- */

static json_t *record_to_json(const MdRecord *record, const char *const *keys) {
        json_t *object = json_object();
        for (; *keys; keys++)
                set_text(object, *keys, md_record_text(record, *keys));
        return object;
}

static json_t *provider_to_json(const Report *report) {
        static const char *const keys[] = { "id", "name", "by", "evidence", NULL };
        for (size_t i = 0; i < report->n_logs; i++) {
                const MdRecord *record = probe_log_next(report->logs[i], NULL, "provider");
                if (record)
                        return record_to_json(record, keys);
        }
        return NULL;
}

static json_t *preconditions_to_json(const Report *report) {
        static const char *const keys[] = { "kind", "protocol", "text", "url", "since", "checked", "origin", NULL };
        json_t *array = json_array();
        for (const MdRecord *record = NULL; (record = precondition_next(report, record, NULL, NULL));)
                json_array_append_new(array, record_to_json(record, keys));
        return array;
}

static size_t count(const ProbeLog *log, const char *kind) {
        size_t n = 0;
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, kind));)
                n++;
        return n;
}

/* Every place that a plugin asked. */
static json_t *asked_to_json(const ProbeLog *log) {
        static const char *const keys[] = { "origin", "outcome", "trust", "detail", NULL };
        json_t *array = json_array();
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "source"));)
                json_array_append_new(array, record_to_json(record, keys));
        return array;
}

/* A plugin that was asked, and what came of it. */
static json_t *source_to_json(const ProbeLog *log) {
        const MdRecord *end = probe_log_next(log, NULL, "end");
        json_t *object = json_object();

        set_text(object, "plugin", log->target.plugin);
        set_text(object, "outcome", log->end == PROBE_RUNNING ? "unfinished" : log->end == PROBE_ENDED ? "ok" : "failed");
        set_text(object, "error", log->end == PROBE_ENDED ? NULL : log->text);
        json_object_set_new(object, "candidates", json_integer((json_int_t) count(log, "candidate")));
        json_object_set_new(object, "asked", asked_to_json(log));
        json_object_set_new(object, "facts", report_facts_to_json(log));
        json_object_set_new(object, "elapsed-usec", json_integer(end ? md_record_number(end, "elapsed-us", 0) : 0));
        return object;
}

json_t *report_discovery_to_json(const Report *report) {
        json_t *sources = json_array();

        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->why == PROBE_FINDER)
                        json_array_append_new(sources, source_to_json(report->logs[i]));
        if (json_array_size(sources) == 0) {
                json_decref(sources);
                return NULL;
        }
        json_t *object = json_object(), *provider = provider_to_json(report);
        if (provider)
                json_object_set_new(object, "provider", provider);
        json_object_set_new(object, "candidates", report_candidates_to_json(report));
        json_object_set_new(object, "preconditions", preconditions_to_json(report));
        json_object_set_new(object, "sources", sources);
        return object;
}
