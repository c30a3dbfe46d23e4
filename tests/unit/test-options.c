/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of options: which keys are taken where, and what each refusal says. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "options.h"

static Settings settings;
static ServiceSettings service;
static OptionsSeen seen;
static char *error;

static void setup(void) {
        settings_init(&settings);
        service_settings_init(&service);
        seen = (OptionsSeen) { 0 };
        error = NULL;
}

static void teardown(void) {
        service_settings_done(&service);
        settings_done(&settings);
        free(error);
}

static const struct {
        OptionPlace place;
        const char *key, *signature;
        const char *line;
} refused[] = {
        { OPTION_PLACE_CHECK, "tls-nmae", "s", "option 'tls-nmae' is not known" },
        { OPTION_PLACE_CHECK, "", "s", "option '' is not known" },
        { OPTION_PLACE_CHECK, "Timeout-ms", "u", "option 'Timeout-ms' is not known" },
        { OPTION_PLACE_CHECK, "timeout-ms", "s", "option 'timeout-ms' must be of type u, not s" },
        { OPTION_PLACE_CHECK, "timeout-ms", "i", "option 'timeout-ms' must be of type u, not i" },
        { OPTION_PLACE_CHECK, "password-fd", "s", "option 'password-fd' must be of type h, not s" },
        { OPTION_PLACE_CHECK, "auth", "s", "option 'auth' must be of type as, not s" },
        { OPTION_PLACE_CHECK, "username", "a{sv}", "option 'username' must be of type s, not a{sv}" },
        { OPTION_PLACE_SERVICE, "port", "u", "option 'port' must be of type q, not u" },
        { OPTION_PLACE_SERVICE, "timeout-ms", "u", "option 'timeout-ms' belongs to the whole check, not to a service" },
        { OPTION_PLACE_SERVICE, "ca-fd", "h", "option 'ca-fd' belongs to the whole check, not to a service" },
        { OPTION_PLACE_SERVICE, "depth", "s", "option 'depth' belongs to the whole check, not to a service" },
        { OPTION_PLACE_CHECK, "host", "s", "option 'host' belongs to a service, not to the whole check" },
        { OPTION_PLACE_CHECK, "security", "s", "option 'security' belongs to a service, not to the whole check" },
        { OPTION_PLACE_CHECK, "password", "s", "option 'password' is refused: a secret is never a value in a message; "
                                               "pass a descriptor as 'password-fd'" },
        { OPTION_PLACE_SERVICE, "passwd", "s", "option 'passwd' is refused: a secret is never a value in a message; "
                                               "pass a descriptor as 'password-fd'" },
        { OPTION_PLACE_SERVICE, "oauth2-token", "s", "option 'oauth2-token' is refused: a secret is never a value in a "
                                                     "message; pass a descriptor as 'oauth2-token-fd'" },
        { OPTION_PLACE_CHECK, "a\nb\x1b[1m", "s", "option 'a\uFFFDb\uFFFD[1m' is not known" },
};

START_TEST(test_refused) {
        const Option *option;
        ck_assert_int_eq(option_find(refused[_i].place, refused[_i].key, refused[_i].signature, &seen, &option, &error),
                         -EINVAL);
        ck_assert_str_eq(error, refused[_i].line);
}
END_TEST

START_TEST(test_long_key) {
        const Option *option;
        char *key = malloc(1u << 20);
        memset(key, 'k', (1u << 20) - 1);
        key[(1u << 20) - 1] = '\0';
        ck_assert_int_eq(option_find(OPTION_PLACE_CHECK, key, "s", &seen, &option, &error), -EINVAL);
        ck_assert_uint_lt(strlen(error), 120);
        free(key);
}
END_TEST

static const Option *find(OptionPlace place, const char *key, const char *type) {
        const Option *option = NULL;
        int r = option_find(place, key, type, &seen, &option, &error);
        ck_assert_msg(r == 0, "%s: %s", key, error);
        ck_assert_str_eq(option_type(option), type);
        return option;
}

static void apply(const char *key, const char *type, OptionValue value) {
        int r = option_apply(find(OPTION_PLACE_SERVICE, key, type), &value, &settings, &service, &error);
        ck_assert_msg(r == 0, "%s: %s", key, error);
}

START_TEST(test_twice) {
        const Option *option;
        find(OPTION_PLACE_CHECK, "username", "s");
        ck_assert_int_eq(option_find(OPTION_PLACE_CHECK, "username", "s", &seen, &option, &error), -EINVAL);
        ck_assert_str_eq(error, "option 'username' is given twice");
}
END_TEST

