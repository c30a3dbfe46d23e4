/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What refusals of POP3 servers mean.  The response codes of RFC 2449 and 3206 are few, and servers use them
 * for several things: Dovecot says [AUTH] for a wrong password, a missing TLS and an expired password alike,
 * and [IN-USE] for too many connections.  Words that every protocol has are the SDK's.
 */

#include "pop3.h"

#define RULE(...) { __VA_ARGS__, .date = "2026-11" }

#define RFC2449 "RFC 2449 section 8.1"
#define RFC3206 "RFC 3206 section 4"

const MdReplyRule pop3_replies[POP3_N_REPLIES] = {
        /* ---- words of one provider or server ---- */

        RULE(.id = "port.other-protocol", .also = "port.expects-implicit-tls protocol.client-fault",
             .when = MD_REPLY_TO_APP, .pattern = "too many bad commands", .provider = "Dovecot",
             .source = "Dovecot pop3-client.c: bytes of TLS or of another protocol"),
        RULE(.id = "port.other-protocol", .stages = "greeting", .code = "OK BYE PREAUTH 220 HTTP*",
             .when = MD_REPLY_TO_APP, .pattern = "", .provider = "IMAP, SMTP and web servers",
             .source = "RFC 9051 section 7.1, RFC 5321 section 3.1"),

        /* ---- words of anybody ---- */

        RULE(.id = "protocol.command-unknown", .also = "pop3.no-uidl", .stages = "command mailbox",
             .code = "-ERR", .when = MD_REPLY_TO_APP,
             .pattern = "(unknown|invalid|unrecogni[sz]ed|unimplemented) command",
             .source = "Dovecot pop3-client.c"),
        RULE(.id = "pop3.login-too-soon",
             .pattern = "\\blog-?ins?\\b.{0,30}\\b(minutes?|seconds?) apart|minimum (\\w+ )?interval",
             .source = "Cyrus pop3d.c"),

        /* ---- by code ---- */

        RULE(.id = "pop3.login-too-soon", .enhanced = "LOGIN-DELAY", .source = RFC2449),
        RULE(.id = "pop3.referral", .enhanced = "REFERRAL*", .source = "RFC 2221, as Dovecot sends it"),
        RULE(.id = "server.auth-temporarily-down", .stages = "auth", .enhanced = "SYS/TEMP",
             .source = RFC3206),
        RULE(.id = "server.temporarily-unavailable", .enhanced = "SYS/TEMP", .source = RFC3206),
        RULE(.id = "mailbox.not-available", .stages = "auth mailbox", .enhanced = "SYS/PERM",
             .source = RFC3206),
        RULE(.id = "mailbox.in-use", .also = "server.too-many-connections", .stages = "auth mailbox",
             .enhanced = "IN-USE LIMIT", .source = RFC2449),
        RULE(.id = "server.temporarily-unavailable", .stages = "greeting", .enhanced = "IN-USE LIMIT",
             .source = RFC2449),
        RULE(.id = "auth.rejected", .also = MD_REPLY_LOGIN_ALIKE, .stages = "auth", .enhanced = "AUTH",
             .source = RFC3206),
};
