/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Keeps what a probe reports, and answers questions about it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "hunt.h"
#include "probe-log.h"
#include "text.h"
#include "witness.h"

void witness_done(Witness *witness) {
        for (size_t i = 0; i < witness->n_records; i++) {
                md_record_done(witness->records[i]);
                free(witness->records[i]);
        }
        witness->n_records = 0;
}

static void copy_record(MdRecord *ret, const MdRecord *record) {
        md_record_init(ret, record->kind);
        for (size_t i = 0; i < record->n_fields; i++)
                if (md_record_add(ret, &record->fields[i]) < 0)
                        abort();
}

int witness_emit(void *userdata, const MdRecord *record) {
        Witness *witness = userdata;
        MdRecord *copy = calloc(1, sizeof(MdRecord));

        if (!copy || witness->n_records >= WITNESS_RECORDS_MAX) {
                free(copy);
                return -ENOMEM;
        }
        copy_record(copy, record);
        witness->records[witness->n_records++] = copy;
        return 0;
}

/* ---- fields as text ---- */

char *witness_field_text(const MdField *field) {
        char *text = NULL;
        size_t size;
        FILE *file = open_memstream(&text, &size);

        if (!file)
                abort();
        if (field->type == 's')
                fputs(field->text, file);
        else if (field->type == 'u')
                fprintf(file, "%llu", (unsigned long long) field->number);
        else if (field->type == 'b')
                fputs(field->number ? "yes" : "no", file);
        else
                for (const char *const *word = field->list; *word; word++)
                        fprintf(file, "%s%s", word == field->list ? "" : " ", *word);
        fclose(file);
        return text;
}

void witness_print(FILE *file, const MdRecord *record) {
        fprintf(file, "  %s", record->kind);
        for (size_t i = 0; i < record->n_fields; i++) {
                char *text = witness_field_text(&record->fields[i]);
                fprintf(file, "  %s=%s", record->fields[i].key, text);
                free(text);
        }
        fputc('\n', file);
}

/* One "key=value" or "key~part". */
static bool field_fits(const MdRecord *record, char *condition) {
        size_t key = strcspn(condition, "=~");
        char mark = condition[key];

        if (!mark)
                return false;
        condition[key] = '\0';
        for (size_t i = 0; i < record->n_fields; i++) {
                if (strcmp(record->fields[i].key, condition))
                        continue;
                char *text = witness_field_text(&record->fields[i]);
                bool fits = mark == '=' ? !strcmp(text, condition + key + 1)
                                        : !!strstr(text, condition + key + 1);
                free(text);
                return fits;
        }
        return false;
}

bool witness_record_fits(const MdRecord *record, const char *fields) {
        char *copy = strdup(fields), *next = copy;
        bool fits = true;

        while (fits && next && *next) {
                char *end = strstr(next, "; "), *condition = next;
                next = end ? end + 2 : NULL;
                if (end)
                        *end = '\0';
                fits = field_fits(record, condition);
        }
        free(copy);
        return fits;
}

bool witness_has(const Witness *witness, const char *kind, const char *fields) {
        for (size_t i = 0; i < witness->n_records; i++)
                if (!strcmp(witness->records[i]->kind, kind) &&
                    witness_record_fits(witness->records[i], fields))
                        return true;
        return false;
}

/* ---- findings ---- */

MdSeverity witness_severity(const Witness *witness, const char *id) {
        const MdFindingInfo *info = md_catalog_find(md_catalog, md_catalog_size, id);
        if (!info)
                info = md_catalog_find(witness->plugin->findings, witness->plugin->n_findings, id);
        return info ? info->severity : MD_SEVERITY_ERROR;
}

const MdRecord *witness_finding(const Witness *witness, MdSeverity least, size_t n) {
        for (size_t i = 0; i < witness->n_records; i++) {
                const MdRecord *record = witness->records[i];
                if (strcmp(record->kind, "finding"))
                        continue;
                if (witness_severity(witness, md_record_text(record, "code") ?: "") >= least && n-- == 0)
                        return record;
        }
        return NULL;
}

/* ---- invariants ---- */

static unsigned check_text(const MdRecord *record, const char *key, const char *text, const char *secret,
                           FILE *problems) {
        const char *encoding = hunt(secret, text, strlen(text));
        unsigned n = 0;

        if (encoding)
                n++, fprintf(problems, "the secret stands in %s.%s, as %s\n", record->kind, key, encoding);
        if (!md_text_is_clean(text, strlen(text)))
                n++, fprintf(problems, "unclean text in %s.%s\n", record->kind, key);
        return n;
}

static unsigned check_texts(const MdRecord *record, const char *secret, FILE *problems) {
        unsigned n = 0;

        for (size_t i = 0; i < record->n_fields; i++) {
                const MdField *field = &record->fields[i];
                if (field->type == 's')
                        n += check_text(record, field->key, field->text, secret, problems);
                for (const char *const *word = field->type == 'l' ? field->list : NULL; word && *word; word++)
                        n += check_text(record, field->key, *word, secret, problems);
        }
        return n;
}

static bool is_goodbye(const MdPlugin *plugin, const char *name) {
        for (size_t i = 0; name && i < plugin->n_steps; i++)
                if (!strcmp(plugin->steps[i].name, name))
                        return plugin->steps[i].flags & MD_STEP_GOODBYE;
        return false;
}

/* A dialogue that did not come to its end says why. */
static unsigned check_end(const Witness *witness, FILE *problems) {
        unsigned ends = 0, n = 0;
        const char *failed = NULL;

        for (size_t i = 0; i < witness->n_records; i++) {
                const MdRecord *record = witness->records[i];
                const char *outcome = md_record_text(record, "outcome");
                ends += !strcmp(record->kind, "end");
                if (!strcmp(record->kind, "step") && outcome && !strcmp(outcome, "failed") &&
                    !is_goodbye(witness->plugin, md_record_text(record, "name")))
                        failed = md_record_text(record, "name");
        }
        if (ends != 1 || strcmp(witness->records[witness->n_records - 1]->kind, "end"))
                n++, fprintf(problems, "%u \"end\" records, or not the last one\n", ends);
        if (failed && !witness_finding(witness, MD_SEVERITY_ERROR, 0))
                n++, fprintf(problems, "the step \"%s\" failed, and no error finding says why\n", failed);
        return n;
}

/* What leaves the probe has to pass the daemon's door. */
static unsigned check_door(const Witness *witness, FILE *problems) {
        char host[] = "mail.example.org", plugin[] = "smtp";
        const MdTarget target = {
                .plugin = plugin, .host = host, .port = 25, .timeout_ms = 1000, .time_scale = 1,
        };
        ProbeLog *log = probe_log_new(0, PROBE_CONFIGURED, &target, MD_PURPOSE_OTHER);
        unsigned n = 0;

        if (!log)
                abort();
        for (size_t i = 0; i < witness->n_records; i++) {
                MdRecord copy;
                copy_record(&copy, witness->records[i]);
                if (probe_log_add(log, &copy) >= 0)
                        continue;
                n++, fprintf(problems, "the daemon refuses this record:\n");
                witness_print(problems, witness->records[i]);
                md_record_done(&copy);
        }
        probe_log_free(log);
        return n;
}

unsigned witness_invariants(const Witness *witness, const char *secret, FILE *problems) {
        unsigned n = 0;

        for (size_t i = 0; i < witness->n_records; i++)
                n += check_texts(witness->records[i], secret, problems);
        return n + check_end(witness, problems) + check_door(witness, problems);
}
