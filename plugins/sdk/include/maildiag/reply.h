/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a refusal means, as data.
 *
 * Servers agree neither on codes nor on words, so a meaning is found by rules: each names a finding and what
 * a reply must have for it.  A plugin brings the rules of its protocol (MdPlugin.replies); behind them stand
 * those that hold for every protocol, which the SDK brings.  The same rules explain an error that somebody
 * pastes.
 *
 * Rules are tried in this order, a plugin's before the SDK's within each, and the first that fits wins:
 *
 *   1. those with words of one provider or server (`provider` and `pattern`),
 *   2. those with words of anybody (`pattern`),
 *   3. those without words, by code alone.
 *
 * Words come before codes because the same code means several things: 535 5.7.139, [AUTH] and [IN-USE] are
 * told apart by nothing else.
 */

#include <stddef.h>
#include <stdint.h>

#include <maildiag/probe.h>

/* What is known about a dialogue besides the reply.  A rule names what has to be so.  The last is never set by a
 * probe. */
#define MD_REPLY_IN_CLEAR      (1u << 0)        /* the connection is not encrypted */
#define MD_REPLY_NO_LOGIN      (1u << 1)        /* nobody has logged in */
#define MD_REPLY_LOGIN_OFFERED (1u << 2)        /* the server offers a login */
#define MD_REPLY_TO_APP        (1u << 3)        /* a mail app got it, which may have spoken out of turn, in
                                                 * another protocol, or of what was not offered */

/*
 * One rule.  Of stages, codes and ids there may be several, separated by spaces.  Stages are "greeting",
 * "command" (before the login, EHLO included), "starttls", "auth", "mail", "rcpt", "data", "mailbox" (after
 * the login). In codes '?' stands for one character, '*' for any number, and "-" means that there is none.
 */
struct MdReplyRule {
        const char *id;                 /* the finding */
        const char *also;               /* findings that look the same on the wire, likeliest first; or NULL */
        const char *stages;             /* NULL: any */
        const char *code;               /* "535 55?", "NO BAD", "-ERR"; NULL: any */
        const char *enhanced;           /* "5.7.8 ?.7.9", or the response code "AUTH"; NULL: any */
        const char *pattern;            /* PCRE2 without regard to case and accents, found anywhere in the text:
                                         * what is said, never a whole sentence, no names, numbers or times; at
                                         * most 512 bytes.  "": any words, in the order of those with words */
        uint32_t when;                  /* MD_REPLY_*: all of these */
        const char *provider;           /* a provider, server or library whose words they are; NULL: anybody's */
        const char *source;             /* where they were seen: a public report, document or source file */
        const char *date;               /* when that was last looked at: "2026-11" */
};

/* What a refused login may be as well, as long as the server does not say what was wrong. */
#define MD_REPLY_LOGIN_ALIKE \
        "auth.username-form auth.app-password-needed auth.access-disabled auth.oauth-required"

/* A reply, taken apart. */
typedef struct MdReply {
        const char *stage;              /* one of those above; NULL: not known */
        const char *code;               /* "535", "NO", "-ERR"; NULL: none */
        const char *enhanced;           /* "5.7.8", "AUTHENTICATIONFAILED"; NULL: none */
        const char *text;               /* for people: all lines of it, joined by spaces or line ends */
        const char *line;               /* all of it as it came, for evidence; NULL: made of the others */
        uint32_t when;                  /* MD_REPLY_*; md_refusal() adds what the probe knows */
} MdReply;

/* The id of the finding that a refusal means by the rules of this probe's plugin and of the SDK;
 * "protocol.bad-reply" when none fits. */
const char *md_refusal_meaning(MdProbe *probe, const MdReply *reply);

/*
 * Raises it.  The words of the server are the evidence.  Parameters: "text", "username", "address"; "also"
 * (list: findings that look the same on the wire); "url" (the first address in the text, inert); "unproven"
 * (truth, when the certificate did not prove who speaks); and what the caller adds, without a key given
 * twice.
 */
void md_refusal_fields(MdProbe *probe, const MdReply *reply, const MdField *params);
#define md_refusal(probe, reply, ...) \
        md_refusal_fields((probe), (reply), (const MdField[]) { __VA_ARGS__ __VA_OPT__(,) { 0 } })
