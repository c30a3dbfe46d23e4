/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Settings as a whole: each bad one is refused with a line that names it, and copies own what they hold. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "settings.h"

static Settings settings;

static void set(char **text, const char *value) {
        free(*text);
        *text = value ? strdup(value) : NULL;
}

static ServiceSettings *add(const char *protocol) {
        ServiceSettings *service;
        ck_assert_int_eq(settings_add_service(&settings, NULL, &service), 0);
        set(&service->protocol, protocol);
        set(&service->host, "mail.example.org");
        return service;
}

static void setup(void) {
        settings_init(&settings);
        set(&settings.address, "anna@example.org");
        add("imap");
}

static void teardown(void) {
        settings_done(&settings);
}

/* Every word must stand in the line. */
static void expect_refused(const char *const *words) {
        char *error = NULL;
        ck_assert_int_eq(settings_validate(&settings, &error), -EINVAL);
        for (; *words; words++)
                ck_assert_msg(strstr(error, *words), "'%s' does not say '%s'", error, *words);
        ck_assert_ptr_null(strchr(error, '\n'));
        free(error);
}

static void expect_fine(void) {
        char *error = NULL;
        int r = settings_validate(&settings, &error);
        ck_assert_msg(r == 0, "%s", error);
}

#define REFUSED(...) expect_refused((const char *const[]) { __VA_ARGS__, NULL })

static const struct {
        size_t offset;
        const char *value;
        const char *words[4];
} texts[] = {
        { offsetof(ServiceSettings, host), "mail..example.org", { "host 'mail..example.org' of imap", "empty label" } },
        { offsetof(ServiceSettings, host), "a\r\nb", { "host", "line break" } },
        { offsetof(ServiceSettings, host), NULL, { "host of imap is missing" } },
        { offsetof(ServiceSettings, protocol), "Imap", { "protocol 'Imap' is not the name of a protocol" } },
        { offsetof(ServiceSettings, protocol), NULL, { "protocol is missing" } },
        { offsetof(ServiceSettings, connect_to), "1.2.3", { "connect-to '1.2.3'", "IPv4" } },
        { offsetof(ServiceSettings, tls_name), "-", { "tls-name '-'", "hyphen" } },
        { offsetof(ServiceSettings, username), "", { "username of imap is empty" } },
        { offsetof(ServiceSettings, username), "anna\nb", { "username", "line break" } },
        { offsetof(ServiceSettings, address), "anna", { "address 'anna' of imap", "no @" } },
};

START_TEST(test_bad_text) {
        set((char **) ((char *) &settings.services[0] + texts[_i].offset), texts[_i].value);
        expect_refused(texts[_i].words);
}
END_TEST

START_TEST(test_good) {
        expect_fine();
        set(&settings.services[0].username, "anna");
        set(&settings.services[0].tls_name, "other.example.org");
        set(&settings.services[0].connect_to, "::1");
        settings.services[0].secret_fd = memfd_create("secret", MFD_CLOEXEC);
        add("smtp");
        expect_fine();
}
END_TEST

START_TEST(test_no_service) {
        settings_done(&settings);
        REFUSED("services names no service");
}
END_TEST

START_TEST(test_done_gives_all_back) {
        int given = memfd_create("secret", MFD_CLOEXEC), found = memfd_create("secret", MFD_CLOEXEC);

        settings.services[0].secret_fd = given;
        set(&settings.services[0].assumed_from, "SRV _imaps._tcp.example.org");
        settings.model.secret_fd = found;
        settings_done(&settings);
        ck_assert_int_eq(fcntl(given, F_GETFD), -1);
        ck_assert_int_eq(fcntl(found, F_GETFD), -1);
        ck_assert_ptr_null(settings.services[0].assumed_from);
        ck_assert_int_eq(settings.model.secret_fd, -1);
}
END_TEST

START_TEST(test_bad_account_address) {
        set(&settings.address, "anna@");
        REFUSED("address 'anna@' has nothing after the @");
}
END_TEST

START_TEST(test_names_the_service) {
        set(&add("smtp")->host, "mail.example.org:25");
        REFUSED("host 'mail.example.org:25' of service 2 (smtp)", "port");
}
END_TEST

START_TEST(test_long_value_is_cut) {
        char *long_name = malloc(3001);
        memset(long_name, 'x', 3000);
        long_name[3000] = '\0';
        set(&settings.services[0].username, long_name);
        free(long_name);

        char *error = NULL;
        ck_assert_int_eq(settings_validate(&settings, &error), -EINVAL);
        ck_assert_uint_lt(strlen(error), 200);
        free(error);
}
END_TEST

static void set_mechanisms(const char *first, size_t n) {
        settings.services[0].mechanisms = calloc(n + 1, sizeof(char *));
        for (size_t i = 0; i < n; i++)
                settings.services[0].mechanisms[i] = strdup(first);
}

START_TEST(test_mechanisms) {
        static const struct {
                const char *name;
                size_t n;
                const char *words[2];
        } cases[] = {
                { "PLAIN", 0, { "auth of imap names no mechanism" } },
                { "PLAIN", 17, { "auth of imap names more than 16" } },
                { "PL AIN", 1, { "auth 'PL AIN' of imap", } },
        };
        set_mechanisms(cases[_i].name, cases[_i].n);
        expect_refused(cases[_i].words);
}
END_TEST

START_TEST(test_secret_needs_a_name) {
        settings.services[0].secret_fd = memfd_create("secret", MFD_CLOEXEC);
        expect_fine();
        set(&settings.address, NULL);
        REFUSED("username of imap is missing");
}
END_TEST

