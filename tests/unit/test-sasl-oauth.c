/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The messages for OAuth 2.0 tokens, and error challenges from well-formed to hostile. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "sasl-oauth.h"

static const struct {
        bool bearer;
        const char *username, *before;
} messages[] = {
        { false, "user@example.com", "user=user@example.com\001auth=Bearer " },
        { true, "user@example.com",
          "n,a=user@example.com,\001host=mail.example\001port=993\001auth=Bearer " },
        { true, "a,b=c", "n,a=a=2Cb=3Dc,\001host=mail.example\001port=993\001auth=Bearer " },
};

START_TEST(writes_message) {
        char *before;
        const char *after;
        ck_assert_int_eq(md_oauth_message(messages[_i].bearer, messages[_i].username, "mail.example", 993,
                                          &before, &after), 0);
        ck_assert_str_eq(before, messages[_i].before);
        ck_assert_str_eq(after, "\001\001");
        free(before);
}
END_TEST

static const struct {
        const char *challenge, *status, *scope, *schemes;
} errors[] = {
        { "{\"status\":\"400\",\"schemes\":\"Bearer\",\"scope\":\"https://mail.google.com/\"}", "400",
          "https://mail.google.com/", "Bearer" },
        { "{\"status\":\"invalid_token\",\"scope\":\"imap\",\"openid-configuration\":\"https://x.example/\"}",
          "invalid_token", "imap", "" },
        { "{\"status\":401}", "401", "", "" },
        { "{\"status\":[\"401\"],\"scope\":{},\"schemes\":null}", "unreadable", "", "" },
        { "{\"scope\":\"mail\"}", "unreadable", "mail", "" },
        { "[]", "unreadable", "", "" },
        { "\"401\"", "unreadable", "", "" },
        { "", "unreadable", "", "" },
        { "{\"status\":\"40", "unreadable", "", "" },
        { "{\"status\":\"</b>\\u001b[31m\"}", "</b>\x1b[31m", "", "" },
        { "{\"status\":\"a\\u0000b\"}", "unreadable", "", "" },
};

START_TEST(reads_error) {
        MdOauthError error;
        md_oauth_read_error(errors[_i].challenge, strlen(errors[_i].challenge), &error);
        ck_assert(error.seen);
        ck_assert_str_eq(error.status, errors[_i].status);
        ck_assert_str_eq(error.scope, errors[_i].scope);
        ck_assert_str_eq(error.schemes, errors[_i].schemes);
}
END_TEST

START_TEST(deep_and_large) {
        static char challenge[100000];
        MdOauthError error;
        memset(challenge, '[', sizeof(challenge));
        md_oauth_read_error(challenge, sizeof(challenge), &error);
        ck_assert_str_eq(error.status, "unreadable");
        md_oauth_read_error(challenge, 8000, &error);
        ck_assert_str_eq(error.status, "unreadable");

        memset(challenge, 'x', 2000);
        memcpy(challenge, "{\"status\":\"", 11);
        memcpy(challenge + 2000, "\"}", 2);
        md_oauth_read_error(challenge, 2002, &error);
        ck_assert_uint_eq(strlen(error.status), sizeof(error.status) - 1);
}
END_TEST

START_TEST(dummy) {
        ck_assert_str_eq(md_oauth_dummy_response(true), "\001");
        ck_assert_str_eq(md_oauth_dummy_response(false), "");
}
END_TEST

int main(void) {
        Suite *suite = suite_create("sasl-oauth");
        TCase *tcase = tcase_create("oauth");
        tcase_add_loop_test(tcase, writes_message, 0, sizeof(messages) / sizeof(messages[0]));
        tcase_add_loop_test(tcase, reads_error, 0, sizeof(errors) / sizeof(errors[0]));
        tcase_add_test(tcase, deep_and_large);
        tcase_add_test(tcase, dummy);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