START_TEST(test_two_secrets) {
        static const char *const keys[] = { "password-fd", "oauth2-token-fd" };
        const Option *option;
        find(OPTION_PLACE_CHECK, keys[_i], "h");
        ck_assert_int_eq(option_find(OPTION_PLACE_CHECK, keys[!_i], "h", &seen, &option, &error), -EINVAL);
        ck_assert_str_eq(error, "options 'password-fd' and 'oauth2-token-fd' exclude each other");
}
END_TEST

/* What a service says about its secret replaces what was said for all. */
START_TEST(test_secret_is_replaced) {
        const Option *by_fd = find(OPTION_PLACE_CHECK, "password-fd", "h"), *by_name;
        int fd = memfd_create("secret", MFD_CLOEXEC);

        seen = (OptionsSeen) { 0 };
        by_name = find(OPTION_PLACE_SERVICE, "secret", "s");
        ck_assert_int_eq(option_apply(by_fd, &(OptionValue) { .fd = fd }, &settings, &service, &error), 0);
        ck_assert_int_eq(option_apply(by_name, &(OptionValue) { .text = "credential:x" }, &settings, &service, &error), 0);
        ck_assert_int_eq(service.secret_fd, -1);
        ck_assert_str_eq(service.secret_name, "credential:x");
        ck_assert_int_eq(option_apply(by_fd, &(OptionValue) { .fd = fd }, &settings, &service, &error), 0);
        ck_assert_int_ge(service.secret_fd, 0);
        ck_assert_ptr_null(service.secret_name);
        close(fd);
}
END_TEST

static const struct {
        OptionPlace place;
        const char *key, *type;
        OptionValue value;
        const char *line;
} bad_values[] = {
        { OPTION_PLACE_CHECK, "secret", "s", { .text = "hunter2" }, "option 'secret' must be credential:NAME or none; a "
          "secret itself is never a value in a message, but a descriptor: 'password-fd'" },
        { OPTION_PLACE_CHECK, "secret", "s", { .text = "credential:../x" }, "option 'secret' must be credential:NAME or "
          "none; a secret itself is never a value in a message, but a descriptor: 'password-fd'" },
        { OPTION_PLACE_CHECK, "timeout-ms", "u", { .number = 99 }, "option 'timeout-ms' must be from 100 to 600000" },
        { OPTION_PLACE_CHECK, "timeout-ms", "u", { .number = 600001 }, "option 'timeout-ms' must be from 100 to 600000" },
        { OPTION_PLACE_CHECK, "timeout-ms", "u", { .number = 0 }, "option 'timeout-ms' must be from 100 to 600000" },
        { OPTION_PLACE_CHECK, "depth", "s", { .text = "deep" }, "option 'depth' must be connect, tls, auth or full" },
        { OPTION_PLACE_SERVICE, "security", "s", { .text = "ssl" },
          "option 'security' must be tls, starttls, none or auto" },
        { OPTION_PLACE_SERVICE, "host", "s", { .text = "[mail.example.org]" },
          "option 'host' has brackets, which only an IPv6 address has" },
};

START_TEST(test_bad_values) {
        const Option *option = find(bad_values[_i].place, bad_values[_i].key, bad_values[_i].type);
        ck_assert_int_eq(option_apply(option, &bad_values[_i].value, &settings, &service, &error), -EINVAL);
        ck_assert_str_eq(error, bad_values[_i].line);
}
END_TEST

START_TEST(test_too_long) {
        char *text = malloc(5000);
        memset(text, 'x', 4999);
        text[4999] = '\0';
        ck_assert_int_eq(option_apply(find(OPTION_PLACE_CHECK, "username", "s"), &(OptionValue) { .text = text },
                                      &settings, &service, &error), -EINVAL);
        ck_assert_str_eq(error, "option 'username' is longer than 4096 bytes");
        free(text);
}
END_TEST

START_TEST(test_texts) {
        apply("username", "s", (OptionValue) { .text = "anna" });
        apply("host", "s", (OptionValue) { .text = "[2001:db8::1]" });
        apply("connect-to", "s", (OptionValue) { .text = "mail.example.org." });
        apply("protocol", "s", (OptionValue) { .text = "imap" });
        ck_assert_str_eq(service.username, "anna");
        ck_assert_str_eq(service.host, "2001:db8::1");
        ck_assert_str_eq(service.connect_to, "mail.example.org");
        ck_assert_str_eq(service.protocol, "imap");
}
END_TEST

