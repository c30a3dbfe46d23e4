/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Loading plugins: every kind of broken file is refused with the line that says why, no code of it runs
 * before its note was read and found good, and the plugins beside it work.
 */

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "instrumented.h"
#include "plugins.h"

#define NOBODY 65534

static char base[] = "/tmp/maildiag-loader-XXXXXX";
static char directory[64];
static char trace[64];

/* ---- a directory of plugins ---- */

static void setup(void) {
        ck_assert_ptr_nonnull(mkdtemp(base));
        ck_assert_int_eq(chmod(base, 0755), 0);
        snprintf(directory, sizeof(directory), "%s/plugins", base);
        snprintf(trace, sizeof(trace), "%s/trace", base);
        ck_assert_int_eq(mkdir(directory, 0755), 0);
        setenv("MAILDIAG_TEST_TRACE", trace, 1);
}

static void teardown(void) {
        char command[128];
        snprintf(command, sizeof(command), "rm -rf '%s'", base);
        ck_assert_int_eq(system(command), 0);
}

static const char *path_of(const char *file) {
        static char path[512];
        snprintf(path, sizeof(path), "%s/%s", directory, file);
        return path;
}

static size_t variant_read(const char *variant, uint8_t *bytes, size_t size) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/variant-%s.so", getenv("MAILDIAG_TEST_PLUGINS"), variant);
        FILE *file = fopen(path, "re");
        ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
        size_t n = fread(bytes, 1, size, file);
        fclose(file);
        return n;
}

static void file_write(const char *file, const void *bytes, size_t size) {
        int fd = open(path_of(file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, bytes, size), (ssize_t) size);
        close(fd);
}

static uint8_t bytes[4 * 1024 * 1024];

static size_t variant_install(const char *variant, const char *file) {
        size_t size = variant_read(variant, bytes, sizeof(bytes));
        file_write(file, bytes, size);
        return size;
}

static const Plugin *plugin_of(const Plugins *plugins, const char *file) {
        for (size_t i = 0; i < plugins->n; i++)
                if (!strcmp(plugins->items[i].file, file))
                        return &plugins->items[i];
        ck_abort_msg("no entry for %s", file);
        return NULL;
}

static void check_loaded(const Plugins *plugins, const char *file) {
        const Plugin *plugin = plugin_of(plugins, file);
        ck_assert_msg(plugin->loaded, "%s %s", file, plugin->why);
        ck_assert_ptr_null(plugin->why);
        ck_assert_ptr_nonnull(plugin->descriptor.steps);
}

static void check_refused(const Plugins *plugins, const char *file, const char *why) {
        const Plugin *plugin = plugin_of(plugins, file);
        ck_assert_msg(!plugin->loaded && plugin->why && strstr(plugin->why, why),
                      "%s: \"%s\", not \"%s\"", file, plugin->why, why);
        ck_assert_ptr_null(strchr(plugin->why, '\n'));
}

static Plugins *load(void) {
        Plugins *plugins;
        ck_assert_int_eq(plugins_load(directory, false, &plugins), 0);
        return plugins;
}

/* ---- files that are plugins, but broken ones ---- */

/* AddressSanitizer takes a crash for itself, and exits. */
#define CRASHES (INSTRUMENTED ? "ends the process when it is loaded" \
                              : "crashes when it is loaded (Segmentation fault)")

