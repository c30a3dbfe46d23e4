/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Carries a SASL exchange in the frame of a protocol, and names what is wrong with it.
 *
 * What the mechanism says is sasl-session.c's part, what a refusal means the plugin's.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sasl-exchange.h"

#define CHALLENGES_MAX 8
#define CHALLENGE_MAX 12288             /* characters of base64 (RFC 4954 section 4.3) */
#define QUOTED_MAX 1024                 /* bytes between the quotes */
#define COMMAND_MAX 128                 /* "tag AUTHENTICATE mechanism" */

typedef struct Login {
        MdProbe *probe;
        const MdSaslProfile *profile;
        void *state;
        MdSaslSession *session;
        MdSaslResponse pending;         /* did not fit on the command line */
        unsigned n_challenges, n_sent;
} Login;

/* ---- sending ---- */

static size_t response_size(const MdSaslResponse *response) {
        size_t size = 0;
        for (size_t i = 0; i < response->n_parts; i++)
                size += response->parts[i].size;
        return size;
}

/* What an empty response looks like: RFC 4954 and 5034 write "=" on the command line, RFC 5804 quotes
 * everything. */
static int send_empty(Login *login, const char *command) {
        if (login->profile->quoted)
                return md_send(login->probe, command ? "%s \"\"" : "%s\"\"", command ? command : "");
        return md_send(login->probe, command ? "%s =" : "%s", command ? command : "");
}

/* RFC 5804 section 4: a quoted string has at most 1024 bytes; more is a literal, for which the server is not asked. */
static int send_literal(Login *login, const char *command, const MdSaslResponse *response, size_t length) {
        int r = md_send(login->probe, "%s%s{%zu+}", command ? command : "", command ? " " : "", length);
        return r < 0 ? r : md_conn_send_encoded(login->probe, "", response->parts, response->n_parts, "");
}

/* Sends a response, on the command line when there is one. */
static int send_response(Login *login, const char *command, const MdSaslResponse *response) {
        const char *quote = login->profile->quoted ? "\"" : "";
        char before[COMMAND_MAX + sizeof(" \"")];
        size_t length = MD_BASE64_SIZE(response_size(response)) - 1;
        if (length == 0)
                return send_empty(login, command);
        if (login->profile->quoted && length > QUOTED_MAX)
                return send_literal(login, command, response, length);
        snprintf(before, sizeof(before), "%s%s%s", command ? command : "", command ? " " : "", quote);
        return md_conn_send_encoded(login->probe, before, response->parts, response->n_parts, quote);
}

static int send_pending(Login *login, const char *command) {
        int r = send_response(login, command, &login->pending);
        md_sasl_response_done(&login->pending);
        login->n_sent++;
        return r;
}

/* Whether the secret, or a proof of it, has left. */
static bool proof_given(const Login *login) {
        return login->n_sent >= login->session->mechanism->proof;
}

/* Begins, with the initial response when protocol, mechanism and length allow it. */
static int begin(Login *login) {
        const MdSaslProfile *profile = login->profile;
        const MdMechanism *mechanism = login->session->mechanism;
        char command[COMMAND_MAX];
        int r = profile->begin(login->probe, login->state, mechanism->name, command, sizeof(command));
        if (r < 0)
                return r;
        if (!profile->initial_response || mechanism->server_first)
                return md_send(login->probe, "%s", command);

        r = md_sasl_session_respond(login->session, NULL, 0, &login->pending);
        if (r < 0)
                return r;
        /* With a space, and CR LF. */
        size_t length = strlen(command) + 1 + MD_BASE64_SIZE(response_size(&login->pending)) - 1 + 2;
        if (profile->command_max && length > profile->command_max)
                return md_send(login->probe, "%s", command);
        return send_pending(login, command);
}

/* ---- what goes wrong ---- */

/* Gives up in order (RFC 4422 section 3.5), so that the goodbye still works. */
static int cancel(Login *login) {
        MdSaslReply reply;
        if (md_send(login->probe, "%s", login->profile->quoted ? "\"*\"" : "*") == 0)
                login->profile->read(login->probe, login->state, &reply);
        return -EPROTO;
}

static int bad_challenge(Login *login, const char *challenge) {
        md_find(login->probe, "auth.bad-challenge", challenge,
                MD_TEXT("mechanism", login->session->mechanism->name));
        return cancel(login);
}

static int unsafe(Login *login, const char *what, const char *evidence) {
        md_find(login->probe, "auth.scram-unsafe", evidence, MD_TEXT("what", what));
        return -EPROTO;
}

/* RFC 6750 section 3.1 has the words, some servers the numbers that HTTP has for them.  Others say 400 to everything. */
static const char *oauth_meaning(const char *status) {
        static const struct {
                const char *status, *id;
        } meanings[] = {
                { "invalid_token", "auth.oauth-expired" },
                { "401", "auth.oauth-expired" },
                { "insufficient_scope", "auth.oauth-scope" },
                { "403", "auth.oauth-scope" },
        };
        for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
                if (!strcmp(status, meanings[i].status))
                        return meanings[i].id;
        return "auth.oauth";
}

