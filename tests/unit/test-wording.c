/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What notifications say: who, what does not work, and the thing to do in the first 80 characters. */

#include <locale.h>
#include <string.h>

#include "harness.h"
#include "page.h"
#include "watchlist.h"
#include "wording.h"

static const struct {
        const char *name, *status, *findings;
        const char *summary, *todo, *what;
} cases[] = {
        { "Work", "error", PORT, "Work: cannot send mail", "Set for sending: connection security STARTTLS (tried, works).",
          "Port 587 begins in clear text" },
        { "Work", "error", EXPIRED, "Work: cannot receive mail", "Wait for the provider to renew it.",
          "The certificate of imap.example.org expired" },
        { "Work", "error", REFUSED "," REFUSED_SMTP, "Work: mail does not work", "Enter it again.", "The password was refused" },
        { "Work", "warning", FULL, "Work: needs attention", "Delete something.", "The mailbox is nearly full" },
        { "Work", "error", NULL, "Work: mail does not work", "Open the details.", "" },
        /* Several values, and one that was not tried. */
        { "Work", "error",
          "{'code': 'a.b', 'severity': 'error', 'actor': 'user', 'service': 'imap', 'message': 'M', 'hint': 'H', 'changes': ["
          "{'setting': 'security', 'to': 'tls'}, {'setting': 'port', 'to': '993'}, {'setting': 'host', 'to': 'imap.example.org'}]}",
          "Work: cannot receive mail", "Set for receiving: connection security SSL/TLS, port 993, server name imap.example.org.", "M" },
        { "Work", "error",
          "{'code': 'a.b', 'severity': 'error', 'actor': 'user', 'service': 'pop3', 'message': 'M', 'hint': 'H', 'setting': 'username', "
          "'suggested': 'anna', 'verified': true}",
          "Work: cannot receive mail", "Set for receiving: user name anna (tried, works).", "M" },
        /* Receiving and sending want the same setting, each its own value. */
        { "Work", "error",
          "{'code': 'a.b', 'severity': 'error', 'actor': 'user', 'service': 'imap', 'message': 'M', 'setting': 'username', 'suggested': 'anna'},"
          "{'code': 'a.b', 'severity': 'error', 'actor': 'user', 'service': 'smtp', 'message': 'M', 'setting': 'username', 'suggested': 'ben'}",
          "Work: mail does not work", "Set for receiving: user name anna. Set for sending: user name ben.", "M" },
        { "The mail account of the whole department of letters", "error", PORT, "The mail account of t…: cannot send mail",
          "Set for sending: connection security STARTTLS (tried, works).", "Port 587 begins in clear text" },
        { "Thư công việc của phòng văn thư lưu trữ", "error", PORT, "Thư công việc của phò…: cannot send mail",
          "Set for sending: connection security STARTTLS (tried, works).", "Port 587 begins in clear text" },
};

START_TEST(test_causes) {
        WatchList list = { 0 };
        Causes causes;

        put_account(&list, "user/a", cases[_i].name, cases[_i].status, cases[_i].findings);
        ck_assert_int_eq(causes_find(&list, &causes), 0);
        ck_assert_uint_eq(causes.n, 1);
        Notice *notice = wording_cause(&causes.list[0], NOTICE_NORMAL);
        ck_assert_str_eq(notice->summary, cases[_i].summary);
        ck_assert_str_eq(notice->todo, cases[_i].todo);
        ck_assert_str_eq(notice->what, cases[_i].what);
        ck_assert_str_eq(notice->more, "More in a terminal: maildiag show a");
        ck_assert_uint_le(text_width(notice->summary), NOTICE_SUMMARY_MAX);
        notice_free(notice);
        causes_done(&causes);
        watch_list_done(&list);
}
END_TEST

static Notice *word_first(const WatchList *list, size_t max) {
        Causes causes;
        ck_assert_int_eq(causes_find(list, &causes), 0);
        ck_assert_int_eq(causes_collapse(&causes, max), 0);
        Notice *notice = wording_cause(&causes.list[0], NOTICE_NORMAL);
        causes_done(&causes);
        return notice;
}

START_TEST(test_several_accounts) {
        WatchList list = { 0 };
        put_account(&list, "user/a", "Work", "error", EXPIRED);
        put_account(&list, "system/b", "Relay", "error", EXPIRED);
        Notice *notice = word_first(&list, 3);

        ck_assert_str_eq(notice->summary, "2 accounts: cannot receive mail");
        ck_assert_str_eq(notice->what, "The certificate of imap.example.org expired. Accounts: Work, Relay.");
        ck_assert_str_eq(notice->more, "More in a terminal: maildiag list");
        notice_free(notice);
        watch_list_done(&list);
}
END_TEST

START_TEST(test_many) {
        WatchList list = { 0 };
        char key[16], name[16];

        for (unsigned i = 0; i < 6; i++) {
                snprintf(key, sizeof(key), "user/%u", i);
                snprintf(name, sizeof(name), "No. %u", i);
                put_account(&list, key, name, "error", PORT);
        }
        Notice *notice = word_first(&list, 3);
        ck_assert_str_eq(notice->summary, "6 accounts: cannot send mail");
        ck_assert_str_eq(notice->todo, "6 different problems were found: open the details.");
        ck_assert_str_eq(notice->what, "Accounts: No. 0, No. 1, No. 2, No. 3, ….");
        notice_free(notice);
        watch_list_done(&list);
}
END_TEST

START_TEST(test_system_account) {
        WatchList list = { 0 };
        put_account(&list, "system/relay", "Relay", "error", PORT);
        Notice *notice = word_first(&list, 3);
        ck_assert_str_eq(notice->more, "More in a terminal: maildiag --system show relay");
        notice_free(notice);
        watch_list_done(&list);
}
END_TEST

static const struct {
        const char *text, *clipped;
        unsigned columns;
} clips[] = {
        { "short", "short", 8 },
        { "exactly8", "exactly8", 8 },
        { "longer than", "longer …", 8 },
        { "điện tử thư", "điện tử…", 8 },
        { "漢字漢字漢字", "漢字漢…", 8 },
        { "a\nb", "a\xef\xbf\xbd" "b", 8 },
        { "", "", 8 },
};

START_TEST(test_clip) {
        char *clipped = wording_clip(clips[_i].text, clips[_i].columns);
        ck_assert_str_eq(clipped, clips[_i].clipped);
        ck_assert_uint_le(text_width(clipped), clips[_i].columns);
        free(clipped);
}
END_TEST

int main(void) {
        setlocale(LC_CTYPE, "C.UTF-8");
        Suite *suite = suite_create("wording");
        TCase *tcase = tcase_create("all");
        tcase_add_loop_test(tcase, test_causes, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, test_several_accounts);
        tcase_add_test(tcase, test_many);
        tcase_add_test(tcase, test_system_account);
        tcase_add_loop_test(tcase, test_clip, 0, sizeof(clips) / sizeof(clips[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