static const struct {
        const char *variant;
        const char *why;                /* NULL: loaded */
        bool code_runs;                 /* its note is good, so that it is tried */
} variants[] = {
        { "right", NULL, true },
        { "second", NULL, true },
        { "no-note", "is no plugin: it has no note of maildiag", false },
        { "too-old", "is too old: built for ABI 0.2, this is 1.2", false },
        { "too-new", "is too new: built for ABI 2.2, this is 1.2", false },
        { "too-new-minor", "is too new: built for ABI 1.99, this is 1.2", false },
        { "short-descriptor", "has a descriptor of 8 bytes", false },
        { "long-descriptor", "has a descriptor of 4096 bytes", false },
        { "bad-note-name", "has a note of maildiag that cannot be read", false },
        { "no-symbol", "has no symbol md_plugin_1", true },
        { "missing-symbol", "cannot be loaded: undefined symbol: md_nobody_has_this", false },
        { "other-size", "has a descriptor of 8 bytes, its note says", true },
        { "other-name", "is named otherwise in its note (other) than in its descriptor", true },
        { "no-name", "is named otherwise in its note", true },
        { "source", "wants sandbox profile 1, which is not for plugins of its kind", true },
        { "source-ports", "has default ports, which only a protocol has", true },
        { "source-nowhere", "declares 0 paths to read, 1 to 16 are possible", true },
        { "source-above", "declares a path (number 1) that is none below the home directory", true },
        { "source-root", "declares a path (number 1) that is none below the home directory", true },
        { "paths", "declares files of the user, which only a source reads", true },
        { "table", NULL, true },
        { "table-ports", "has default ports, which only a protocol has", true },
        { "web", "belongs into the sub-folder \"discovery\"", true },
        { "other-kind", "wants sandbox profile 1, which is not for plugins of its kind", true },
        { "other-profile", "wants sandbox profile 3, which is not for plugins of its kind", true },
        { "no-version", "has no proper version", true },
        { "no-summary", "has no proper summary", true },
        { "dirty-summary", "has no proper summary", true },
        { "purpose", "has purpose 9, which is unknown", true },
        { "profile", "wants sandbox profile 9, which is unknown", true },
        { "sasl-service", "has no proper SASL service name", true },
        { "state", "wants 1073741824 bytes of state", true },
        { "no-endpoints", "has 0 default ports", true },
        { "port", "has an improper default port (number 2)", true },
        { "same-port", "has default port 7 twice", true },
        { "no-steps", "has 1 steps", true },
        { "many-steps", "has 1000 steps, 1 to 64 are possible", true },
        { "step-name", "has a step (number 1) without a proper name", true },
        { "step-run", "has an improper step \"nothing\"", true },
        { "step-stage", "has an improper step \"nothing\"", true },
        { "step-flags", "has an improper step \"nothing\"", true },
        { "no-findings", "has 2 findings", true },
        { "severity", "has finding \"variant.odd\" with an unknown severity", true },
        { "setting", "has finding \"variant.odd\" about an unknown setting", true },
        { "no-title", "has finding \"variant.odd\" without a proper title", true },
        { "sdk-finding", "has finding \"cert.expired\", which belongs to the SDK", true },
        { "same-finding", "has finding \"variant.even\" twice", true },
        { "bad-id", "has a finding (number 2) without a proper id", true },
        { "bad-id-end", "has a finding (number 2) without a proper id", true },
        { "bad-id-case", "has a finding (number 2) without a proper id", true },
        { "first-version", NULL, true },
        { "no-replies", "has 2 rules for replies", true },
        { "many-replies", "has 1000 rules for replies", true },
        { "rule-id", "has a rule for replies (number 2) without a finding", true },
        { "rule-foreign", "has a rule for replies (number 2) without a finding", true },
        { "rule-also", "has an improper rule for replies (number 2, auth.rejected)", true },
        { "rule-pattern", "has an improper rule for replies (number 2, auth.rejected)", true },
        { "wild-pointer", CRASHES, true },
        { "crashing", CRASHES, true },
        { "leaving", "ends the process when it is loaded", true },
        { "hanging", "does not come to an end when it is loaded", true },
};

#define N_VARIANTS (sizeof(variants) / sizeof(variants[0]))

START_TEST(variant) {
        variant_install(variants[_i].variant, "x.so");
        Plugins *plugins = load();
        ck_assert_uint_eq(plugins->n, 1);
        if (variants[_i].why)
                check_refused(plugins, "x.so", variants[_i].why);
        else
                check_loaded(plugins, "x.so");
        ck_assert_msg((access(trace, F_OK) == 0) == variants[_i].code_runs, "%s", variants[_i].variant);
        plugins_free(plugins);
}
END_TEST

/* In the sub-folder, whose worker has other sandboxes. */
START_TEST(discovery) {
        Plugins *plugins;

        variant_install("web", "web.so");
        variant_install("right", "right.so");
        variant_install("table", "table.so");
        ck_assert_int_eq(plugins_load(directory, true, &plugins), 0);
        check_loaded(plugins, "web.so");
        check_refused(plugins, "right.so", "does not belong into the sub-folder \"discovery\"");
        check_refused(plugins, "table.so", "does not belong into the sub-folder \"discovery\"");
        plugins_free(plugins);
}
END_TEST

