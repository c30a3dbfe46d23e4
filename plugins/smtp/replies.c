/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What refusals of SMTP servers mean: EHLO, AUTH (RFC 4954 section 6, RFC 5248), MAIL, RCPT and DATA (RFC
 * 6409 section 4).  Faults of the name in EHLO and of the sender come as late as RCPT or DATA from many
 * servers.  Words that every protocol has are the SDK's.
 */

#include "smtp.h"

#define RULE(...) { __VA_ARGS__, .date = "2026-11" }

#define GOOGLE_ERRORS "https://support.google.com/a/answer/3726730"
#define GODADDY_ERRORS "https://www.godaddy.com/help/3568"
#define ISSUES "https://github.com/"
#define RFC4954 "RFC 4954 section 6"

#define TRANSACTION "mail rcpt data"
#define EVER "greeting command mail rcpt data"

const MdReplyRule smtp_replies[SMTP_N_REPLIES] = {
        /* ---- words of one provider or server ---- */

        RULE(.id = "smtp.auth-switched-off", .also = "auth.oauth-required", .stages = "auth",
             .pattern = "smtp ?client ?auth\\w* is disabled", .provider = "Microsoft 365",
             .source = "https://aka.ms/smtp_auth_disabled"),
        RULE(.id = "smtp.use-submission-port", .stages = "auth",
             .pattern = "not allowed on ibsmtp|not found on port 25|only allowed on submission",
             .provider = "GoDaddy, mox", .source = GODADDY_ERRORS ", " ISSUES "mjl-/mox/issues/74"),
        RULE(.id = "smtp.use-submission-port", .stages = "greeting command",
             .pattern = "smtpin\\d*\\.\\S+ esmtp not accepting", .provider = "iCloud",
             .source = "its servers for incoming mail"),
        RULE(.id = "server.rate-limited", .stages = "greeting command",
             .pattern = "try again later, closing connection", .provider = "Gmail", .source = GOOGLE_ERRORS),
        RULE(.id = "server.rate-limited", .pattern = "too many new tls sessions", .provider = "Postfix",
             .source = "Postfix smtpd.c"),
        RULE(.id = "protocol.client-fault", .also = "security.starttls-injection", .when = MD_REPLY_TO_APP,
             .pattern = "pipelin\\w* after starttls", .provider = "Gmail", .source = GOOGLE_ERRORS),
        RULE(.id = "protocol.client-fault", .when = MD_REPLY_TO_APP,
             .pattern = "no identity changes|another step is needed|people say helo first|(send|say) (helo|"
                        "ehlo) first", .provider = "Gmail, Cyrus SASL, Courier",
             .source = GOOGLE_ERRORS ", " ISSUES "catatnight/docker-postfix/issues/31"),
        RULE(.id = "port.other-protocol", .also = "port.expects-implicit-tls", .when = MD_REPLY_TO_APP,
             .pattern = "http requests not allowed|i can break rules",
             .provider = "Postfix, nodemailer smtp-server", .source = "Postfix postscreen_smtpd.c"),
        RULE(.id = "port.other-protocol", .also = "protocol.command-unknown security.starttls-masked",
             .code = "500", .when = MD_REPLY_TO_APP, .pattern = "^unrecogni[sz]ed command",
             .provider = "Exim", .source = "Exim smtp_in.c"),
        RULE(.id = "auth.account-disabled", .stages = TRANSACTION, .pattern = "mail sending denied",
             .provider = "Gmail", .source = GOOGLE_ERRORS),
        RULE(.id = "auth.account-restricted", .stages = TRANSACTION, .pattern = "bad outbound sender",
             .provider = "Microsoft 365",
             .source = "https://learn.microsoft.com/exchange/mail-flow-best-practices"),
        RULE(.id = "auth.rejected", .stages = "auth", .pattern = "submitter failed to",
             .provider = "Mimecast", .source = "https://community.mimecast.com"),
        RULE(.id = "tls.app-too-old", .pattern = "route requires (tls version|high-strength)",
             .provider = "Mimecast", .source = "https://community.mimecast.com"),
        RULE(.id = "auth.encryption-required", .pattern = "route requires encryption", .provider = "Mimecast",
             .source = "https://community.mimecast.com"),
        RULE(.id = "mailbox.not-available", .stages = "auth", .pattern = "mailbox cannot be accessed",
             .provider = "Microsoft 365", .source = ISSUES "nodemailer/nodemailer/issues/949"),
        RULE(.id = "auth.access-disabled", .stages = "auth " TRANSACTION, .pattern = "user has no permission",
             .provider = "NetEase", .source = "https://help.mail.163.com"),
        RULE(.id = "smtp.sender-refused", .stages = TRANSACTION,
             .pattern = "send ?as ?denied|not allowed to send as|permissions? to send as|account is not "
                        "authorized|relaying disallowed as", .provider = "Microsoft 365, Zoho, Stalwart",
             .source = ISSUES "gophish/gophish/issues/2900, " ISSUES "getgrav/grav-plugin-email/issues/77"),
        RULE(.id = "smtp.sender-not-verified", .stages = TRANSACTION,
             .pattern = "verified sender identity|e-?mail address is not verified",
             .provider = "SendGrid, Amazon SES", .source = ISSUES "sahat/hackathon-starter/issues/1083"),
        RULE(.id = "smtp.relay-denied", .also = "smtp.auth-required smtp.sender-refused",
             .stages = TRANSACTION, .pattern = "mail relay denied|invalid credentials for relay",
             .provider = "Gmail", .source = GOOGLE_ERRORS),

        /* ---- words of anybody: before and in between ---- */

        RULE(.id = "protocol.talked-too-soon", .also = "port.expects-starttls",
             .pattern = "synchroni[sz]ation error|talk\\w* too soon|^protocol error|before (the )?(greeting|"
                        "banner)", .source = "Exim smtp_in.c, Postfix postscreen, nodemailer smtp-server"),
        RULE(.id = "server.too-many-errors",
             .pattern = "too many (errors|(syntax|protocol|bad|invalid|unknown|unrecogni[sz]ed|non-?mail|"
                        "junk)( smtp)? (commands|errors))",
             .source = "Postfix smtpd.c, " ISSUES "bitwarden/server/issues/164"),
        RULE(.id = "smtp.client-blocked", .stages = EVER,
             .pattern = "blocked using|client host \\S+ blocked|black ?-?list|block ?-?list|black listed|"
                        "dnsbl|\\brbl\\b|spamhaus|spamcop|barracuda|\\bip( address)? (\\S+ )?is listed|"
                        "\\blisted (by|at|in|on)\\b|poor reputation",
             .source = ISSUES "haraka/Haraka/issues/1241"),
        /* Where everybody has to log in, Postfix only says that: of the client, or of the recipient. */
        RULE(.id = "smtp.auth-required", .also = "smtp.client-blocked", .stages = TRANSACTION, .code = "5??",
             .when = MD_REPLY_NO_LOGIN | MD_REPLY_LOGIN_OFFERED, .pattern = "rejected: access denied",
             .source = "Postfix smtpd_check.c"),
        RULE(.id = "smtp.use-submission-port", .also = "smtp.client-blocked", .stages = EVER,
             .pattern = "reverse (host ?name|dns)|\\bptr\\b|dynamic (ip|address|host)|client host rejected|"
                        "(use|try) (smtp )?port (587|465)|submission port",
             .source = "Postfix smtpd_check.c"),
        RULE(.id = "smtp.helo-rejected", .stages = "command " TRANSACTION,
             .pattern = "\\b(helo|ehlo)( |/)|fully[- ]qualified host",
             .source = "Postfix smtpd_check.c, Exim smtp_in.c"),
        RULE(.id = "tls.starttls-missing", .stages = "starttls", .code = "5??", .when = MD_REPLY_TO_APP,
             .pattern = "\\b(starttls|tls)\\b.{0,30}\\bnot (\\w+ )?(enabled|available|advertised|supported|"
                        "implemented|offered)\\b|command not implemented",
             .source = "Exim smtp_in.c, Dovecot smtp-server-cmd-starttls.c, Stalwart"),
        RULE(.id = "tls.starttls-refused", .stages = "starttls",
             .pattern = "\\btls\\b.{0,20}\\b(not available|unavailable)\\b|initiali[sz]ing tls",
             .source = "RFC 3207 section 4, Postfix smtpd.c"),

        /* ---- words of anybody: the login ---- */

        RULE(.id = "smtp.auth-switched-off", .stages = "auth",
             .pattern = "\\bsmtp (auth\\w*|access)( \\w+)? (is |has been )?(disabled|switched off|turned "
                        "off|not (enabled|allowed))", .source = "https://aka.ms/smtp_auth_disabled"),
        RULE(.id = "auth.not-offered", .also = "auth.encryption-required smtp.use-submission-port",
             .stages = "auth", .when = MD_REPLY_TO_APP,
             .pattern = "\\bauth\\w*( command)?( used)? (when )?not (\\w+ )?(enabled|advertised|available|"
                        "offered|supported|allowed|found)\\b",
             .source = "Postfix smtpd_sasl_proto.c, Exim smtp_in.c, hMailServer SMTPConnection.cpp"),
        RULE(.id = "auth.not-offered", .also = "auth.encryption-required smtp.use-submission-port",
             .stages = "auth", .code = "503", .when = MD_REPLY_TO_APP, .pattern = "^command not supported",
             .source = "OpenSMTPD smtp_session.c"),
        RULE(.id = "auth.response-malformed", .stages = "auth", .code = "5??", .when = MD_REPLY_TO_APP,
             .pattern = "\\b(decode|base ?64)\\b|(line|exchange) (is )?too long|initial response not|"
                        "auth\\w* (was )?cancell?ed", .source = RFC4954),
        RULE(.id = "smtp.auth-required", .stages = "auth", .code = "530 50? 55?",
             .when = MD_REPLY_TO_APP | MD_REPLY_NO_LOGIN, .pattern = "auth\\w* (is )?required",
             .source = RFC4954),

        /* ---- words of anybody: the message ---- */

        RULE(.id = "auth.encryption-required", .stages = TRANSACTION, .code = "4?? 5??",
             .when = MD_REPLY_IN_CLEAR,
             .pattern = "\\b(starttls|tls|ssl)\\b|encryption required|encrypted connection",
             .source = "RFC 3207 section 4"),
        RULE(.id = "smtp.message-refused", .stages = "rcpt data", .pattern = "\\b(spf|dkim|dmarc)\\b",
             .source = GOOGLE_ERRORS ", RFC 7372"),
        RULE(.id = "smtp.too-many-recipients", .stages = TRANSACTION, .pattern = "too many recipients",
             .source = "Postfix smtpd.c"),
        RULE(.id = "smtp.message-too-large", .stages = TRANSACTION,
             .pattern = "message (size|length|file)\\b|message (is )?too (big|large|long)|size limit|"
                        "exceeds (\\w+ ){0,3}size", .source = "Postfix smtpd.c, RFC 1870 section 6"),
        RULE(.id = "smtp.sending-limit", .stages = TRANSACTION,
             .pattern = "\\b(sending|daily|hourly|outbound|outgoing|monthly)\\b.{0,30}\\b(limit|quota|"
                        "rate)\\b|limit for message recipients|\\b(limit|quota)\\b.{0,30}\\b(per|messages|"
                        "mails|e-?mails)\\b|(messages|mails) (per|an?) (hour|day|minute)",
             .source = GOOGLE_ERRORS ", Exchange Online"),
        RULE(.id = "smtp.auth-required", .stages = TRANSACTION, .when = MD_REPLY_NO_LOGIN,
             .pattern = "\\bauth\\w* (is )?(required|requise)|requires? auth|must (\\w+ ){0,2}(authenticate|"
                        "auth)\\b|(send|issue) (an )?auth\\b|authenticate first|not logged in|log ?in first|"
                        "not authenticated|unauthenticated|without auth\\w*|turn on smtp auth\\w*|smtp "
                        "auth\\w* (is )?(required|requise)",
             .source = RFC4954 ", Postfix, OpenSMTPD, Stalwart, cPanel"),
        RULE(.id = "smtp.auth-required", .also = "smtp.relay-denied", .stages = "rcpt data",
             .code = "5?? 454 -", .when = MD_REPLY_NO_LOGIN | MD_REPLY_LOGIN_OFFERED,
             .pattern = "\\brelay|delivery is not allowed|not authorized, message refused",
             .source = "Postfix smtpd_check.c, Exim's default configuration"),
        RULE(.id = "smtp.relay-denied", .stages = TRANSACTION, .code = "5?? 454 -",
             .pattern = "\\brelay|delivery is not allowed", .source = "Postfix smtpd_check.c"),
        RULE(.id = "smtp.sender-not-verified", .stages = TRANSACTION,
             .pattern = "\\b(sender|from|address|identity|domain)\\b.{0,40}\\bnot (been |yet )?verified|not "
                        "a verified|verify (your|the) (sender|domain|address)",
             .source = "https://docs.aws.amazon.com/ses"),
        RULE(.id = "smtp.sender-malformed", .stages = TRANSACTION,
             .pattern = "(bad|invalid|malformed|syntactically invalid) (sender|from|mailbox|return)( "
                        "address)?( syntax)?\\b|blank from|from\\b.{0,20}\\b(missing|malformed)",
             .source = "Postfix smtpd.c, " GODADDY_ERRORS),
        RULE(.id = "smtp.sender-refused", .stages = "rcpt data",
             .pattern = "not owned|sender address|sender (is |was )?(not|reject|denied|refused)|sender "
                        "verif|verification failed for|send ?as\\b|send from|from address|return path|mail "
                        "from", .source = "Postfix smtpd_check.c"),
        RULE(.id = "smtp.sender-refused", .stages = TRANSACTION, .when = MD_REPLY_TO_APP,
             .pattern = "not owned by|allowed to send (from|as)|sender (address )?(is |was )?(reject|denied|"
                        "refused)", .source = "Stalwart, Postfix smtpd_check.c"),
        RULE(.id = "smtp.recipient-refused", .stages = "rcpt data",
             .pattern = "(user|recipient|mailbox|address)\\b.{0,20}\\b(unknown|not found|does not exist|"
                        "doesn't exist|not exist)|no such (user|mailbox|recipient|address)|unknown "
                        "(user|recipient|address)",
             .source = "RFC 5321 section 4.2.3, Postfix smtpd_check.c"),
        RULE(.id = "mailbox.full", .stages = "rcpt", .code = "452 552",
             .pattern = "\\b(full|over ?quota|quota exceeded)\\b", .source = "RFC 5321 section 4.2.3"),

        /* ---- by code ---- */

        RULE(.id = "smtp.auth-required", .stages = TRANSACTION, .code = "530", .when = MD_REPLY_NO_LOGIN,
             .source = "RFC 6409 section 4.3"),
        RULE(.id = "smtp.message-refused",
             .also = "smtp.client-blocked smtp.sender-refused server.rejects-client", .stages = "data",
             .code = "552 554", .source = "RFC 5321 section 4.2.3"),

        RULE(.id = "server.temporarily-unavailable", .stages = "greeting command", .code = "4??",
             .source = "RFC 5321 section 3.8"),
        RULE(.id = "server.rejects-client", .stages = "command", .code = "521 530 554",
             .source = "RFC 5321 section 3.1"),
        RULE(.id = "smtp.helo-rejected", .stages = "command", .source = "RFC 5321 section 4.1.4"),

        RULE(.id = "mailbox.full", .stages = TRANSACTION, .enhanced = "?.2.2",
             .source = "RFC 3463 section 3.3"),
        RULE(.id = "mailbox.full", .stages = "rcpt", .code = "552", .enhanced = "-",
             .source = "RFC 5321 section 4.2.3"),
        RULE(.id = "smtp.too-many-recipients", .stages = TRANSACTION, .enhanced = "?.5.3",
             .source = "RFC 3463 section 3.6"),
        RULE(.id = "smtp.message-too-large", .stages = TRANSACTION, .enhanced = "?.3.4 ?.2.3",
             .source = "RFC 3463 section 3.4"),
        RULE(.id = "smtp.sender-malformed", .stages = TRANSACTION, .enhanced = "5.1.7",
             .source = "RFC 3463 section 3.2"),
        RULE(.id = "smtp.temporarily-refused", .stages = TRANSACTION, .code = "4??",
             .source = "RFC 5321 section 4.2.1"),
        RULE(.id = "smtp.sender-refused", .stages = "mail", .source = "RFC 6409 section 6.1"),
        RULE(.id = "smtp.sender-refused", .stages = "rcpt data", .enhanced = "?.1.8",
             .source = "RFC 3463 section 3.2"),
        RULE(.id = "smtp.recipient-refused", .stages = "rcpt", .enhanced = "?.1.1 ?.1.2 ?.1.3 ?.2.1",
             .source = "RFC 3463 section 3.2"),
        RULE(.id = "smtp.recipient-refused",
             .also = "smtp.sender-refused smtp.relay-denied smtp.client-blocked", .stages = "rcpt",
             .source = "RFC 5321 section 3.3"),
        RULE(.id = "smtp.message-refused", .also = "smtp.sender-refused smtp.client-blocked",
             .stages = "data", .source = "RFC 5321 section 4.2"),

        RULE(.id = "auth.rate-limited", .stages = "auth", .code = "421", .enhanced = "?.7.0 ?.7.1 ?.7.28",
             .source = "RFC 5321 section 3.8"),
        RULE(.id = "auth.encryption-required", .stages = "auth", .code = "523 524 538",
             .source = RFC4954 ", RFC 5248"),
        RULE(.id = "auth.encryption-required", .stages = "auth", .enhanced = "?.7.10 ?.7.11",
             .source = "RFC 5248"),
        RULE(.id = "auth.encryption-required", .stages = "auth", .code = "530", .when = MD_REPLY_IN_CLEAR,
             .source = "RFC 3207 section 4"),
        RULE(.id = "auth.policy", .stages = "auth", .code = "535", .enhanced = "?.7.14",
             .source = "RFC 5248"),
        RULE(.id = "auth.web-login-required", .stages = "auth", .enhanced = "?.7.14",
             .source = GOOGLE_ERRORS),
        RULE(.id = "auth.mechanism-too-weak", .also = "auth.app-password-needed auth.oauth-required",
             .stages = "auth", .code = "534", .source = RFC4954),
        RULE(.id = "auth.mechanism-too-weak", .also = "auth.app-password-needed auth.oauth-required",
             .stages = "auth", .enhanced = "?.7.9", .source = RFC4954),
        RULE(.id = "auth.account-disabled", .stages = "auth", .code = "525", .source = "RFC 5248"),
        RULE(.id = "auth.account-disabled", .stages = "auth", .enhanced = "?.7.13", .source = "RFC 5248"),
        RULE(.id = "auth.password-transition", .stages = "auth", .code = "432 422", .source = RFC4954),
        RULE(.id = "auth.password-transition", .stages = "auth", .enhanced = "?.7.12", .source = RFC4954),
        RULE(.id = "auth.rejected", .also = MD_REPLY_LOGIN_ALIKE, .stages = "auth", .enhanced = "?.7.8",
             .source = RFC4954),
        RULE(.id = "auth.mechanism-broken", .stages = "auth", .enhanced = "?.7.4",
             .source = "RFC 3463 section 3.8"),
        RULE(.id = "auth.mechanism-broken", .stages = "auth", .code = "50?", .source = RFC4954),
        RULE(.id = "auth.rejected", .also = MD_REPLY_LOGIN_ALIKE, .stages = "auth", .code = "535",
             .source = RFC4954),
        RULE(.id = "server.auth-temporarily-down", .stages = "auth", .code = "4??", .source = RFC4954),
        RULE(.id = "server.auth-temporarily-down", .stages = "auth", .code = "454 435", .source = RFC4954),

        /* Of which nobody knows when it came: what such a code mostly says. */
        RULE(.id = "server.temporarily-unavailable", .also = "smtp.temporarily-refused", .code = "421",
             .source = "RFC 5321 section 3.8"),
        RULE(.id = "smtp.temporarily-refused", .also = "server.temporarily-unavailable",
             .code = "450 451 452", .source = "RFC 5321 section 4.2.3"),
        RULE(.id = "smtp.recipient-refused",
             .also = "smtp.sender-refused smtp.relay-denied smtp.client-blocked", .stages = "rcpt",
             .code = "550 551 553", .source = "RFC 5321 section 4.2.3"),
};
