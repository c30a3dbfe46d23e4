/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The lines of POP3 servers, well-formed and not. */

#include <check.h>
#include <errno.h>
#include <string.h>

#include "harness.h"
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

int main(void) {
        Suite *suite = suite_create("pop3-reply");
        TCase *tcase = tcase_create("reply");
        tcase_add_loop_test(tcase, status_line, 0, sizeof(lines) / sizeof(lines[0]));
        tcase_add_test(tcase, long_lines_are_cut_but_not_challenges);
        tcase_add_loop_test(tcase, greeting, 0, sizeof(greetings) / sizeof(greetings[0]));
        tcase_add_loop_test(tcase, drop_listing, 0, sizeof(stats) / sizeof(stats[0]));
        tcase_add_loop_test(tcase, unique_id, 0, sizeof(uids) / sizeof(uids[0]));
        tcase_add_test(tcase, list_lines);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
