/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * SASL mechanisms over GNU SASL; those for OAuth 2.0 by hand.
 *
 * GNU SASL keeps a copy of the password while a session lives, which is wiped here before it is freed.
 * Whatever a server says in SCRAM is checked before the library sees it.
 */

#include <errno.h>
#include <gsasl.h>
#include <stdlib.h>
#include <string.h>

#include <maildiag/finding.h>

#include "sasl-session.h"

/* ---- setting up ---- */

static int set_binding(MdSaslSession *s) {
        char encoded[MD_BASE64_SIZE(sizeof(s->identity->binding))];
        MdPart part = { s->identity->binding, s->identity->binding_size };
        bool unique = !strcmp(s->identity->binding_type, "tls-unique");

        md_base64_encode(&part, 1, encoded);
        return gsasl_property_set(s->session, unique ? GSASL_CB_TLS_UNIQUE : GSASL_CB_TLS_EXPORTER, encoded);
}

static int start_library(MdSaslSession *s) {
        const MdSecret *secret = s->identity->secret;
        int r = gsasl_init(&s->library);
        if (r == GSASL_OK)
                r = gsasl_client_start(s->library, s->mechanism->name, &s->session);
        if (r == GSASL_OK)
                r = gsasl_property_set(s->session, GSASL_AUTHID, s->identity->username);
        if (r == GSASL_OK && s->mechanism->needs & MD_MEANS_PASSWORD)
                r = gsasl_property_set_raw(s->session, GSASL_PASSWORD, md_secret_bytes(secret),
                                           md_secret_size(secret));
        /* With a binding set, GNU SASL 2.2 cannot begin the mechanisms without one. */
        if (r == GSASL_OK && s->mechanism->needs & MD_MEANS_BINDING)
                r = set_binding(s);
        return r == GSASL_OK ? 0 : -ENOMEM;
}

int md_sasl_session_init(MdSaslSession *s, const MdMechanism *mechanism, const MdSaslIdentity *identity) {
        *s = (MdSaslSession) { .mechanism = mechanism, .identity = identity };
        if (mechanism->family == MD_FAMILY_OAUTH)
                return 0;
        int r = start_library(s);
        if (r < 0)
                md_sasl_session_done(s);
        return r;
}

static void wipe_text(const char *text) {
        if (text)
                explicit_bzero((char *) (uintptr_t) text, strlen(text));
}

void md_sasl_session_done(MdSaslSession *s) {
        if (s->session) {
                wipe_text(gsasl_property_fast(s->session, GSASL_PASSWORD));
                wipe_text(gsasl_property_fast(s->session, GSASL_SCRAM_SALTED_PASSWORD));
                gsasl_finish(s->session);
        }
        if (s->library)
                gsasl_done(s->library);
        *s = (MdSaslSession) { 0 };
}

void md_sasl_response_done(MdSaslResponse *response) {
        if (response->owned)
                explicit_bzero(response->owned, response->owned_size);
        free(response->owned);
        *response = (MdSaslResponse) { 0 };
}

/* ---- responding ---- */

static int step_library(MdSaslSession *s, const char *challenge, size_t size, MdSaslResponse *ret) {
        char *output = NULL;
        size_t length = 0;
        int r = gsasl_step(s->session, challenge, size, &output, &length);
        if (r != GSASL_OK && r != GSASL_NEEDS_MORE) {
                gsasl_free(output);
                return r == GSASL_MALLOC_ERROR ? -ENOMEM : -EBADMSG;
        }
        s->finished = r == GSASL_OK;
        *ret = (MdSaslResponse) { { { output, length } }, 1, output, length };
        return 0;
}

/* RFC 2195: the challenge is a message id.  Anything else is no proof of freshness, or an attack on the
 * digest. */
static int respond_cram(MdSaslSession *s, const char *challenge, size_t size, MdSaslResponse *ret) {
        if (size < 5 || challenge[0] != '<' || challenge[size - 1] != '>' || !memchr(challenge, '@', size))
                return -EBADMSG;
        for (size_t i = 0; i < size; i++)
                if (challenge[i] <= ' ' || challenge[i] >= 0x7f)
                        return -EBADMSG;
        return step_library(s, challenge, size, ret);
}

