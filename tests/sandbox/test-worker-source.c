/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Source plugins in a real worker: what they may read of a home directory and what not, what they hand out and how much of
 * it; and Thunderbird's, with the files that it has, that are broken, and that are hostile.
 */

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "harness.h"
#include "landlock.h"
#include "probe.h"

static TestWorker worker;
static Records records;
static char home[64];

static void begin(const char *plugins) {
        worker_start(&worker, plugins, NULL, NULL);
        strcpy(home, "/tmp/maildiag-home-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(home));
}

static void setup_reader(void) {
        begin(getenv("MAILDIAG_TEST_FINDERS"));
}

static void setup_thunderbird(void) {
        begin(getenv("MAILDIAG_PLUGINDIR"));
}

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void shell(const char *format, ...) {
        char command[1024];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(command, sizeof(command), format, arguments);
        va_end(arguments);
        ck_assert_int_eq(system(command), 0);
}

static void teardown(void) {
        records_done(&records);
        ck_assert_int_eq(worker_stop(&worker), 0);
        shell("rm -rf %s", home);
}

static void put_bytes(const char *name, const char *bytes, size_t size) {
        char path[512];

        shell("mkdir -p \"$(dirname '%s/%s')\"", home, name);
        snprintf(path, sizeof(path), "%s/%s", home, name);
        FILE *file = fopen(path, "we");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
        ck_assert_int_eq(fclose(file), 0);
}

static void put(const char *name, const char *text) {
        put_bytes(name, text, strlen(text));
}

/* The "exit" is to be released. */
static MdRecord ask(const char *plugin, const char *place) {
        const MdTarget target = {
                .plugin = (char *) plugin, .home = home, .place = (char *) place, .depth = MD_DEPTH_CONNECT, .timeout_ms = 20000,
                .time_scale = 1,
        };
        MdRecord exit;

        records_done(&records);
        TestProbe probe = probe_start(&worker, &target, NULL);
        probe_collect(&probe, &records);
        worker_wait_exit(&worker, &exit);
        return exit;
}

static void run(const char *plugin, const char *place) {
        MdRecord exit = ask(plugin, place);
        ck_assert_uint_eq(md_record_number(&exit, "status", 99), PROBE_EXIT_RAN);
        md_record_done(&exit);
        ck_assert_ptr_nonnull(records_find(&records, "end", NULL, NULL));
        ck_assert_ptr_null(records_find(&records, "finding", NULL, NULL));
}

static size_t count(const char *kind) {
        size_t n = 0;
        for (size_t i = 0; i < records.n; i++)
                n += !strcmp(records.items[i].kind, kind);
        return n;
}

static const char *fact(const char *name) {
        const MdRecord *record = records_find(&records, "fact", "name", name);
        const char *value = record ? md_record_text(record, "value") : NULL;
        return value ? value : "(none)";
}

/* "FILE:LINE text", FILE below the home directory; NULL: no fault of that number. */
static const char *fault(size_t number) {
        static char text[2048];

        for (size_t i = 0; i < records.n; i++)
                if (!strcmp(records.items[i].kind, "fault") && number-- == 0) {
                        const char *path = md_record_text(&records.items[i], "path");
                        snprintf(text, sizeof(text), "%s:%u %s", path + (strncmp(path, home, strlen(home)) ? 0 : strlen(home) + 1),
                                 (unsigned) md_record_number(&records.items[i], "line", 0), md_record_text(&records.items[i], "text"));
                        return text;
                }
        return NULL;
}

static void assert_fault(size_t number, const char *wanted) {
        const char *told = fault(number);
        ck_assert_msg(told ? wanted && !strcmp(told, wanted) : !wanted, "fault %zu is \"%s\", not \"%s\"", number,
                      told ? told : "(none)", wanted ? wanted : "(none)");
}

/* ---- any source ---- */

START_TEST(announced) {
        const MdRecord *plugin = records_find(&worker.announced, "plugin", "name", "reader");
        ck_assert_str_eq(md_record_text(plugin, "state"), "loaded");
        ck_assert_str_eq(md_record_text(plugin, "kind"), "source");
        ck_assert_str_eq(md_record_text(records_find(&worker.announced, "path", "plugin", "reader"), "path"), ".reader");
}
END_TEST

START_TEST(an_account) {
        char path[128];

        put(".reader/order", "one imap.example.org\n");
        run("reader", NULL);
        snprintf(path, sizeof(path), "%s/.reader/order", home);
        ck_assert_str_eq(md_record_text(records_find(&records, "watch", NULL, NULL), "path"), path);
        const MdRecord *account = records_find(&records, "account", "key", "one");
        ck_assert_str_eq(md_record_text(account, "file"), path);
        ck_assert_ptr_null(md_record_text(account, "file-2"));
        ck_assert_str_eq(md_record_text(records_find(&records, "service", NULL, NULL), "protocol"), "imap");
        const MdRecord *host = records_find(&records, "value", "field", "host");
        ck_assert_str_eq(md_record_text(host, "text"), "imap.example.org");
        ck_assert_str_eq(md_record_text(host, "key"), "host");
        ck_assert_uint_eq(md_record_number(host, "line", 0), 1);
        ck_assert(!md_record_truth(host, "assumed"));
        ck_assert(md_record_truth(records_find(&records, "value", "field", "port"), "assumed"));
        ck_assert_uint_eq(count("value"), 3);
}
END_TEST

/* It is asked for, and so it is watched, although it is not there. */
START_TEST(nothing_there) {
        run("reader", NULL);
        ck_assert_uint_eq(count("account") + count("fault"), 0);
        ck_assert_uint_eq(count("watch"), 1);
}
END_TEST

START_TEST(another_place) {
        char place[128];

        put("elsewhere/order", "two imap.example.net\n");
        put(".reader/order", "one imap.example.org\n");
        snprintf(place, sizeof(place), "%s/elsewhere", home);
        run("reader", place);
        ck_assert_str_eq(fact("place"), place);
        ck_assert_ptr_nonnull(records_find(&records, "account", "key", "two"));
        ck_assert_ptr_null(records_find(&records, "account", "key", "one"));
}
END_TEST

START_TEST(the_sandbox) {
        put(".reader/order", "misbehave\n");
        put("other", "private\n");
        run("reader", NULL);
        ck_assert_str_eq(fact("own-file"), "done");
        ck_assert_str_eq(fact("write"), "EPERM");
        ck_assert_str_eq(fact("socket"), "EPERM");
        ck_assert_str_eq(fact("local-socket"), "EPERM");
        ck_assert_str_eq(fact("unlink"), "EPERM");
        ck_assert_str_eq(fact("fork"), "EPERM");
        const char *foreign = landlock_abi() > 0 ? "EACCES" : "done";
        ck_assert_str_eq(fact("other-file"), foreign);
        ck_assert_str_eq(fact("passwd"), foreign);
}
END_TEST

START_TEST(what_is_not_read) {
        char text[2048];

        memset(text, 'x', sizeof(text));
        put(".reader/order", "read\n");
        put("other", "private\n");
        put(".reader/deep/er", "fine\n");
        put_bytes(".reader/big", text, sizeof(text));
        shell("cd %s/.reader && ln -s ../other link && mkdir folder && ln -s .. folder/link && mkfifo pipe", home);
        run("reader", NULL);
        static const char *const results[] = { "EINVAL", "EINVAL", "EINVAL", "EINVAL", "EINVAL", "EINVAL", "ENOENT", "done" };
        for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
                char key[32];
                snprintf(key, sizeof(key), "read-%zu", i);
                ck_assert_msg(!strcmp(fact(key), results[i]), "%s is %s", key, fact(key));
        }
        assert_fault(0, ".reader/../other:0 lies outside of what is read");
        assert_fault(1, ".reader/link:0 is a symbolic link, or lies behind one, and none is followed");
        assert_fault(2, ".reader/folder/link/order:0 is a symbolic link, or lies behind one, and none is followed");
        assert_fault(3, ".reader/big:0 is larger than 1 KiB, and not read");
        assert_fault(4, ".reader/pipe:0 is not a regular file");
        assert_fault(5, ".reader/folder:0 is not a regular file");
        assert_fault(6, NULL);
}
END_TEST

