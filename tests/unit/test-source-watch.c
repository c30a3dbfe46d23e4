/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that are watched without being opened: replaced, made, gone, and those of no concern. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "source-watch.h"

#define GUARD_USEC (20u * 1000u * 1000u)

static char folder[64];
static sd_event *event;
static SourceWatch *watch;
static unsigned n_told;

static void on_changed(void *userdata) {
        n_told++;
}

static void setup(void) {
        strcpy(folder, "/tmp/maildiag-watch-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        ck_assert_int_ge(sd_event_new(&event), 0);
        ck_assert_int_ge(source_watch_new(event, 1000, on_changed, NULL, &watch), 0);
        n_told = 0;
}

static void teardown(void) {
        char command[128];

        source_watch_free(watch);
        sd_event_unref(event);
        snprintf(command, sizeof(command), "rm -rf %s", folder);
        ck_assert_int_eq(system(command), 0);
}

static const char *path(const char *name) {
        static char paths[4][256];
        static unsigned next;
        char *text = paths[next++ % 4];

        snprintf(text, 256, "%s/%s", folder, name);
        return text;
}

static void put(const char *name) {
        FILE *file = fopen(path(name), "we");
        ck_assert_ptr_nonnull(file);
        fputs("x", file);
        fclose(file);
}

static int set(const char *name) {
        const char *paths[] = { path(name) };
        return source_watch_set(watch, paths, 1);
}

/* Until it was told of once more. */
static void assert_told(void) {
        unsigned before = n_told;
        while (n_told == before)
                ck_assert_int_gt(sd_event_run(event, GUARD_USEC), 0);
}

/* What is pending is no news: a change that is one follows, and is the only one. */
static void assert_quiet(const char *name) {
        unsigned before = n_told;
        put(name);
        assert_told();
        ck_assert_uint_eq(n_told, before + 1);
}

START_TEST(a_file) {
        put("file");
        ck_assert_int_eq(set("file"), 1);
        ck_assert_int_eq(set("file"), 0);
        put("file");
        assert_told();
        put("other");
        ck_assert_int_eq(rename(path("other"), path("file")), 0);
        assert_told();
        ck_assert_int_eq(chmod(path("file"), 0), 0);
        assert_told();
        ck_assert_int_eq(unlink(path("file")), 0);
        assert_told();
        put("other");
        while (sd_event_run(event, 0) > 0)
                ;
        assert_quiet("file");
}
END_TEST

START_TEST(what_is_not_there_yet) {
        ck_assert_int_eq(set("a/b/file"), 1);
        ck_assert_int_eq(mkdir(path("a"), 0700), 0);
        assert_told();
        ck_assert_int_eq(set("a/b/file"), 1);
        ck_assert_int_eq(mkdir(path("a/b"), 0700), 0);
        assert_told();
        ck_assert_int_eq(set("a/b/file"), 1);
        put("a/b/file");
        assert_told();
        ck_assert_int_eq(unlink(path("a/b/file")), 0);
        assert_told();
        ck_assert_int_eq(rmdir(path("a/b")), 0);
        assert_told();
        ck_assert_int_eq(set("a/b/file"), 1);
}
END_TEST

START_TEST(nothing) {
        ck_assert_int_eq(source_watch_set(watch, NULL, 0), 0);
        ck_assert_int_eq(set("file"), 1);
        ck_assert_int_eq(source_watch_set(watch, NULL, 0), 0);
        put("file");
        ck_assert_int_eq(set("file"), 1);
        while (sd_event_run(event, 0) > 0)
                ;
        assert_quiet("file");
}
END_TEST

int main(void) {
        Suite *suite = suite_create("source-watch");
        TCase *tcase = tcase_create("source-watch");

        tcase_set_timeout(tcase, 120);
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, a_file);
        tcase_add_test(tcase, what_is_not_there_yet);
        tcase_add_test(tcase, nothing);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
