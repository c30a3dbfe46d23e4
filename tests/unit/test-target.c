/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Targets survive the way through a record; incomplete ones are refused. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "target.h"

static const int no_fds[_MD_TARGET_FD_MAX] = { 10, -1, 12, -1, -1 };

static MdTarget sample(void) {
        static char *mechanisms[] = { (char *) "PLAIN", NULL };
        return (MdTarget) {
                .plugin = (char *) "imap",
                .host = (char *) "mail.example",
                .port = 993,
                .security = MD_SECURITY_TLS,
                .depth = MD_DEPTH_FULL,
                .username = (char *) "anna",
                .mechanisms = mechanisms,
                .timeout_ms = 20000,
                .time_scale = 1,
        };
}

START_TEST(round_trip) {
        MdTarget target = sample(), copy;
        MdRecord record;
        uint64_t id;
        int fds[_MD_TARGET_FD_MAX];
        ck_assert_int_eq(md_target_to_record(&target, 7, no_fds, &record), 0);
        ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3, 4 }, 2, &copy, &id, fds), 0);
        ck_assert_uint_eq(id, 7);
        ck_assert_str_eq(copy.host, "mail.example");
        ck_assert_str_eq(copy.username, "anna");
        ck_assert_ptr_null(copy.address);
        ck_assert_str_eq(copy.mechanisms[0], "PLAIN");
        ck_assert_int_eq(copy.security, MD_SECURITY_TLS);
        ck_assert_int_eq(fds[MD_TARGET_FD_RECORDS], 3);
        ck_assert_int_eq(fds[MD_TARGET_FD_SECRET], -1);
        ck_assert_int_eq(fds[MD_TARGET_FD_CA], 4);
        md_target_done(&copy);

        /* more or fewer descriptors than announced */
        ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3 }, 1, &copy, &id, fds), -EBADMSG);
        ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3, 4, 5 }, 3, &copy, &id, fds), -EBADMSG);
        md_record_done(&record);
}
END_TEST

START_TEST(incomplete) {
        MdRecord record;
        MdTarget copy, target = sample();
        uint64_t id;
        int fds[_MD_TARGET_FD_MAX];

        target.port = 0;
        ck_assert_int_eq(md_target_to_record(&target, 7, no_fds, &record), 0);
        ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3, 4 }, 2, &copy, &id, fds), -EBADMSG);
        md_record_done(&record);

        target = sample();
        target.host = NULL;
        ck_assert_int_eq(md_target_to_record(&target, 7, no_fds, &record), 0);
        ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3, 4 }, 2, &copy, &id, fds), -EBADMSG);
        md_record_done(&record);
}
END_TEST

/* What a discovery plugin is asked about: an address instead of a port. */
START_TEST(address) {
        static char *mx[] = { (char *) "mx.example", NULL }, *hosts[] = { NULL };
        MdTarget copy, target = sample();
        MdRecord record;
        uint64_t id;
        int fds[_MD_TARGET_FD_MAX];

        target.local_part = (char *) "anna";
        target.address = (char *) "anna@example";
        target.mx = mx;
        target.hosts = hosts;
        target.data_dir = (char *) "/etc/x";
        target.proxy = (char *) "http://proxy.example:3128";
        target.ispdb = (char *) "https://db.example/";
        ck_assert_int_eq(md_target_to_record(&target, 7, no_fds, &record), 0);
        ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3, 4 }, 2, &copy, &id, fds), -EBADMSG);
        md_record_done(&record);

        target.port = 0;
        ck_assert_int_eq(md_target_to_record(&target, 7, no_fds, &record), 0);
        ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3, 4 }, 2, &copy, &id, fds), 0);
        ck_assert_str_eq(copy.local_part, "anna");
        ck_assert_str_eq(copy.mx[0], "mx.example");
        ck_assert_ptr_null(copy.mx[1]);
        ck_assert_ptr_null(copy.hosts[0]);
        ck_assert_str_eq(copy.data_dir, "/etc/x");
        ck_assert_str_eq(copy.proxy, "http://proxy.example:3128");
        ck_assert_str_eq(copy.ispdb, "https://db.example/");
        md_target_done(&copy);
        md_record_done(&record);

        target.address = NULL;
        ck_assert_int_eq(md_target_to_record(&target, 7, no_fds, &record), 0);
        ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3, 4 }, 2, &copy, &id, fds), -EBADMSG);
        md_record_done(&record);
}
END_TEST

