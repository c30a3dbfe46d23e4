/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "own.h"
#include "source-log.h"

#define MECHANISMS_MAX 16u

typedef struct Reader {
        const Source *source;
        const SourceSink *sink;
        Account *account;               /* that is being read; NULL: none */
        AccountService *service;        /* of it; NULL: none yet, or one that is left out */
        bool has_service;               /* values are a service's */
        bool spoilt;                    /* the service has a value that cannot be */
} Reader;

/* ---- what a value may be ---- */

static const char *fault_of_port(const char *text) {
        size_t length = strlen(text);
        bool good = length > 0 && length <= 5 && strspn(text, "0123456789") == length && atoi(text) > 0 && atoi(text) <= 65535;
        return good ? NULL : "is not a port";
}

static const char *fault_of_security(const char *text) {
        return !strcmp(text, "tls") || !strcmp(text, "starttls") || !strcmp(text, "none") ? NULL : "is no security";
}

static const char *fault_of_secret(const char *text) {
        return !strcmp(text, "stored") || !strcmp(text, "command") ? NULL : "is not known";
}

static const char *fault_of_auth(const char *text) {
        char word[32];
        size_t n = 0;

        for (const char *at = text; *at; n++) {
                size_t length = strcspn(at, " ");
                if (length == 0 || length >= sizeof(word) || n == MECHANISMS_MAX)
                        return "is no list of mechanisms";
                memcpy(word, at, length);
                word[length] = '\0';
                const char *wrong = form_fault_mechanism(word);
                if (wrong)
                        return wrong;
                at += length + (at[length] == ' ');
        }
        return n > 0 ? NULL : "is empty";
}

static const char *fault_of_name(const char *text) {
        return strlen(text) > ACCOUNT_NAME_MAX ? "is longer than 128 bytes" : NULL;
}

static const struct {
        const char *word;
        ServiceField field;             /* _SERVICE_FIELD_MAX: not of a service */
        const char *(*fault)(const char *text);
} fields[] = {
        { "name", _SERVICE_FIELD_MAX, fault_of_name },
        { "address", SERVICE_FIELD_ADDRESS, form_fault_address },
        { "host", SERVICE_FIELD_HOST, form_fault_host },
        { "port", SERVICE_FIELD_PORT, fault_of_port },
        { "security", SERVICE_FIELD_SECURITY, fault_of_security },
        { "username", SERVICE_FIELD_USERNAME, form_fault_username },
        { "auth", SERVICE_FIELD_AUTH, fault_of_auth },
        { "secret", SERVICE_FIELD_SECRET, fault_of_secret },
        { "tls-name", SERVICE_FIELD_TLS_NAME, form_fault_host },
        { "connect-to", SERVICE_FIELD_CONNECT_TO, form_fault_host },
};

/* ---- records ---- */

static AccountValue *value_for(const Reader *reader, size_t field) {
        if (reader->has_service)
                return fields[field].field == _SERVICE_FIELD_MAX || !reader->service ? NULL :
                        &reader->service->values[fields[field].field];
        if (!strcmp(fields[field].word, "name"))
                return &reader->account->name;
        return !strcmp(fields[field].word, "address") ? &reader->account->address : NULL;
}

static Origin origin_of(const Reader *reader, const MdRecord *record) {
        uint64_t file = md_record_number(record, "file", 0), line = md_record_number(record, "line", 0);
        bool assumed = md_record_truth(record, "assumed");

        if (file >= ACCOUNT_PATHS_MAX || !reader->account->paths[file])
                file = 0;
        return (Origin) {
                .path = (uint8_t) file,
                .line = assumed || line > UINT32_MAX ? 0 : (unsigned) line,
                .key = assumed ? NULL : md_record_text(record, "key"),
                .assumed = assumed,
        };
}

static int tell_value(const Reader *reader, const MdRecord *record, const Origin *origin, const char *wrong) {
        _cleanup_free_ char *text = NULL;

        if (asprintf(&text, "%s '%.200s' %s", origin->key ? origin->key : md_record_text(record, "field"),
                     md_record_text(record, "text"), wrong) < 0)
                return -ENOMEM;
        return reader->sink->fault(reader->sink->userdata, reader->account->paths[origin->path], origin->line, text);
}

static int take_value(Reader *reader, const MdRecord *record) {
        const char *word = md_record_text(record, "field"), *text = md_record_text(record, "text");

        for (size_t i = 0; reader->account && i < ELEMENTS(fields); i++) {
                if (strcmp(fields[i].word, word))
                        continue;
                const Origin origin = origin_of(reader, record);
                const char *wrong = fields[i].fault(text);
                AccountValue *value = value_for(reader, i);
                if (wrong) {
                        reader->spoilt = reader->spoilt || reader->has_service;
                        return tell_value(reader, record, &origin, wrong);
                }
                return value ? account_value_set(value, text, &origin) : 0;
        }
        return 0;
}

