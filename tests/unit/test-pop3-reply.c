/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The lines of POP3 servers, well-formed and not, and what their refusals mean. */

#include <check.h>
#include <errno.h>
#include <string.h>

#include "harness.h"
#include "refusal.h"
#include "reply.h"

#define BAD 99

static const struct {
        const char *line;
        int status;
        const char *code, *text;
} lines[] = {
        { "+OK", POP3_OK, "", "" },
        { "+OK ", POP3_OK, "", "" },
        { "+ok POP3 ready", POP3_OK, "", "POP3 ready" },
        { "+OK [not a code] ready", POP3_OK, "", "[not a code] ready" },
        { "-ERR", POP3_ERR, "", "" },
        { "-ERR no such message", POP3_ERR, "", "no such message" },
        { "-ERR [AUTH] Authentication failed.", POP3_ERR, "AUTH", "Authentication failed." },
        { "-ERR [sys/temp] later", POP3_ERR, "SYS/TEMP", "later" },
        { "-ERR [AUTH]", POP3_ERR, "AUTH", "" },
        { "-ERR [AUTH failed", POP3_ERR, "", "[AUTH failed" },
        { "-ERR [] what", POP3_ERR, "", "[] what" },
        { "-ERR [AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA] x", POP3_ERR, "",
          "[AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA] x" },
        { "+ ", POP3_CONTINUE, "", "" },
        { "+", POP3_CONTINUE, "", "" },
        { "+ PDE4OTY+", POP3_CONTINUE, "", "PDE4OTY+" },
        { "+OKAY", BAD, NULL, NULL },
        { "+Do you even care?", BAD, NULL, NULL },
        { "-ERROR", BAD, NULL, NULL },
        { "", BAD, NULL, NULL },
        { " +OK", BAD, NULL, NULL },
        { "* OK IMAP4rev1 ready", BAD, NULL, NULL },
        { "220 ready", BAD, NULL, NULL },
        { ".", BAD, NULL, NULL },
};

START_TEST(status_line) {
        Pop3Reply reply;
        int r = pop3_reply_parse(lines[_i].line, &reply);
        if (lines[_i].status == BAD) {
                ck_assert_int_eq(r, -EBADMSG);
                return;
        }
        ck_assert_int_eq(r, 0);
        ck_assert_int_eq((int) reply.status, lines[_i].status);
        ck_assert_str_eq(reply.code, lines[_i].code);
        ck_assert_str_eq(reply.text, lines[_i].text);
        ck_assert_str_eq(reply.line, lines[_i].line);
}
END_TEST

START_TEST(long_lines_are_cut_but_not_challenges) {
        char line[4000] = "+ ";
        Pop3Reply reply;
        memset(line + 2, 'A', sizeof(line) - 3);
        ck_assert_int_eq(pop3_reply_parse(line, &reply), 0);
        ck_assert_uint_eq(strlen(reply.text), POP3_TEXT_SIZE - 1);
        ck_assert_uint_eq(strlen(pop3_reply_rest(line)), sizeof(line) - 3);
}
END_TEST

static const struct {
        const char *greeting;
        bool timestamp, starred;
} greetings[] = {
        { "POP3 server ready <1896.697170952@dbc.mtview.ca.us>", true, false },
        { "<84427.1298535083@foo.example.com>", true, false },
        { "Dovecot ready. <fea.13865d.5f06b0a4.DuIvzQI4DAGR9MurahIGJw==@foo.bar.baz>", true, false },
        { "Qpopper <beta> at domain <xxx@domain>", true, false },
        { "Dovecot ready.", false, false },
        { "ready <no-at-sign>", false, false },
        { "ready <@x>", false, false },
        { "ready <a@>", false, false },
        { "ready <a@b", false, false },
        { "ready <a b@c>", false, false },
        { "", false, false },
        { "******************", false, true },
        { "The *WGS* Microsoft Exchange POP3 service is ready.", false, false },
};

