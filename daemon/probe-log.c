/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The door for what probes say.
 *
 * A probe reads hostile bytes, so it may have been taken over: its records are checked against a table of what each
 * kind may hold, their number and size are capped, and their texts are cleaned although the probe should have done
 * so.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe-log.h"
#include "text.h"

#define TEXT_MAX 8192u          /* bytes of one text that is kept */

typedef struct FieldRule {
        const char *key;
        char type;              /* as MdField.type; '*': any */
        bool needed;
} FieldRule;

#define FIELDS_MAX 14

typedef struct KindRule {
        const char *kind;
        bool open;              /* other fields may follow: parameters of texts */
        FieldRule fields[FIELDS_MAX];
} KindRule;

static const KindRule kinds[] = {
        { "step", false, { { "name", 's', true }, { "stage", 's', true }, { "outcome", 's', true },
                           { "at-us", 'u', true }, { "elapsed-us", 'u', false }, { "error", 's', false } } },
        { "attempt", false, { { "address", 's', true }, { "port", 'u', true }, { "family", 's', true },
                              { "outcome", 's', true }, { "elapsed-us", 'u', true }, { "used", 'b', true } } },
        { "greeting", false, { { "text", 's', true } } },
        { "capability", false, { { "phase", 's', true }, { "words", 'l', true } } },
        { "tls", false, { { "outcome", 's', true }, { "verified", 'b', true }, { "version", 's', false },
                          { "cipher", 's', false }, { "group", 's', false }, { "signature", 's', false },
                          { "sni", 's', false }, { "alert", 's', false } } },
        { "certificate", false, { { "index", 'u', true }, { "subject", 's', true }, { "issuer", 's', true },
                                  { "names", 'l', true }, { "not-before", 'u', true }, { "not-after", 'u', true },
                                  { "key", 's', true }, { "signature", 's', true }, { "serial", 's', false },
                                  { "sha256", 's', true }, { "reasons", 'l', false } } },
        { "mechanism", false, { { "name", 's', true }, { "reason", 's', true }, { "offered", 'l', false } } },
        { "reply", false, { { "to", 's', true }, { "text", 's', true }, { "code", 's', false },
                            { "enhanced", 's', false } } },
        { "fact", false, { { "name", 's', true }, { "value", '*', true } } },
        { "transcript", false, { { "from", 's', true }, { "text", 's', true }, { "at-us", 'u', true } } },
        { "candidate", false, { { "protocol", 's', true }, { "host", 's', true }, { "port", 'u', true },
                                { "security", 's', true }, { "username-form", 's', true }, { "username", 's', false },
                                { "auth", 'l', false }, { "origin", 's', true }, { "trust", 's', true },
                                { "asof", 's', false }, { "until", 's', false }, { "priority", 'u', true },
                                { "disputed", 'b', false }, { "foreign", 'b', true } } },
        { "source", false, { { "origin", 's', true }, { "outcome", 's', true }, { "trust", 's', true },
                             { "detail", 's', false } } },
        { "precondition", false, { { "kind", 's', true }, { "protocol", 's', false }, { "text", 's', false },
                                   { "url", 's', false }, { "since", 's', false }, { "checked", 's', false },
                                   { "origin", 's', false } } },
        { "provider", false, { { "id", 's', true }, { "name", 's', true }, { "by", 's', true },
                               { "evidence", 's', false } } },
        { "resembles", false, { { "setting", 's', true }, { "value", 's', true }, { "known", 's', true },
                                { "distance", 'u', true } } },
        { "account", false, { { "key", 's', true }, { "file", 's', true }, { "file-2", 's', false },
                              { "file-3", 's', false } } },
        { "service", false, { { "protocol", 's', true } } },
        { "value", false, { { "field", 's', true }, { "text", 's', true }, { "key", 's', false }, { "file", 'u', true },
                            { "line", 'u', true }, { "assumed", 'b', true } } },
        { "fault", false, { { "path", 's', true }, { "line", 'u', true }, { "text", 's', true } } },
        { "watch", false, { { "path", 's', true } } },
        { "finding", true, { { "code", 's', true }, { "at-us", 'u', true }, { "evidence", 's', false } } },
        { "end", false, { { "elapsed-us", 'u', true }, { "bytes-in", 'u', true }, { "bytes-out", 'u', true },
                          { "login", 's', true } } },
};

static const KindRule *kind_rule(const char *kind) {
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (!strcmp(kinds[i].kind, kind))
                        return &kinds[i];
        return NULL;
}

static const FieldRule *field_rule(const KindRule *rule, const char *key) {
        for (size_t i = 0; i < FIELDS_MAX && rule->fields[i].key; i++)
                if (!strcmp(rule->fields[i].key, key))
                        return &rule->fields[i];
        return NULL;
}

