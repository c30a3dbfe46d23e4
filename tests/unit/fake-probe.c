/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Stands in for the context and the connection of a probe; see fake-probe.h. */

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake-probe.h"
#include "record.h"

#define RECORDS_MAX 32

struct MdProbe {
        MdTarget target;
        MdSecret *secret;
        const char *binding;
        bool certificate, begun, logged_in, refused;
        char sent[128 * 1024], taken[64 * 1024], shown[8192];
        size_t n_sent, n_taken;
        MdRecord records[RECORDS_MAX];
        size_t n_records;
};

MdProbe *fake_probe_new(const char *username, const char *secret) {
        MdProbe *probe = calloc(1, sizeof(*probe));
        const char *reason;
        assert(probe);
        probe->target = (MdTarget) { .host = strdup("mail.example"), .port = 587,
                                     .username = username ? strdup(username) : NULL };
        if (secret) {
                int fd = memfd_create("secret", MFD_CLOEXEC);
                assert(write(fd, secret, strlen(secret)) == (ssize_t) strlen(secret));
                assert(md_secret_new(&probe->secret) == 0);
                assert(md_secret_read(probe->secret, fd, &reason) == 0);
                close(fd);
        }
        return probe;
}

MdProbe *fake_probe_free(MdProbe *probe) {
        for (size_t i = 0; i < probe->n_records; i++)
                md_record_done(&probe->records[i]);
        md_secret_free(probe->secret);
        md_target_done(&probe->target);
        free(probe);
        return NULL;
}

MdTarget *fake_probe_target(MdProbe *probe) {
        return &probe->target;
}

void fake_probe_set_binding(MdProbe *probe, const char *type) {
        probe->binding = type;
}

void fake_probe_set_certificate(MdProbe *probe) {
        probe->certificate = true;
}

const char *fake_probe_take(MdProbe *probe) {
        const char *line = probe->sent + probe->n_taken;
        const char *end = memmem(line, probe->n_sent - probe->n_taken, "\r\n", 2);
        if (!end)
                return NULL;
        size_t length = (size_t) (end - line);
        memcpy(probe->taken, line, length);
        probe->taken[length] = '\0';
        probe->n_taken += length + 2;
        return probe->taken;
}

const char *fake_probe_shown(const MdProbe *probe) {
        return probe->shown;
}

bool fake_probe_was_begun(const MdProbe *probe) {
        return probe->begun;
}

bool fake_probe_was_refused(const MdProbe *probe) {
        return probe->refused;
}

static const MdRecord *last_record(const MdProbe *probe, const char *kind, const char *code) {
        for (size_t i = probe->n_records; i > 0; i--) {
                const MdRecord *record = &probe->records[i - 1];
                if (!strcmp(record->kind, kind) && (!code || !strcmp(md_record_text(record, "code"), code)))
                        return record;
        }
        return NULL;
}

const char *fake_probe_param(const MdProbe *probe, const char *id, const char *key) {
        const MdRecord *record = last_record(probe, "finding", id);
        const char *text = record ? md_record_text(record, key) : NULL;
        return text ? text : "";
}

const char *fake_probe_observed(const MdProbe *probe, const char *kind, const char *key) {
        const MdRecord *record = last_record(probe, kind, NULL);
        const char *text = record ? md_record_text(record, key) : NULL;
        return text ? text : "";
}

/* ---- what the code under test calls ---- */

const MdTarget *md_probe_target(const MdProbe *probe) {
        return &probe->target;
}

const MdSecret *md_probe_secret(const MdProbe *probe) {
        return probe->secret;
}

bool md_probe_has_certificate(const MdProbe *probe) {
        return probe->certificate;
}

MdTls *md_probe_tls(const MdProbe *probe) {
        return (MdTls *) (uintptr_t) probe->binding;
}

int md_tls_channel_binding(MdTls *tls, const char *type, void *buffer, size_t size, size_t *ret_size) {
        if (strcmp((const char *) tls, type))
                return -EOPNOTSUPP;
        assert(size >= 6);
        memcpy(buffer, "\0finis", 6);
        *ret_size = 6;
        return 0;
}

const char *md_probe_host(const MdProbe *probe) {
        return probe->target.host;
}

uint16_t md_probe_port(const MdProbe *probe) {
        return probe->target.port;
}

const char *md_probe_username(const MdProbe *probe) {
        return probe->target.username;
}

bool md_probe_may_login(MdProbe *probe) {
        return probe->target.username && (probe->secret || probe->certificate);
}

int md_probe_login_begin(MdProbe *probe) {
        if (probe->begun)
                return -EACCES;
        probe->begun = true;
        return 0;
}

bool md_probe_is_logged_in(const MdProbe *probe) {
        return probe->logged_in;
}

void md_probe_logged_in(MdProbe *probe) {
        probe->logged_in = true;
}

void md_probe_login_withdrawn(MdProbe *probe) {
        probe->begun = false;
}

void md_probe_login_refused(MdProbe *probe) {
        probe->refused = true;
}

static void put(MdProbe *probe, const void *bytes, size_t size, const char *shown) {
        assert(probe->n_sent + size < sizeof(probe->sent));
        memcpy(probe->sent + probe->n_sent, bytes, size);
        probe->n_sent += size;
        if (!*shown)
                return;
        assert(strlen(probe->shown) + strlen(shown) + 2 < sizeof(probe->shown));
        strcat(strcat(probe->shown, shown), "\n");
}

int md_send(MdProbe *probe, const char *format, ...) {
        char line[1024];
        va_list ap;
        va_start(ap, format);
        int n = vsnprintf(line, sizeof(line) - 2, format, ap);
        va_end(ap);
        assert(n >= 0 && (size_t) n < sizeof(line) - 2);
        char shown[1024];
        memcpy(shown, line, (size_t) n + 1);
        put(probe, strcat(line, "\r\n"), (size_t) n + 2, shown);
        return 0;
}

int md_conn_send_encoded(MdProbe *probe, const char *before, const MdPart *parts, size_t n_parts,
                         const char *after) {
        static char encoded[64 * 1024];
        char shown[256];
        assert(probe->begun);
        md_base64_encode(parts, n_parts, encoded);
        snprintf(shown, sizeof(shown), "%s***%s", before, after);
        put(probe, before, strlen(before), "");
        put(probe, encoded, strlen(encoded), "");
        put(probe, after, strlen(after), "");
        put(probe, "\r\n", 2, shown);
        return 0;
}

void md_observe_fields(MdProbe *probe, const char *kind, const MdField *fields) {
        assert(probe->n_records < RECORDS_MAX);
        MdRecord *record = &probe->records[probe->n_records++];
        md_record_init(record, kind);
        assert(md_record_add_all(record, fields) == 0);
}

void md_find_fields(MdProbe *probe, const char *id, const char *evidence, const MdField *params) {
        md_observe_fields(probe, "finding", (const MdField[]) { MD_TEXT("code", id),
                                                                MD_TEXT("evidence", evidence), { 0 } });
        assert(md_record_add_all(&probe->records[probe->n_records - 1], params) == 0);
}

bool md_found(const MdProbe *probe, const char *id) {
        return last_record(probe, "finding", id);
}