/* The server's last message proves that it knows the password, or names an error; then it will refuse by
 * itself. */
static int respond_scram_final(MdSaslSession *s, const char *challenge, size_t size, MdSaslResponse *ret) {
        if (!strncmp(challenge, "e=", 2)) {
                s->finished = true;
                return 0;
        }
        int r = step_library(s, challenge, size, ret);
        if (r == -EBADMSG) {
                s->unsafe = N_("it cannot prove that it knows the password");
                return -EKEYREJECTED;
        }
        s->verified = r == 0 && s->finished;
        return r;
}

static int respond_scram(MdSaslSession *s, const char *challenge, size_t size, MdSaslResponse *ret) {
        int r = 0;
        switch (s->n_responses) {
        case 0:
                r = step_library(s, challenge, size, ret);
                return r < 0 ? r : md_scram_client_nonce(ret->owned, ret->owned_size, s->nonce);
        case 1:
                r = md_scram_check_first(s->nonce, challenge, &s->unsafe);
                return r < 0 ? r : step_library(s, challenge, size, ret);
        default:
                return respond_scram_final(s, challenge, size, ret);
        }
}

static int respond_oauth(MdSaslSession *s, const char *challenge, size_t size, MdSaslResponse *ret) {
        const MdSaslIdentity *identity = s->identity;
        bool bearer = !strcmp(s->mechanism->name, "OAUTHBEARER");
        if (s->n_responses > 0) {
                s->finished = true;
                md_oauth_read_error(challenge, size, &s->oauth_error);
                const char *dummy = md_oauth_dummy_response(bearer);
                *ret = (MdSaslResponse) { .parts = { { dummy, strlen(dummy) } }, .n_parts = 1 };
                return 0;
        }

        char *before;
        const char *after;
        int r = md_oauth_message(bearer, identity->username, identity->host, identity->port, &before, &after);
        if (r < 0)
                return r;
        *ret = (MdSaslResponse) {
                .parts = {
                        { before, strlen(before) },
                        { md_secret_bytes(identity->secret), md_secret_size(identity->secret) },
                        { after, strlen(after) },
                },
                .n_parts = 3, .owned = before, .owned_size = strlen(before),
        };
        return 0;
}

int md_sasl_session_respond(MdSaslSession *s, const char *challenge, size_t size, MdSaslResponse *ret) {
        static int (*const respond[])(MdSaslSession *, const char *, size_t, MdSaslResponse *) = {
                [MD_FAMILY_SIMPLE] = step_library,
                [MD_FAMILY_CRAM] = respond_cram,
                [MD_FAMILY_SCRAM] = respond_scram,
                [MD_FAMILY_OAUTH] = respond_oauth,
        };

        *ret = (MdSaslResponse) { 0 };
        /* A server that asks on gets empty answers, until its challenges are too many. */
        if (s->finished)
                return 0;
        /* All mechanisms speak text.  One that begins by itself and was not allowed to is asked with nothing.
         * */
        if (challenge && (strlen(challenge) != size ||
                          (size > 0 && s->n_responses == 0 && !s->mechanism->server_first)))
                return -EBADMSG;

        int r = respond[s->mechanism->family](s, challenge, size, ret);
        if (r < 0)
                md_sasl_response_done(ret);
        else
                s->n_responses++;
        return r;
}

/* What SASLprep leaves as it is (RFC 4013 section 2), without the library's tables of Unicode. */
static bool is_printable_ascii(const char *text) {
        for (; *text; text++)
                if (*text < ' ' || *text > '~')
                        return false;
        return true;
}

static bool can_prepare(const char *text) {
        char *prepared = NULL;
        if (is_printable_ascii(text))
                return true;
        bool can = gsasl_saslprep(text, GSASL_ALLOW_UNASSIGNED, &prepared, NULL) == GSASL_OK;
        wipe_text(prepared);
        gsasl_free(prepared);
        return can;
}

bool md_sasl_can_prepare(const char *username, const MdSecret *secret) {
        return can_prepare(username) && (!secret || can_prepare(md_secret_bytes(secret)));
}
