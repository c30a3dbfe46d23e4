/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What refusals of IMAP servers mean.  RFC 5530 gives codes for it, which many servers do not use or use for
 * something else, so that the words come first; words that every protocol has are the SDK's.
 */

#include "imap.h"

#define RULE(...) { __VA_ARGS__, .date = "2026-11" }

#define RFC5530 "RFC 5530 section 3"

const MdReplyRule imap_replies[IMAP_N_REPLIES] = {
        /* ---- words of one provider or server ---- */

        RULE(.id = "imap.id-required", .stages = "auth mailbox", .pattern = "unsafe login",
             .provider = "NetEase (163, 126, yeah.net)", .source = "https://help.mail.163.com"),
        RULE(.id = "auth.oauth-scope", .also = "auth.oauth-expired", .stages = "auth",
             .pattern = "^lookup failed", .provider = "Gmail",
             .source = "https://github.com/postalsys/imapflow/issues/157"),
        RULE(.id = "server.fault", .stages = "mailbox", .pattern = "mailbox selected read-only",
             .provider = "Zimbra", .source = "https://github.com/M66B/FairEmail FAQ 22"),
        RULE(.id = "port.other-protocol", .also = "port.expects-implicit-tls protocol.client-fault",
             .when = MD_REPLY_TO_APP,
             .pattern = "too many invalid imap commands|error in imap command received",
             .provider = "Dovecot",
             .source = "Dovecot imap-login-client.c: bytes of TLS or of another protocol"),
        RULE(.id = "port.other-protocol", .stages = "greeting", .code = "+OK 220 HTTP*",
             .when = MD_REPLY_TO_APP, .pattern = "", .provider = "POP3, SMTP and web servers",
             .source = "https://github.com/jstedfast/MailKit/issues/156"),

        /* ---- words of anybody, and codes that say more than words ---- */

        RULE(.id = "auth.web-login-required", .stages = "auth", .enhanced = "WEBALERT", .pattern = "",
             .source = "Gmail, before it refuses"),
        RULE(.id = "auth.rate-limited", .stages = "auth", .enhanced = "THROTTLED", .pattern = "",
             .source = "Dovecot"),
        RULE(.id = "auth.not-possible-without-tls", .when = MD_REPLY_TO_APP, .pattern = "\\blogindisabled\\b",
             .source = "RFC 9051 section 6.2.3"),

        /* ---- by code ---- */

        RULE(.id = "imap.referral", .enhanced = "REFERRAL", .source = "RFC 2221"),
        RULE(.id = "security.preauth-without-tls", .code = "PREAUTH",
             .when = MD_REPLY_TO_APP | MD_REPLY_IN_CLEAR, .source = "RFC 9051 section 7.1.4"),
        RULE(.id = "server.fault", .enhanced = "SERVERBUG", .source = RFC5530),
        RULE(.id = "server.auth-temporarily-down", .stages = "auth", .enhanced = "UNAVAILABLE TEMPFAIL",
             .source = RFC5530),
        RULE(.id = "server.temporarily-unavailable", .stages = "greeting command",
             .enhanced = "UNAVAILABLE TEMPFAIL", .source = RFC5530),
        RULE(.id = "mailbox.not-available", .stages = "auth mailbox",
             .enhanced = "CORRUPTION AUTHORIZATIONFAILED NOPERM", .source = RFC5530),
        RULE(.id = "mailbox.not-available", .stages = "mailbox", .enhanced = "UNAVAILABLE TEMPFAIL",
             .source = RFC5530),
        RULE(.id = "mailbox.in-use", .stages = "auth mailbox", .enhanced = "INUSE", .source = RFC5530),
        RULE(.id = "auth.rate-limited", .also = "server.too-many-connections", .stages = "auth",
             .enhanced = "LIMIT", .source = RFC5530),
        RULE(.id = "mailbox.in-use", .stages = "mailbox", .enhanced = "LIMIT", .source = RFC5530),
        RULE(.id = "server.temporarily-unavailable", .stages = "greeting command",
             .enhanced = "INUSE LIMIT THROTTLED", .source = RFC5530),
        RULE(.id = "auth.rejected", .also = MD_REPLY_LOGIN_ALIKE, .stages = "auth",
             .enhanced = "AUTHENTICATIONFAILED", .source = RFC5530),
        RULE(.id = "auth.password-expired", .stages = "auth", .enhanced = "EXPIRED", .source = RFC5530),
        RULE(.id = "auth.encryption-required", .stages = "auth mailbox", .enhanced = "PRIVACYREQUIRED",
             .source = RFC5530),
        RULE(.id = "auth.account-disabled", .also = "auth.account-restricted", .stages = "auth",
             .enhanced = "CONTACTADMIN", .source = RFC5530),
        RULE(.id = "mailbox.full", .stages = "auth mailbox", .enhanced = "OVERQUOTA", .source = RFC5530),
        RULE(.id = "protocol.client-fault", .enhanced = "CLIENTBUG CANNOT", .when = MD_REPLY_TO_APP,
             .source = RFC5530),
        RULE(.id = "auth.mechanism-broken", .stages = "auth", .enhanced = "CLIENTBUG CANNOT",
             .source = RFC5530),
        RULE(.id = "imap.alert", .stages = "greeting command mailbox", .enhanced = "ALERT",
             .when = MD_REPLY_TO_APP, .source = "RFC 9051 section 7.1"),
        /* BAD is what servers say to a mechanism that they list but do not know. */
        RULE(.id = "auth.mechanism-broken", .stages = "auth", .code = "BAD",
             .source = "RFC 9051 section 7.1.3"),
        RULE(.id = "server.closed-session", .stages = "command auth mailbox", .code = "BYE",
             .source = "RFC 9051 section 7.1.5"),
};
