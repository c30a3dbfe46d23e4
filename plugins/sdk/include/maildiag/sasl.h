/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Login by SASL (RFC 4422), the same for every protocol that carries it.
 *
 * The SDK chooses the mechanism (the strongest that is offered, allowed by the settings, and possible with what
 * is at hand), speaks it through GNU SASL, caps the exchange, checks SCRAM's parameters (RFC 5802, 7677) and
 * the server's proof, and decodes the error challenge of XOAUTH2 and OAUTHBEARER (RFC 7628).  The plugin only
 * knows how its protocol frames the exchange.
 */

#include <stdbool.h>
#include <stddef.h>

#include <maildiag/probe.h>

typedef enum MdSaslOutcome {
        MD_SASL_CONTINUE,               /* a challenge: SMTP 334, IMAP and POP3 "+" */
        MD_SASL_ACCEPTED,
        MD_SASL_REFUSED,
} MdSaslOutcome;

/* What the server answered. `text` is valid until the next read. */
typedef struct MdSaslReply {
        MdSaslOutcome outcome;
        const char *text;               /* CONTINUE: the base64 challenge; ACCEPTED: base64 of final data
                                         * (RFC 4422 section 3.6), or NULL; REFUSED: the refusal, for evidence */
} MdSaslReply;

/* How a protocol frames SASL. */
typedef struct MdSaslProfile {
        bool initial_response;          /* may follow the mechanism on the command line (SASL-IR, RFC 4954, 5034) */
        bool quoted;                    /* base64 travels as a quoted string, a long one as a literal (ManageSieve,
                                         * RFC 5804) */
        size_t command_max;             /* longest command line with CR LF, 0: no limit; a longer initial response
                                         * waits for the first challenge (RFC 4954 section 4) */
        /* Writes the start of the command to `ret`, e.g. "A3 AUTHENTICATE PLAIN". */
        int (*begin)(MdProbe *probe, void *state, const char *mechanism, char *ret, size_t size);
        /* Reads the next reply. */
        int (*read)(MdProbe *probe, void *state, MdSaslReply *ret);
        /* Raises the finding that fits a refusal, from what `read` last saw. */
        void (*refused)(MdProbe *probe, void *state);
} MdSaslProfile;

/*
 * Whether md_sasl_login() would find a mechanism in `offered`.  When not, a protocol may fall back to a login command
 * of its own (IMAP LOGIN, POP3 USER and PASS), as long as { "LOGIN", NULL } would be possible: such a command sends
 * what SASL LOGIN sends, so the settings that rule out the one rule out the other.  Sends and reports nothing.
 */
bool md_sasl_is_possible(MdProbe *probe, const char *const *offered);

/*
 * Logs in.  `offered` is NULL-terminated: the mechanisms that the server lists after TLS.  Raises what is wrong:
 * "auth.not-offered", "auth.no-common-mechanism", "auth.weak-mechanism", "auth.bad-challenge",
 * "auth.endless-challenge", "auth.scram-unsafe", "auth.oauth", "auth.timeout", "auth.closed".
 *
 * Returns MD_NEXT after a login; MD_SKIP when md_probe_may_login() says no; MD_DONE when no mechanism fits
 * and nothing was sent, or the server refused; -errno when the dialogue cannot go on.
 */
int md_sasl_login(MdProbe *probe, const MdSaslProfile *profile, void *state, const char *const *offered);