static const struct {
        const char *proxy, *host;       /* host NULL: it is none */
        uint16_t port;
} proxies[] = {
        { "http://proxy.example:3128", "proxy.example", 3128 },
        { "http://10.0.0.1:1", "10.0.0.1", 1 },
        { "http://proxy:65535", "proxy", 65535 },
        { "http://proxy:65536", NULL, 0 },
        { "http://proxy:0", NULL, 0 },
        { "http://proxy:", NULL, 0 },
        { "http://proxy", NULL, 0 },
        { "http://:3128", NULL, 0 },
        { "http://me:secret@proxy:3128", NULL, 0 },
        { "http://proxy:3128/", NULL, 0 },
        { "https://proxy:3128", NULL, 0 },
        { "proxy:3128", NULL, 0 },
        { "", NULL, 0 },
};

START_TEST(proxy) {
        char host[MD_PROXY_HOST_SIZE] = "";
        uint16_t port = 0;

        ck_assert_int_eq(md_proxy_parse(proxies[_i].proxy, host, &port), proxies[_i].host ? 0 : -EINVAL);
        ck_assert_str_eq(host, proxies[_i].host ? proxies[_i].host : "");
        ck_assert_uint_eq(port, proxies[_i].port);
}
END_TEST

/* What a source plugin is asked about: a home directory instead of a server. */
START_TEST(home) {
        static const struct {
                const char *home, *place, *host, *local_part;
                uint16_t port;
                int r;
        } cases[] = {
                { "/home/anna", NULL, NULL, NULL, 0, 0 },
                { "/home/anna", "/mnt/mail", NULL, NULL, 0, 0 },
                { "home/anna", NULL, NULL, NULL, 0, -EBADMSG },
                { "/home/anna", "mail", NULL, NULL, 0, -EBADMSG },
                { "/home/anna", NULL, "example.org", NULL, 0, -EBADMSG },
                { "/home/anna", NULL, NULL, "anna", 0, -EBADMSG },
                { "/home/anna", NULL, NULL, NULL, 993, -EBADMSG },
                { NULL, "/mnt/mail", "example.org", NULL, 993, -EBADMSG },
        };
        MdRecord record;
        MdTarget copy;
        uint64_t id;
        int fds[_MD_TARGET_FD_MAX];

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const MdTarget target = {
                        .plugin = (char *) "source", .home = (char *) cases[i].home, .place = (char *) cases[i].place,
                        .host = (char *) cases[i].host, .local_part = (char *) cases[i].local_part, .port = cases[i].port,
                        .timeout_ms = 1, .time_scale = 1,
                };
                ck_assert_int_eq(md_target_to_record(&target, 7, (int[]) { 3, -1, -1, -1, -1 }, &record), 0);
                ck_assert_int_eq(md_target_from_record(&record, (int[]) { 3 }, 1, &copy, &id, fds), cases[i].r);
                if (cases[i].r == 0) {
                        ck_assert_str_eq(copy.home, "/home/anna");
                        ck_assert_msg(!copy.place == !cases[i].place, "case %zu", i);
                        md_target_done(&copy);
                }
                md_record_done(&record);
        }
}
END_TEST

START_TEST(words) {
        for (MdStage stage = MD_STAGE_CONFIG; stage <= MD_STAGE_POLICY; stage++)
                ck_assert_int_eq(md_stage_from_string(md_stage_to_string(stage)), stage);
        ck_assert_int_eq(md_security_from_string("ssl"), -EINVAL);
        ck_assert_int_eq(md_depth_from_string(NULL), -EINVAL);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("target");
        TCase *tcase = tcase_create("target");
        tcase_add_test(tcase, round_trip);
        tcase_add_test(tcase, incomplete);
        tcase_add_test(tcase, address);
        tcase_add_loop_test(tcase, proxy, 0, sizeof(proxies) / sizeof(proxies[0]));
        tcase_add_test(tcase, home);
        tcase_add_test(tcase, words);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