START_TEST(the_others_work) {
        char name[64];
        for (size_t i = 0; i < N_VARIANTS; i++) {
                snprintf(name, sizeof(name), "%s.so", variants[i].variant);
                variant_install(variants[i].variant, name);
        }
        variant_install("taken-finding", "z-taken.so");
        Plugins *plugins = load();
        ck_assert_uint_eq(plugins->n, N_VARIANTS + 1);
        check_loaded(plugins, "right.so");
        check_loaded(plugins, "second.so");
        check_refused(plugins, "z-taken.so", "has finding \"variant.odd\", which right.so has already");
        ck_assert_str_eq(plugins_find(plugins, "variant")->file, "right.so");
        ck_assert_str_eq(plugins_find(plugins, "second")->descriptor.summary, "Echo");
        ck_assert_str_eq(plugins_find(plugins, "second")->descriptor.findings[0].id, "second.even");
        ck_assert_ptr_null(plugins_find(plugins, "crashing"));
        ck_assert_ptr_null(plugins_find(plugins, ""));
        plugins_free(plugins);
}
END_TEST

START_TEST(duplicate) {
        variant_install("right", "a.so");
        variant_install("twin", "b.so");
        Plugins *plugins = load();
        check_loaded(plugins, "a.so");
        check_refused(plugins, "b.so", "has the name \"variant\", which a.so has already");
        plugins_free(plugins);
}
END_TEST

/* ---- files that are none ---- */

static void check_only(const char *file, const char *why) {
        variant_install("second", "good.so");
        Plugins *plugins = load();
        check_refused(plugins, file, why);
        check_loaded(plugins, "good.so");
        plugins_free(plugins);
}

static void header_patch(size_t offset, uint8_t value) {
        size_t size = variant_read("right", bytes, sizeof(bytes));
        bytes[offset] = value;
        file_write("x.so", bytes, size);
}

START_TEST(not_elf) {
        file_write("x.so", "#!/bin/sh\n", 10);
        check_only("x.so", "is not a shared object: it is no ELF file");
}
END_TEST

START_TEST(empty) {
        file_write("x.so", "", 0);
        check_only("x.so", "is not a shared object: it is no ELF file");
}
END_TEST

START_TEST(truncated) {
        size_t size = variant_install("right", "x.so");
        ck_assert_int_eq(truncate(path_of("x.so"), size / 3), 0);
        check_only("x.so", "is cut short: its headers point beyond its end");
        ck_assert_int_eq(access(path_of("../trace"), F_OK), 0);         /* of the good one */
}
END_TEST

START_TEST(foreign_machine) {
        header_patch(offsetof(ElfW(Ehdr), e_machine), EM_SPARC);
        check_only("x.so", "is built for another kind of machine");
}
END_TEST

START_TEST(foreign_class) {
        header_patch(EI_CLASS, sizeof(void *) == 8 ? ELFCLASS32 : ELFCLASS64);
        check_only("x.so", "is built for another kind of machine");
}
END_TEST

START_TEST(gigabyte) {
        variant_install("right", "x.so");
        ck_assert_int_eq(truncate(path_of("x.so"), 1 << 30), 0);
        check_only("x.so", "is larger than 16 MiB");
}
END_TEST

START_TEST(symbolic_link) {
        variant_install("right", "target");
        ck_assert_int_eq(symlink("target", path_of("x.so")), 0);
        check_only("x.so", "is a symbolic link");
}
END_TEST

START_TEST(hard_link) {
        char other[80];
        variant_install("right", "x.so");
        snprintf(other, sizeof(other), "%s/other", base);
        ck_assert_int_eq(link(path_of("x.so"), other), 0);
        check_only("x.so", "has 2 names (hard links)");
}
END_TEST

START_TEST(fifo) {
        ck_assert_int_eq(mkfifo(path_of("x.so"), 0644), 0);
        check_only("x.so", "is not a regular file");
}
END_TEST

START_TEST(folder) {
        ck_assert_int_eq(mkdir(path_of("x.so"), 0755), 0);
        check_only("x.so", "is not a regular file");
}
END_TEST

static const mode_t writable[] = { 0666, 0664, 0646, 0777 };

START_TEST(writable_by_others) {
        variant_install("right", "x.so");
        ck_assert_int_eq(chmod(path_of("x.so"), writable[_i]), 0);
        check_only("x.so", "is writable by others");
}
END_TEST

