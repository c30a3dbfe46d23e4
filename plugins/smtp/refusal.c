/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a refusal means.  Servers agree neither on codes nor on words, so a rule may ask for any of moment,
 * codes, enhanced codes, words and situation; the first rule that fits wins, so that special ones stand
 * before general ones.
 */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "refusal.h"

#define AT(moment) (1u << (moment))
#define AT_TRANSACTION (AT(SMTP_AT_MAIL) | AT(SMTP_AT_RCPT))

typedef enum Need {
        NEED_NOTHING,
        NEED_CLEAR,                     /* the connection is not encrypted */
        NEED_NO_LOGIN,                  /* there was no login */
        NEED_NO_LOGIN_BUT_OFFER,        /* there was none although the server offers it */
} Need;

typedef struct Rule {
        unsigned moments;               /* AT(…) */
        const char *codes;              /* "535 5.." with . for any digit, separated by spaces; NULL: any */
        const char *enhanced;           /* behind the class: "7.8 7.9"; NULL: any, "" only none */
        const char *words;              /* one of these, separated by |; NULL: any */
        const char *id;
        Need need;
} Rule;

static const Rule rules[] = {
        /* The name in EHLO; many servers say so only at RCPT. */
        { AT(SMTP_AT_EHLO) | AT_TRANSACTION, "5..", NULL,
          "helo |ehlo |helo/|helo argument|fully-qualified hostname|fully qualified host",
          "smtp.helo-rejected" },
        { AT(SMTP_AT_EHLO), "4..", NULL, NULL, "server.temporarily-unavailable" },
        { AT(SMTP_AT_EHLO), "521 530 554", NULL, NULL, "server.rejects-client" },
        { AT(SMTP_AT_EHLO), NULL, NULL, NULL, "smtp.helo-rejected" },

        /* AUTH (RFC 4954 section 6, RFC 5248) */
        { AT(SMTP_AT_AUTH), NULL, NULL, "too many|rate limit|throttl", "auth.rate-limited" },
        { AT(SMTP_AT_AUTH), "421", "7.0 7.1 7.28", NULL, "auth.rate-limited" },
        { AT(SMTP_AT_AUTH), "523 524 538", NULL, NULL, "auth.encryption-required" },
        { AT(SMTP_AT_AUTH), NULL, "7.10 7.11", NULL, "auth.encryption-required" },
        { AT(SMTP_AT_AUTH), "5..", NULL,
          "starttls|encryption required|ssl/tls|ssl required|requires encryption",
          "auth.encryption-required" },
        { AT(SMTP_AT_AUTH), "530", NULL, NULL, "auth.encryption-required", NEED_CLEAR },
        { AT(SMTP_AT_AUTH), NULL, NULL, "smtpclientauthentication is disabled", "smtp.auth-switched-off" },
        { AT(SMTP_AT_AUTH), "5..", NULL,
          "application-specific|app password|app-password|basic authentication is disabled",
          "auth.mechanism-too-weak" },
        { AT(SMTP_AT_AUTH), "5..", "7.9 7.14",
          "web browser|web login|browser|://", "auth.web-login-required" },
        { AT(SMTP_AT_AUTH), "534", NULL, "web browser|web login|browser|://", "auth.web-login-required" },
        { AT(SMTP_AT_AUTH), "534", NULL, NULL, "auth.mechanism-too-weak" },
        { AT(SMTP_AT_AUTH), NULL, "7.9", NULL, "auth.mechanism-too-weak" },
        { AT(SMTP_AT_AUTH), "525", NULL, NULL, "auth.account-disabled" },
        { AT(SMTP_AT_AUTH), NULL, "7.13", NULL, "auth.account-disabled" },
        { AT(SMTP_AT_AUTH), "5..", NULL,
          "account is disabled|account disabled|account is locked|account has been|suspended",
          "auth.account-disabled" },
        { AT(SMTP_AT_AUTH), "5..", NULL,
          "password has expired|password expired|password is expired", "auth.password-expired" },
        { AT(SMTP_AT_AUTH), NULL, "7.12", NULL, "auth.mechanism-broken" },
        { AT(SMTP_AT_AUTH), "432", NULL, NULL, "auth.mechanism-broken" },
        { AT(SMTP_AT_AUTH), "5..", NULL,
          "mechanism not supported|mechanism is not supported|unsupported auth", "auth.mechanism-broken" },
        { AT(SMTP_AT_AUTH), "50.", NULL, NULL, "auth.mechanism-broken" },
        { AT(SMTP_AT_AUTH), "4..", NULL, NULL, "server.auth-temporarily-down" },
        { AT(SMTP_AT_AUTH), NULL, NULL, NULL, "auth.rejected" },

        /* MAIL and RCPT (RFC 6409 section 4) */
        { AT_TRANSACTION, "5..", NULL,
          "starttls|encryption required|ssl/tls", "auth.encryption-required", NEED_CLEAR },
        { AT_TRANSACTION, "530", NULL, NULL, "smtp.auth-required", NEED_NO_LOGIN },
        { AT_TRANSACTION, "5..", NULL,
          "authentication required|authentication is required|must authenticate|send auth|auth command|"
          "authenticate first|not logged in|log in first|login first|authentification requise",
          "smtp.auth-required", NEED_NO_LOGIN },
        { AT(SMTP_AT_RCPT), "5.. 454", NULL,
          "relay|delivery is not allowed", "smtp.auth-required", NEED_NO_LOGIN_BUT_OFFER },
        { AT_TRANSACTION, "5.. 454", NULL, "relay|delivery is not allowed", "smtp.relay-denied" },
        { AT_TRANSACTION, "5..", NULL,
          "blocked using|blacklist|blocklist|block list|dnsbl|spamhaus|black list", "smtp.client-blocked" },
        { AT_TRANSACTION, NULL, NULL,
          "sending limit|sending quota|daily limit|limit for message recipients|daily user sending|"
          "sending rate", "smtp.sending-limit" },
        { AT_TRANSACTION, NULL, "2.2", NULL, "mailbox.full" },
        { AT(SMTP_AT_RCPT), "552", "", NULL, "mailbox.full" },
        { AT(SMTP_AT_RCPT), "452 552", NULL,
          "over quota|mailbox full|mailbox is full|quota exceeded", "mailbox.full" },
        { AT_TRANSACTION, "4..", NULL, NULL, "smtp.temporarily-refused" },
        { AT(SMTP_AT_MAIL), NULL, NULL, NULL, "smtp.sender-refused" },
        { AT(SMTP_AT_RCPT), NULL, NULL,
          "not owned|sender address|sender rejected|send as|sendas|send from|sender not|from address|"
          "return path|mail from", "smtp.sender-refused" },
        { AT(SMTP_AT_RCPT), NULL, "1.7 1.8", NULL, "smtp.sender-refused" },
        { AT(SMTP_AT_RCPT), NULL, NULL, NULL, "smtp.recipient-refused" },
};