/* The folder of a program is a link to somewhere else. */
START_TEST(a_place_that_is_a_link) {
        put("elsewhere/order", "one imap.example.org\n");
        shell("ln -s elsewhere %s/.reader", home);
        run("reader", NULL);
        ck_assert_uint_eq(count("account"), 0);
        assert_fault(0, ".reader/order:0 is a symbolic link, or lies behind one, and none is followed");
}
END_TEST

START_TEST(too_much) {
        put(".reader/order", "many\n");
        run("reader", NULL);
        ck_assert_uint_eq(count("account"), 256);
        put(".reader/order", "faults\n");
        run("reader", NULL);
        ck_assert_uint_eq(count("fault"), 64);
        assert_fault(63, ".reader/order:0 is not the last one with a fault: more are not listed");
        put(".reader/order", "rubbish\n");
        run("reader", NULL);
        ck_assert_uint_eq(count("account"), 0);
        ck_assert_uint_eq(md_record_number(records_find(&records, "fact", "name", "taken"), "value", 99), 0);
}
END_TEST

START_TEST(failing) {
        put(".reader/order", "fail\n");
        run("reader", NULL);
        ck_assert_str_eq(md_record_text(records_find(&records, "step", "outcome", "failed"), "error"), "EIO");
        put(".reader/order", "crash\n");
        MdRecord exit = ask("reader", NULL);
        ck_assert_uint_gt(md_record_number(&exit, "signal", 0), 0);
        md_record_done(&exit);
}
END_TEST

