/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The answers to CAPA of well-known servers, and of odd ones. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities.h"
#include "harness.h"

#define BIT(keyword) (1u << (keyword))

static const struct {
        const char *list;               /* lines, separated by "|" */
        unsigned has;
        const char *mechanisms;
        Pop3Expire expire;
        uint64_t days, login_delay;
        bool by_user, masked;
        const char *implementation;
} lists[] = {
        {
                .list = "TOP|USER|UIDL|STLS|EXPIRE 31 USER", .mechanisms = "", .expire = POP3_EXPIRE_DAYS,
                .days = 31,
                .has = BIT(POP3_TOP) | BIT(POP3_USER) | BIT(POP3_UIDL) | BIT(POP3_STLS), .by_user = true,
        },
        {
                .list = "TOP|USER|UIDL|STLS|SASL PLAIN X-ZIMBRA|EXPIRE NEVER|XOIP|IMPLEMENTATION ZimbraInc",
                .has = BIT(POP3_TOP) | BIT(POP3_USER) | BIT(POP3_UIDL) | BIT(POP3_STLS),
                .mechanisms = "PLAIN X-ZIMBRA",
                .expire = POP3_EXPIRE_NEVER, .implementation = "ZimbraInc",
        },
        {
                .list = "USER|RESP-CODES|PIPELINING|EXPIRE 0|LOGIN-DELAY 300|TOP|UIDL|X-GOOGLE-RICO",
                .has = BIT(POP3_TOP) | BIT(POP3_USER) | BIT(POP3_UIDL) | BIT(POP3_PIPELINING),
                .mechanisms = "",
                .expire = POP3_EXPIRE_DAYS, .days = 0, .login_delay = 300,
        },
        {
                .list = "top|sasl  plain   Login |login-delay 900 user|stls ",
                .has = BIT(POP3_TOP) | BIT(POP3_STLS),
                .mechanisms = "plain Login", .login_delay = 900, .by_user = true,
        },
        { .list = "STLSX|XSTLS|USERS|SASLPLAIN|PIPELINING2", .mechanisms = "" },
        { .list = "XXXX|UIDL", .has = BIT(POP3_UIDL), .mechanisms = "", .masked = true },
        { .list = "XXX|XOIP|X", .mechanisms = "" },
        { .list = "EXPIRE|LOGIN-DELAY|SASL|IMPLEMENTATION", .mechanisms = "" },
        { .list = "EXPIRE -1|LOGIN-DELAY soon|EXPIRE 99999999999999999999", .mechanisms = "" },
        { .list = "IMPLEMENTATION a|IMPLEMENTATION b c", .mechanisms = "", .implementation = "b c" },
        { .list = " ||", .mechanisms = "" },
};

static void add_all(Pop3Capabilities *c, const char *list) {
        char *copy = strdup(list), *rest = copy;
        for (char *line; (line = strsep(&rest, "|"));)
                ck_assert_int_eq(pop3_capabilities_add(c, line), 0);
        free(copy);
}

START_TEST(list) {
        Pop3Capabilities c = { 0 };
        char mechanisms[256] = "";
        add_all(&c, lists[_i].list);

        for (size_t i = 0; i < _POP3_KEYWORD_MAX; i++)
                ck_assert_int_eq(c.has[i], (lists[_i].has >> i) & 1);
        for (size_t i = 0; c.mechanisms[i]; i++)
                strcat(strcat(mechanisms, i > 0 ? " " : ""), c.mechanisms[i]);
        ck_assert_str_eq(mechanisms, lists[_i].mechanisms);
        ck_assert_int_eq((int) c.expire, (int) lists[_i].expire);
        ck_assert_uint_eq(c.expire_days, lists[_i].days);
        ck_assert_uint_eq(c.login_delay, lists[_i].login_delay);
        ck_assert_int_eq(c.differs_by_user, lists[_i].by_user);
        ck_assert_int_eq(c.masked, lists[_i].masked);
        if (lists[_i].implementation)
                ck_assert_str_eq(c.implementation, lists[_i].implementation);
        else
                ck_assert_ptr_null(c.implementation);

        pop3_capabilities_done(&c);
        ck_assert_uint_eq(c.n_words, 0);
}
END_TEST

START_TEST(limits) {
        Pop3Capabilities c = { 0 };
        char line[64];
        for (unsigned i = 0; i < 1000; i++) {
                snprintf(line, sizeof(line), "SASL MECHANISM-%u", i);
                ck_assert_int_eq(pop3_capabilities_add(&c, line), 0);
        }
        ck_assert_uint_eq(c.n_words, POP3_WORDS_MAX);
        ck_assert_uint_eq(c.n_mechanisms, POP3_MECHANISMS_MAX);
        ck_assert_ptr_null(c.words[POP3_WORDS_MAX]);
        ck_assert_str_eq(c.mechanisms[1], "MECHANISM-1");
        pop3_capabilities_done(&c);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("pop3-capabilities");
        TCase *tcase = tcase_create("capabilities");
        tcase_add_loop_test(tcase, list, 0, sizeof(lists) / sizeof(lists[0]));
        tcase_add_test(tcase, limits);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
