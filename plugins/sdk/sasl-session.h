/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * One side of a SASL exchange (RFC 4422): challenges in, responses out.  No I/O, and no knowledge of how a
 * protocol frames either.  The only file that sees GNU SASL.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base64.h"
#include "sasl-mechanisms.h"
#include "sasl-oauth.h"
#include "sasl-scram.h"
#include "secret.h"

/* Who logs in where, and what ties the login to its connection.  Borrowed. */
typedef struct MdSaslIdentity {
        const char *username;
        const char *host;
        uint16_t port;
        const MdSecret *secret;         /* NULL for EXTERNAL */
        const char *binding_type;       /* "tls-unique", "tls-exporter", or NULL */
        unsigned char binding[64];
        size_t binding_size;
} MdSaslIdentity;

typedef struct MdSaslSession {
        const MdMechanism *mechanism;
        const MdSaslIdentity *identity;
        struct Gsasl *library;
        struct Gsasl_session *session;
        unsigned n_responses;
        bool finished;                  /* the mechanism has nothing more to say */
        bool verified;                  /* SCRAM: the server proved that it knows the password */
        char nonce[MD_SCRAM_NONCE_MAX];
        const char *unsafe;             /* SCRAM: which rule was broken */
        MdOauthError oauth_error;
} MdSaslSession;

/* What to send: up to three parts that make one message; wipe and free with md_sasl_response_done(). */
typedef struct MdSaslResponse {
        MdPart parts[3];
        size_t n_parts;
        char *owned;
        size_t owned_size;
} MdSaslResponse;

int md_sasl_session_init(MdSaslSession *session, const MdMechanism *mechanism,
                         const MdSaslIdentity *identity);
void md_sasl_session_done(MdSaslSession *session);
/*
 * Answers a challenge; NULL asks for the initial response of a mechanism that begins by itself.  Returns 0,
 * -EBADMSG for a challenge that the mechanism does not know, -EKEYREJECTED for one that is not safe to answer
 * (see `unsafe`), -ENOMEM.
 */
int md_sasl_session_respond(MdSaslSession *session, const char *challenge, size_t size, MdSaslResponse *ret);
void md_sasl_response_done(MdSaslResponse *response);

/* Whether user name and password can be normalised as SCRAM needs it. */
bool md_sasl_can_prepare(const char *username, const MdSecret *secret);
