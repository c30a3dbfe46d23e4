/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What refusals mean: the rules themselves, and the words of servers of many makes as a probe hears them. */

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "catalog.h"
#include "harness.h"
#include "produced.h"
#include "reply.h"

#include "../../plugins/imap/imap.h"
#include "../../plugins/pop3/pop3.h"
#include "../../plugins/smtp/smtp.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

#define CLEAR MD_REPLY_IN_CLEAR
#define NO_LOGIN MD_REPLY_NO_LOGIN
#define OFFERED MD_REPLY_LOGIN_OFFERED
#define APP MD_REPLY_TO_APP

typedef enum Protocol {
        SMTP,
        IMAP,
        POP3,
} Protocol;

static const struct {
        const char *name;
        const MdReplyRule *rules;
        size_t n_rules;
        const MdFindingInfo *findings;
        size_t n_findings;
} protocols[] = {
        [SMTP] = { "smtp", smtp_replies, SMTP_N_REPLIES, smtp_findings, SMTP_N_FINDINGS },
        [IMAP] = { "imap", imap_replies, IMAP_N_REPLIES, imap_findings, IMAP_N_FINDINGS },
        [POP3] = { "pop3", pop3_replies, POP3_N_REPLIES, pop3_findings, POP3_N_FINDINGS },
};

/* ---- a line, taken apart ---- */

typedef struct Line {
        MdReply reply;
        char code[16], enhanced[32];
} Line;