static bool record_fits(const MdRecord *record) {
        const KindRule *rule = kind_rule(record->kind);
        if (!rule)
                return false;
        for (size_t i = 0; i < record->n_fields; i++) {
                const FieldRule *field = field_rule(rule, record->fields[i].key);
                if (!field ? !rule->open : field->type != '*' && field->type != record->fields[i].type)
                        return false;
        }
        for (size_t i = 0; i < FIELDS_MAX && rule->fields[i].key; i++)
                if (rule->fields[i].needed && !md_record_get(record, rule->fields[i].key))
                        return false;
        return true;
}

/* As a name travels; it is connected to, so it is looked at here, too. */
static bool host_fits(const char *host) {
        size_t length = strlen(host);
        return length > 0 && length <= 253 && strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == length;
}

/* Words that a record may hold in a field, where the report knows only some. */
static bool words_fit(const MdRecord *record) {
        static const struct {
                const char *kind, *key;
                const char *words[12];
        } closed[] = {
                { "step", "outcome", { "started", "ok", "failed", "skipped" } },
                { "attempt", "outcome", { "ok", "refused", "timeout", "unreachable", "no-route", "prohibited",
                                          "reset", "not-tried", "failed" } },
                { "attempt", "family", { "ipv4", "ipv6" } },
                { "capability", "phase", { "before-tls", "after-tls", "after-login" } },
                { "transcript", "from", { "client", "server" } },
                { "end", "login", { "ok", "refused", "not-tried" } },
                { "candidate", "security", { "none", "starttls", "tls" } },
                { "candidate", "username-form", { "unknown", "address", "local-part", "other" } },
                { "candidate", "trust", { "insecure", "table", "https", "dnssec" } },
                { "source", "outcome", { "found", "nothing", "failed" } },
                { "source", "trust", { "insecure", "table", "https", "dnssec" } },
                { "precondition", "kind", { "app-password", "service-off", "oauth-only", "bridge", "paid", "unsupported",
                                            "other" } },
                { "provider", "by", { "domain", "mx", "host" } },
                { "resembles", "setting", { "address", "host" } },
        };
        for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
                const char *word = strcmp(closed[i].kind, record->kind) ? NULL : md_record_text(record, closed[i].key);
                bool known = !word;
                for (size_t k = 0; word && closed[i].words[k]; k++)
                        known = known || !strcmp(closed[i].words[k], word);
                if (!known)
                        return false;
        }
        if (!strcmp(record->kind, "candidate")) {
                uint64_t port = md_record_number(record, "port", 0);
                return port > 0 && port <= UINT16_MAX && host_fits(md_record_text(record, "host"));
        }
        return strcmp(record->kind, "step") || md_stage_from_string(md_record_text(record, "stage")) >= 0;
}

static int clean(const char **text, size_t *bytes) {
        size_t length = strlen(*text);
        if (length > TEXT_MAX || !md_text_is_clean(*text, length)) {
                char *harmless = md_text_clean(*text, length, TEXT_MAX);
                if (!harmless)
                        return -ENOMEM;
                free((char *) *text);
                *text = harmless;
        }
        *bytes += strlen(*text);
        return 0;
}

static int clean_record(MdRecord *record, size_t *bytes) {
        for (size_t i = 0; i < record->n_fields; i++) {
                MdField *field = &record->fields[i];
                *bytes += strlen(field->key);
                if (field->type == 's' && clean(&field->text, bytes) < 0)
                        return -ENOMEM;
                for (size_t k = 0; field->type == 'l' && field->list[k]; k++)
                        if (clean((const char **) &field->list[k], bytes) < 0)
                                return -ENOMEM;
        }
        return 0;
}

static void copy_target(MdTarget *ret, const MdTarget *target) {
        MdRecord record;
        uint64_t id;
        static const int fds[_MD_TARGET_FD_MAX] = { 0, -1, -1, -1, -1 };
        int ret_fds[_MD_TARGET_FD_MAX];

        if (md_target_to_record(target, 0, fds, &record) < 0)
                return;
        md_target_from_record(&record, fds, 1, ret, &id, ret_fds);
        md_record_done(&record);
}

ProbeLog *probe_log_new(size_t service, ProbeWhy why, const MdTarget *target, MdPurpose purpose) {
        ProbeLog *log = calloc(1, sizeof(*log));
        if (!log)
                return NULL;
        log->service = service;
        log->why = why;
        log->purpose = purpose;
        copy_target(&log->target, target);
        return log->target.plugin ? log : probe_log_free(log);
}