static void find_oauth(Login *login, const char *evidence) {
        const MdOauthError *error = &login->session->oauth_error;
        md_find(login->probe, oauth_meaning(error->status), evidence, MD_TEXT("status", error->status),
                MD_TEXT("scope", *error->scope ? error->scope : "-"),
                MD_TEXT("schemes", *error->schemes ? error->schemes : NULL),
                MD_TEXT("mechanism", login->session->mechanism->name));
}

/* No reply came.  Before the secret was sent that is a fault like any other, afterwards it is one of the
 * login. */
static int read_failed(Login *login, int error) {
        static const struct {
                int error;
                bool after_proof;
                const char *finding;
        } faults[] = {
                { -ETIMEDOUT, true, "auth.timeout" },
                { -ETIME, true, "auth.timeout" },
                { -ENODATA, true, "auth.closed" },
                { -ECONNRESET, true, "auth.closed" },
                { -EPIPE, true, "auth.closed" },
                { -EBADMSG, true, "auth.closed" },
                { -EMSGSIZE, false, "auth.bad-challenge" },
        };
        for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
                if (faults[i].error == error &&
                    (!faults[i].after_proof || proof_given(login)))
                        md_find(login->probe, faults[i].finding, strerrorname_np(-error),
                                MD_TEXT("mechanism", login->session->mechanism->name));
        return error;
}

/* ---- what the server says ---- */

static int answer(Login *login, const char *text) {
        char challenge[CHALLENGE_MAX / 4 * 3 + 1] = "";
        size_t size = 0;
        if (++login->n_challenges > CHALLENGES_MAX) {
                md_find(login->probe, "auth.endless-challenge", text);
                return cancel(login);
        }
        int r = md_base64_decode(text, challenge, sizeof(challenge), &size);
        /* The explanation of a refused token may be rubbish, the refusal still follows. */
        if (r < 0 && !(login->session->mechanism->family == MD_FAMILY_OAUTH &&
                       login->session->n_responses > 0))
                return bad_challenge(login, text);

        if (login->pending.n_parts == 0)
                r = md_sasl_session_respond(login->session, challenge, size, &login->pending);
        else
                r = size > 0 ? -EBADMSG : 0;    /* only an invitation may come now */
        if (r == -EBADMSG)
                return bad_challenge(login, text);
        if (r == -EKEYREJECTED) {
                unsafe(login, login->session->unsafe, challenge);
                return cancel(login);
        }
        return r < 0 ? r : send_pending(login, NULL);
}

/* The last message of the server may come with the acceptance (RFC 5804) instead of before it. */
static bool is_verified(Login *login, const char *text) {
        char final[CHALLENGE_MAX / 4 * 3 + 1];
        size_t size;
        MdSaslResponse response;
        if (login->session->verified || !text || md_base64_decode(text, final, sizeof(final), &size) < 0)
                return login->session->verified;
        if (md_sasl_session_respond(login->session, final, size, &response) == 0)
                md_sasl_response_done(&response);
        return login->session->verified;
}

static int accepted(Login *login, const char *text) {
        if (!proof_given(login)) {
                md_find(login->probe, "security.unsolicited-reply", text);
                return -EPROTO;
        }
        if (login->session->mechanism->family == MD_FAMILY_SCRAM && !is_verified(login, text))
                return unsafe(login, N_("it accepts the login without a proof that it knows the password"),
                              text);
        md_probe_logged_in(login->probe);
        return MD_DONE;
}

static int refused(Login *login, const char *text) {
        if (proof_given(login))
                md_probe_login_refused(login->probe);
        if (login->session->oauth_error.seen)
                find_oauth(login, text);
        else
                login->profile->refused(login->probe, login->state);
        return MD_DONE;
}

static int run(Login *login) {
        int r = begin(login);
        while (r == 0) {
                MdSaslReply reply = { 0 };
                r = login->profile->read(login->probe, login->state, &reply);
                if (r < 0)
                        return read_failed(login, r);
                switch (reply.outcome) {
                case MD_SASL_CONTINUE:
                        r = answer(login, reply.text ? reply.text : "");
                        break;
                case MD_SASL_ACCEPTED:
                        r = accepted(login, reply.text);
                        break;
                case MD_SASL_REFUSED:
                        r = refused(login, reply.text);
                        break;
                }
        }
        return r;
}

int md_sasl_exchange(MdProbe *probe, const MdSaslProfile *profile, void *state, MdSaslSession *session) {
        Login login = { .probe = probe, .profile = profile, .state = state, .session = session };

        int r = run(&login);
        if (!proof_given(&login))
                md_probe_login_withdrawn(probe);
        md_sasl_response_done(&login.pending);
        return r == MD_DONE && md_probe_is_logged_in(probe) ? MD_NEXT : r;
}