/* "[CODE argument] text": moves behind it. */
static const char *take_response_code(const char *text, char *ret, size_t size) {
        static const char atom[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/";
        size_t n = *text == '[' ? strspn(text + 1, atom) : 0;
        if (n == 0 || !strchr(" ]", text[1 + n]) || !strchr(text, ']'))
                return text;
        snprintf(ret, size, "%.*s", (int) n, text + 1);
        text = strchr(text, ']') + 1;
        return text + strspn(text, " ");
}

static void take_word(const char **text, char *ret, size_t size) {
        size_t n = strcspn(*text, " ");
        snprintf(ret, size, "%.*s", (int) n, *text);
        *text += n + strspn(*text + n, " ");
}

static void read_line(Protocol protocol, const char *text, Line *ret) {
        *ret = (Line) { 0 };
        if (protocol == IMAP)
                text += strcspn(text, " ") + 1;
        if (protocol == SMTP) {
                snprintf(ret->code, sizeof(ret->code), "%.3s", text);
                text += strlen(ret->code);
                text += *text != '\0';
                if (isdigit((unsigned char) text[0]) && text[1] == '.')
                        take_word(&text, ret->enhanced, sizeof(ret->enhanced));
        } else {
                take_word(&text, ret->code, sizeof(ret->code));
                text = take_response_code(text, ret->enhanced, sizeof(ret->enhanced));
        }
        ret->reply = (MdReply) { .code = ret->code, .enhanced = ret->enhanced };
        ret->reply.text = md_reply_text(text);
        ck_assert_ptr_nonnull(ret->reply.text);
}

static const char *meaning(Protocol protocol, const char *stage, uint32_t when, const char *text) {
        Line line;

        read_line(protocol, text, &line);
        line.reply.stage = stage;
        line.reply.when = when;
        const MdReplyRule *rule = md_reply_find(protocols[protocol].rules, protocols[protocol].n_rules,
                                                &line.reply);
        free((char *) line.reply.text);
        return rule ? rule->id : "none";
}

#define STAGES "greeting", "command", "starttls", "auth", "mail", "rcpt", "data"

/* ---- what a probe hears ---- */

static const struct {
        Protocol protocol;
        const char *stage;
        uint32_t when;
        const char *line, *id;
} cases[] = {
        { SMTP, "command", CLEAR | NO_LOGIN,
          "504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname", "smtp.helo-rejected" },
        { SMTP, "command", CLEAR | NO_LOGIN,
          "501 Syntactically invalid EHLO argument(s)", "smtp.helo-rejected" },
        { SMTP, "command", CLEAR | NO_LOGIN, "550 You are not welcome", "smtp.helo-rejected" },
        { SMTP, "command", CLEAR | NO_LOGIN,
          "554 5.7.1 Service unavailable; client blocked", "server.rejects-client" },
        { SMTP, "command", CLEAR | NO_LOGIN, "530 Not here", "server.rejects-client" },
        { SMTP, "command", CLEAR | NO_LOGIN, "421 4.3.2 Try later", "server.temporarily-unavailable" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", "auth.rejected" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "535 5.7.8 Error: authentication failed: (reason unavailable)", "auth.rejected" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "535 Incorrect authentication data", "auth.rejected" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "535-5.7.8 Username and Password not accepted. Learn more at https://x.example", "auth.rejected" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "535 Authentication required.", "auth.rejected" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "530 5.7.0 Authentication Required", "auth.rejected" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "554 5.7.8 Whatever", "auth.rejected" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "534 5.7.9 Authentication mechanism is too weak", "auth.mechanism-too-weak" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "534-5.7.9 Application-specific password required. Learn more at https://x.example",
          "auth.app-password-needed" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "535 5.7.1 Application-specific password required", "auth.app-password-needed" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
          "auth.oauth-required" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
          "smtp.auth-switched-off" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "534 5.7.9 Please log in with your web browser and then try again", "auth.web-login-required" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "534-5.7.14 <https://x.example/signin> Please log in via it", "auth.web-login-required" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "538 5.7.11 Encryption required for requested authentication mechanism",
          "auth.encryption-required" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "523 5.7.10 Plaintext disallowed", "auth.encryption-required" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "504 5.5.4 Encryption required for requested authentication mechanism",
          "auth.encryption-required" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "530 5.7.0 Must issue a STARTTLS command first", "auth.encryption-required" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "530 A SSL/TLS-connection is required for authentication.", "auth.encryption-required" },
        { SMTP, "auth", CLEAR | NO_LOGIN | OFFERED, "530 Not like this", "auth.encryption-required" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "525 5.7.13 User account disabled", "auth.account-disabled" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "535 5.7.13 Nothing to see", "auth.account-disabled" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "535 5.7.0 Your account has been suspended", "auth.account-disabled" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "535 5.7.8 Your password has expired", "auth.password-expired" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "432 4.7.12 A password transition is needed", "auth.password-transition" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "504 5.5.4 Unrecognized authentication type", "auth.mechanism-broken" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "503 5.5.1 Error: authentication not enabled", "auth.mechanism-broken" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "501 5.5.2 Cannot decode response", "auth.mechanism-broken" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "500 5.5.6 Authentication exchange line is too long", "auth.mechanism-broken" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "554 5.7.8 Authentication mechanism not supported.", "auth.mechanism-broken" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "454 4.7.0 Temporary authentication failure", "server.auth-temporarily-down" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "435 Unable to authenticate at present", "server.auth-temporarily-down" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "421 4.3.2 Service not available", "server.auth-temporarily-down" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "454 4.7.0 Too many login attempts", "auth.rate-limited" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "450 4.7.1 Error: too many AUTH commands from x", "auth.rate-limited" },
        { SMTP, "auth", NO_LOGIN | OFFERED,
          "535 Authentication failed. Too many invalid logon attempts.", "auth.rate-limited" },
        { SMTP, "auth", NO_LOGIN | OFFERED, "421 4.7.0 Come back later", "auth.rate-limited" },
        { SMTP, "mail", OFFERED,
          "553 5.7.1 <a@x>: Sender address rejected: not owned by user b@x", "smtp.sender-refused" },
        { SMTP, "mail", OFFERED,
          "501 5.5.4 You are not allowed to send from this address.", "smtp.sender-refused" },
        { SMTP, "mail", OFFERED, "550 5.7.1 Your account is not authorized", "smtp.sender-refused" },
        { SMTP, "mail", OFFERED, "451 4.3.0 Try again", "smtp.temporarily-refused" },
        { SMTP, "mail", OFFERED, "550 5.4.5 Daily user sending limit exceeded", "smtp.sending-limit" },
        { SMTP, "mail", OFFERED, "452 4.3.1 Insufficient system storage", "smtp.temporarily-refused" },
        { SMTP, "mail", NO_LOGIN | OFFERED, "530 5.7.0 Authentication required", "smtp.auth-required" },
        { SMTP, "mail", NO_LOGIN | OFFERED, "550 Authentication required", "smtp.auth-required" },
        { SMTP, "mail", NO_LOGIN | OFFERED, "503 5.5.1 You must authenticate first.", "smtp.auth-required" },
        { SMTP, "mail", NO_LOGIN | OFFERED,
          "553 5.7.1 <a@x>: Sender address rejected: not logged in", "smtp.auth-required" },
        { SMTP, "mail", NO_LOGIN | OFFERED, "530 Must issue an AUTH command first", "smtp.auth-required" },
        { SMTP, "mail", CLEAR | NO_LOGIN,
          "530 5.7.0 Must issue a STARTTLS command first", "auth.encryption-required" },
        { SMTP, "rcpt", OFFERED,
          "553 5.7.1 <a@x>: Sender address rejected: not owned by user b@x", "smtp.sender-refused" },
        { SMTP, "rcpt", OFFERED,
          "550 5.1.1 <a@x>: Recipient address rejected: User unknown", "smtp.recipient-refused" },
        { SMTP, "rcpt", OFFERED, "554 5.7.1 <a@x>: Relay access denied", "smtp.relay-denied" },
        { SMTP, "rcpt", OFFERED, "550 5.1.2 Relay not allowed.", "smtp.relay-denied" },
        { SMTP, "rcpt", NO_LOGIN, "550 relay not permitted", "smtp.relay-denied" },
        { SMTP, "rcpt", NO_LOGIN | OFFERED, "454 4.7.1 <a@x>: Relay access denied", "smtp.auth-required" },
        { SMTP, "rcpt", NO_LOGIN | OFFERED,
          "550 Delivery is not allowed to this address.", "smtp.auth-required" },
        { SMTP, "rcpt", NO_LOGIN | OFFERED, "554 5.7.1 <a@x>: Relay access denied", "smtp.auth-required" },
        { SMTP, "rcpt", NO_LOGIN | OFFERED,
          "554 5.7.1 <h[192.0.2.1]>: Client host rejected: Access denied", "smtp.auth-required" },
        { SMTP, "rcpt", NO_LOGIN | OFFERED,
          "554 5.7.1 <a@x>: Recipient address rejected: Access denied", "smtp.auth-required" },
        { SMTP, "rcpt", OFFERED,
          "554 5.7.1 <a@x>: Recipient address rejected: Access denied", "smtp.recipient-refused" },
        { SMTP, "rcpt", OFFERED,
          "450 4.2.0 <a@x>: Recipient address rejected: Greylisted", "smtp.temporarily-refused" },
        { SMTP, "rcpt", OFFERED,
          "552 5.2.2 <a@x>: Recipient address rejected: Mailbox is full", "mailbox.full" },
        { SMTP, "rcpt", OFFERED,
          "504 5.5.2 <[::1]>: Helo command rejected: need fully-qualified hostname", "smtp.helo-rejected" },
        { SMTP, "rcpt", OFFERED,
          "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.dnsbl.example",
          "smtp.client-blocked" },
        { SMTP, "rcpt", OFFERED, "552 5.2.2 Over quota", "mailbox.full" },
        { SMTP, "rcpt", OFFERED, "452 4.2.2 Mailbox full", "mailbox.full" },
        { SMTP, "rcpt", OFFERED, "552 Mailbox full", "mailbox.full" },
        { SMTP, "rcpt", OFFERED, "450 4.2.0 <a@x>: Greylisted", "smtp.temporarily-refused" },
        { SMTP, "rcpt", OFFERED, "421 4.4.5 Server busy", "smtp.temporarily-refused" },
        { IMAP, "greeting", NO_LOGIN, "* BYE go away", "server.rejects-client" },
        { IMAP, "greeting", NO_LOGIN, "* BYE [UNAVAILABLE] down", "server.temporarily-unavailable" },
        { IMAP, "greeting", NO_LOGIN, "* BYE [INUSE] busy", "server.temporarily-unavailable" },
        { IMAP, "greeting", NO_LOGIN,
          "* BYE Too many open connections (3 of 3 from 192.0.2.1)", "server.too-many-connections" },
        { IMAP, "greeting", NO_LOGIN, "* BYE [REFERRAL imap://x/] no", "imap.referral" },
        { IMAP, "greeting", NO_LOGIN, "* BYE [NEW-CODE] no", "server.rejects-client" },
        { IMAP, "command", NO_LOGIN, "* BYE [SERVERBUG] oops", "server.fault" },
        { IMAP, "command", NO_LOGIN, "* BYE idle for too long", "server.closed-session" },
        { IMAP, "command", NO_LOGIN, "A1 BAD what?", "protocol.bad-reply" },
        { IMAP, "auth", NO_LOGIN, "A1 NO", "auth.rejected" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [AUTHENTICATIONFAILED] Authentication failed.", "auth.rejected" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [authenticationfailed] Authentication failed.", "auth.rejected" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [ALERT] Invalid credentials (Failure)", "auth.rejected" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO Invalid user name or password. Please use full email address as user name.",
          "auth.address-as-username" },
        { IMAP, "auth", NO_LOGIN, "A1 BAD Unknown command", "auth.mechanism-broken" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [CANNOT] never", "auth.mechanism-broken" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO [ALERT] Unsupported authentication mechanism.", "auth.mechanism-broken" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [EXPIRED] Password expired", "auth.password-expired" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [ALERT] Password expired", "auth.password-expired" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [PRIVACYREQUIRED] no", "auth.encryption-required" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
          "auth.encryption-required" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO Authenticate only available under a layer", "auth.encryption-required" },
        { IMAP, "auth", NO_LOGIN, "A1 BAD Run STARTTLS first", "auth.encryption-required" },
        { IMAP, "auth", NO_LOGIN,
          "A1 BAD A SSL/TLS-connection is required for authentication.", "auth.encryption-required" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO [UNAVAILABLE] Temporary authentication failure. [mx1:2024-01-01 00:00:00]",
          "server.auth-temporarily-down" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [TEMPFAIL] later", "server.auth-temporarily-down" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [LIMIT] slow down", "auth.rate-limited" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO Request is throttled. Suggested Backoff Time: 299961 milliseconds", "auth.rate-limited" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO [ALERT] Too many simultaneous connections. (Failure)", "server.too-many-connections" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO [LIMIT] Maximum number of connections from user+IP exceeded "
          "(mail_max_userip_connections=10)", "server.too-many-connections" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO LOGIN failed. Account is blocked. Login to your account via a web browser to verify your "
          "identity.", "auth.web-login-required" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [WEBALERT https://x/] go there", "auth.web-login-required" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO [Error=\"AuthFailed:LogonDenied-BasicAuthBlocked-<x>\"] LOGIN failed.",
          "auth.oauth-required" },
        { IMAP, "auth", NO_LOGIN,
          "A1 NO [CONTACTADMIN] Login disabled for this user", "auth.account-disabled" },
        { IMAP, "auth", NO_LOGIN, "A1 NO [AUTHORIZATIONFAILED] no", "mailbox.not-available" },
        { IMAP, "auth", NO_LOGIN, "* BYE Autologout", "server.closed-session" },
        { IMAP, "auth", NO_LOGIN, "* BYE Too many invalid logon attempts.", "auth.rate-limited" },
        { IMAP, "mailbox", 0, "A1 BAD User is authenticated but not connected.", "mailbox.not-available" },
        { IMAP, "mailbox", 0, "A1 NO mailbox does not exist", "mailbox.not-available" },
        { IMAP, "mailbox", 0, "A1 NO [CORRUPTION] broken", "mailbox.not-available" },
        { IMAP, "mailbox", 0, "A1 NO [INUSE] locked", "mailbox.in-use" },
        { IMAP, "mailbox", 0, "A1 NO [OVERQUOTA] full", "mailbox.full" },
        { IMAP, "mailbox", 0,
          "A1 NO SELECT Unsafe Login. Please contact kefu@188.com for help", "imap.id-required" },
        { IMAP, "mailbox", 0, "A1 NO [PRIVACYREQUIRED] no", "auth.encryption-required" },
        { IMAP, "mailbox", 0, "A1 NO [AUTHENTICATIONFAILED] no", "mailbox.not-available" },
        { IMAP, "mailbox", 0, "* BYE shutting down", "server.closed-session" },
        { POP3, "greeting", NO_LOGIN, "-ERR", "server.rejects-client" },
        { POP3, "greeting", NO_LOGIN, "-ERR [SYS/PERM] go away", "server.rejects-client" },
        { POP3, "greeting", NO_LOGIN, "-ERR [SYS/TEMP] Too busy", "server.temporarily-unavailable" },
        { POP3, "greeting", NO_LOGIN,
          "-ERR Too many open connections (10 of 10 from 192.0.2.1)", "server.too-many-connections" },
        { POP3, "greeting", NO_LOGIN, "-ERR [LOGIN-DELAY] wait", "pop3.login-too-soon" },
        { POP3, "auth", NO_LOGIN, "-ERR the password incorrect", "auth.rejected" },
        { POP3, "auth", NO_LOGIN, "-ERR [AUTH] Authentication failed.", "auth.rejected" },
        { POP3, "auth", NO_LOGIN, "-ERR [AUTH] Username and password not accepted.", "auth.rejected" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [AUTH] Cleartext authentication disallowed on non-secure (SSL/TLS) connections.",
          "auth.encryption-required" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
          "auth.encryption-required" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [AUTH] not allowed without SSL/TLS, but your client did it anyway.",
          "security.password-exposed" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [AUTH] USER command only available under a layer", "auth.encryption-required" },
        { POP3, "auth", NO_LOGIN,
          "-ERR A SSL/TLS-connection is required for authentication.", "auth.encryption-required" },
        { POP3, "auth", NO_LOGIN, "-ERR STLS is required.", "auth.encryption-required" },
        { POP3, "auth", NO_LOGIN, "-ERR [AUTH] Password expired", "auth.password-expired" },
        { POP3, "auth", NO_LOGIN, "-ERR [AUTH] Account is disabled.", "auth.account-disabled" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [AUTH] Web login required: https://support.example.com/", "auth.web-login-required" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [AUTH] Application-specific password required", "auth.app-password-needed" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [SYS/PERM] Your account is not enabled for POP access.", "auth.access-disabled" },
        { POP3, "auth", NO_LOGIN, "-ERR [SYS/PERM] no mailbox", "mailbox.not-available" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [SYS/TEMP] Temporary authentication failure.", "server.auth-temporarily-down" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [IN-USE] Mailbox is locked by another POP3 session.", "mailbox.in-use" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [IN-USE] Maximum number of connections from user+IP exceeded (max=10)",
          "server.too-many-connections" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [LIMIT] Maximum number of connections from user+IP exceeded", "server.too-many-connections" },
        { POP3, "auth", NO_LOGIN, "-ERR Your mailbox is already locked", "mailbox.in-use" },
        { POP3, "auth", NO_LOGIN,
          "-ERR [LOGIN-DELAY] Logins must be at least 5 minutes apart", "pop3.login-too-soon" },
        { POP3, "auth", NO_LOGIN,
          "-ERR Invalid user name or password. Too many invalid logon attempts.", "auth.rate-limited" },
        { POP3, "auth", NO_LOGIN, "-ERR Unsupported authentication mechanism.", "auth.mechanism-broken" },
        { POP3, "auth", NO_LOGIN, "-ERR Unknown command: AUTH", "auth.mechanism-broken" },
        { POP3, "mailbox", 0, "-ERR [SYS/TEMP] later", "server.temporarily-unavailable" },
        { POP3, "mailbox", 0, "-ERR [IN-USE] locked", "mailbox.in-use" },
        { POP3, "mailbox", 0, "-ERR web login", "mailbox.not-available" },
        { POP3, "mailbox", 0, "-ERR", "mailbox.not-available" },

        /* What only an app is told. */
        { SMTP, "auth", APP, "501 5.5.2 Cannot decode response", "auth.response-malformed" },
        { SMTP, "auth", APP, "503 5.5.1 Error: authentication not enabled", "auth.not-offered" },
        { SMTP, "auth", APP, "503 5.7.0 No identity changes permitted.", "protocol.client-fault" },
        { SMTP, "data", 0, "554 5.7.1 Message rejected", "smtp.message-refused" },
        { SMTP, "command", APP, "500 unrecognized command", "port.other-protocol" },
        { IMAP, "mailbox", APP, "* BYE Disconnected for inactivity.", "server.idle-timeout" },
        { IMAP, "command", APP, "A1 BAD [CLIENTBUG] what?", "protocol.client-fault" },
        { IMAP, "command", APP, "* BYE Too many invalid IMAP commands.", "port.other-protocol" },
        { POP3, "mailbox", APP, "-ERR Unknown command: UIDL", "protocol.command-unknown" },
};

START_TEST(means) {
        const char *id = meaning(cases[_i].protocol, cases[_i].stage, cases[_i].when, cases[_i].line);
        ck_assert_msg(!strcmp(id, cases[_i].id), "%s: %s", cases[_i].line, id);
        produced_note("unit", "replies", id);
}
END_TEST

/* Every code of a refusal means something at every stage that a probe comes to. */
START_TEST(total) {
        static const char *const stages[] = { STAGES };
        char line[8];

        for (unsigned code = 400; code < 600; code++)
                for (size_t i = 0; i < N(stages); i++) {
                        snprintf(line, sizeof(line), "%u", code);
                        ck_assert_str_ne(meaning(SMTP, stages[i], 0, line), "none");
                }
        for (int protocol = IMAP; protocol <= POP3; protocol++)
                for (size_t i = 0; i < 4; i++)
                        ck_assert_str_ne(meaning((Protocol) protocol, stages[i], 0, "x NO"), "none");
        ck_assert_str_ne(meaning(IMAP, "mailbox", 0, "x NO"), "none");
        ck_assert_str_ne(meaning(POP3, "mailbox", 0, "-ERR"), "none");
}
END_TEST

/* ---- the rules themselves ---- */

static bool is_known(Protocol protocol, const char *id) {
        return md_catalog_find(md_catalog, md_catalog_size, id) ||
               md_catalog_find(protocols[protocol].findings, protocols[protocol].n_findings, id);
}

static void check_words(const char *words, const char *const *known, size_t n) {
        char copy[256], *word, *next = copy;

        if (!words)
                return;
        snprintf(copy, sizeof(copy), "%s", words);
        while ((word = strsep(&next, " "))) {
                bool found = false;
                for (size_t i = 0; i < n; i++)
                        found = found || !strcmp(known[i], word);
                ck_assert_msg(found, "%s", word);
        }
}

static void check_rule(const MdReplyRule *rule) {
        static const char *const stages[] = { STAGES, "mailbox" };

        ck_assert_ptr_nonnull(rule->id);
        ck_assert_msg(rule->source && rule->date, "%s has no source", rule->id);
        if (rule->pattern)
                ck_assert_msg(md_reply_pattern_is_valid(rule->pattern), "%s: %s", rule->id, rule->pattern);
        check_words(rule->stages, stages, N(stages));
}

/* auth.username-form is the daemon's: it takes two probes to know. */
static bool is_known_alike(const char *id) {
        bool known = !strcmp(id, "auth.username-form") || md_catalog_find(md_catalog, md_catalog_size, id);
        for (size_t i = 0; i < N(protocols); i++)
                known = known || is_known((Protocol) i, id);
        return known;
}

static void check_also(const MdReplyRule *rule) {
        char copy[256], *id, *next = copy;

        snprintf(copy, sizeof(copy), "%s", rule->also ? rule->also : "");
        while (rule->also && (id = strsep(&next, " "))) {
                ck_assert_msg(is_known_alike(id), "%s is no finding", id);
                ck_assert_str_ne(id, rule->id);
        }
}

START_TEST(rules_are_in_order) {
        for (size_t i = 0; i < protocols[_i].n_rules; i++) {
                const MdReplyRule *rule = &protocols[_i].rules[i];
                check_rule(rule);
                check_also(rule);
                ck_assert_msg(is_known((Protocol) _i, rule->id), "%s is no finding of %s", rule->id,
                              protocols[_i].name);
        }
}
END_TEST

START_TEST(rules_of_the_sdk_are_in_order) {
        for (size_t i = 0; i < md_n_replies; i++) {
                const char *id = md_replies[i].id;
                check_rule(&md_replies[i]);
                check_also(&md_replies[i]);
                ck_assert_msg(md_catalog_find(md_catalog, md_catalog_size, id), "%s", id);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("replies");
        TCase *tcase = tcase_create("replies");
        tcase_add_loop_test(tcase, means, 0, N(cases));
        tcase_add_test(tcase, total);
        tcase_add_loop_test(tcase, rules_are_in_order, 0, N(protocols));
        tcase_add_test(tcase, rules_of_the_sdk_are_in_order);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
