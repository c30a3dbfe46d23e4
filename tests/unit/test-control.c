/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of hosts for comparison: what is taken, and what is wrong with the rest. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "harness.h"

static const struct {
        const char *text, *points, *fault;
} cases[] = {
        { "", "", NULL },
        { "imap.example.org:993", "imap.example.org 993;", NULL },
        { "a.example:25,[2001:db8::1]:587,192.0.2.1:1", "a.example 25;2001:db8::1 587;192.0.2.1 1;", NULL },
        { "a.example:25,", "a.example 25;", NULL },
        { "a.example", NULL, "HOST:PORT" },
        { "a.example:", NULL, "HOST:PORT" },
        { ":25", NULL, "HOST:PORT" },
        { "a.example:0", NULL, "HOST:PORT" },
        { "a.example:65536", NULL, "HOST:PORT" },
        { "a.example:999999999999", NULL, "HOST:PORT" },
        { "a.example:+25", NULL, "HOST:PORT" },
        { "a.example:25,,b.example:25", NULL, "HOST:PORT" },
        { "2001:db8::1:25", NULL, "brackets" },
        { "a..example:25", NULL, "host name" },
        { "a example:25", NULL, "host name" },
        { "h:1,h:2,h:3,h:4,h:5,h:6,h:7,h:8", "h 1;h 2;h 3;h 4;h 5;h 6;h 7;h 8;", NULL },
        { "h:1,h:2,h:3,h:4,h:5,h:6,h:7,h:8,h:9", NULL, "more than 8" },
};

START_TEST(list) {
        ControlList control = { 0 };
        const char *fault = "";
        char points[256] = "";

        int r = control_list_parse(cases[_i].text, &control, &fault);
        ck_assert_msg(r == (cases[_i].fault ? -EINVAL : 0), "%s: %d", cases[_i].text, r);
        if (cases[_i].fault) {
                ck_assert_msg(strstr(fault, cases[_i].fault), "%s: %s", cases[_i].text, fault);
                ck_assert_uint_eq(control.n, 0);
                return;
        }
        for (size_t i = 0; i < control.n; i++) {
                size_t used = strlen(points);
                snprintf(points + used, sizeof(points) - used, "%s %u;", control.points[i].host, control.points[i].port);
        }
        ck_assert_str_eq(points, cases[_i].points);
        control_list_done(&control);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("control");
        TCase *tcase = tcase_create("control");
        tcase_add_loop_test(tcase, list, 0, sizeof(cases) / sizeof(cases[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
