/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a probe says: records and findings.  Everything that leaves goes through md_observe_record(), and
 * md_probe_harmless() takes the secret out and makes the rest harmless.
 */

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "evidence.h"
#include "probe-state.h"
#include "text.h"

#define TEXT_MAX 4096u
#define EVIDENCE_MAX 512u
#define LIST_MAX 200u                   /* texts of a list: a record has room for 64 KiB */
#define LIST_TEXT_MAX 255u

char *md_probe_harmless(MdProbe *probe, const char *text, size_t size, size_t max) {
        const MdSecret *secret = md_probe_secret(probe);
        char *copy = NULL, *clean = NULL;

        /* What is cut off in the end need not be looked at, but a piece of the secret at the cut has to be
         * whole. */
        size_t most = max + MD_SECRET_MAX * 2;
        if (size > most)
                size = most;
        if (secret && size > 0) {
                copy = malloc(size);
                if (copy)
                        md_secret_redact(secret, memcpy(copy, text, size), size);
        }
        if (copy || !secret || size == 0)
                clean = md_text_clean(copy ? copy : text, size, max);
        /* Cleaning turns a tab into a space, which may complete it. */
        if (copy && clean && (strlen(clean) != size || memcmp(clean, copy, size)))
                md_secret_redact(secret, clean, strlen(clean));
        if (!clean && probe->trouble == 0)
                probe->trouble = -ENOMEM;
        free(copy);
        return clean;
}

static int add_list(MdProbe *probe, MdRecord *record, const MdField *field) {
        char *list[LIST_MAX + 1];
        size_t n = 0;
        int r = 0;

        while (n < LIST_MAX && field->list[n]) {
                list[n] = md_probe_harmless(probe, field->list[n], strlen(field->list[n]), LIST_TEXT_MAX);
                if (!list[n])
                        break;
                n++;
        }
        list[n] = NULL;
        if (probe->trouble == 0)
                r = md_record_add(record, &MD_LIST(field->key, (const char *const *) list));
        for (size_t i = 0; i < n; i++)
                free(list[i]);
        return r;
}

static int add_text(MdProbe *probe, MdRecord *record, const MdField *field) {
        size_t max = strcmp(field->key, "evidence") ? TEXT_MAX : EVIDENCE_MAX;
        char *text = md_probe_harmless(probe, field->text, strlen(field->text), max);
        int r = text ? md_record_add(record, &MD_TEXT(field->key, text)) : -ENOMEM;
        free(text);
        return r;
}

static int add_field(MdProbe *probe, MdRecord *record, const MdField *field) {
        if (field->own)
                return md_record_add(record, field);
        if (field->type == 's')
                return field->text ? add_text(probe, record, field) : 0;
        if (field->type == 'l')
                return field->list ? add_list(probe, record, field) : 0;
        return md_record_add(record, field);
}

static int add_fields(MdProbe *probe, MdRecord *record, const MdField *fields) {
        int r = 0;
        for (; r >= 0 && fields && fields->key; fields++)
                r = add_field(probe, record, fields);
        assert(r != -EINVAL);           /* a bad key, or one given twice */
        return r;
}

void md_observe_record(MdProbe *probe, MdRecord *record, int r) {
        if (r >= 0 && probe->trouble == 0)
                r = probe->hooks->emit(probe->hooks->userdata, record);
        if (r < 0 && probe->trouble == 0)
                probe->trouble = r;
        md_record_done(record);
}

void md_observe_flush(MdProbe *probe) {
        int r = probe->hooks->flush ? probe->hooks->flush(probe->hooks->userdata) : 0;
        if (r < 0 && probe->trouble == 0)
                probe->trouble = r;
}

void md_observe_fields(MdProbe *probe, const char *kind, const MdField *fields) {
        MdRecord record;
        if (!strcmp(kind, "capability"))
                md_evidence_note(probe, fields);
        md_record_init(&record, kind);
        md_observe_record(probe, &record, add_fields(probe, &record, fields));
}

void md_fact(MdProbe *probe, const char *name, const char *value) {
        if (value)
                md_observe(probe, "fact", MD_TEXT("name", name), MD_TEXT("value", value));
}

