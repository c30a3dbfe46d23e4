/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The matcher of replies: which rule comes first, what fits, and texts as patterns see them. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "reply.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- texts ---- */

static const struct {
        const char *text, *plain;
} texts[] = {
        { "", "" },
        { "  two   spaces\tand a tab ", "two spaces and a tab" },
        { "550-first line\r\n550 last line", "550-first line last line" },
        { "550-5.7.1 first\n550 second\n", "550-5.7.1 first second" },
        { "not 550\n550 a code", "not 550 550 a code" },
        { "L\xe1\xbb\x97i x\xc3\xa1""c th\xe1\xbb\xb1""c", "Loi xac thuc" },
        { "Lo\xcc\x82\xcc\x83i", "Loi" },
        { "\xc4\x90\xc3\xa3 h\xe1\xba\xbft h\xe1\xba\xa1n", "Da het han" },
        { "Passwort ung\xfcltig", "Passwort ung\xef\xbf\xbdltig" },
        { "Passwort ung\xc3\xbcltig", "Passwort ungultig" },
        { "can\xe2\x80\x99t \xe2\x80\x93 \xe2\x80\x9cno\xe2\x80\x9d", "can't - \"no\"" },
        { "\033[31mred", "\xef\xbf\xbd[31mred" },
        { "failed: UGFzc3dvcmQ6", "failed: UGFzc3dvcmQ6 Password:" },
        { "334 eyJzdGF0dXMiOiI0MDEifQ==", "334 eyJzdGF0dXMiOiI0MDEifQ== {\"status\":\"401\"}" },
        { "authenticate", "authenticate" },             /* is base64, too, of nothing */
};

START_TEST(plain_text) {
        char *plain = md_reply_text(texts[_i].text);
        ck_assert_str_eq(plain, texts[_i].plain);
        free(plain);
}
END_TEST

START_TEST(long_texts_are_cut) {
        char *text = malloc(3 * MD_REPLY_TEXT_MAX + 1);
        memset(text, 'a', 3 * MD_REPLY_TEXT_MAX);
        text[3 * MD_REPLY_TEXT_MAX] = '\0';
        char *plain = md_reply_text(text);
        ck_assert_uint_le(strlen(plain), MD_REPLY_TEXT_MAX);
        free(plain);
        free(text);
}
END_TEST

static const struct {
        const char *text, *url;
} urls[] = {
        { "no address here", NULL },
        { "Learn more at https://support.example.com/a?x=1&y=2.", "https://support.example.com/a?x=1&y=2" },
        { "<https://a.example/b> then http://c.example/", "https://a.example/b" },
        { "* NO [WEBALERT https://a.example/b] go", "https://a.example/b" },
        { "HTTP://A.EXAMPLE", "HTTP://A.EXAMPLE" },
        { "https://", NULL },
        { "https://...", NULL },
        { "https://a.example/\033[31m", "https://a.example/" },
        { "javascript:alert(1) ftp://x.example", NULL },
};

START_TEST(url) {
        char *found = md_reply_url(urls[_i].text);
        ck_assert_pstr_eq(found, urls[_i].url);
        free(found);
}
END_TEST

/* ---- rules ---- */

static const MdReplyRule order[] = {
        { .id = "code", .code = "535" },
        { .id = "words", .pattern = "denied" },
        { .id = "one", .pattern = "denied", .provider = "Example" },
        { .id = "any-words", .code = "535", .pattern = "" },
};

START_TEST(words_come_before_codes) {
        MdReply reply = { .code = "535", .text = "Access denied" };
        ck_assert_str_eq(md_reply_find(order, N(order), &reply)->id, "one");
        ck_assert_str_eq(md_reply_find(order, 2, &reply)->id, "words");
        ck_assert_str_eq(md_reply_find(order, 1, &reply)->id, "code");
        reply.text = "No";
        ck_assert_str_eq(md_reply_find(order, N(order), &reply)->id, "any-words");
}
END_TEST