ProbeLog *probe_log_free(ProbeLog *log) {
        if (!log)
                return NULL;
        for (size_t i = 0; i < log->n_records; i++)
                md_record_done(&log->records[i]);
        free(log->records);
        md_target_done(&log->target);
        free(log->assumed_from);
        free(log->text);
        free(log->secret_missing);
        free(log);
        return NULL;
}

int probe_log_add(ProbeLog *log, MdRecord *record) {
        size_t bytes = log->n_bytes;
        size_t max_records = log->target.home ? PROBE_LOG_SOURCE_RECORDS_MAX : PROBE_LOG_RECORDS_MAX;
        size_t max_bytes = log->target.home ? PROBE_LOG_SOURCE_BYTES_MAX : PROBE_LOG_BYTES_MAX;

        if (!record_fits(record) || !words_fit(record) || log->n_records >= max_records)
                return -EBADMSG;
        if (clean_record(record, &bytes) < 0)
                return -ENOMEM;
        if (bytes > max_bytes)
                return -EBADMSG;

        MdRecord *larger = reallocarray(log->records, log->n_records + 1, sizeof(MdRecord));
        if (!larger)
                return -ENOMEM;
        log->records = larger;
        log->records[log->n_records++] = *record;
        log->n_bytes = bytes;
        *record = (MdRecord) { 0 };

        const MdRecord *kept = &log->records[log->n_records - 1];
        const char *outcome = md_record_text(kept, "outcome");
        if (!strcmp(kept->kind, "end"))
                probe_log_end(log, PROBE_ENDED, 0, NULL);
        return !strcmp(kept->kind, "step") && !strcmp(outcome, "started");
}

const char *probe_log_step(const ProbeLog *log) {
        const char *name = NULL;
        for (const MdRecord *step = NULL; (step = probe_log_next(log, step, "step"));)
                name = md_record_text(step, "name");
        return name;
}

void probe_log_end(ProbeLog *log, ProbeEnd end, int detail, const char *text) {
        if (log->end != PROBE_RUNNING)
                return;
        log->end = end;
        log->detail = detail;
        log->text = text ? md_text_clean(text, strlen(text), TEXT_MAX) : NULL;
}

const MdRecord *probe_log_next(const ProbeLog *log, const MdRecord *after, const char *kind) {
        size_t i = after ? (size_t) (after - log->records) + 1 : 0;
        for (; i < log->n_records; i++)
                if (!strcmp(log->records[i].kind, kind))
                        return &log->records[i];
        return NULL;
}

bool probe_log_found(const ProbeLog *log, const char *code) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));)
                if (!strcmp(md_record_text(record, "code"), code))
                        return true;
        return false;
}

const char *probe_log_login(const ProbeLog *log) {
        const MdRecord *end = probe_log_next(log, NULL, "end");
        return end ? md_record_text(end, "login") : "not-tried";
}

const MdField *probe_log_fact(const ProbeLog *log, const char *name) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "fact"));)
                if (!strcmp(md_record_text(record, "name"), name))
                        return md_record_get(record, "value");
        return NULL;
}

const char *probe_log_address(const ProbeLog *log) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "attempt"));)
                if (md_record_truth(record, "used"))
                        return md_record_text(record, "address");
        return NULL;
}

static bool tried_address(const ProbeLog *log, const char *address) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "attempt"));)
                if (!strcmp(md_record_text(record, "address"), address))
                        return true;
        return false;
}

bool probe_log_shares_address(const ProbeLog *log, const ProbeLog *other) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "attempt"));)
                if (tried_address(other, md_record_text(record, "address")))
                        return true;
        return false;
}

const char *probe_why_to_string(ProbeWhy why) {
        static const char *const words[_PROBE_WHY_MAX] = {
                [PROBE_CONFIGURED] = "configured",
                [PROBE_AUTO] = "auto",
                [PROBE_AUTO_LOGIN] = "auto-login",
                [PROBE_OTHER_SECURITY] = "other-security",
                [PROBE_OTHER_PROTOCOL] = "other-protocol",
                [PROBE_OTHER_NAME] = "other-name",
                [PROBE_USUAL_NAME] = "usual-name",
                [PROBE_OTHER_USERNAME] = "other-username",
                [PROBE_OTHER_MECHANISM] = "other-mechanism",
                [PROBE_PROOF] = "proof",
                [PROBE_AGAIN] = "again",
                [PROBE_CONTROL] = "control",
                [PROBE_FINDER] = "finder",
                [PROBE_DISCOVERED] = "discovered",
                [PROBE_SIMILAR_NAME] = "similar-name",
        };
        return words[why];
}

bool probe_why_is_configured(ProbeWhy why) {
        return why == PROBE_CONFIGURED || why == PROBE_AUTO || why == PROBE_AUTO_LOGIN;
}
