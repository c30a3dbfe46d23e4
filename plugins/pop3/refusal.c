/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a refusal means.  The response codes of RFC 2449 and 3206 are few, and servers use them for several
 * things: Dovecot says [AUTH] for a wrong password, a missing TLS and an expired password alike, and [IN-USE]
 * for too many connections.  So words come before codes, and the first rule that has something to say for the
 * moment wins.
 */

#include <stddef.h>
#include <string.h>

#include "refusal.h"

typedef struct Rule {
        const char *code;                       /* NULL: any */
        const char *words;                      /* a part of the text, in any case; NULL: any */
        const char *ids[_POP3_MOMENT_MAX];      /* NULL: no rule for this moment */
} Rule;

#define LATER "server.temporarily-unavailable"
#define DOWN "server.auth-temporarily-down"
#define BUSY "mailbox.in-use"
#define SHUT "mailbox.not-available"

#define LOGIN(id) { [POP3_AT_LOGIN] = (id) }
#define EVER(id) { (id), (id), (id) }

static const Rule rules[] = {
        { NULL, "authentication disallowed on non-secure", LOGIN("auth.encryption-required") },
        { NULL, "did it anyway", LOGIN("auth.encryption-required") },
        { NULL, "under a layer", LOGIN("auth.encryption-required") },
        { NULL, "ssl/tls-connection is required", LOGIN("auth.encryption-required") },
        { NULL, "stls is required", LOGIN("auth.encryption-required") },
        { NULL, "stls first", LOGIN("auth.encryption-required") },
        { NULL, "web browser", LOGIN("auth.web-login-required") },
        { NULL, "web login", LOGIN("auth.web-login-required") },
        { NULL, "application-specific password", LOGIN("auth.mechanism-too-weak") },
        { NULL, "app password", LOGIN("auth.mechanism-too-weak") },
        { NULL, "password expired", LOGIN("auth.password-expired") },
        { NULL, "password has expired", LOGIN("auth.password-expired") },
        { NULL, "account disabled", LOGIN("auth.account-disabled") },
        { NULL, "account is disabled", LOGIN("auth.account-disabled") },
        { NULL, "not enabled for pop", LOGIN(SHUT) },
        { NULL, "number of connections", { LATER, BUSY, BUSY } },
        { NULL, "too many open connections", { LATER, BUSY, BUSY } },
        { NULL, "too many simultaneous connections", { LATER, BUSY, BUSY } },
        { NULL, "too many invalid", LOGIN("auth.rate-limited") },
        { NULL, "too many login", LOGIN("auth.rate-limited") },
        { NULL, "too many failed", LOGIN("auth.rate-limited") },
        { NULL, "already locked", LOGIN(BUSY) },
        { NULL, "is locked by another", LOGIN(BUSY) },
        { NULL, "unsupported authentication mechanism", LOGIN("auth.mechanism-broken") },
        { NULL, "unknown command", LOGIN("auth.mechanism-broken") },

        { "SYS/TEMP", NULL, { LATER, DOWN, LATER } },
        { "SYS/PERM", NULL, { "server.rejects-client", SHUT, SHUT } },
        { "IN-USE", NULL, { LATER, BUSY, BUSY } },
        { "LIMIT", NULL, { LATER, BUSY, BUSY } },
        { "LOGIN-DELAY", NULL, EVER("pop3.login-too-soon") },
        { "AUTH", NULL, LOGIN("auth.rejected") },
        { NULL, NULL, { "server.rejects-client", "auth.rejected", SHUT } },
};

static bool fits(const Rule *rule, const Pop3Reply *reply) {
        if (rule->code && strcmp(rule->code, reply->code))
                return false;
        return !rule->words || strcasestr(reply->text, rule->words);
}

const char *pop3_refusal_meaning(const Pop3Reply *reply, Pop3Moment moment) {
        const Rule *rule = rules;
        while (!rule->ids[moment] || !fits(rule, reply))
                rule++;                         /* the last one fits everything */
        return rule->ids[moment];
}