/* One rule, one reply. */
static const struct {
        MdReplyRule rule;
        MdReply reply;
        bool fits;
} fitting[] = {
        { { .code = "535" }, { .code = "535" }, true },
        { { .code = "535" }, { .code = "5355" }, false },
        { { .code = "534 535" }, { .code = "535" }, true },
        { { .code = "5?5" }, { .code = "535" }, true },
        { { .code = "NO" }, { .code = "no" }, true },
        { { .code = "535" }, { 0 }, false },
        { { .enhanced = "-" }, { .enhanced = "" }, true },
        { { .enhanced = "-" }, { .enhanced = "5.1.1" }, false },
        { { .enhanced = "?.7.8" }, { .enhanced = "4.7.8" }, true },
        { { .enhanced = "5.7.1" }, { .enhanced = "5.7.139" }, false },
        { { .enhanced = "REFERRAL*" }, { .enhanced = "REFERRAL/x" }, true },
        { { .code = "535", .when = MD_REPLY_IN_CLEAR }, { .code = "535" }, false },
        { { .code = "535", .when = MD_REPLY_IN_CLEAR },
          { .code = "535", .when = MD_REPLY_IN_CLEAR | MD_REPLY_NO_LOGIN }, true },
        { { .pattern = "n.t" }, { .text = "it is NOT so" }, true },
        { { .pattern = "^not" }, { .text = "it is not so" }, false },
        { { .pattern = "\xe6\x9d\xa1" }, { .text = "\xe6\x9d\xa1\xe4\xbb\xb6" }, true },
        { { .pattern = "a" }, { 0 }, false },
        { { .pattern = "(" }, { .text = "(" }, false },
        { { .pattern = "\\C" }, { .text = "x" }, false },
        /* Stages: all that name it; of an unknown one only what tells enough by itself. */
        { { .stages = "mail auth" }, { .stage = "auth" }, true },
        { { .stages = "mail auth" }, { .stage = "aut" }, false },
        { { .stages = "auth" }, { 0 }, false },
        { { .stages = "auth", .code = "5??" }, { .code = "535" }, false },
        { { .stages = "auth", .code = "535" }, { .code = "535" }, true },
        { { .stages = "auth", .enhanced = "?.7.8" }, { .enhanced = "5.7.8" }, true },
        { { .stages = "auth", .code = "5??", .pattern = "no" }, { .code = "535", .text = "no" }, true },
};

START_TEST(fits) {
        MdReplyRank rank = md_reply_rank(&fitting[_i].rule);
        size_t at = md_reply_match(&fitting[_i].rule, 1, rank, 0, &fitting[_i].reply);
        ck_assert_uint_eq(at, fitting[_i].fits ? 0 : 1);
}
END_TEST

START_TEST(further_matches) {
        static const MdReplyRule rules[] = {
                { .pattern = "a" }, { .pattern = "b" }, { .pattern = "c" }, { .pattern = "a" },
        };
        const MdReply reply = { .text = "a c" };
        ck_assert_uint_eq(md_reply_match(rules, N(rules), MD_REPLY_WORDS, 0, &reply), 0);
        ck_assert_uint_eq(md_reply_match(rules, N(rules), MD_REPLY_WORDS, 1, &reply), 2);
        ck_assert_uint_eq(md_reply_match(rules, N(rules), MD_REPLY_WORDS, 3, &reply), 3);
        ck_assert_uint_eq(md_reply_match(rules, N(rules), MD_REPLY_WORDS, 4, &reply), 4);
        ck_assert_uint_eq(md_reply_match(rules, N(rules), MD_REPLY_CODES, 0, &reply), 4);
}
END_TEST

/* A pattern that tries every way to split a text gives up instead of hanging. */
START_TEST(careless_patterns_end) {
        static const MdReplyRule rule = { .id = "x", .pattern = "^(a+)+$" };
        char text[2048];
        memset(text, 'a', sizeof(text));
        text[sizeof(text) - 2] = '!';
        text[sizeof(text) - 1] = '\0';
        const MdReply reply = { .text = text };
        ck_assert_uint_eq(md_reply_match(&rule, 1, MD_REPLY_WORDS, 0, &reply), 1);
}
END_TEST

START_TEST(patterns_have_a_length) {
        char pattern[MD_REPLY_PATTERN_MAX + 2];
        memset(pattern, 'a', sizeof(pattern));
        pattern[MD_REPLY_PATTERN_MAX] = '\0';
        ck_assert(md_reply_pattern_is_valid(pattern));
        pattern[MD_REPLY_PATTERN_MAX] = 'a';
        pattern[MD_REPLY_PATTERN_MAX + 1] = '\0';
        ck_assert(!md_reply_pattern_is_valid(pattern));
        ck_assert(!md_reply_pattern_is_valid("[a"));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("reply");
        TCase *tcase = tcase_create("reply");
        tcase_add_loop_test(tcase, plain_text, 0, N(texts));
        tcase_add_test(tcase, long_texts_are_cut);
        tcase_add_loop_test(tcase, url, 0, N(urls));
        tcase_add_test(tcase, words_come_before_codes);
        tcase_add_loop_test(tcase, fits, 0, N(fitting));
        tcase_add_test(tcase, further_matches);
        tcase_add_test(tcase, careless_patterns_end);
        tcase_add_test(tcase, patterns_have_a_length);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