/* Each kind of plugin is asked about what is its own. */
START_TEST(wrong_question) {
        const MdTarget server = { .plugin = (char *) "reader", .host = (char *) "example.org", .port = 993, .timeout_ms = 1000,
                                  .time_scale = 1 };
        MdRecord exit;

        TestProbe probe = probe_start(&worker, &server, NULL);
        probe_collect(&probe, &records);
        worker_wait_exit(&worker, &exit);
        ck_assert_str_eq(md_record_text(&exit, "refused"), "plugin reader is asked about a server");
        md_record_done(&exit);
        exit = ask("finder-table", NULL);
        ck_assert_str_eq(md_record_text(&exit, "refused"), "plugin finder-table is asked about a home directory");
        md_record_done(&exit);
}
END_TEST

/* ---- Thunderbird ---- */

#define INSTALLS "[FDC34C9F024745EB]\nDefault=new.default-release\nLocked=1\n"
#define DECLARED "[Profile1]\nName=default\nIsRelative=1\nPath=old.default\nDefault=1\n\n[Profile0]\nName=default-release\n" \
                 "IsRelative=1\nPath=new.default-release\n"
#define PREFS(host) \
        "// Mozilla User Preferences\n" \
        "user_pref(\"mail.account.account1.identities\", \"id1\");\n" \
        "user_pref(\"mail.account.account1.server\", \"server1\");\n" \
        "user_pref(\"mail.accountmanager.accounts\", \"account1\");\n" \
        "user_pref(\"mail.identity.id1.useremail\", \"anna@example.org\");\n" \
        "user_pref(\"mail.server.server1.hostname\", \"" host "\");\n" \
        "user_pref(\"mail.server.server1.type\", \"imap\");\n"

#define ROOT ".thunderbird/"
#define PROFILE ROOT "new.default-release/"

static bool has_host(const char *host) {
        return records_find(&records, "value", "text", host);
}