START_TEST(test_name_is_the_address) {
        settings.services[0].secret_fd = memfd_create("secret", MFD_CLOEXEC);
        set(&settings.services[0].address, "other@example.org");
        ServiceSettings *second = add("smtp"), *third = add("pop3");
        second->secret_fd = memfd_create("secret", MFD_CLOEXEC);
        set(&second->username, "anna");
        ck_assert_int_eq(settings_fill_in(&settings), 0);
        ck_assert_str_eq(settings.services[0].username, "other@example.org");
        ck_assert_str_eq(second->username, "anna");
        ck_assert_ptr_null(third->username);
}
END_TEST

/* ---- descriptors ---- */

static int new_pipe(void) {
        int fds[2];
        ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
        close(fds[1]);
        return fds[0];
}

START_TEST(test_pipe_for_one_secret) {
        settings.services[0].secret_fd = new_pipe();
        settings.services[0].security_auto = false;
        expect_fine();
        settings.services[0].security_auto = true;
        REFUSED("password-fd of imap is a pipe");
}
END_TEST

START_TEST(test_pipe_for_two_secrets) {
        settings.services[0].secret_fd = new_pipe();
        settings.services[0].security_auto = false;
        add("smtp")->secret_fd = fcntl(settings.services[0].secret_fd, F_DUPFD_CLOEXEC, 3);
        REFUSED("password-fd of service 1 (imap) is a pipe");
}
END_TEST

START_TEST(test_pipe_for_ca) {
        settings.ca_fd = new_pipe();
        REFUSED("ca-fd is a pipe");
        settings.services[0].security_auto = false;
        expect_fine();
        add("smtp")->security_auto = false;
        REFUSED("ca-fd is a pipe");
}
END_TEST

START_TEST(test_bad_descriptors) {
        settings.services[0].secret_fd = open("/", O_DIRECTORY | O_RDONLY | O_CLOEXEC);
        settings.services[0].oauth_token = true;
        REFUSED("oauth2-token-fd of imap is a directory");
        settings.services[0].oauth_token = false;
        REFUSED("password-fd of imap is a directory");
}
END_TEST

START_TEST(test_certificate_needs_key) {
        settings.services[0].certificate_fd = memfd_create("certificate", MFD_CLOEXEC);
        REFUSED("client-key-fd of imap is missing");
        settings.services[0].key_fd = settings.services[0].certificate_fd;
        settings.services[0].certificate_fd = -1;
        REFUSED("client-cert-fd of imap is missing");
}
END_TEST

/* ---- copies ---- */

START_TEST(test_copy_owns) {
        ServiceSettings defaults, *copy;
        service_settings_init(&defaults);
        set(&defaults.username, "anna");
        defaults.port = 143;
        defaults.secret_fd = memfd_create("secret", MFD_CLOEXEC);
        defaults.mechanisms = calloc(2, sizeof(char *));
        defaults.mechanisms[0] = strdup("PLAIN");
        ck_assert_int_eq(settings_add_service(&settings, &defaults, &copy), 0);
        ck_assert_int_ne(copy->secret_fd, defaults.secret_fd);
        service_settings_done(&defaults);
        ck_assert_str_eq(copy->username, "anna");
        ck_assert_str_eq(copy->mechanisms[0], "PLAIN");
        ck_assert_int_eq(copy->port, 143);
        ck_assert_int_ge(fcntl(copy->secret_fd, F_GETFD), 0);
}
END_TEST

START_TEST(test_too_many) {
        ServiceSettings *service;
        while (settings.n_services < SETTINGS_SERVICES_MAX)
                add("imap");
        ck_assert_int_eq(settings_add_service(&settings, NULL, &service), -E2BIG);
}
END_TEST

START_TEST(test_depth) {
        ck_assert_int_eq(settings_depth(&settings, &settings.services[0]), MD_DEPTH_TLS);
        settings.services[0].secret_fd = memfd_create("secret", MFD_CLOEXEC);
        ck_assert_int_eq(settings_depth(&settings, &settings.services[0]), MD_DEPTH_FULL);
        settings.depth_given = true;
        settings.depth = MD_DEPTH_CONNECT;
        ck_assert_int_eq(settings_depth(&settings, &settings.services[0]), MD_DEPTH_CONNECT);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("settings");
        TCase *tests = tcase_create("settings");
        suite_add_tcase(suite, tests);
        tcase_add_checked_fixture(tests, setup, teardown);
        tcase_add_loop_test(tests, test_bad_text, 0, sizeof(texts) / sizeof(texts[0]));
        tcase_add_test(tests, test_good);
        tcase_add_test(tests, test_no_service);
        tcase_add_test(tests, test_done_gives_all_back);
        tcase_add_test(tests, test_bad_account_address);
        tcase_add_test(tests, test_names_the_service);
        tcase_add_test(tests, test_long_value_is_cut);
        tcase_add_loop_test(tests, test_mechanisms, 0, 3);
        tcase_add_test(tests, test_secret_needs_a_name);
        tcase_add_test(tests, test_name_is_the_address);
        tcase_add_test(tests, test_pipe_for_one_secret);
        tcase_add_test(tests, test_pipe_for_two_secrets);
        tcase_add_test(tests, test_pipe_for_ca);
        tcase_add_test(tests, test_bad_descriptors);
        tcase_add_test(tests, test_certificate_needs_key);
        tcase_add_test(tests, test_copy_owns);
        tcase_add_test(tests, test_too_many);
        tcase_add_test(tests, test_depth);
        return run_suite(suite);
}
