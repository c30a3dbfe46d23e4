/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What refusals mean in every protocol: words about logins, accounts, connections and servers.
 *
 * A pattern says what has to be said, in as few words as cannot mean anything else, and leaves room for
 * articles and names between them.  Which rule of a rank comes first is a matter of which words are the more
 * telling.
 */

#include "reply.h"

#define RULE(...) { __VA_ARGS__, .date = "2026-11" }

#define GOOGLE_ERRORS "https://support.google.com/a/answer/3726730"
#define ISSUES "https://github.com/"

const MdReplyRule md_replies[] = {
        /* ---- words of one provider or server ---- */

        RULE(.id = "local.mail-scanner", .pattern = "connect error 100\\d\\d", .provider = "Avast, AVG",
             .source = "their mail shield, which answers in place of the server"),
        RULE(.id = "security.password-exposed",
             .pattern = "did it anyway|password was exposed|password in plaintext anyway",
             .provider = "Dovecot", .source = "Dovecot src/login-common"),
        RULE(.id = "auth.app-password-needed", .stages = "auth", .pattern = "application-specific password",
             .provider = "Gmail", .source = GOOGLE_ERRORS),
        RULE(.id = "auth.app-password-needed", .stages = "auth",
             .pattern = "service\\.mail\\.qq\\.com|enter your authorization code|"
                        "\xe6\x8e\x88\xe6\x9d\x83\xe7\xa0\x81", .provider = "QQ Mail, NetEase",
             .source = "https://service.mail.qq.com"),
        RULE(.id = "auth.app-password-needed", .stages = "auth", .pattern = "neobhodim parol prilozheniya",
             .provider = "Mail.ru", .source = "https://help.mail.ru/mail/security/protection/external"),
        RULE(.id = "auth.app-password-needed", .stages = "auth", .pattern = "passwort fur e-?mail-?programme",
             .provider = "T-Online", .source = "https://www.telekom.de/hilfe"),
        RULE(.id = "auth.app-password-needed", .also = "auth.oauth-required", .stages = "auth",
             .pattern = "less secure app", .provider = "Gmail",
             .source = "https://support.google.com/accounts/answer/6010255"),
        RULE(.id = "auth.rate-limited", .also = "auth.app-password-needed", .stages = "auth",
             .pattern = "#auth\\d+.{0,10}too many", .provider = "Yahoo, AOL",
             .source = "said at the first try with the password of the account"),
        RULE(.id = "auth.web-login-required", .stages = "auth",
             .pattern = "log ?in (with|through|via) your web browser|web login required", .provider = "Gmail",
             .source = GOOGLE_ERRORS),
        RULE(.id = "auth.web-login-required", .stages = "auth",
             .pattern = "web browser to verify your identity", .provider = "Outlook.com",
             .source = ISSUES "mscdex/node-imap/issues/799"),
        RULE(.id = "auth.oauth-required", .stages = "auth",
             .pattern = "basic ?auth\\w* ?(is )?(blocked|disabled)", .provider = "Outlook.com, Microsoft 365",
             .source = ISSUES "moralmunky/Home-Assistant-Mail-And-Packages/issues/1014"),
        RULE(.id = "auth.policy", .also = "auth.oauth-required", .stages = "auth",
             .pattern = "did not meet the criteria to be authenticated", .provider = "Microsoft 365",
             .source = ISSUES "gophish/gophish/issues/3220"),
        /* The same in other languages: only one of its texts speaks of criteria. */
        RULE(.id = "auth.policy", .also = "auth.oauth-required", .stages = "auth", .enhanced = "5.7.139",
             .pattern = "criteri|kriteri|criter|kryteri|\xe6\x9d\xa1\xe4\xbb\xb6|\xe6\xa2\x9d\xe4\xbb\xb6",
             .provider = "Microsoft 365", .source = ISSUES "gophish/gophish/issues/3220"),
        RULE(.id = "auth.rejected", .also = "auth.oauth-required auth.app-password-needed auth.username-form",
             .stages = "auth", .pattern = "user credentials were incorrect", .provider = "Microsoft 365",
             .source = "https://learn.microsoft.com/exchange/mail-flow-best-practices"),
        RULE(.id = "mailbox.not-available", .also = "auth.access-disabled auth.oauth-scope",
             .stages = "auth mailbox", .pattern = "authenticated but not connected", .provider = "Exchange",
             .source = "Microsoft Exchange IMAP service"),
        RULE(.id = "auth.rate-limited", .stages = "auth",
             .pattern = "request is throttled|suggested backoff time", .provider = "Microsoft 365",
             .source = "https://imapsync.lamiral.info/FAQ.d/FAQ.Office365.txt"),
        RULE(.id = "server.rate-limited", .pattern = "request is throttled|suggested backoff time",
             .provider = "Microsoft 365", .source = "https://imapsync.lamiral.info/FAQ.d/FAQ.Office365.txt"),
        RULE(.id = "auth.access-disabled", .also = "auth.app-password-needed", .stages = "auth",
             .pattern = "does not have access rights to this service", .provider = "Yandex",
             .source = "https://yandex.com/support/yandex-360"),
        RULE(.id = "auth.account-restricted", .stages = "auth mail rcpt data", .pattern = "looks like spam",
             .provider = "Yandex", .source = ISSUES "higty/higlabo/pull/17"),
        RULE(.id = "auth.access-disabled", .stages = "auth", .pattern = "not enabled for (imap|pop)",
             .provider = "Gmail", .source = "https://support.google.com/mail/answer/7126229"),
        RULE(.id = "auth.access-disabled", .stages = "auth", .pattern = "yet to enable (imap|pop)",
             .provider = "Zoho", .source = "https://www.zoho.com/mail/help"),
        RULE(.id = "auth.rejected",
             .also = "auth.access-disabled auth.app-password-needed auth.username-form", .stages = "auth",
             .pattern = "invalid credentials ?\\(failure\\)", .provider = "Zoho, Gmail",
             .source = ISSUES "Foundry376/Mailspring/issues/1334"),
        RULE(.id = "auth.rejected", .also = "auth.app-password-needed auth.username-form", .stages = "auth",
             .pattern = "username and password not accepted|badcredentials", .provider = "Gmail",
             .source = GOOGLE_ERRORS),
        RULE(.id = "auth.address-as-username", .stages = "auth",
             .pattern = "use full e-?mail address as user ?name", .provider = "hMailServer",
             .source = "hMailServer IMAPCommandLogin.cpp"),

        /* ---- words of anybody ---- */

        RULE(.id = "auth.encryption-required", .stages = "auth",
             .pattern = "under a layer|non-secure|without (ssl|tls|encryption)|(plain|clear)-?text (\\w+ "
                        "){0,2}(disallowed|disabled|not (allowed|permitted|accepted))|\\b(starttls|stls|tls|"
                        "ssl|encryption)\\b.{0,30}\\b(required|needed|necessary|first)\\b|\\b(must|please|"
                        "need|requires?|enable|use)\\b.{0,30}\\b(starttls|stls|tls|ssl|encrypt\\w+)\\b",
             .source = "RFC 4954 section 6, RFC 5530, RFC 3207 section 4"),
        RULE(.id = "auth.app-password-needed", .stages = "auth",
             .pattern = "\\b(app|application|device)[- ]?(specific[- ]?)?(password|passcode)|app-?passwor|"
                        "mot de passe d.application|contrasena de aplicacion|mat khau ung dung|"
                        "\xe5\xba\x94\xe7\x94\xa8\xe5\xaf\x86\xe7\xa0\x81|"
                        "\xe5\xae\xa2\xe6\x88\xb7\xe7\xab\xaf\xe5\xaf\x86\xe7\xa0\x81",
             .source = "help pages of providers with two-step sign-in"),
        RULE(.id = "auth.oauth-scope", .stages = "auth",
             .pattern = "(insufficient|missing|wrong|invalid)[_ ](\\w+ )?scope",
             .source = "RFC 6750 section 3.1"),
        RULE(.id = "auth.oauth-expired", .also = "auth.oauth-scope", .stages = "auth",
             .pattern = "token\\b.{0,15}\\b(expired|revoked|invalid|not valid|rejected)|(expired|revoked|"
                        "invalid)\\b.{0,15}\\btoken|invalid_(grant|token)|aadsts(70008|700082|50173|70043)",
             .source = "RFC 6749 section 5.2, RFC 6750 section 3.1"),
        RULE(.id = "auth.oauth", .also = "auth.oauth-expired auth.oauth-scope", .stages = "auth",
             .pattern = "\"status\" ?: ?\"?(4\\d\\d|invalid)", .source = "RFC 7628 section 3.2.2"),
        RULE(.id = "auth.access-disabled", .stages = "auth",
             .pattern = "\\b(imap4?|pop3?|external access)\\b.{0,40}\\b(not (been )?(enabled|activated|"
                        "allowed|permitted|switched on)|disabled|deactivated|inactive|(switched|turned) off|"
                        "nicht aktiv\\w*)\\b|\\b(enable|activate|turn on|switch on) (the )?(imap|pop)|chua "
                        "(bat|kich hoat) (imap|pop)",
             .source = "help pages of providers where it is off at first"),
        RULE(.id = "auth.rate-limited", .stages = "auth",
             .pattern = "too many (\\w+[ -]){0,3}(log-?ins?|log-?ons?|auth\\w*|sign-?ins?|passwords?|"
                        "attempts?|tries|failures)\\b|(log-?in|auth\\w*|attempts?) (\\w+ )?(limit|exceeded)|"
                        "rate limit|throttl|too frequent",
             .source = "Postfix smtpd.c, Stalwart, hMailServer"),
        RULE(.id = "server.too-many-connections",
             .pattern = "(maximum|max|limit|number)\\b.{0,25}\\b(connections|sessions)\\b|too many (\\w+ "
                        "){0,3}(connections|sessions)\\b|connection (rate )?limit|limited to \\d+ (\\w+ "
                        ")?(connections|sessions)",
             .source = "Dovecot sasl-proxy.c, Cyrus imapd.c, Postfix smtpd.c, Exim daemon.c"),
        RULE(.id = "mailbox.in-use", .stages = "auth mailbox",
             .pattern = "(locked|opened|used|in use) by (another|other|someone)|already (locked|in use|"
                        "open(ed)?|logged)|(unable|cannot|can't|failed) to (\\w+ )?lock\\b|lock busy",
             .source = "Dovecot pop3/main.c, RFC 2449 section 8.1.1"),
        RULE(.id = "auth.web-login-required", .stages = "auth",
             .pattern = "(log|sign)[ -]?(in|on)\\b.{0,40}\\b(web ?mail|web|browser)\\b|web ?(log|sign)-?in|"
                        "web browser|verify (that )?(it'?s you|your (identity|account))",
             .source = GOOGLE_ERRORS),
        RULE(.id = "auth.account-restricted", .stages = "auth mail rcpt data",
             .pattern = "not a robot|captcha|(account|user|sender)\\b.{0,40}\\b(restricted|compromised)|"
                        "(unusual|suspicious) (\\w+ )?(activity|sign|log)",
             .source = ISSUES "higty/higlabo/pull/17"),
        RULE(.id = "auth.password-transition", .stages = "auth", .pattern = "password transition",
             .source = "RFC 4954 section 6"),
        RULE(.id = "auth.password-expired", .stages = "auth",
             .pattern = "(password|passwort|mot de passe|contrasena|mat khau)\\b.{0,25}\\b(expired|"
                        "abgelaufen|expire|caducado|het han)\\b|expired password|(change|reset) your "
                        "password", .source = "RFC 5530 section 3"),
        RULE(.id = "auth.oauth-required", .stages = "auth",
             .pattern = "(basic|legacy|password) auth\\w*( \\w+)? (is |has been |was |are )?(disabled|"
                        "blocked|retired|(turned|switched) off|no longer|not (supported|allowed))|(use|"
                        "requires?|only|switch to) (\\w+ ){0,3}oauth|oauth\\w* (\\w+ ){0,2}(required|only|"
                        "needed)|modern authentication",
             .source = "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online"),
        RULE(.id = "auth.account-disabled", .stages = "auth",
             .pattern = "\\b(account|user|mailbox|log-?in)\\b( \\S+){0,3} (disabled|suspended|locked|"
                        "blocked|deactivated|inactive|closed|terminated)\\b|(disabled|suspended|locked|"
                        "blocked) (\\w+ )?(account|user)\\b|\\b(konto|compte|cuenta|tai khoan)\\b( "
                        "\\S+){0,3} (gesperrt|deaktiviert|desactive|bloque\\w*|bi khoa)",
             .source = "RFC 5248, Dovecot client-authenticate.c"),
        RULE(.id = "auth.policy", .also = "auth.oauth-required", .stages = "auth",
             .pattern = "conditional access|security defaults|(blocked|denied|prohibited|not allowed) by "
                        "(\\w+ ){0,3}(policy|policies|rule)",
             .source = "https://learn.microsoft.com/entra/identity/conditional-access"),
        RULE(.id = "auth.address-as-username", .stages = "auth",
             .pattern = "(full|complete|entire|whole) e-?mail address as|e-?mail address as (your |the "
                        ")?(user|log)", .source = "hMailServer IMAPCommandLogin.cpp"),
        RULE(.id = "auth.mechanism-too-weak", .stages = "auth",
             .pattern = "mechanism (\\w+ )?too weak|too weak (\\w+ )?mechanism",
             .source = "RFC 4954 section 6"),
        RULE(.id = "auth.mechanism-broken", .stages = "auth",
             .pattern = "(mechanism|auth\\w* (type|method|scheme))\\b.{0,30}\\b(not |un|in)(supported|"
                        "recogni[sz]ed|valid|available|allowed|implemented|known|enabled)|\\b(unsupported|"
                        "unrecogni[sz]ed|unknown|invalid) (\\w+ ){0,2}(mechanism|auth\\w* (type|method|"
                        "scheme))|unknown command", .source = "RFC 4954 section 4, Stalwart, Proton Mail"),
        RULE(.id = "server.auth-temporarily-down", .stages = "auth",
             .pattern = "temporar\\w+ (\\w+ ){0,2}(failure|error|problem)|(?<!reason )\\bunavailable\\b|"
                        "(cannot|unable to|can't) (\\w+ )?(authenticate|verify|check)\\b.{0,30}(present|moment|now|"
                        "temporar)|auth\\w* (service|server|backend) (\\w+ )?(down|unreachable|not "
                        "available)",
             .source = "Dovecot login-common.h, Exim smtp_in.c, " ISSUES "gophish/gophish/issues/1815"),
        RULE(.id = "server.fault", .pattern = "internal (\\w+ )?(error|failure)|server ?bug|software error",
             .source = "Dovecot mail-error.h, RFC 5530 section 3"),
        RULE(.id = "mailbox.full", .stages = "auth mailbox rcpt data",
             .pattern = "over ?quota|quota (\\w+ ){0,2}(exceeded|full|reached)|exceed\\w* (\\w+ ){0,3}quota|"
                        "(mailbox|mail box|inbox) (\\w+ ){0,3}full|(postfach|boite|hop "
                        "thu)\\b.{0,20}\\b(voll|pleine|day)\\b",
             .source = "Dovecot quota-settings.c, Cyrus imap_err.et, RFC 9208"),
        RULE(.id = "server.idle-timeout", .when = MD_REPLY_TO_APP,
             .pattern = "inactivity|idle (for )?too long|(idle|connection|command|session) time-?out|"
                        "auto-?logout|timeout exceeded",
             .source = "Dovecot imap-client.c, RFC 9051 section 5.4"),
        /* Where nothing but these words is known. */
        RULE(.id = "auth.rejected", .also = MD_REPLY_LOGIN_ALIKE, .stages = "auth", .when = MD_REPLY_TO_APP,
             .pattern = "\\b(invalid|incorrect|wrong|bad) (\\w+ ){0,3}(credentials?|passwords?|log-?in|user "
                        "?names?)\\b|\\b(auth(entication|enticate)?|log-?in|log-?on|sign-?in|credentials?|"
                        "user ?names?|passwords?)\\b( \\S+){0,3} (failed|failures?|unsuccessful|rejected|"
                        "incorrect|invalid|denied|wrong|not accepted)\\b",
             .source = "RFC 4954 section 6, RFC 5530 section 3"),

        /* ---- by code and moment alone ---- */

        RULE(.id = "server.rejects-client", .stages = "greeting", .source = "RFC 5321 section 3.1"),
        RULE(.id = "protocol.bad-reply", .stages = "command",
             .source = "no command before the login can be refused"),
        RULE(.id = "tls.starttls-refused", .stages = "starttls", .source = "RFC 3207 section 4"),
        RULE(.id = "auth.rejected", .also = MD_REPLY_LOGIN_ALIKE, .stages = "auth",
             .source = "RFC 4954 section 6"),
        RULE(.id = "mailbox.not-available", .stages = "mailbox", .source = "the login was accepted before"),
};

const size_t md_n_replies = sizeof(md_replies) / sizeof(md_replies[0]);