START_TEST(other_names_are_left_alone) {
        variant_install("right", "x.so.bak");
        variant_install("right", ".so");
        variant_install("right", ".hidden");
        file_write("README", "hello", 5);
        Plugins *plugins = load();
        ck_assert_uint_eq(plugins->n, 0);
        ck_assert_int_lt(access(trace, F_OK), 0);
        plugins_free(plugins);
}
END_TEST

START_TEST(hostile_name) {
        file_write("\x1b[31m\n<0>x.so", "", 0);
        Plugins *plugins = load();
        ck_assert_uint_eq(plugins->n, 1);
        ck_assert(!plugins->items[0].loaded);
        plugins_free(plugins);
}
END_TEST

START_TEST(too_many) {
        char name[32];
        for (unsigned i = 0; i < PLUGINS_MAX + 10; i++) {
                snprintf(name, sizeof(name), "%03u.so", i);
                file_write(name, "", 0);
        }
        Plugins *plugins = load();
        ck_assert_uint_eq(plugins->n, PLUGINS_MAX + 1);
        check_refused(plugins, "064.so", "at most 64 plugins are loaded");
        plugins_free(plugins);
}
END_TEST

/* ---- what only root can set up ---- */

START_TEST(file_of_another_user) {
        variant_install("right", "x.so");
        ck_assert_int_eq(chown(path_of("x.so"), 12345, 0), 0);
        check_only("x.so", "belongs to user 12345");
}
END_TEST