START_TEST(greeting) {
        ck_assert_int_eq(pop3_has_timestamp(greetings[_i].greeting), greetings[_i].timestamp);
        ck_assert_int_eq(pop3_is_starred(greetings[_i].greeting), greetings[_i].starred);
}
END_TEST

static const struct {
        const char *text;
        int result;
        uint64_t messages, octets;
} stats[] = {
        { "7 1800662", 0, 7, 1800662 },
        { "0 0", 0, 0, 0 },
        { "2 320 (two messages)", 0, 2, 320 },
        { "3  5000000000", 0, 3, 5000000000 },
        { "7", -EBADMSG, 0, 0 },
        { "", -EBADMSG, 0, 0 },
        { "seven 1800662", -EBADMSG, 0, 0 },
        { "7 #octets", -EBADMSG, 0, 0 },
        { "-1 5", -EBADMSG, 0, 0 },
        { "7,1800662", -EBADMSG, 0, 0 },
        { "99999999999999999999 1", -EBADMSG, 0, 0 },
};

START_TEST(drop_listing) {
        uint64_t messages = 0, octets = 0;
        ck_assert_int_eq(pop3_stat_parse(stats[_i].text, &messages, &octets), stats[_i].result);
        ck_assert_uint_eq(messages, stats[_i].messages);
        ck_assert_uint_eq(octets, stats[_i].octets);
}
END_TEST

#define X10 "xxxxxxxxxx"

static const struct {
        const char *text;
        int result;
        const char *uid;
} uids[] = {
        { "1 whqtswO00WBw418f9t5JxYwZ", 0, "whqtswO00WBw418f9t5JxYwZ" },
        { "1 " X10 X10 X10 X10 X10 X10 X10, 0, X10 X10 X10 X10 X10 X10 X10 },
        { "1 abc and more", 0, "abc" },
        { "1 " X10 X10 X10 X10 X10 X10 X10 "x", -EBADMSG, "" },
        { "2 abc", -EBADMSG, "" },
        { "1 ", -EBADMSG, "" },
        { "1", -EBADMSG, "" },
        { "abc", -EBADMSG, "" },
        { "1 \xc3\xbc", -EBADMSG, "" },
        { "1 a\tb", -EBADMSG, "" },
};

START_TEST(unique_id) {
        char uid[POP3_UID_SIZE] = "";
        ck_assert_int_eq(pop3_uidl_parse(uids[_i].text, 1, uid), uids[_i].result);
        ck_assert_str_eq(uid, uids[_i].uid);
}
END_TEST

START_TEST(list_lines) {
        ck_assert(pop3_ends_list("."));
        ck_assert(!pop3_ends_list(".."));
        ck_assert(!pop3_ends_list(""));
        ck_assert_str_eq(pop3_unstuff("..dot"), ".dot");
        ck_assert_str_eq(pop3_unstuff("dot."), "dot.");
}
END_TEST