void md_fact_number(MdProbe *probe, const char *name, uint64_t value) {
        md_observe(probe, "fact", MD_TEXT("name", name), MD_NUMBER("value", value));
}

void md_fact_truth(MdProbe *probe, const char *name, bool value) {
        md_observe(probe, "fact", MD_TEXT("name", name), MD_TRUTH("value", value));
}

/* ---- findings ---- */

static const MdFindingInfo *find_info(const MdProbe *probe, const char *id) {
        const MdFindingInfo *info = md_catalog_find(probe->plugin->findings, probe->plugin->n_findings, id);
        return info ? info : md_catalog_find(md_catalog, md_catalog_size, id);
}

/* The present value of a setting, unless it is a secret or many. */
static const char *setting_value(const MdProbe *probe, const char *setting, char buffer[static 8]) {
        const MdTarget *target = probe->target;

        if (!setting)
                return NULL;
        snprintf(buffer, 8, "%u", target->port);
        const struct {
                const char *setting, *value;
        } values[] = {
                { "host", target->host },
                { "port", buffer },
                { "security", md_security_to_string(target->security) },
                { "username", target->username },
                { "address", target->address },
                { "auth", target->mechanisms ? target->mechanisms[0] : NULL },
        };
        for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
                if (!strcmp(values[i].setting, setting))
                        return values[i].value;
        return NULL;
}

/* What every text may mention, where the caller gave no other. */
static int add_defaults(MdProbe *probe, MdRecord *record, const MdFindingInfo *info) {
        char port[8];
        const char *setting = md_record_text(record, "setting");
        const MdField defaults[] = {
                MD_TEXT("host", probe->target->host),
                MD_NUMBER("port", probe->target->port),
                MD_TEXT("setting", info->setting),
                MD_TEXT("value", setting_value(probe, setting ? setting : info->setting, port)),
        };
        int r = 0;
        for (size_t i = 0; r >= 0 && i < sizeof(defaults) / sizeof(defaults[0]); i++)
                if (!md_record_get(record, defaults[i].key))
                        r = add_field(probe, record, &defaults[i]);
        return r;
}

void md_find_fields(MdProbe *probe, const char *id, const char *evidence, const MdField *params) {
        const MdFindingInfo *info = find_info(probe, id);
        assert(info);
        if (md_found(probe, id) || probe->n_found == MD_FOUND_MAX)
                return;
        /* Whatever comes now, the dialogue was over before. */
        if (probe->in_goodbye)
                return;
        probe->found[probe->n_found++] = info;
        probe->n_errors += info->severity == MD_SEVERITY_ERROR;

        char buffer[MD_EVIDENCE_SIZE];
        if (!evidence)
                evidence = md_evidence_default(probe, info, params, buffer);
        const MdField fields[] = {
                MD_TEXT("code", id),
                MD_TEXT("evidence", evidence),
                MD_NUMBER("at-us", md_now() - probe->began),
                { 0 },
        };
        MdRecord record;
        md_record_init(&record, "finding");
        int r = add_fields(probe, &record, fields);
        if (r >= 0)
                r = add_fields(probe, &record, params);
        if (r >= 0)
                r = add_defaults(probe, &record, info);
        md_observe_record(probe, &record, r);
}

void md_find_bytes(MdProbe *probe, const char *id, const char *bytes, size_t size, const MdField *params) {
        size_t start = 0, length = 0;
        while (start < size && strchr("\r\n", bytes[start]) && bytes[start])
                start++;
        while (start + length < size && bytes[start + length] != '\n' && bytes[start + length] != '\r')
                length++;
        char *evidence = length > 0 ? md_probe_harmless(probe, bytes + start, length, EVIDENCE_MAX) : NULL;
        md_find_fields(probe, id, evidence, params);
        free(evidence);
}

bool md_found(const MdProbe *probe, const char *id) {
        if (!id)
                return probe->n_errors > 0;
        for (size_t i = 0; i < probe->n_found; i++)
                if (!strcmp(probe->found[i]->id, id))
                        return true;
        return false;
}
