/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules of the memory. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory-private.h"

#define HOUR INT64_C(3600)

Memory *memory_new(const KeyedHash *key) {
        Memory *memory = calloc(1, sizeof(*memory));
        if (memory)
                memory->key = *key;
        return memory;
}

Memory *memory_free(Memory *memory) {
        free(memory);
        return NULL;
}

/* ---- endpoints ---- */

static KeyedHash hash_text(const KeyedHash *key, const char *text) {
        char folded[256];
        size_t n = 0;

        for (; text && text[n] && n < sizeof(folded); n++)
                folded[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char) (text[n] - 'A' + 'a') : text[n];
        return keyed_hash(key, folded, n);
}

KeyedHash memory_endpoint(const Memory *memory, uint32_t uid, const MdTarget *target, bool own_authority) {
        char rest[96];
        snprintf(rest, sizeof(rest), "%u %s %u %d", uid, target->plugin, target->port, own_authority);
        const KeyedHash parts[] = {
                hash_text(&memory->key, rest),
                hash_text(&memory->key, target->host),
                hash_text(&memory->key, target->connect_to),
                hash_text(&memory->key, target->tls_name),
        };
        return keyed_hash(&memory->key, parts, sizeof(parts));
}

static Endpoint *find(const Memory *memory, const KeyedHash *hash) {
        for (size_t i = 0; i < memory->n_endpoints; i++)
                if (!memcmp(&memory->endpoints[i].hash, hash, sizeof(*hash)))
                        return (Endpoint *) &memory->endpoints[i];
        return NULL;
}

/* The one that was not seen for the longest time makes room. */
static Endpoint *get(Memory *memory, const KeyedHash *hash) {
        Endpoint *endpoint = find(memory, hash);

        if (!endpoint && memory->n_endpoints < MEMORY_ENDPOINTS_MAX)
                endpoint = &memory->endpoints[memory->n_endpoints++];
        else if (!endpoint) {
                endpoint = &memory->endpoints[0];
                for (size_t i = 1; i < memory->n_endpoints; i++)
                        if (memory->endpoints[i].noted_at < endpoint->noted_at)
                                endpoint = &memory->endpoints[i];
                endpoint->hash = (KeyedHash) { 0 };
        }
        if (memcmp(&endpoint->hash, hash, sizeof(*hash)))
                *endpoint = (Endpoint) { .hash = *hash };
        return endpoint;
}

/* ---- questions ---- */

/* A time that lies ahead was written when the clock was wrong: it is no later than now. */
static int64_t past(int64_t at, int64_t now) {
        return at > now ? now : at;
}

Earlier memory_recall(const Memory *memory, const KeyedHash *hash, int64_t now) {
        const Endpoint *endpoint = find(memory, hash);
        Earlier earlier = endpoint ? endpoint->facts : (Earlier) { 0 };

        earlier.tls_at = past(earlier.tls_at, now);
        earlier.answered_at = past(earlier.answered_at, now);
        earlier.refused_at = past(earlier.refused_at, now);
        if (now - earlier.refused_at >= MEMORY_REFUSED_DAYS * MEMORY_DAY)
                earlier.n_refused = 0;
        return earlier;
}

bool memory_had_other_certificate(const Memory *memory, const KeyedHash *hash, const char *certificate) {
        const Endpoint *endpoint = find(memory, hash);
        KeyedHash seen = hash_text(&memory->key, certificate);
        return endpoint && certificate && endpoint->facts.tls_at > 0 &&
               memcmp(&endpoint->certificate, &seen, sizeof(seen));
}

/* ---- visits ---- */

static bool note_time(int64_t *at, int64_t now, int64_t precision) {
        bool news = now - *at >= precision || *at > now;
        if (news)
                *at = now;
        return news;
}

static bool note_tls(const Memory *memory, Endpoint *endpoint, const MemoryVisit *visit, int64_t now) {
        KeyedHash certificate = hash_text(&memory->key, visit->certificate);
        bool news = endpoint->facts.tls_security != visit->security ||
                    memcmp(&endpoint->certificate, &certificate, sizeof(certificate));

        endpoint->certificate = certificate;
        endpoint->facts.tls_security = visit->security;
        return note_time(&endpoint->facts.tls_at, now, news ? 0 : MEMORY_DAY);
}

static bool note_login(Endpoint *endpoint, const MemoryVisit *visit, int64_t now) {
        Earlier *facts = &endpoint->facts;

        if (visit->login_refused) {
                bool recent = now - facts->refused_at < MEMORY_REFUSED_DAYS * MEMORY_DAY;
                facts->n_refused = recent && facts->n_refused < UINT16_MAX ? facts->n_refused + 1 : 1;
                facts->refused_at = now;
                return true;
        }
        bool news = visit->login_ok && facts->n_refused > 0;
        if (visit->login_ok)
                facts->n_refused = 0;
        return news;
}

bool memory_note(Memory *memory, const KeyedHash *hash, const MemoryVisit *visit, int64_t now) {
        bool news = false;

        if (!visit->greeted && !visit->verified && !visit->login_ok && !visit->login_refused)
                return false;
        Endpoint *endpoint = get(memory, hash);
        endpoint->noted_at = now;
        if (visit->greeted)
                news = note_time(&endpoint->facts.answered_at, now, HOUR);
        if (visit->verified)
                news = note_tls(memory, endpoint, visit, now) || news;
        return note_login(endpoint, visit, now) || news;
}
