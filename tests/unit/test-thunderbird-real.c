/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that a real Thunderbird wrote, where they lie beside the source: which profile it used, and its two accounts. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "profiles.h"
#include "thunderbird-seen.h"

static const char *folder;
static SeenAccounts seen;

static char *read_file(const char *name, size_t *ret_size) {
        char path[1024], *text = malloc(65536);

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        FILE *file = fopen(path, "re");
        ck_assert_ptr_nonnull(file);
        *ret_size = fread(text, 1, 65536, file);
        fclose(file);
        return text;
}

START_TEST(profile) {
        ProfilesFile installs = { .file = 0 }, declared = { .file = 1 };
        const FaultSink faults = { seen_fault, &seen };
        Profiles profiles;

        installs.text = read_file("installs.ini", &installs.size);
        declared.text = read_file("profiles.ini", &declared.size);
        ck_assert_int_eq(profiles_read(&installs, &declared, &faults, &profiles), 0);
        ck_assert_uint_eq(profiles.n, 1);
        ck_assert_str_eq(profiles.items[0].path, "rod1dbhf.default-default");
        ck_assert_str_eq(seen.text, "");
        profiles_done(&profiles);
        free((char *) installs.text);
        free((char *) declared.text);
}
END_TEST

START_TEST(accounts) {
        size_t size;
        char *text = read_file("thunderbird153-prefs.js", &size);

        seen_read(text, size, NULL, &seen);
        ck_assert_str_eq(seen.text,
                "account1 name=Work imap:23 address=anna@example.org:9"
                "; imap host=imap.example.org:22 port=993:24 security=tls:25 username=anna:28 auth=PLAIN LOGIN:assumed"
                "; smtp host=smtp.example.org:41 port=587:42 security=starttls:43 username=anna:45 auth=PLAIN LOGIN:39"
                "; account2 name=Work pop3:33 address=anna@example.org:12"
                "; pop3 host=pop.example.org:32 port=995:assumed security=tls:34 username=anna:37 auth=CRAM-MD5:29"
                "; smtp host=smtp.example.org:48 port=465:49 security=tls:50 username=anna:52 auth=XOAUTH2:46");
        free(text);
}
END_TEST

int main(int argc, char *argv[]) {
        char path[1024];

        folder = argc > 1 ? argv[1] : "";
        snprintf(path, sizeof(path), "%s/thunderbird153-prefs.js", folder);
        if (access(path, R_OK) < 0) {
                printf("0 files of a real Thunderbird: there is no %s\n", path);
                return 77;
        }
        Suite *suite = suite_create("thunderbird-real");
        TCase *tcase = tcase_create("thunderbird-real");
        tcase_add_test(tcase, profile);
        tcase_add_test(tcase, accounts);
        suite_add_tcase(suite, tcase);
        printf("3 files of a real Thunderbird\n");
        return run_suite(suite);
}
