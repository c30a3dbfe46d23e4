/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Findings as dictionaries, and the entries of dictionaries in general. */

#include <errno.h>

#include "bus-private.h"
#include "own.h"
#include "target.h"

/* NULL: the entry is left out. */
int bus_append_text(sd_bus_message *message, const char *key, const char *text) {
        return text ? sd_bus_message_append(message, "{sv}", key, "s", text) : 0;
}

int bus_append_truth(sd_bus_message *message, const char *key, bool truth) {
        return sd_bus_message_append(message, "{sv}", key, "b", truth);
}

int bus_open_variant(sd_bus_message *message, const char *key, const char *signature) {
        int r = sd_bus_message_open_container(message, 'e', "sv");
        if (r >= 0)
                r = sd_bus_message_append(message, "s", key);
        return r < 0 ? r : sd_bus_message_open_container(message, 'v', signature);
}

int bus_close_variant(sd_bus_message *message) {
        int r = sd_bus_message_close_container(message);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_list(sd_bus_message *message, const char *key, const char *const *list) {
        int r = bus_open_variant(message, key, "as");
        if (r >= 0)
                r = sd_bus_message_append_strv(message, (char **) list);
        return r < 0 ? r : bus_close_variant(message);
}

static int append_field(sd_bus_message *message, const MdField *field) {
        switch (field->type) {
        case 's':
                return bus_append_text(message, field->key, field->text);
        case 'u':
                return sd_bus_message_append(message, "{sv}", field->key, "t", field->number);
        case 'b':
                return bus_append_truth(message, field->key, field->number);
        case 'l':
                return append_list(message, field->key, field->list);
        }
        return -EINVAL;
}

static int append_params(sd_bus_message *message, const MdRecord *params) {
        int r = bus_open_variant(message, "params", "a{sv}");
        if (r >= 0)
                r = sd_bus_message_open_container(message, 'a', "{sv}");
        for (size_t i = 0; r >= 0 && i < params->n_fields; i++)
                r = append_field(message, &params->fields[i]);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r < 0 ? r : bus_close_variant(message);
}

static int append_change(sd_bus_message *message, const Change *change) {
        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        if (r >= 0)
                r = bus_append_text(message, "setting", change->setting);
        if (r >= 0)
                r = bus_append_text(message, "from", change->from);
        if (r >= 0)
                r = bus_append_text(message, "to", change->to);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_changes(sd_bus_message *message, const Finding *finding) {
        int r = bus_open_variant(message, "changes", "aa{sv}");
        if (r >= 0)
                r = sd_bus_message_open_container(message, 'a', "a{sv}");
        for (size_t i = 0; r >= 0 && i < finding->n_changes; i++)
                r = append_change(message, &finding->changes[i]);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r < 0 ? r : bus_close_variant(message);
}

static int append_alternative(sd_bus_message *message, const Alternative *alternative) {
        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        if (r >= 0)
                r = bus_append_text(message, "code", alternative->info->id);
        if (r >= 0)
                r = bus_append_text(message, "message", alternative->message);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_alternatives(sd_bus_message *message, const Finding *finding) {
        if (finding->n_alternatives == 0)
                return 0;
        int r = bus_open_variant(message, "alternatives", "aa{sv}");
        if (r >= 0)
                r = sd_bus_message_open_container(message, 'a', "a{sv}");
        for (size_t i = 0; r >= 0 && i < finding->n_alternatives; i++)
                r = append_alternative(message, &finding->alternatives[i]);
        if (r >= 0)
                r = sd_bus_message_close_container(message);
        return r < 0 ? r : bus_close_variant(message);
}

static int append_proposal(sd_bus_message *message, const Finding *finding) {
        int r = 0;

        if (finding->suggested) {
                r = bus_append_text(message, "suggested", finding->suggested);
                if (r >= 0)
                        r = bus_append_text(message, "proof", proof_to_string(finding->proof));
                if (r >= 0)
                        r = bus_append_truth(message, "verified", finding->proof != PROOF_NONE);
        }
        return r < 0 || finding->n_changes == 0 ? r : append_changes(message, finding);
}

/* ---- findings of several accounts ---- */

static int append_shared_finding(sd_bus_message *message, const SharedFinding *finding) {
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

        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        for (size_t i = 0; r >= 0 && i < ELEMENTS(texts); i++)
                r = bus_append_text(message, texts[i].key, texts[i].text);
        if (r >= 0)
                r = append_params(message, &finding->params);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

int bus_append_shared(sd_bus_message *message, const Shared *shared, size_t account) {
        int r = sd_bus_message_open_container(message, 'a', "a{sv}");
        for (size_t i = 0; r >= 0 && i < shared->n_findings; i++)
                if (shared_concerns(&shared->findings[i], account))
                        r = append_shared_finding(message, &shared->findings[i]);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

/* ---- findings of one ---- */

static int append_finding(sd_bus_message *message, const Report *report, const Finding *finding) {
        const MdTarget *target = &report->logs[finding->probe]->target;
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
                { "service", target->plugin },
                { "host", target->host },
                { "setting", finding->setting },
                { "value", finding->setting ? finding->value : NULL },
                { "evidence", finding->evidence },
                { "confidence", confidence_to_string(finding_confidence(finding)) },
                { "cause", finding->cause },
                { "standard", finding->info->standard },
        };

        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        for (size_t i = 0; r >= 0 && i < ELEMENTS(texts); i++)
                r = bus_append_text(message, texts[i].key, texts[i].text);
        if (r >= 0)
                r = sd_bus_message_append(message, "{sv}", "port", "q", target->port);
        if (r >= 0)
                r = append_proposal(message, finding);
        if (r >= 0)
                r = append_alternatives(message, finding);
        if (r >= 0)
                r = append_params(message, &finding->params);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

int bus_append_findings(sd_bus_message *message, const Report *report) {
        int r = sd_bus_message_open_container(message, 'a', "a{sv}");
        for (size_t i = 0; r >= 0 && i < report->n_findings; i++)
                r = append_finding(message, report, &report->findings[i]);
        return r < 0 ? r : sd_bus_message_close_container(message);
}
