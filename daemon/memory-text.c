/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The memory as text (sealed-text.h), a line for each endpoint:
 *
 *   endpoint HASH TLS-AT SECURITY CERTIFICATE ANSWERED-AT REFUSED-AT N-REFUSED NOTED-AT
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory-private.h"
#include "own.h"
#include "sealed-text.h"

#define MAGIC "maildiag-memory"
#define VERSION 1u

/* ---- writing ---- */

static void write_endpoint(FILE *stream, const Endpoint *endpoint) {
        char hash[KEYED_HASH_TEXT_SIZE], certificate[KEYED_HASH_TEXT_SIZE];
        const Earlier *facts = &endpoint->facts;

        keyed_hash_to_text(&endpoint->hash, hash);
        keyed_hash_to_text(&endpoint->certificate, certificate);
        fprintf(stream, "endpoint %s %" PRId64 " %s %s %" PRId64 " %" PRId64 " %" PRIu32 " %" PRId64 "\n", hash,
                facts->tls_at, md_security_to_string(facts->tls_security), certificate, facts->answered_at,
                facts->refused_at, facts->n_refused, endpoint->noted_at);
}

static char *write_lines(const Memory *memory) {
        char *text = NULL;
        size_t size;
        FILE *stream = open_memstream(&text, &size);
        if (!stream)
                return NULL;

        for (size_t i = 0; i < memory->n_endpoints; i++)
                write_endpoint(stream, &memory->endpoints[i]);
        bool failed = ferror(stream);
        if (fclose(stream) == 0 && !failed)
                return text;
        free(text);
        return NULL;
}

char *memory_to_text(const Memory *memory) {
        _cleanup_free_ char *lines = write_lines(memory);
        return lines ? sealed_text_new(MAGIC, VERSION, &memory->key, lines) : NULL;
}

/* ---- reading ---- */

static int read_time(const char *word, int64_t *ret) {
        if (!word || !*word || strlen(word) > 15 || strspn(word, "0123456789") != strlen(word))
                return -EBADMSG;
        *ret = strtoll(word, NULL, 10);
        return 0;
}

static int read_hash(const char *word, KeyedHash *ret) {
        return word && keyed_hash_from_text(word, ret) >= 0 ? 0 : -EBADMSG;
}

static int read_security(const char *word, MdSecurity *ret) {
        int security = word ? md_security_from_string(word) : -EINVAL;
        *ret = security >= 0 ? (MdSecurity) security : MD_SECURITY_NONE;
        return security >= 0 ? 0 : -EBADMSG;
}

static int read_endpoint(Memory *memory, char *rest) {
        Endpoint endpoint = { 0 };
        Earlier *facts = &endpoint.facts;
        int64_t n_refused = 0;

        if (read_hash(strsep(&rest, " "), &endpoint.hash) < 0 || read_time(strsep(&rest, " "), &facts->tls_at) < 0 ||
            read_security(strsep(&rest, " "), &facts->tls_security) < 0 ||
            read_hash(strsep(&rest, " "), &endpoint.certificate) < 0 ||
            read_time(strsep(&rest, " "), &facts->answered_at) < 0 ||
            read_time(strsep(&rest, " "), &facts->refused_at) < 0 || read_time(strsep(&rest, " "), &n_refused) < 0 ||
            read_time(strsep(&rest, " "), &endpoint.noted_at) < 0 || rest || n_refused > UINT16_MAX ||
            memory->n_endpoints == MEMORY_ENDPOINTS_MAX)
                return -EBADMSG;
        facts->n_refused = (uint32_t) n_refused;
        memory->endpoints[memory->n_endpoints++] = endpoint;
        return 0;
}

static int read_lines(char *rest, Memory *memory) {
        while (rest && *rest) {
                char *line = sealed_text_next(&rest, "endpoint");
                if (!line || read_endpoint(memory, line) < 0)
                        return -EBADMSG;
        }
        return 0;
}

int memory_from_text(const char *text, Memory **ret) {
        _cleanup_free_ char *lines = NULL;
        KeyedHash key;

        int r = sealed_text_open(text, MAGIC, VERSION, &key, &lines);
        if (r < 0)
                return r;
        Memory *memory = memory_new(&key);
        r = memory ? read_lines(lines, memory) : -ENOMEM;
        if (r < 0) {
                memory_free(memory);
                return r;
        }
        *ret = memory;
        return 0;
}
