/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What refusals of IMAP servers mean, as real servers word them. */

#include <check.h>
#include <string.h>

#include "harness.h"
#include "refusal.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
        ImapMoment moment;
        const char *line, *id;
} cases[] = {
        { IMAP_AT_GREETING, "* BYE go away", "server.rejects-client" },
        { IMAP_AT_GREETING, "* BYE [UNAVAILABLE] down", "server.temporarily-unavailable" },
        { IMAP_AT_GREETING, "* BYE [INUSE] busy", "server.temporarily-unavailable" },
        { IMAP_AT_GREETING, "* BYE Too many open connections (3 of 3 from 192.0.2.1)",
          "server.temporarily-unavailable" },
        { IMAP_AT_GREETING, "* BYE [REFERRAL imap://x/] no", "imap.referral" },
        { IMAP_AT_GREETING, "* BYE [NEW-CODE] no", "server.rejects-client" },
        { IMAP_AT_COMMAND, "* BYE [SERVERBUG] oops", "server.temporarily-unavailable" },
        { IMAP_AT_COMMAND, "* BYE idle for too long", "server.closed-session" },
        { IMAP_AT_COMMAND, "A1 BAD what?", "protocol.bad-reply" },

        { IMAP_AT_LOGIN, "A1 NO", "auth.rejected" },
        { IMAP_AT_LOGIN, "A1 NO [AUTHENTICATIONFAILED] Authentication failed.", "auth.rejected" },
        { IMAP_AT_LOGIN, "A1 NO [authenticationfailed] Authentication failed.", "auth.rejected" },
        { IMAP_AT_LOGIN, "A1 NO [ALERT] Invalid credentials (Failure)", "auth.rejected" },
        { IMAP_AT_LOGIN, "A1 NO Invalid user name or password. Please use full email address as user name.",
          "auth.rejected" },
        { IMAP_AT_LOGIN, "A1 BAD Unknown command", "auth.mechanism-broken" },
        { IMAP_AT_LOGIN, "A1 NO [CANNOT] never", "auth.mechanism-broken" },
        { IMAP_AT_LOGIN, "A1 NO [ALERT] Unsupported authentication mechanism.", "auth.mechanism-broken" },
        { IMAP_AT_LOGIN, "A1 NO [EXPIRED] Password expired", "auth.password-expired" },
        { IMAP_AT_LOGIN, "A1 NO [ALERT] Password expired", "auth.password-expired" },
        { IMAP_AT_LOGIN, "A1 NO [PRIVACYREQUIRED] no", "auth.encryption-required" },
        { IMAP_AT_LOGIN, "A1 NO Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
          "auth.encryption-required" },
        { IMAP_AT_LOGIN, "A1 NO Authenticate only available under a layer", "auth.encryption-required" },
        { IMAP_AT_LOGIN, "A1 BAD Run STARTTLS first", "auth.encryption-required" },
        { IMAP_AT_LOGIN, "A1 BAD A SSL/TLS-connection is required for authentication.",
          "auth.encryption-required" },
        { IMAP_AT_LOGIN, "A1 NO [UNAVAILABLE] Temporary authentication failure. [mx1:2024-01-01 00:00:00]",
          "server.auth-temporarily-down" },
        { IMAP_AT_LOGIN, "A1 NO [TEMPFAIL] later", "server.auth-temporarily-down" },
        { IMAP_AT_LOGIN, "A1 NO [LIMIT] slow down", "auth.rate-limited" },
        { IMAP_AT_LOGIN, "A1 NO Request is throttled. Suggested Backoff Time: 299961 milliseconds",
          "auth.rate-limited" },
        { IMAP_AT_LOGIN, "A1 NO [ALERT] Too many simultaneous connections. (Failure)", "mailbox.in-use" },
        { IMAP_AT_LOGIN, "A1 NO [LIMIT] Maximum number of connections from user+IP exceeded "
          "(mail_max_userip_connections=10)", "mailbox.in-use" },
        { IMAP_AT_LOGIN, "A1 NO LOGIN failed. Account is blocked. Login to your account via a web browser to "
          "verify your identity.", "auth.web-login-required" },
        { IMAP_AT_LOGIN, "A1 NO [WEBALERT https://x/] go there", "auth.web-login-required" },
        { IMAP_AT_LOGIN, "A1 NO [Error=\"AuthFailed:LogonDenied-BasicAuthBlocked-<x>\"] LOGIN failed.",
          "auth.mechanism-too-weak" },
        { IMAP_AT_LOGIN, "A1 NO [CONTACTADMIN] Login disabled for this user", "auth.account-disabled" },
        { IMAP_AT_LOGIN, "A1 NO [AUTHORIZATIONFAILED] no", "mailbox.not-available" },
        { IMAP_AT_LOGIN, "* BYE Autologout", "server.closed-session" },
        { IMAP_AT_LOGIN, "* BYE Too many invalid logon attempts.", "auth.rate-limited" },

        { IMAP_AT_MAILBOX, "A1 BAD User is authenticated but not connected.", "mailbox.not-available" },
        { IMAP_AT_MAILBOX, "A1 NO mailbox does not exist", "mailbox.not-available" },
        { IMAP_AT_MAILBOX, "A1 NO [CORRUPTION] broken", "mailbox.not-available" },
        { IMAP_AT_MAILBOX, "A1 NO [INUSE] locked", "mailbox.in-use" },
        { IMAP_AT_MAILBOX, "A1 NO [OVERQUOTA] full", "mailbox.full" },
        { IMAP_AT_MAILBOX, "A1 NO SELECT Unsafe Login. Please contact kefu@188.com for help",
          "imap.id-required" },
        { IMAP_AT_MAILBOX, "A1 NO [PRIVACYREQUIRED] no", "auth.encryption-required" },
        { IMAP_AT_MAILBOX, "A1 NO [AUTHENTICATIONFAILED] no", "mailbox.not-available" },
        { IMAP_AT_MAILBOX, "* BYE shutting down", "server.closed-session" },
};

START_TEST(meanings) {
        ImapResponse response;

        ck_assert_int_eq(imap_response_parse(cases[_i].line, strlen(cases[_i].line), &response), 0);
        const char *id = imap_refusal_meaning(&response, cases[_i].moment);
        ck_assert_msg(!strcmp(id, cases[_i].id), "%s: %s", cases[_i].line, id);
        imap_response_done(&response);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("imap-refusal");
        TCase *tcase = tcase_create("imap-refusal");
        tcase_add_loop_test(tcase, meanings, 0, N_ELEMENTS(cases));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
