/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a NO or BYE means: by its response code and the moment in which it comes.  Words that every protocol has, and
 * what is left when nothing fits, are the SDK's.
 */

#include "sieve.h"

#define RULE(...) { __VA_ARGS__, .date = "2026-11" }

#define RFC5804 "RFC 5804 section 1.3"

static const char *const statuses[] = {
        [SIEVE_DATA] = NULL,
        [SIEVE_OK] = "OK",
        [SIEVE_NO] = "NO",
        [SIEVE_BYE] = "BYE",
};

const MdReplyRule sieve_replies[SIEVE_N_REPLIES] = {
        /* Their words would mean the mailbox elsewhere, so they go before the SDK's rules with words. */
        RULE(.id = "sieve.no-space", .stages = "mailbox", .enhanced = "QUOTA*", .pattern = "", .source = RFC5804),

        RULE(.id = "sieve.referral", .enhanced = "REFERRAL", .source = RFC5804),
        RULE(.id = "server.auth-temporarily-down", .stages = "auth", .enhanced = "TRYLATER", .source = RFC5804),
        RULE(.id = "server.temporarily-unavailable", .enhanced = "TRYLATER", .source = RFC5804),
        RULE(.id = "auth.mechanism-too-weak", .stages = "auth", .enhanced = "AUTH-TOO-WEAK", .source = RFC5804),
        RULE(.id = "auth.encryption-required", .stages = "auth", .enhanced = "ENCRYPT-NEEDED", .source = RFC5804),
        RULE(.id = "auth.mechanism-broken", .stages = "auth", .enhanced = "TRANSITION-NEEDED", .source = RFC5804),
        RULE(.id = "server.closed-session", .stages = "auth mailbox", .code = "BYE", .source = RFC5804),
        RULE(.id = "sieve.scripts-refused", .stages = "mailbox", .source = "RFC 5804 section 2.7"),
};

void sieve_observe_refusal(MdProbe *probe, const SieveState *sieve, const char *command) {
        const SieveResponse *response = &sieve->response;

        md_observe(probe, "reply", MD_TEXT("to", command), MD_TEXT("code", *response->code ? response->code : NULL),
                   MD_TEXT("text", response->text));
}

void sieve_refused(MdProbe *probe, const SieveState *sieve, const char *stage, const char *command) {
        const SieveResponse *response = &sieve->response;
        const MdReply reply = {
                .stage = stage,
                .code = statuses[response->status],
                .enhanced = *response->code ? response->code : NULL,
                .text = response->text,
                .line = sieve->line,
        };

        sieve_observe_refusal(probe, sieve, command);
        md_refusal(probe, &reply, MD_TEXT("where", *response->code_text ? response->code_text : NULL),
                   MD_TEXT("mechanism", *sieve->mechanism ? sieve->mechanism : NULL));
}
