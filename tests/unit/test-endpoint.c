/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Host names, ports and mail addresses as people type them. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "harness.h"

static const struct {
        const char *text;
        const char *host;
        uint16_t port;
} endpoints[] = {
        { "mail.example.org", "mail.example.org", 0 },
        { "mail.example.org:993", "mail.example.org", 993 },
        { "mail.example.org.", "mail.example.org.", 0 },
        { "localhost:1", "localhost", 1 },
        { "bücher.example:65535", "bücher.example", 65535 },
        { "192.0.2.1:25", "192.0.2.1", 25 },
        { "[2001:db8::1]", "2001:db8::1", 0 },
        { "[2001:db8::1]:993", "2001:db8::1", 993 },
        { "[fe80::1%eth0]:143", "fe80::1%eth0", 143 },
        { "[::ffff:192.0.2.1]:143", "::ffff:192.0.2.1", 143 },
};

START_TEST(good_endpoint) {
        const char *problem = NULL;
        uint16_t port;
        char *host;
        ck_assert_int_eq(endpoint_parse(endpoints[_i].text, &host, &port, &problem), 0);
        ck_assert_str_eq(host, endpoints[_i].host);
        ck_assert_uint_eq(port, endpoints[_i].port);
        free(host);
}
END_TEST

static const struct {
        const char *text;
        const char *problem;            /* a part of it */
} bad_endpoints[] = {
        { "", "host name is missing" },
        { ":993", "host name is missing" },
        { "mail:", "the port must be" },
        { "mail:0", "the port must be" },
        { "mail:65536", "the port must be" },
        { "mail:99999999999999999999", "the port must be" },
        { "mail:-1", "the port must be" },
        { "mail:+993", "the port must be" },
        { "mail: 993", "the port must be" },
        { "mail:993x", "the port must be" },
        { "mail:imaps", "the port must be" },
        { "mail:9:3", "more than one colon" },
        { "2001:db8::1", "needs brackets" },
        { "::1", "needs brackets" },
        { "[2001:db8::1", "closing bracket" },
        { "[2001:db8::1]993", "may follow the bracket" },
        { "[mail.example.org]:993", "no IPv6 address between" },
        { "[]", "no IPv6 address between" },
        { "[::1::2]", "no IPv6 address between" },
        { "mail]", "brackets belong" },
        { "imaps://mail.example.org", "web address" },
        { "mail.example.org/inbox", "web address" },
        { "anna@example.org", "mail address" },
        { "mail example", "no spaces" },
        { ".example.org", "two dots" },
        { "mail..example", "two dots" },
};

START_TEST(bad_endpoint) {
        const char *problem = NULL;
        char *host = NULL;
        uint16_t port;
        ck_assert_int_eq(endpoint_parse(bad_endpoints[_i].text, &host, &port, &problem), -EINVAL);
        ck_assert_ptr_null(host);
        ck_assert_msg(strstr(problem, bad_endpoints[_i].problem),
                      "%s: %s", bad_endpoints[_i].text, problem);
}
END_TEST

START_TEST(host_too_long) {
        char name[300];
        const char *problem;
        uint16_t port;
        char *host;
        memset(name, 'a', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        ck_assert_int_eq(endpoint_parse(name, &host, &port, &problem), -EINVAL);
        name[253] = '\0';
        ck_assert_int_eq(endpoint_parse(name, &host, &port, &problem), 0);
        free(host);
}
END_TEST

static const struct {
        const char *text;
        const char *host;               /* NULL: refused */
} hosts[] = {
        { "192.0.2.1", "192.0.2.1" },
        { "::1", "::1" },
        { "[::1]", "::1" },
        { "mail.example.org", "mail.example.org" },
        { "mail.example.org:25", NULL },
        { "[::1]:25", NULL },
        { "a b", NULL },
        { "", NULL },
};

START_TEST(host_alone) {
        const char *problem = NULL;
        char *host = NULL;
        int r = host_parse(hosts[_i].text, &host, &problem);
        ck_assert_int_eq(r, hosts[_i].host ? 0 : -EINVAL);
        if (hosts[_i].host)
                ck_assert_str_eq(host, hosts[_i].host);
        else
                ck_assert_ptr_nonnull(problem);
        free(host);
}
END_TEST

static const struct {
        const char *address;
        const char *problem;            /* a part of it; NULL: there is none */
} addresses[] = {
        { "anna@example.org", NULL },
        { "anna.b+tag@mail.example.org", NULL },
        { "\"anna b\"@example.org", NULL },
        { "\"a@b\"@example.org", NULL },
        { "grüße@bücher.example", NULL },
        { "anna@[192.0.2.1]", NULL },
        { "o'neil@example.org", NULL },
        { "anna", "no @" },
        { "", "no @" },
        { "@example.org", "before the @" },
        { "anna@", "after the @" },
        { "anna@@example.org", "before the @" },
        { "an na@example.org", "before the @" },
        { "anna@exam ple.org", "after the @" },
        { "Anna <anna@example.org>", "before the @" },
        { ".anna@example.org", "wrong place before" },
        { "anna.@example.org", "wrong place before" },
        { "an..na@example.org", "wrong place before" },
        { "anna@.example.org", "wrong place after" },
        { "anna@example..org", "wrong place after" },
        { "anna@example.org.", "wrong place after" },
        { "anna@example.org,", "after the @" },
        { "\"anna@example.org", "not closed" },
        { "anna@[192.0.2.1", "closing bracket" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org", "more than 64" },
};

START_TEST(address) {
        const char *problem = address_problem(addresses[_i].address);
        if (!addresses[_i].problem)
                ck_assert_msg(!problem, "%s: %s", addresses[_i].address, problem);
        else
                ck_assert_msg(problem && strstr(problem, addresses[_i].problem), "%s: %s", addresses[_i].address,
                              problem ?: "accepted");
}
END_TEST

#define COUNT(table) ((int) (sizeof(table) / sizeof(table[0])))

int main(void) {
        Suite *suite = suite_create("endpoint");
        TCase *tcase = tcase_create("endpoint");
        tcase_add_loop_test(tcase, good_endpoint, 0, COUNT(endpoints));
        tcase_add_loop_test(tcase, bad_endpoint, 0, COUNT(bad_endpoints));
        tcase_add_test(tcase, host_too_long);
        tcase_add_loop_test(tcase, host_alone, 0, COUNT(hosts));
        tcase_add_loop_test(tcase, address, 0, COUNT(addresses));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