START_TEST(unreadable) {
        variant_install("right", "x.so");
        variant_install("second", "good.so");
        ck_assert_int_eq(chmod(path_of("x.so"), 0), 0);
        ck_assert_int_eq(seteuid(NOBODY), 0);
        Plugins *plugins = load();
        check_refused(plugins, "x.so", "cannot be opened: Permission denied");
        check_loaded(plugins, "good.so");
        plugins_free(plugins);
        ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

/* Who runs the worker may own the files, and nobody else but root. */
START_TEST(files_of_the_user_of_the_worker) {
        variant_install("right", "mine.so");
        variant_install("second", "other.so");
        ck_assert_int_eq(chown(directory, NOBODY, 0), 0);
        ck_assert_int_eq(chown(path_of("mine.so"), NOBODY, 0), 0);
        ck_assert_int_eq(chown(path_of("other.so"), 12345, 0), 0);
        ck_assert_int_eq(seteuid(NOBODY), 0);
        Plugins *plugins = load();
        check_loaded(plugins, "mine.so");
        check_refused(plugins, "other.so", "belongs to user 12345");
        plugins_free(plugins);
        ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(directory_of_another_user) {
        ck_assert_int_eq(chown(directory, 12345, 0), 0);
        variant_install("right", "x.so");
        Plugins *plugins = load();
        check_refused(plugins, directory, "belongs to user 12345");
        plugins_free(plugins);
}
END_TEST

START_TEST(parent_of_another_user) {
        variant_install("right", "x.so");
        ck_assert_int_eq(chown(base, 12345, 0), 0);
        Plugins *plugins = load();
        check_refused(plugins, directory, "belongs to user 12345");
        ck_assert_int_lt(access(trace, F_OK), 0);
        plugins_free(plugins);
}
END_TEST

START_TEST(other_file_system) {
        variant_install("right", "source");
        file_write("x.so", "", 0);
        /* A mount namespace cannot be had everywhere. */
        if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
                return;
        char source[512];
        snprintf(source, sizeof(source), "%s", path_of("source"));
        ck_assert_int_eq(mount(source, path_of("x.so"), NULL, MS_BIND, NULL), 0);
        check_only("x.so", "lies on another file system than its directory");
        ck_assert_int_eq(umount(path_of("x.so")), 0);
}
END_TEST

/* ---- the directory ---- */

static void check_directory(const char *path, const char *why) {
        Plugins *plugins;
        ck_assert_int_eq(plugins_load(path, false, &plugins), 0);
        ck_assert_uint_eq(plugins->n, 1);
        check_refused(plugins, path, why);
        plugins_free(plugins);
}

START_TEST(directory_writable_by_others) {
        static const mode_t modes[] = { 0777, 0775, 01777, 02775 };
        variant_install("right", "x.so");
        for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
                ck_assert_int_eq(chmod(directory, modes[i]), 0);
                check_directory(directory, "is writable by others");
        }
        ck_assert_int_lt(access(trace, F_OK), 0);
}
END_TEST

START_TEST(parent_writable_by_others) {
        char why[128];
        variant_install("right", "x.so");
        ck_assert_int_eq(chmod(base, 0777), 0);
        snprintf(why, sizeof(why), "%s is writable by others", base);
        check_directory(directory, why);
        ck_assert_int_lt(access(trace, F_OK), 0);
        if (geteuid() != 0)
                return;
        /* As /tmp is: nobody can move what lies in it. */
        ck_assert_int_eq(chmod(base, 01777), 0);
        Plugins *plugins = load();
        check_loaded(plugins, "x.so");
        plugins_free(plugins);
}
END_TEST

START_TEST(directory_is_none) {
        file_write("file", "", 0);
        check_directory("/nonexistent/plugins", "/nonexistent/plugins: No such file or directory");
        char path[512];
        snprintf(path, sizeof(path), "%s", path_of("file"));
        check_directory(path, "cannot be opened: Not a directory");
        check_directory("", "No such file or directory");
}
END_TEST

/* A link on the way is followed once, and what counts is where it leads. */
START_TEST(directory_by_link) {
        char link[80];
        snprintf(link, sizeof(link), "%s/link", base);
        ck_assert_int_eq(symlink(directory, link), 0);
        variant_install("right", "x.so");
        Plugins *plugins;
        ck_assert_int_eq(plugins_load(link, false, &plugins), 0);
        check_loaded(plugins, "x.so");
        plugins_free(plugins);
        ck_assert_int_eq(chmod(directory, 0777), 0);
        check_directory(link, "is writable by others");
}
END_TEST

static size_t count_fds(void) {
        DIR *dir = opendir("/proc/self/fd");
        size_t n = 0;
        ck_assert_ptr_nonnull(dir);
        while (readdir(dir))
                n++;
        closedir(dir);
        return n;
}

START_TEST(no_descriptor_stays_open) {
        variant_install("right", "a.so");
        variant_install("twin", "b.so");
        variant_install("no-note", "c.so");
        variant_install("crashing", "d.so");
        ck_assert_int_eq(symlink("a.so", path_of("e.so")), 0);
        size_t before = count_fds();
        Plugins *plugins = load();
        ck_assert_uint_eq(count_fds(), before);
        plugins_free(plugins);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("loader");
        TCase *tcase = tcase_create("loader");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_set_timeout(tcase, 120);
        tcase_add_loop_test(tcase, variant, 0, N_VARIANTS);
        tcase_add_test(tcase, the_others_work);
        tcase_add_test(tcase, discovery);
        tcase_add_test(tcase, duplicate);
        tcase_add_test(tcase, not_elf);
        tcase_add_test(tcase, empty);
        tcase_add_test(tcase, truncated);
        tcase_add_test(tcase, foreign_machine);
        tcase_add_test(tcase, foreign_class);
        tcase_add_test(tcase, gigabyte);
        tcase_add_test(tcase, symbolic_link);
        tcase_add_test(tcase, hard_link);
        tcase_add_test(tcase, fifo);
        tcase_add_test(tcase, folder);
        tcase_add_loop_test(tcase, writable_by_others, 0, sizeof(writable) / sizeof(writable[0]));
        tcase_add_test(tcase, other_names_are_left_alone);
        tcase_add_test(tcase, hostile_name);
        tcase_add_test(tcase, too_many);
        tcase_add_test(tcase, directory_writable_by_others);
        tcase_add_test(tcase, parent_writable_by_others);
        tcase_add_test(tcase, directory_is_none);
        tcase_add_test(tcase, directory_by_link);
        tcase_add_test(tcase, no_descriptor_stays_open);
        if (geteuid() == 0) {
                tcase_add_test(tcase, file_of_another_user);
                tcase_add_test(tcase, unreadable);
                tcase_add_test(tcase, files_of_the_user_of_the_worker);
                tcase_add_test(tcase, directory_of_another_user);
                tcase_add_test(tcase, parent_of_another_user);
                tcase_add_test(tcase, other_file_system);
        } else
                printf("not root: what belongs to other users is skipped\n");
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