static void clear_service(AccountService *service) {
        for (size_t i = 0; i < _SERVICE_FIELD_MAX; i++)
                account_value_clear(&service->values[i]);
}

/* One that has no host, or a value that cannot be, is left out. */
static void end_service(Reader *reader) {
        AccountService *service = reader->service;

        if (service && (reader->spoilt || !service->values[SERVICE_FIELD_HOST].text)) {
                clear_service(service);
                reader->account->n_services--;
        }
        reader->service = NULL;
        reader->spoilt = false;
}

static int end_account(Reader *reader) {
        Account *account = reader->account;

        if (!account)
                return 0;
        end_service(reader);
        reader->account = NULL;
        if (account->n_services == 0) {
                account_free(account);
                return 0;
        }
        return reader->sink->account(reader->sink->userdata, account);
}

static int begin_account(Reader *reader, const MdRecord *record) {
        static const char *const keys[] = { "file", "file-2", "file-3" };
        const char *path = md_record_text(record, "file");
        _cleanup_free_ char *id = NULL;

        int r = end_account(reader);
        if (r < 0)
                return r;
        reader->has_service = false;
        id = account_make_id(reader->source->program, path, md_record_text(record, "key"));
        reader->account = id ? account_new(id, reader->source->program, path) : NULL;
        if (!reader->account)
                return -ENOMEM;
        for (size_t i = 1; i < ELEMENTS(keys) && md_record_text(record, keys[i]); i++)
                if (!(reader->account->paths[i] = strdup(md_record_text(record, keys[i]))))
                        return -ENOMEM;
        return 0;
}

static int begin_service(Reader *reader, const MdRecord *record) {
        const char *protocol = md_record_text(record, "protocol");

        if (!reader->account)
                return 0;
        end_service(reader);
        reader->has_service = true;
        if (form_fault_protocol(protocol))
                return 0;
        int r = account_add_service(reader->account, protocol, &reader->service);
        return r == -E2BIG ? 0 : r;
}

static int take_fault(Reader *reader, const MdRecord *record) {
        uint64_t line = md_record_number(record, "line", 0);
        return reader->sink->fault(reader->sink->userdata, md_record_text(record, "path"),
                                   line > UINT32_MAX ? 0 : (unsigned) line, md_record_text(record, "text"));
}

static const struct {
        const char *kind;
        int (*take)(Reader *reader, const MdRecord *record);
} kinds[] = {
        { "account", begin_account },
        { "service", begin_service },
        { "value", take_value },
        { "fault", take_fault },
};

/* ---- all of it ---- */

static bool has_failed(const ProbeLog *log) {
        for (const MdRecord *step = NULL; (step = probe_log_next(log, step, "step"));)
                if (!strcmp(md_record_text(step, "outcome"), "failed"))
                        return true;
        return false;
}

bool source_log_is_whole(const ProbeLog *log) {
        return log->end == PROBE_ENDED && probe_log_next(log, NULL, "end") && !has_failed(log);
}

static int tell_end(const ProbeLog *log, const Source *source, const SourceSink *sink) {
        static const char *const ends[] = {
                [PROBE_RUNNING] = "was not run",
                [PROBE_ENDED] = "failed",
                [PROBE_CRASHED] = "crashed",
                [PROBE_OVERDUE] = "took too long",
                [PROBE_RUBBISH] = "broke the rules",
                [PROBE_SILENT] = "ended without a word",
                [PROBE_REFUSED] = "was not started",
                [PROBE_WORKER_LOST] = "was lost",
                [PROBE_CANCELLED] = "was cancelled",
        };
        _cleanup_free_ char *text = NULL;

        if (asprintf(&text, "cannot be searched for accounts of %s: the plugin %s%s%s", source->program, ends[log->end],
                     log->text ? ": " : "", log->text ? log->text : "") < 0)
                return -ENOMEM;
        return sink->fault(sink->userdata, log->target.place ? log->target.place : log->target.home, 0, text);
}

int source_log_read(const ProbeLog *log, const Source *source, const SourceSink *sink) {
        Reader reader = { .source = source, .sink = sink };
        int r = 0;

        if (!source_log_is_whole(log))
                return tell_end(log, source, sink);
        for (size_t i = 0; r >= 0 && i < log->n_records; i++)
                for (size_t k = 0; r >= 0 && k < ELEMENTS(kinds); k++)
                        if (!strcmp(log->records[i].kind, kinds[k].kind))
                                r = kinds[k].take(&reader, &log->records[i]);
        if (r >= 0)
                r = end_account(&reader);
        account_free(reader.account);
        return r;
}