/* Whether `value` is one of the patterns, separated by spaces, in which '.' stands for a digit. */
static bool fits_code(const char *patterns, unsigned code) {
        char value[8];

        snprintf(value, sizeof(value), "%03u", code);
        for (const char *p = patterns; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
                bool same = true;
                for (size_t i = 0; i < 3 && same; i++)
                        same = p[i] == '.' || p[i] == value[i];
                if (same)
                        return true;
        }
        return false;
}

static bool fits_enhanced(const char *list, const char *enhanced) {
        if (!*list)
                return !*enhanced;
        const char *detail = *enhanced ? enhanced + 2 : "";
        for (const char *p = list; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
                size_t n = strcspn(p, " ");
                if (strlen(detail) == n && !strncmp(p, detail, n))
                        return true;
        }
        return false;
}

static bool fits_words(const char *words, const SmtpReply *reply) {
        char word[64];

        for (const char *p = words; *p; p += *p == '|') {
                size_t n = strcspn(p, "|");
                assert(n < sizeof(word));
                memcpy(word, p, n);
                word[n] = '\0';
                if (smtp_reply_says(reply, word))
                        return true;
                p += n;
        }
        return false;
}

static bool fits_need(Need need, const SmtpSituation *situation) {
        switch (need) {
        case NEED_NOTHING:
                return true;
        case NEED_CLEAR:
                return !situation->encrypted;
        case NEED_NO_LOGIN:
                return !situation->logged_in;
        case NEED_NO_LOGIN_BUT_OFFER:
                return !situation->logged_in && situation->offers_auth;
        }
        return false;
}

const char *smtp_refusal_meaning(const SmtpReply *reply, const SmtpSituation *situation) {
        const Rule *rule = rules;

        /* Each moment ends with a rule that always fits. */
        for (;; rule++) {
                if (!(rule->moments & AT(situation->moment)))
                        continue;
                if (rule->codes && !fits_code(rule->codes, reply->code))
                        continue;
                if (rule->enhanced && !fits_enhanced(rule->enhanced, reply->enhanced))
                        continue;
                if (rule->words && !fits_words(rule->words, reply))
                        continue;
                if (fits_need(rule->need, situation))
                        return rule->id;
        }
}
