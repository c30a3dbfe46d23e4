/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One notification for servers of all kinds. */

#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "notice.h"

static const struct {
        const char *words;              /* of GetCapabilities */
        const char *summary, *body;
} servers[] = {
        { "actions body body-hyperlinks body-markup icon-static",
          "A <b>: cannot send", "Say &lt;b&gt;yes&lt;/b&gt; &amp; go.\n220 &lt;img src=x&gt; &amp;quot;hi\"" },
        { "actions body", "A <b>: cannot send", "Say <b>yes</b> & go.\n220 <img src=x> &quot;hi\"" },
        { "body body-markup", "A <b>: cannot send",
          "Say &lt;b&gt;yes&lt;/b&gt; &amp; go.\n220 &lt;img src=x&gt; &amp;quot;hi\"\nMore: maildiag show &lt;a&gt;" },
        { "body", "A <b>: cannot send", "Say <b>yes</b> & go.\n220 <img src=x> &quot;hi\"\nMore: maildiag show <a>" },
        /* Nothing is lost where only a line is shown. */
        { "", "A <b>: cannot send. Say <b>yes</b> & go.", "Say <b>yes</b> & go.\n220 <img src=x> &quot;hi\"\nMore: maildiag show <a>" },
        { "body-images sound persistence", "A <b>: cannot send. Say <b>yes</b> & go.",
          "Say <b>yes</b> & go.\n220 <img src=x> &quot;hi\"\nMore: maildiag show <a>" },
};

static NoticeCapabilities read_words(const char *words) {
        NoticeCapabilities capabilities = { 0 };
        char copy[256], *state = NULL;
        snprintf(copy, sizeof(copy), "%s", words);
        for (char *word = strtok_r(copy, " ", &state); word; word = strtok_r(NULL, " ", &state))
                notice_capability(&capabilities, word);
        return capabilities;
}

START_TEST(test_servers) {
        NoticeCapabilities capabilities = read_words(servers[_i].words);
        const Notice notice = {
                .summary = (char *) "A <b>: cannot send", .todo = (char *) "Say <b>yes</b> & go.",
                .what = (char *) "220 <img src=x> &quot;hi\"", .more = (char *) "More: maildiag show <a>",
        };
        char *summary = notice_summary(&notice, &capabilities), *body = notice_body(&notice, &capabilities);

        ck_assert_str_eq(summary, servers[_i].summary);
        ck_assert_str_eq(body, servers[_i].body);
        free(summary);
        free(body);
}
END_TEST

START_TEST(test_dangerous_text) {
        static const NoticeCapabilities capabilities = { .body = true, .actions = true };
        const Notice notice = {
                .summary = (char *) "A\nB\033[31m", .todo = (char *) "one\ntwo\xff", .what = (char *) "\xe2\x80\xae" "evil",
        };
        char *summary = notice_summary(&notice, &capabilities), *body = notice_body(&notice, &capabilities);

        ck_assert_ptr_null(strpbrk(summary, "\n\033"));
        ck_assert_ptr_null(strchr(body, '\xff'));
        ck_assert_ptr_null(strstr(body, "\xe2\x80\xae"));
        ck_assert_ptr_eq(strchr(body, '\n'), strrchr(body, '\n'));
        free(summary);
        free(body);
}
END_TEST

START_TEST(test_parts_are_optional) {
        static const NoticeCapabilities capabilities = { .body = true };
        const Notice notice = { .summary = (char *) "Works", .what = (char *) "" };
        char *body = notice_body(&notice, &capabilities), *text = notice_text(&notice);

        ck_assert_str_eq(body, "");
        ck_assert_str_eq(text, "Works\n\n");
        free(body);
        free(text);
        ck_assert_ptr_null(notice_free(NULL));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("notice");
        TCase *tcase = tcase_create("all");
        tcase_add_loop_test(tcase, test_servers, 0, sizeof(servers) / sizeof(servers[0]));
        tcase_add_test(tcase, test_dangerous_text);
        tcase_add_test(tcase, test_parts_are_optional);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
