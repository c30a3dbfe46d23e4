/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a refusal means.  RFC 5530 gives codes for it, which many servers do not use or use for something
 * else, so that words come before codes: the first rule that has something to say for the moment wins.
 */

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "refusal.h"

typedef struct Rule {
        const char *code;               /* NULL: any */
        const char *words;              /* a part of the text; NULL: any */
        const char *ids[_IMAP_MOMENT_MAX];      /* NULL: no rule for this moment */
} Rule;

#define LATER "server.temporarily-unavailable"
#define DOWN "server.auth-temporarily-down"
#define BUSY "mailbox.in-use"
#define SHUT "mailbox.not-available"

#define LOGIN(id) { [IMAP_AT_LOGIN] = (id) }
#define LOGIN_AND_MAILBOX(id) { [IMAP_AT_LOGIN] = (id), [IMAP_AT_MAILBOX] = (id) }

static const Rule rules[] = {
        { NULL, "authenticated but not connected", LOGIN_AND_MAILBOX(SHUT) },
        { NULL, "unsafe login", { [IMAP_AT_MAILBOX] = "imap.id-required" } },
        { "WEBALERT", NULL, LOGIN("auth.web-login-required") },
        { NULL, "web browser", LOGIN("auth.web-login-required") },
        { NULL, "web login", LOGIN("auth.web-login-required") },
        { NULL, "application-specific password", LOGIN("auth.mechanism-too-weak") },
        { NULL, "app password", LOGIN("auth.mechanism-too-weak") },
        { NULL, "basicauthblocked", LOGIN("auth.mechanism-too-weak") },
        { NULL, "under a layer", LOGIN("auth.encryption-required") },
        { NULL, "without ssl/tls", LOGIN("auth.encryption-required") },
        { NULL, "ssl/tls-connection is required", LOGIN("auth.encryption-required") },
        { NULL, "non-secure (ssl/tls)", LOGIN("auth.encryption-required") },
        { NULL, "starttls first", LOGIN("auth.encryption-required") },
        { NULL, "number of connections", { LATER, LATER, BUSY, BUSY } },
        { NULL, "too many open connections", { LATER, LATER, BUSY, BUSY } },
        { NULL, "too many simultaneous connections", { LATER, LATER, BUSY, BUSY } },
        { NULL, "too many invalid", LOGIN("auth.rate-limited") },
        { NULL, "too many login", LOGIN("auth.rate-limited") },
        { NULL, "too many failed", LOGIN("auth.rate-limited") },
        { NULL, "too many attempts", LOGIN("auth.rate-limited") },
        { NULL, "throttled", { LATER, LATER, "auth.rate-limited", SHUT } },
        { NULL, "unsupported authentication mechanism", LOGIN("auth.mechanism-broken") },
        { NULL, "password expired", LOGIN("auth.password-expired") },

        { "REFERRAL", NULL, { "imap.referral", "imap.referral", "imap.referral", "imap.referral" } },
        { "UNAVAILABLE", NULL, { LATER, LATER, DOWN, SHUT } },
        { "TEMPFAIL", NULL, { LATER, LATER, DOWN, SHUT } },
        { "SERVERBUG", NULL, { LATER, LATER, DOWN, SHUT } },
        { "CORRUPTION", NULL, LOGIN_AND_MAILBOX(SHUT) },
        { "INUSE", NULL, { LATER, LATER, BUSY, BUSY } },
        { "LIMIT", NULL, { LATER, LATER, "auth.rate-limited", BUSY } },
        { "THROTTLED", NULL, { LATER, LATER, "auth.rate-limited", SHUT } },
        { "AUTHENTICATIONFAILED", NULL, LOGIN("auth.rejected") },
        { "AUTHORIZATIONFAILED", NULL, LOGIN_AND_MAILBOX(SHUT) },
        { "EXPIRED", NULL, LOGIN("auth.password-expired") },
        { "PRIVACYREQUIRED", NULL, LOGIN_AND_MAILBOX("auth.encryption-required") },
        { "CONTACTADMIN", NULL, LOGIN("auth.account-disabled") },
        { "NOPERM", NULL, LOGIN_AND_MAILBOX(SHUT) },
        { "OVERQUOTA", NULL, LOGIN_AND_MAILBOX("mailbox.full") },
        { "CANNOT", NULL, LOGIN("auth.mechanism-broken") },
        { "CLIENTBUG", NULL, LOGIN("auth.mechanism-broken") },
};

/* What is left when no rule fits: by moment, and whether the server goes away. */
static const char *const left[_IMAP_MOMENT_MAX][2] = {
        [IMAP_AT_GREETING] = { "server.rejects-client", "server.rejects-client" },
        [IMAP_AT_COMMAND] = { "protocol.bad-reply", "server.closed-session" },
        [IMAP_AT_LOGIN] = { "auth.rejected", "server.closed-session" },
        [IMAP_AT_MAILBOX] = { SHUT, "server.closed-session" },
};

static bool fits(const Rule *rule, const ImapResponse *response) {
        if (rule->code && (!response->code || strcasecmp(rule->code, response->code)))
                return false;
        return !rule->words || strcasestr(response->text, rule->words);
}

const char *imap_refusal_meaning(const ImapResponse *response, ImapMoment moment) {
        for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
                if (rules[i].ids[moment] && fits(&rules[i], response))
                        return rules[i].ids[moment];

        /* BAD is what servers say to a mechanism that they list but do not know. */
        if (moment == IMAP_AT_LOGIN && response->status == IMAP_BAD)
                return "auth.mechanism-broken";
        return left[moment][response->status == IMAP_BYE];
}
