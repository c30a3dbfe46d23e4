/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The configuration: what counts, in which order, and what is wrong with the rest. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf.h"
#include "harness.h"
#include "own.h"

static char folder[64];

static void setup(void) {
        strcpy(folder, "/tmp/maildiag-conf-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void) {
        char command[128];
        snprintf(command, sizeof(command), "rm -rf %s", folder);
        ck_assert_int_eq(system(command), 0);
}

static void put(const char *name, const char *text) {
        char path[256];
        snprintf(path, sizeof(path), "%s/maildiag.conf.d", folder);
        mkdir(path, 0755);
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        _cleanup_fclose_ FILE *file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        fputs(text, file);
}

static int read_conf(Conf *ret, ConfFault *ret_fault) {
        return conf_read(folder, INSTANCE_USER, ret, ret_fault);
}

START_TEST(nothing_is_said) {
        ConfFault fault = { 0 };
        Conf conf;
        ck_assert_int_eq(read_conf(&conf, &fault), 0);
        ck_assert_ptr_null(conf.msmtp);
        ck_assert_ptr_null(conf.postfix);
        ck_assert(!conf.control_given);
        ck_assert_ptr_null(conf.proxy);
        ck_assert_str_eq(conf.ispdb, "https://autoconfig.thunderbird.net/v1.1/");
        conf_done(&conf);
        ck_assert_int_eq(conf_read("/nowhere/at/all", INSTANCE_SYSTEM, &conf, &fault), 0);
        ck_assert_str_eq(conf.msmtp, "/etc/msmtprc");
        ck_assert_str_eq(conf.postfix, "/etc/postfix/main.cf");
        conf_done(&conf);
        ck_assert_int_eq(conf_read(NULL, INSTANCE_USER, &conf, &fault), 0);
        conf_done(&conf);
}
END_TEST

START_TEST(the_last_one_counts) {
        ConfFault fault = { 0 };
        Conf conf;
        put("maildiag.conf", "[sources]\nmsmtp=/a\npostfix=/a\n[network]\ncontrol=a.example:1\nproxy=http://a:1\n"
            "ispdb=none\n");
        put("maildiag.conf.d/20.conf", "[sources]\nmsmtp=/c\n[network]\ncontrol=none\nproxy=http://proxy.example:3128\n");
        put("maildiag.conf.d/10.conf", "[sources]\nmsmtp=/b\npostfix=none\n");
        put("maildiag.conf.d/.30.conf", "rubbish\n");
        put("maildiag.conf.d/30.conf~", "rubbish\n");
        ck_assert_int_eq(read_conf(&conf, &fault), 0);
        ck_assert_str_eq(conf.msmtp, "/c");
        ck_assert_ptr_null(conf.postfix);
        ck_assert(conf.control_given);
        ck_assert_uint_eq(conf.control.n, 0);
        ck_assert_str_eq(conf.proxy, "http://proxy.example:3128");
        ck_assert_ptr_null(conf.ispdb);
        conf_done(&conf);
}
END_TEST

START_TEST(who_may) {
        ConfFault fault = { 0 };
        Conf conf;
        put("maildiag.conf", "[access]\nread-groups=root, root\nports=26 587\n");
        put("maildiag.conf.d/10.conf", "[access]\nports=24\n");
        ck_assert_int_eq(read_conf(&conf, &fault), 0);
        ck_assert(access_is_reader(&conf.access, 0));
        ck_assert(!access_is_reader(&conf.access, 4294967294u));
        _cleanup_free_ char *ports = access_ports_text(&conf.access);
        ck_assert_str_eq(ports, "24, 25, 26, 110, 143, 465, 587, 993, 995, 2525, 4190");
        ck_assert(access_has_port(&conf.access, 24) && !access_has_port(&conf.access, 22));
        conf_done(&conf);
        put("maildiag.conf.d/20.conf", "[access]\nread-groups=none\n");
        ck_assert_int_eq(read_conf(&conf, &fault), 0);
        ck_assert(!access_is_reader(&conf.access, 0));
        conf_done(&conf);
}
END_TEST

static const struct {
        const char *text;
        unsigned line;
        const char *fault;
} bad[] = {
        { "[sourcs]\n", 1, "[sourcs] is not known" },
        { "[sources]\nmsmpt=/x\n", 2, "'msmpt' is not known in section [sources]" },
        { "[network]\nmsmtp=/x\n", 2, "'msmtp' is not known in section [network]" },
        { "[sources]\nmsmtp=x\n", 2, "msmtp must be the absolute name of a file, or none" },
        { "[sources]\nmsmtp=\n", 2, "msmtp is empty" },
        { "[sources]\nmail-clients=Thunderbird!\n", 2, "mail-clients must be names of mail clients" },
        { "[network]\ncontrol=x\n", 2, "HOST:PORT" },
        { "[network]\nproxy=proxy.example:3128\n", 2, "proxy must be http://HOST:PORT, or none" },
        { "[network]\nproxy=http://proxy.example\n", 2, "proxy must be http://HOST:PORT, or none" },
        { "[network]\nproxy=http://me@proxy.example:1\n", 2, "proxy must be http://HOST:PORT, or none" },
        { "[network]\nispdb=http://db.example/\n", 2, "ispdb must be an address https://" },
        { "[network]\nispdb=https://db.example\n", 2, "ispdb must be an address https://" },
        { "[access]\nread-groups=root no-such-group\n", 2, "read-groups names a group that is not there" },
        { "[access]\nports=26 x\n", 2, "ports must be a list of ports" },
        { "[access]\nports=0\n", 2, "ports must be a list of ports" },
        { "[access]\nports=65536\n", 2, "ports must be a list of ports" },
        { "[access]\nports=+26\n", 2, "ports must be a list of ports" },
        { "[access]\nreaders=root\n", 2, "'readers' is not known in section [access]" },
        { "[monitor]\ninterval=30\n", 2, "must be a time from 1min to 7d" },
        { "[monitor]\ninterval=59s\n", 2, "must be a time from 1min to 7d" },
        { "[monitor]\ninterval=8d\n", 2, "must be a time from 1min to 7d" },
        { "[monitor]\ninterval=-1h\n", 2, "must be a time from 1min to 7d" },
        { "[monitor]\ninterval=1234567s\n", 2, "must be a time from 1min to 7d" },
        { "[monitor]\nconfirm-after=9s\n", 2, "confirm-after must be a time from 10s to 7d" },
        { "[monitor]\nback-off=none\n", 2, "back-off must be a time from 10s to 7d" },
        { "[monitor]\nlogins-a-day=25\n", 2, "must be a number from 0 to 24" },
        { "[monitor]\nlogins-a-day=-1\n", 2, "must be a number from 0 to 24" },
        { "x\n", 1, "neither" },
};

START_TEST(monitoring) {
        ConfFault fault = { 0 };
        Conf conf;
        ck_assert_int_eq(read_conf(&conf, &fault), 0);
        ck_assert_int_eq(conf.interval_usec, INT64_C(1800000000));
        ck_assert_uint_eq(conf.logins_a_day, 4);
        conf_done(&conf);
        put("maildiag.conf", "[monitor]\ninterval=2h\nconfirm-after=90s\nback-off=1d\nlogins-a-day=0\n");
        ck_assert_int_eq(read_conf(&conf, &fault), 0);
        ck_assert_int_eq(conf.interval_usec, INT64_C(7200000000));
        ck_assert_int_eq(conf.confirm_usec, INT64_C(90000000));
        ck_assert_int_eq(conf.back_off_usec, INT64_C(86400000000));
        ck_assert_uint_eq(conf.logins_a_day, 0);
        conf_done(&conf);
        put("maildiag.conf.d/x.conf", "[monitor]\ninterval=none\n");
        ck_assert_int_eq(read_conf(&conf, &fault), 0);
        ck_assert_int_eq(conf.interval_usec, 0);
        conf_done(&conf);
}
END_TEST

START_TEST(faults) {
        ConfFault fault = { 0 };
        char path[256];
        Conf conf;
        put("maildiag.conf", "[sources]\nmsmtp=/a\n");
        put("maildiag.conf.d/x.conf", bad[_i].text);
        ck_assert_int_eq(read_conf(&conf, &fault), -EINVAL);
        snprintf(path, sizeof(path), "%s/maildiag.conf.d/x.conf", folder);
        ck_assert_str_eq(fault.path, path);
        ck_assert_uint_eq(fault.line, bad[_i].line);
        ck_assert_msg(strstr(fault.text, bad[_i].fault), "%s", fault.text);
        conf_fault_done(&fault);
}
END_TEST

START_TEST(who_wrote_it) {
        ConfFault fault = { 0 };
        char path[256];
        Conf conf;
        put("maildiag.conf", "[sources]\nmsmtp=/a\n");
        snprintf(path, sizeof(path), "%s/maildiag.conf", folder);
        chmod(path, 0666);
        ck_assert_int_eq(read_conf(&conf, &fault), -EINVAL);
        ck_assert_msg(strstr(fault.text, "by everybody"), "%s", fault.text);
        ck_assert_uint_eq(fault.line, 0);
        conf_fault_done(&fault);
        chmod(path, 0644);
        chmod(folder, 0777);
        ck_assert_int_eq(read_conf(&conf, &fault), -EINVAL);
        ck_assert_str_eq(fault.path, folder);
        conf_fault_done(&fault);
}
END_TEST

START_TEST(places) {
        setenv("HOME", "/h", 1);
        unsetenv("XDG_CONFIG_HOME");
        _cleanup_free_ char *asked = conf_place(INSTANCE_SYSTEM, "/x"), *system_place = conf_place(INSTANCE_SYSTEM, NULL);
        _cleanup_free_ char *user = conf_place(INSTANCE_USER, NULL);
        ck_assert_str_eq(asked, "/x");
        ck_assert_str_eq(system_place, "/etc/maildiag");
        ck_assert_str_eq(user, "/h/.config/maildiag");
        setenv("XDG_CONFIG_HOME", "relative", 1);
        _cleanup_free_ char *relative = conf_place(INSTANCE_USER, NULL);
        ck_assert_str_eq(relative, "/h/.config/maildiag");
        setenv("XDG_CONFIG_HOME", "/c", 1);
        _cleanup_free_ char *given = conf_place(INSTANCE_USER, NULL);
        ck_assert_str_eq(given, "/c/maildiag");
}
END_TEST

int main(void) {
        Suite *suite = suite_create("conf");
        TCase *tcase = tcase_create("conf");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, nothing_is_said);
        tcase_add_test(tcase, the_last_one_counts);
        tcase_add_test(tcase, who_may);
        tcase_add_test(tcase, monitoring);
        tcase_add_loop_test(tcase, faults, 0, ELEMENTS(bad));
        tcase_add_test(tcase, who_wrote_it);
        tcase_add_test(tcase, places);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