static const struct {
        const char *line;
        Pop3Moment moment;
        const char *id;
} refusals[] = {
        { "-ERR", POP3_AT_GREETING, "server.rejects-client" },
        { "-ERR [SYS/PERM] go away", POP3_AT_GREETING, "server.rejects-client" },
        { "-ERR [SYS/TEMP] Too busy", POP3_AT_GREETING, "server.temporarily-unavailable" },
        { "-ERR Too many open connections (10 of 10 from 192.0.2.1)", POP3_AT_GREETING,
          "server.temporarily-unavailable" },
        { "-ERR [LOGIN-DELAY] wait", POP3_AT_GREETING, "pop3.login-too-soon" },

        { "-ERR the password incorrect", POP3_AT_LOGIN, "auth.rejected" },
        { "-ERR [AUTH] Authentication failed.", POP3_AT_LOGIN, "auth.rejected" },
        { "-ERR [AUTH] Username and password not accepted.", POP3_AT_LOGIN, "auth.rejected" },
        { "-ERR [AUTH] Cleartext authentication disallowed on non-secure (SSL/TLS) connections.",
          POP3_AT_LOGIN,
          "auth.encryption-required" },
        { "-ERR [AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
          POP3_AT_LOGIN,
          "auth.encryption-required" },
        { "-ERR [AUTH] not allowed without SSL/TLS, but your client did it anyway.", POP3_AT_LOGIN,
          "auth.encryption-required" },
        { "-ERR [AUTH] USER command only available under a layer", POP3_AT_LOGIN,
          "auth.encryption-required" },
        { "-ERR A SSL/TLS-connection is required for authentication.", POP3_AT_LOGIN,
          "auth.encryption-required" },
        { "-ERR STLS is required.", POP3_AT_LOGIN, "auth.encryption-required" },
        { "-ERR [AUTH] Password expired", POP3_AT_LOGIN, "auth.password-expired" },
        { "-ERR [AUTH] Account is disabled.", POP3_AT_LOGIN, "auth.account-disabled" },
        { "-ERR [AUTH] Web login required: https://support.example.com/", POP3_AT_LOGIN,
          "auth.web-login-required" },
        { "-ERR [AUTH] Application-specific password required", POP3_AT_LOGIN, "auth.mechanism-too-weak" },
        { "-ERR [SYS/PERM] Your account is not enabled for POP access.", POP3_AT_LOGIN,
          "mailbox.not-available" },
        { "-ERR [SYS/PERM] no mailbox", POP3_AT_LOGIN, "mailbox.not-available" },
        { "-ERR [SYS/TEMP] Temporary authentication failure.", POP3_AT_LOGIN,
          "server.auth-temporarily-down" },
        { "-ERR [IN-USE] Mailbox is locked by another POP3 session.", POP3_AT_LOGIN, "mailbox.in-use" },
        { "-ERR [IN-USE] Maximum number of connections from user+IP exceeded (max=10)",
          POP3_AT_LOGIN, "mailbox.in-use" },
        { "-ERR [LIMIT] Maximum number of connections from user+IP exceeded", POP3_AT_LOGIN,
          "mailbox.in-use" },
        { "-ERR Your mailbox is already locked", POP3_AT_LOGIN, "mailbox.in-use" },
        { "-ERR [LOGIN-DELAY] Logins must be at least 5 minutes apart", POP3_AT_LOGIN,
          "pop3.login-too-soon" },
        { "-ERR Invalid user name or password. Too many invalid logon attempts.", POP3_AT_LOGIN,
          "auth.rate-limited" },
        { "-ERR Unsupported authentication mechanism.", POP3_AT_LOGIN, "auth.mechanism-broken" },
        { "-ERR Unknown command: AUTH", POP3_AT_LOGIN, "auth.mechanism-broken" },

        { "-ERR [SYS/TEMP] later", POP3_AT_MAILBOX, "server.temporarily-unavailable" },
        { "-ERR [IN-USE] locked", POP3_AT_MAILBOX, "mailbox.in-use" },
        { "-ERR web login", POP3_AT_MAILBOX, "mailbox.not-available" },
        { "-ERR", POP3_AT_MAILBOX, "mailbox.not-available" },
};

START_TEST(refusal) {
        Pop3Reply reply;
        ck_assert_int_eq(pop3_reply_parse(refusals[_i].line, &reply), 0);
        ck_assert_str_eq(pop3_refusal_meaning(&reply, refusals[_i].moment), refusals[_i].id);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("pop3-reply");
        TCase *tcase = tcase_create("reply");
        tcase_add_loop_test(tcase, status_line, 0, sizeof(lines) / sizeof(lines[0]));
        tcase_add_test(tcase, long_lines_are_cut_but_not_challenges);
        tcase_add_loop_test(tcase, greeting, 0, sizeof(greetings) / sizeof(greetings[0]));
        tcase_add_loop_test(tcase, drop_listing, 0, sizeof(stats) / sizeof(stats[0]));
        tcase_add_loop_test(tcase, unique_id, 0, sizeof(uids) / sizeof(uids[0]));
        tcase_add_test(tcase, list_lines);
        tcase_add_loop_test(tcase, refusal, 0, sizeof(refusals) / sizeof(refusals[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
