/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What was seen at endpoints earlier: whether TLS was to be had and with which certificate, when the server last greeted,
 * how many logins it refused.  What was there and is not any more tells a stripped STARTTLS from a server that never had
 * it, and a ban from a server that is down.
 *
 * Pure: no I/O, and what time it is comes with every call.  An endpoint is remembered under a keyed hash, for each user
 * apart, so that nobody learns or forges what another saw; names cannot be read from it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "earlier.h"
#include "keyed-hash.h"
#include "target.h"

#define MEMORY_ENDPOINTS_MAX 400u
#define MEMORY_TEXT_MAX (64u * 1024u)           /* bytes of all of it, written down */
#define MEMORY_DAY INT64_C(86400)               /* seconds */
#define MEMORY_REFUSED_DAYS 1                   /* after which refused logins are forgotten */

/* What one probe saw. */
typedef struct MemoryVisit {
        bool greeted;
        bool verified;                  /* TLS is up, and the certificate in order */
        MdSecurity security;
        const char *certificate;        /* its fingerprint; NULL: none was shown */
        bool login_ok, login_refused;
} MemoryVisit;

typedef struct Memory Memory;

/* An empty one whose endpoints are hashed with this key.  NULL: out of memory. */
Memory *memory_new(const KeyedHash *key);
Memory *memory_free(Memory *memory);

/* The endpoint of a target of a user; `own_authority`: it is judged by certificates that the caller gave. */
KeyedHash memory_endpoint(const Memory *memory, uint32_t uid, const MdTarget *target, bool own_authority);

/* What is remembered of it; all zero: nothing. */
Earlier memory_recall(const Memory *memory, const KeyedHash *endpoint, int64_t now);
/* Whether a certificate in order was seen there that is not this one. */
bool memory_had_other_certificate(const Memory *memory, const KeyedHash *endpoint, const char *certificate);
/* Remembers what a probe saw.  Returns whether that is worth being written down now. */
bool memory_note(Memory *memory, const KeyedHash *endpoint, const MemoryVisit *visit, int64_t now);

/* All of it as text, of MEMORY_TEXT_MAX bytes at most.  NULL: out of memory. */
char *memory_to_text(const Memory *memory);
/* The reverse, whatever the text.  Returns 0, -EBADMSG when it is damaged, -EPROTONOSUPPORT when a later version wrote
 * it, -ENOMEM. */
int memory_from_text(const char *text, Memory **ret);
