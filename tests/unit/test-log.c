/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Messages: their levels, that a line stays one, and that every event is explained in every catalogue of the journal. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "log.h"
#include "own.h"

#define LINE_BYTES 4096

static char said[LINE_BYTES];

/* What is written to standard error between the two. */
static int stderr_begin(int *ret_kept) {
        int fds[2];
        ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
        fflush(stderr);
        *ret_kept = dup(STDERR_FILENO);
        dup2(fds[1], STDERR_FILENO);
        close(fds[1]);
        return fds[0];
}

static void stderr_end(int from, int kept) {
        fflush(stderr);
        dup2(kept, STDERR_FILENO);
        close(kept);
        ssize_t n = read(from, said, sizeof(said) - 1);
        said[n > 0 ? n : 0] = '\0';
        close(from);
}

START_TEST(levels) {
        for (int level = LOG_EMERG; level <= LOG_DEBUG; level++)
                ck_assert_int_eq(log_level_from_string(log_level_to_string(level)), level);
        ck_assert_str_eq(log_level_to_string(LOG_WARNING), "warning");
        ck_assert_int_eq(log_level_from_string("verbose"), -EINVAL);
        ck_assert_int_eq(log_level_from_string(""), -EINVAL);
}
END_TEST

START_TEST(one_line) {
        int kept, from;

        unsetenv("JOURNAL_STREAM");
        from = stderr_begin(&kept);
        log_line(LOG_WARNING, "the server said %s", "x\n<0>y\x1b[31m");
        log_line(LOG_DEBUG, "nobody asked for this");
        stderr_end(from, kept);
        ck_assert_str_eq(said, "maildiagd: the server said x\uFFFD<0>y\uFFFD[31m\n");
}
END_TEST

START_TEST(events) {
        const LogField fields[] = { { "MAILDIAG_PLUGIN", "x.so" }, { 0 } };
        int kept, from;

        unsetenv("JOURNAL_STREAM");
        from = stderr_begin(&kept);
        log_event(LOG_EVENT_PLUGIN_REFUSED, fields, "plugin %s is refused", "x.so");
        log_set_level(LOG_ERR);
        log_event(LOG_EVENT_PLUGIN_REFUSED, NULL, "this is less than an error");
        log_set_level(LOG_INFO);
        stderr_end(from, kept);
        ck_assert_str_eq(said, "maildiagd: plugin x.so is refused\n");
}
END_TEST

/* The whole file; the caller frees it. */
static char *read_file(const char *path) {
        _cleanup_fclose_ FILE *file = fopen(path, "re");
        ck_assert_msg(file, "%s: %s", path, strerror(errno));
        char *text = calloc(1, 65536);
        ck_assert_uint_gt(fread(text, 1, 65535, file), 0);
        return text;
}

static const char *const catalogs[] = { "maildiag.catalog", "maildiag.vi.catalog" };

START_TEST(catalog) {
        _cleanup_free_ char *path = NULL, *text = NULL;
        size_t n = 0;

        ck_assert_int_gt(asprintf(&path, TEST_CATALOGS "/%s", catalogs[_i]), 0);
        text = read_file(path);
        for (LogEvent event = 0; event < _LOG_EVENT_MAX; event++) {
                char head[64];
                ck_assert_uint_eq(strspn(log_event_id(event), "0123456789abcdef"), 32);
                ck_assert_uint_eq(strlen(log_event_id(event)), 32);
                snprintf(head, sizeof(head), "\n-- %s\nSubject: ", log_event_id(event));
                ck_assert_msg(strstr(text, head), "%s lacks event %s", path, log_event_id(event));
        }
        for (const char *at = text; (at = strstr(at, "\n-- ")); at++)
                n++;
        ck_assert_uint_eq(n, _LOG_EVENT_MAX);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("log");
        TCase *tcase = tcase_create("log");
        tcase_add_test(tcase, levels);
        tcase_add_test(tcase, one_line);
        tcase_add_test(tcase, events);
        tcase_add_loop_test(tcase, catalog, 0, ELEMENTS(catalogs));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