START_TEST(the_profile_in_use) {
        char path[256];

        put(ROOT "installs.ini", INSTALLS);
        put(ROOT "profiles.ini", DECLARED);
        put(ROOT "old.default/prefs.js", PREFS("old.example.org"));
        put(PROFILE "prefs.js", PREFS("new.example.org"));
        put(PROFILE "logins.json", "{\"hostname\":\"secret\"}");
        run("thunderbird", NULL);
        ck_assert_uint_eq(count("account"), 1);
        ck_assert(has_host("new.example.org") && !has_host("old.example.org"));
        ck_assert_uint_eq(count("fault"), 0);
        for (size_t i = 0; i < records.n; i++)
                if (!strcmp(records.items[i].kind, "watch"))
                        ck_assert_ptr_null(strstr(md_record_text(&records.items[i], "path"), "logins"));
        snprintf(path, sizeof(path), "%s/%suser.js", home, PROFILE);
        ck_assert_ptr_nonnull(records_find(&records, "watch", "path", path));

        put(PROFILE "user.js", "user_pref(\"mail.server.server1.port\", 1143);\n");
        run("thunderbird", NULL);
        ck_assert_str_eq(md_record_text(records_find(&records, "account", NULL, NULL), "file-2"), path);
        const MdRecord *port = records_find(&records, "value", "field", "port");
        ck_assert_str_eq(md_record_text(port, "text"), "1143");
        ck_assert_uint_eq(md_record_number(port, "file", 0), 1);
        ck_assert_uint_eq(md_record_number(port, "line", 0), 1);
}
END_TEST

START_TEST(packages) {
        static const char *const roots[] = {
                ".thunderbird", ".var/app/org.mozilla.Thunderbird/.thunderbird", "snap/thunderbird/common/.thunderbird",
        };
        static const char *const prefs[] = { PREFS("deb.example.org"), PREFS("flatpak.example.org"), PREFS("snap.example.org") };
        char name[256];

        for (size_t i = 0; i < 3; i++) {
                snprintf(name, sizeof(name), "%s/installs.ini", roots[i]);
                put(name, INSTALLS);
                snprintf(name, sizeof(name), "%s/new.default-release/prefs.js", roots[i]);
                put(name, prefs[i]);
        }
        run("thunderbird", NULL);
        ck_assert_uint_eq(count("account"), 3);
        ck_assert(has_host("deb.example.org") && has_host("flatpak.example.org") && has_host("snap.example.org"));
}
END_TEST

START_TEST(another_folder) {
        char place[256];

        put("mail/prefs.js", PREFS("own.example.org"));
        put("data/installs.ini", INSTALLS);
        put("data/new.default-release/prefs.js", PREFS("data.example.org"));
        snprintf(place, sizeof(place), "%s/mail", home);
        run("thunderbird", place);
        ck_assert(has_host("own.example.org"));
        snprintf(place, sizeof(place), "%s/data", home);
        run("thunderbird", place);
        ck_assert(has_host("data.example.org"));
        ck_assert_uint_eq(count("fault"), 0);
}
END_TEST

/* ---- broken and hostile files; one account always stays ---- */

START_TEST(truncated) {
        static const char whole[] = PREFS("new.example.org");

        put(ROOT "installs.ini", INSTALLS);
        for (size_t size = 0; size < sizeof(whole); size += 7) {
                put_bytes(PROFILE "prefs.js", whole, size);
                run("thunderbird", NULL);
                ck_assert_uint_le(count("account"), 1);
        }
        put_bytes(PROFILE "prefs.js", whole, sizeof(whole) - 7);
        run("thunderbird", NULL);
        assert_fault(0, PROFILE "prefs.js:7 a text has no end");
}
END_TEST

START_TEST(broken_lines) {
        static const char rubbish[] = "user_pref(\"a\0b\", 1);\nuser_pref(\"open, 1);\nuser_pref(\"x\", \"\\u12\");\n\xff\xfe\n"
                                      PREFS("new.example.org");
        put(ROOT "installs.ini", "rubbish\n" INSTALLS);
        put_bytes(PROFILE "prefs.js", rubbish, sizeof(rubbish) - 1);
        run("thunderbird", NULL);
        ck_assert(has_host("new.example.org"));
        assert_fault(0, ROOT "installs.ini:1 is neither a [section] nor a key=value");
        assert_fault(1, PROFILE "prefs.js:1 a text holds a NUL");
        assert_fault(2, PROFILE "prefs.js:2 a text has no end");
        assert_fault(3, PROFILE "prefs.js:3 a text has an escape that is incomplete");
        assert_fault(4, PROFILE "prefs.js:4 is no preference: user_pref(\"name\", value);");
        assert_fault(5, NULL);
}
END_TEST

