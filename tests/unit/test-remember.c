/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The keeper of the memory: which probes it learns from, and that its file is shared, survives, and may be lost. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "remember.h"
#include "seen.h"

#define UID 1000

static char folder[64], file[128];

static void setup(void) {
        strcpy(folder, "/tmp/maildiag-remember-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        snprintf(file, sizeof(file), "%s/memory", folder);
}

static void teardown(void) {
        char command[128];
        snprintf(command, sizeof(command), "rm -rf %s", folder);
        ck_assert_int_eq(system(command), 0);
}

#define SEEN(...) { .why = PROBE_CONFIGURED, .protocol = "imap", .host = "mail.example", .port = 143, \
                    .security = MD_SECURITY_STARTTLS, .username = "anna", __VA_ARGS__ }

static const Seen encrypted = SEEN(.greeting = "* OK", .trusted = true, .sha256 = "aa", .login = "ok");

/* Notes what a probe saw, and what is known of its target then; ret_other: whether it was shown another certificate. */
static Earlier visit(Remember *remember, const Seen *seen, bool *ret_other) {
        Report *report = report_new(NULL, 1);
        seen_add(report, 0, seen);
        remember_note(remember, UID, report->logs[0], false);
        *ret_other = report->logs[0]->earlier.other_certificate;
        Earlier earlier = remember_recall(remember, UID, &report->logs[0]->target, false);
        report_free(report);
        return earlier;
}

static const struct {
        const char *name;
        Seen seen;
        bool tls, answered;
        unsigned refused;
} visits[] = {
        { "encrypted", SEEN(.greeting = "* OK", .trusted = true, .sha256 = "aa", .login = "ok"), true, true, 0 },
        { "refused", SEEN(.greeting = "* OK", .trusted = true, .sha256 = "aa", .login = "refused"), true, true, 1 },
        { "bad certificate", SEEN(.greeting = "* OK", .sha256 = "aa", .code = "cert.expired", .login = "not-tried"), false,
          true, 0 },
        { "silent", SEEN(.code = "greeting.timeout", .login = "not-tried"), false, false, 0 },
        { "comparison", { PROBE_CONTROL, "imap", "mail.example", 143, MD_SECURITY_STARTTLS, "anna", NULL, "not-tried",
                          .greeting = "* OK", .trusted = true, .sha256 = "aa" }, false, false, 0 },
        { "killed", SEEN(.greeting = "* OK", .trusted = true, .sha256 = "aa", .end = PROBE_CANCELLED), false, false, 0 },
};

START_TEST(what_a_probe_teaches) {
        Remember *remember = remember_new(INSTANCE_PRIVATE, folder);
        bool other;
        Earlier earlier = visit(remember, &visits[_i].seen, &other);

        ck_assert_msg((earlier.tls_at > 0) == visits[_i].tls, "%s", visits[_i].name);
        ck_assert_msg((earlier.answered_at > 0) == visits[_i].answered, "%s", visits[_i].name);
        ck_assert_msg(earlier.n_refused == visits[_i].refused, "%s", visits[_i].name);
        remember_free(remember);
}
END_TEST

START_TEST(the_next_daemon_remembers) {
        const Seen other_certificate = SEEN(.greeting = "* OK", .sha256 = "bb", .code = "cert.unknown-issuer",
                                            .login = "not-tried");
        bool other;

        Remember *remember = remember_new(INSTANCE_PRIVATE, folder);
        visit(remember, &encrypted, &other);
        ck_assert(!other);
        remember_free(remember);
        remember = remember_new(INSTANCE_USER, folder);
        ck_assert_int_gt(visit(remember, &other_certificate, &other).tls_at, 0);
        ck_assert(other);
        remember_free(remember);
}
END_TEST

START_TEST(users_are_kept_apart) {
        Remember *remember = remember_new(INSTANCE_SYSTEM, folder);
        MdTarget target = { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 143 };
        bool other;

        visit(remember, &encrypted, &other);
        ck_assert_int_gt(remember_recall(remember, UID, &target, false).tls_at, 0);
        ck_assert_int_eq(remember_recall(remember, UID + 1, &target, false).tls_at, 0);
        ck_assert_int_eq(remember_recall(remember, UID, &target, true).tls_at, 0);
        remember_free(remember);
}
END_TEST

static void put(const char *text) {
        int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t) strlen(text));
        close(fd);
}

static bool file_is(const char *text) {
        char found[64] = "";
        int fd = open(file, O_RDONLY | O_CLOEXEC);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_ge(read(fd, found, sizeof(found) - 1), 0);
        close(fd);
        return !strcmp(found, text);
}

/* A damaged file begins anew, one of a later version is left alone; either way the daemon goes on. */
START_TEST(odd_files) {
        static const char *const odd[] = { "maildiag-memory 2\nlater\n", "\x7f" "ELF", "" };
        bool other;

        put(odd[_i]);
        Remember *remember = remember_new(INSTANCE_PRIVATE, folder);
        ck_assert_int_gt(visit(remember, &encrypted, &other).tls_at, 0);
        remember_free(remember);
        ck_assert(file_is(odd[_i]) == (_i == 0));
}
END_TEST

START_TEST(no_place) {
        bool other;

        Remember *remember = remember_new(INSTANCE_PRIVATE, "/dev/null");
        ck_assert_int_gt(visit(remember, &encrypted, &other).tls_at, 0);
        remember_free(remember);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("remember");
        TCase *tcase = tcase_create("remember");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_loop_test(tcase, what_a_probe_teaches, 0, sizeof(visits) / sizeof(visits[0]));
        tcase_add_test(tcase, the_next_daemon_remembers);
        tcase_add_test(tcase, users_are_kept_apart);
        tcase_add_loop_test(tcase, odd_files, 0, 3);
        tcase_add_test(tcase, no_place);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