START_TEST(test_words) {
        apply("security", "s", (OptionValue) { .text = "starttls" });
        ck_assert(!service.security_auto);
        ck_assert_int_eq(service.security, MD_SECURITY_STARTTLS);
        ck_assert_int_eq(option_apply_argument("security", &(OptionValue) { .text = "auto" }, &service, &error), 0);
        ck_assert(service.security_auto);
        ck_assert_int_eq(option_apply_argument("security", &(OptionValue) { .text = "ssl" }, &service, &error), -EINVAL);
        ck_assert_str_eq(error, "argument 'security' must be tls, starttls, none or auto");
}
END_TEST

START_TEST(test_numbers) {
        apply("port", "q", (OptionValue) { .number = 65535 });
        apply("allow-cleartext-login", "b", (OptionValue) { .truth = true });
        option_apply(find(OPTION_PLACE_CHECK, "timeout-ms", "u"), &(OptionValue) { .number = 600000 }, &settings,
                     &service, &error);
        ck_assert_int_eq(service.port, 65535);
        ck_assert(service.allow_cleartext);
        ck_assert_uint_eq(settings.timeout_ms, 600000);
}
END_TEST

START_TEST(test_mechanisms) {
        static const char *const list[] = { "scram-sha-256", "PLAIN", NULL };
        apply("auth", "as", (OptionValue) { .list = list });
        ck_assert_str_eq(service.mechanisms[0], "SCRAM-SHA-256");
        ck_assert_str_eq(service.mechanisms[1], "PLAIN");
        ck_assert_ptr_null(service.mechanisms[2]);
}
END_TEST

START_TEST(test_descriptors) {
        int fd = memfd_create("secret", MFD_CLOEXEC);
        apply("oauth2-token-fd", "h", (OptionValue) { .fd = fd });
        ck_assert(service.oauth_token);
        ck_assert_int_ne(service.secret_fd, fd);
        ck_assert_int_eq(fcntl(service.secret_fd, F_GETFD), FD_CLOEXEC);

        /* The same key in a service replaces the default. */
        int before = service.secret_fd;
        seen = (OptionsSeen) { 0 };
        apply("password-fd", "h", (OptionValue) { .fd = fd });
        ck_assert(!service.oauth_token);
        ck_assert_int_ge(fcntl(service.secret_fd, F_GETFD), 0);
        ck_assert(service.secret_fd == before || fcntl(before, F_GETFD) < 0);
        close(fd);
}
END_TEST

START_TEST(test_bad_descriptor) {
        ck_assert_int_eq(option_apply(find(OPTION_PLACE_CHECK, "ca-fd", "h"), &(OptionValue) { .fd = 1000 }, &settings,
                                      &service, &error), -EBADF);
        ck_assert_int_eq(settings.ca_fd, -1);
}
END_TEST

START_TEST(test_sorted) {
        for (size_t i = 1; option_key_at(i); i++)
                ck_assert_int_lt(strcmp(option_key_at(i - 1), option_key_at(i)), 0);
        ck_assert_str_eq(option_key_at(0), "address");
}
END_TEST

int main(void) {
        Suite *suite = suite_create("options");
        TCase *tests = tcase_create("options");
        suite_add_tcase(suite, tests);
        tcase_add_checked_fixture(tests, setup, teardown);
        tcase_add_loop_test(tests, test_refused, 0, sizeof(refused) / sizeof(refused[0]));
        tcase_add_test(tests, test_long_key);
        tcase_add_test(tests, test_twice);
        tcase_add_loop_test(tests, test_two_secrets, 0, 2);
        tcase_add_test(tests, test_secret_is_replaced);
        tcase_add_loop_test(tests, test_bad_values, 0, sizeof(bad_values) / sizeof(bad_values[0]));
        tcase_add_test(tests, test_too_long);
        tcase_add_test(tests, test_texts);
        tcase_add_test(tests, test_words);
        tcase_add_test(tests, test_numbers);
        tcase_add_test(tests, test_mechanisms);
        tcase_add_test(tests, test_descriptors);
        tcase_add_test(tests, test_bad_descriptor);
        tcase_add_test(tests, test_sorted);
        return run_suite(suite);
}