START_TEST(huge) {
        put(ROOT "installs.ini", INSTALLS "[B]\nDefault=second\n");
        put(ROOT "second/prefs.js", PREFS("second.example.org"));
        put(PROFILE "prefs.js", "");
        shell("truncate -s 100M %s/" PROFILE "prefs.js", home);
        run("thunderbird", NULL);
        ck_assert(has_host("second.example.org"));
        assert_fault(0, PROFILE "prefs.js:0 is larger than 16384 KiB, and not read");
        /* As many zeros as are read. */
        shell("truncate -s 16M %s/" PROFILE "prefs.js", home);
        run("thunderbird", NULL);
        ck_assert(has_host("second.example.org"));
        assert_fault(0, PROFILE "prefs.js:1 is no preference: user_pref(\"name\", value);");
}
END_TEST

START_TEST(profiles_elsewhere) {
        put(ROOT "installs.ini", "[A]\nDefault=../../escape\n[B]\nDefault=/etc\n[C]\nDefault=gone\n[D]\nDefault=linked\n"
                                 "[E]\nDefault=new.default-release\n");
        put("escape/prefs.js", PREFS("escape.example.org"));
        put(PROFILE "prefs.js", PREFS("new.example.org"));
        shell("ln -s ../escape %s/" ROOT "linked", home);
        run("thunderbird", NULL);
        ck_assert_uint_eq(count("account"), 1);
        ck_assert(has_host("new.example.org"));
        assert_fault(0, ROOT "../../escape/prefs.js:0 lies outside of what is read");
        assert_fault(2, ROOT "installs.ini:2 names the profile ../../escape, which is not there or cannot be read");
        assert_fault(3, "/etc/prefs.js:0 lies outside of what is read");
        assert_fault(6, ROOT "installs.ini:6 names the profile gone, which is not there or cannot be read");
        assert_fault(7, ROOT "linked/prefs.js:0 is a symbolic link, or lies behind one, and none is followed");
}
END_TEST

START_TEST(ten_thousand) {
        char *text = malloc(4 * 1024 * 1024), *end = text;

        end += sprintf(end, "user_pref(\"mail.accountmanager.accounts\", \"a0");
        for (unsigned i = 1; i < 10000; i++)
                end += sprintf(end, ",a%u", i);
        end += sprintf(end, "\");\n");
        for (unsigned i = 0; i < 10000; i++)
                end += sprintf(end, "user_pref(\"mail.account.a%u.server\", \"s%u\");\nuser_pref(\"mail.server.s%u.type\", \"imap\");\n"
                               "user_pref(\"mail.server.s%u.hostname\", \"h%u.example.org\");\n", i, i, i, i, i);
        put(ROOT "installs.ini", INSTALLS);
        put_bytes(PROFILE "prefs.js", text, (size_t) (end - text));
        free(text);
        run("thunderbird", NULL);
        ck_assert_uint_eq(count("account"), 256);
        assert_fault(0, PROFILE "prefs.js:1 mail.accountmanager.accounts names more than 256 accounts; those from a256 on are "
                        "left out");
}
END_TEST

static void add(Suite *suite, const char *name, void (*setup)(void), const TTest *const *tests, size_t n) {
        TCase *tcase = tcase_create(name);

        tcase_set_timeout(tcase, 120);
        tcase_add_checked_fixture(tcase, setup, teardown);
        for (size_t i = 0; i < n; i++)
                tcase_add_test(tcase, tests[i]);
        suite_add_tcase(suite, tcase);
}

int main(void) {
        const TTest *const any[] = {
                announced, an_account, nothing_there, another_place, the_sandbox, what_is_not_read, a_place_that_is_a_link, too_much,
                failing, wrong_question,
        };
        const TTest *const thunderbird[] = {
                the_profile_in_use, packages, another_folder, truncated, broken_lines, huge, profiles_elsewhere, ten_thousand,
        };
        Suite *suite = suite_create("worker-source");

        add(suite, "any", setup_reader, any, sizeof(any) / sizeof(any[0]));
        add(suite, "thunderbird", setup_thunderbird, thunderbird, sizeof(thunderbird) / sizeof(thunderbird[0]));
        return run_suite(suite);
}
