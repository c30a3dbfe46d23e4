/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a code and its parameters to a finding that can be read: texts filled, present and proposed value. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "judge.h"

/* ---- texts ---- */

typedef struct Text {
        char *bytes;
        size_t length;
        bool failed;
} Text;

static void append(Text *text, const char *bytes, size_t length) {
        char *larger = text->failed ? NULL : realloc(text->bytes, text->length + length + 1);
        if (!larger) {
                text->failed = true;
                return;
        }
        memcpy(larger + text->length, bytes, length);
        larger[text->length + length] = '\0';
        text->bytes = larger;
        text->length += length;
}

static void append_value(Text *text, const MdField *field) {
        char number[24];
        switch (field ? field->type : '?') {
        case 's':
                append(text, field->text, strlen(field->text));
                break;
        case 'u':
                append(text, number, snprintf(number, sizeof(number), "%" PRIu64, field->number));
                break;
        case 'b':
                append(text, field->number ? "yes" : "no", field->number ? 3 : 2);
                break;
        case 'l':
                for (size_t i = 0; field->list[i]; i++) {
                        if (i > 0)
                                append(text, ", ", 2);
                        append(text, field->list[i], strlen(field->list[i]));
                }
                break;
        default:
                append(text, "?", 1);
        }
}

char *judge_fill(const char *template, const MdRecord *params) {
        Text text = { 0 };
        append(&text, "", 0);
        while (*template) {
                size_t plain = strcspn(template, "{");
                append(&text, template, plain);
                template += plain;
                const char *end = *template ? strchr(template, '}') : NULL;
                if (!end) {
                        append(&text, template, strlen(template));
                        break;
                }
                char key[MD_RECORD_KEY_MAX + 1] = "";
                size_t length = end - template - 1;
                if (length <= MD_RECORD_KEY_MAX)
                        memcpy(key, template + 1, length);
                append_value(&text, md_record_get(params, key));
                template = end + 1;
        }
        if (!text.failed)
                return text.bytes;
        free(text.bytes);
        return NULL;
}

/* ---- settings ---- */

/* The present value of a setting, as the target has it; NULL when it has none or it is a secret. */
char *target_setting(const MdTarget *target, const char *setting) {
        char port[8];
        const struct {
                const char *setting, *value;
        } values[] = {
                { "protocol", target->plugin },
                { "host", target->host },
                { "port", port },
                { "security", md_security_to_string(target->security) },
                { "username", target->username },
                { "address", target->address },
                { "auth", target->mechanisms ? target->mechanisms[0] : NULL },
        };
        snprintf(port, sizeof(port), "%u", target->port);
        for (size_t i = 0; setting && i < sizeof(values) / sizeof(values[0]); i++)
                if (!strcmp(values[i].setting, setting) && values[i].value)
                        return strdup(values[i].value);
        return NULL;
}

/* What a code alone says about the right value. */
static const struct {
        const char *code, *suggested;
} suggestions[] = {
        { "port.expects-implicit-tls", "tls" },
        { "port.expects-starttls", "starttls" },
        { "auth.encryption-required", "starttls" },
        { "auth.not-possible-without-tls", "starttls" },
        { "protocol.talked-too-soon", "starttls" },
        { "security.password-exposed", "starttls" },
};

static const char *usual_suggestion(const char *code) {
        for (size_t i = 0; i < sizeof(suggestions) / sizeof(suggestions[0]); i++)
                if (!strcmp(suggestions[i].code, code))
                        return suggestions[i].suggested;
        return NULL;
}

/* ---- making one ---- */

static bool is_reserved(const char *key) {
        static const char *const keys[] = { "code", "evidence", "at-us" };
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
                if (!strcmp(keys[i], key))
                        return true;
        return false;
}

/* Adds a parameter that the texts may use, unless the probe gave it. */
static int add_default(MdRecord *params, const MdField *field) {
        int r = md_record_get(params, field->key) ? 0 : md_record_add(params, field);
        return r == -E2BIG ? 0 : r;
}

static int fill_params(Finding *finding, const MdTarget *target, const MdField *params) {
        int r = 0;
        md_record_init(&finding->params, "params");
        for (; r >= 0 && params && params->key; params++)
                if (!is_reserved(params->key))
                        r = md_record_add(&finding->params, params);

        const char *value = md_record_text(&finding->params, "value");
        const char *suggested = md_record_text(&finding->params, "suggested");
        finding->value = value ? strdup(value) : target_setting(target, finding->info->setting);
        suggested = suggested ? suggested : usual_suggestion(finding->info->id);
        finding->suggested = suggested ? strdup(suggested) : NULL;

        const MdField defaults[] = {
                MD_TEXT("host", target->host),
                MD_NUMBER("port", target->port),
                MD_TEXT("setting", finding->info->setting),
                MD_TEXT("value", finding->value),
                MD_TEXT("suggested", finding->suggested),
                MD_TEXT("username", target->username),
        };
        for (size_t i = 0; r >= 0 && i < sizeof(defaults) / sizeof(defaults[0]); i++)
                r = add_default(&finding->params, &defaults[i]);
        return r;
}

int finding_add(Report *report, size_t probe, const Registry *registry, const char *code, const char *evidence,
                const MdField *params) {
        const MdFindingInfo *info = registry_finding(registry, code, NULL);
        if (!info)
                return 0;
        Finding *larger = reallocarray(report->findings, report->n_findings + 1, sizeof(Finding));
        if (!larger)
                return -ENOMEM;
        report->findings = larger;

        Finding *finding = &report->findings[report->n_findings++];
        *finding = (Finding) { .info = info, .probe = probe, .setting = info->setting };
        if (fill_params(finding, &report->logs[probe]->target, params) < 0)
                return -ENOMEM;
        finding->message = judge_fill(info->title, &finding->params);
        finding->meaning = judge_fill(info->meaning, &finding->params);
        finding->hint = judge_fill(info->remedy, &finding->params);
        finding->evidence = evidence ? strdup(evidence) : NULL;
        return finding->message && finding->meaning && finding->hint && (finding->evidence || !evidence) ? 0 : -ENOMEM;
}

void finding_done(Finding *finding) {
        md_record_done(&finding->params);
        free(finding->message);
        free(finding->meaning);
        free(finding->hint);
        free(finding->value);
        free(finding->suggested);
        free(finding->evidence);
        for (size_t i = 0; i < finding->n_alternatives; i++)
                free(finding->alternatives[i].message);
        finding->n_alternatives = 0;
        finding_drop_changes(finding);
}

void finding_drop_changes(Finding *finding) {
        for (size_t i = 0; i < finding->n_changes; i++) {
                free(finding->changes[i].from);
                free(finding->changes[i].to);
        }
        finding->n_changes = 0;
}

void report_forget(Report *report) {
        for (size_t i = 0; i < report->n_logs; i++)
                report->logs[i]->superseded = false;
        for (size_t i = 0; i < report->n_findings; i++)
                finding_done(&report->findings[i]);
        free(report->findings);
        free(report->receive_text);
        free(report->send_text);
        report->findings = NULL;
        report->n_findings = 0;
        report->receive_text = report->send_text = NULL;
        report->receive_cause = report->send_cause = NULL;
}
