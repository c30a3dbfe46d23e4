/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The form of single settings: what is taken, and the words that a refusal must say. */

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "form.h"
#include "harness.h"

#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

typedef struct Case {
        const char *text;
        const char *fault;              /* a part of it; NULL: the text is fine */
} Case;

static void check_case(const char *(*find_fault)(const char *text), const Case *item) {
        const char *fault = find_fault(item->text);
        if (!item->fault)
                ck_assert_msg(!fault, "'%s' is fine, but %s", item->text, fault);
        else
                ck_assert_msg(fault && strstr(fault, item->fault), "'%s': '%s' does not say '%s'", item->text,
                              fault ? fault : "(nothing)", item->fault);
}

static const Case hosts[] = {
        { "mail.example.org", NULL },
        { "localhost", NULL },
        { "MAIL.Example.ORG", NULL },
        { "xn--bcher-kva.example", NULL },
        { "bücher.example", NULL },
        { "почта.рф", NULL },
        { "smtp_out.example.org", NULL },
        { "3com.example", NULL },
        { "1.2.3.4.example", NULL },
        { "192.0.2.1", NULL },
        { "2001:db8::1", NULL },
        { "::ffff:192.0.2.1", NULL },
        { "fe80::1%eth0", NULL },
        { LABEL_63 ".example", NULL },
        { "", "is empty" },
        { "mail..example.org", "empty label" },
        { ".example.org", "empty label" },
        { "mail.example.org..", "empty label" },
        { "a" LABEL_63 ".example", "more than 63" },
        { LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, "longer than 253" },
        { "-mail.example.org", "hyphen" },
        { "mail-.example.org", "hyphen" },
        { "imaps://mail.example.org", "URL" },
        { "anna@example.org", "mail address" },
        { "mail.example.org:993", "a port is a setting of its own" },
        { "[::1]", "a port is a setting of its own" },
        { "mail example.org", "space" },
        { "mail/example.org", "host names do not have" },
        { "mail,example.org", "host names do not have" },
        { "256.1.1.1", "IPv4" },
        { "127.1", "IPv4" },
        { "1", "IPv4" },
        { "0x7f.0x1", "IPv4" },
        { "2001:db8::1::2", "nor an IPv6" },
        { "fe80::1%", "nor an IPv6" },
        { "fe80::1%../../etc", "nor an IPv6" },
        { "mail.example.org\r\nQUIT", "line break" },
        { "mail.example.org\n", "line break" },
        { "mail\x01.example.org", "control character" },
        { "mail\x1b[31m.example.org", "control character" },
        { "mail\u202e.example.org", "invisible" },
        { "mail\u200b.example.org", "invisible" },
};

static const Case addresses[] = {
        { "anna@example.org", NULL },
        { "anna+tag@example.org", NULL },
        { "o'hara@example.org", NULL },
        { "\"anna b\"@example.org", NULL },
        { "\"a@b\"@example.org", NULL },
        { "\"a\\\"b\"@example.org", NULL },
        { "анна@пример.рф", NULL },
        { "anna@localhost", NULL },
        { "anna@[192.0.2.1]", NULL },
        { "anna@[IPv6:2001:db8::1]", NULL },
        { "", "is empty" },
        { "anna", "has no @" },
        { "@example.org", "nothing before" },
        { "anna@", "nothing after" },
        { "anna@b@example.org", "more than one @" },
        { "anna..b@example.org", "two dots" },
        { ".anna@example.org", "dot at the start or end" },
        { "anna.@example.org", "dot at the start or end" },
        { "anna b@example.org", "stand in quotes" },
        { "Anna <anna@example.org>", "stand in quotes" },
        { "a<b>@example.org", "stand in quotes" },
        { "\"anna@example.org", "quote without an end" },
        { "\"anna\\\"@example.org", "quote without an end" },
        { "\"anna\"b@example.org", "between the quote and the @" },
        { "\"anna\"", "has no @" },
        { "anna@192.0.2.1", "brackets" },
        { "anna@2001:db8::1", "brackets" },
        { "anna@[192.0.2.1", "in brackets" },
        { "anna@[", "in brackets" },
        { "anna@exa mple.org", "no host name" },
        { "anna@-example.org", "no host name" },
        { "anna@example.org\r\nRCPT TO:<x@y>", "line break" },
        { "an\x7fna@example.org", "control character" },
        { "a" LABEL_63 "a@example.org", "more than 64 bytes" },
        { "a@" LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, "longer than 254" },
};

static const Case usernames[] = {
        { "anna", NULL },
        { "EXAMPLE\\anna", NULL },
        { "anna b", NULL },
        { "", "is empty" },
        { "anna\n", "line break" },
        { "anna\rb", "line break" },
        { "anna\tb", "control character" },
        { LABEL_63 LABEL_63 LABEL_63 LABEL_63 "abc", NULL },
        { LABEL_63 LABEL_63 LABEL_63 LABEL_63 "abcd", "longer than 255" },
};

static const Case mechanisms[] = {
        { "PLAIN", NULL },
        { "SCRAM-SHA-256-PLUS", NULL },
        { "", "SASL" },
        { "plain", "SASL" },
        { "PLAIN LOGIN", "SASL" },
        { "PLAIN\r\n", "SASL" },
        { "SCRAM-SHA-256-PLUS-XXX", "SASL" },
};

static const Case protocols[] = {
        { "imap", NULL },
        { "manage-sieve", NULL },
        { "", "is empty" },
        { "IMAP", "name of a protocol" },
        { "../imap", "name of a protocol" },
        { "abcdefghijklmnopqrstuvwxyz012345", "name of a protocol" },
};

#define TABLE_TEST(name, function)                      \
        START_TEST(test_##name) {                       \
                check_case(function, &name[_i]);        \
        }                                               \
        END_TEST

TABLE_TEST(hosts, form_fault_host)
TABLE_TEST(addresses, form_fault_address)
TABLE_TEST(usernames, form_fault_username)
TABLE_TEST(mechanisms, form_fault_mechanism)
TABLE_TEST(protocols, form_fault_protocol)

/* ---- descriptors ---- */

static int open_pipe(void) {
        int fds[2];
        ck_assert_int_eq(pipe(fds), 0);
        close(fds[1]);
        return fds[0];
}

static int open_socket(void) {
        int fds[2];
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        close(fds[1]);
        return fds[0];
}

START_TEST(test_descriptors) {
        const struct {
                int fd;
                bool one_reader;
                const char *fault;
        } cases[] = {
                { memfd_create("secret", MFD_CLOEXEC), false, NULL },
                { open("/etc/passwd", O_RDONLY | O_CLOEXEC), false, NULL },
                { open_pipe(), true, NULL },
                { open_pipe(), false, "is a pipe" },
                { open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), true, "directory" },
                { open("/etc/passwd", O_PATH | O_CLOEXEC), true, "O_PATH" },
                { open("/", O_PATH | O_CLOEXEC), true, "O_PATH" },
                { open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC), true, "writing only" },
                { open("/dev/zero", O_RDONLY | O_CLOEXEC), true, "neither a file nor a pipe" },
                { open_socket(), true, "socket" },
                { 1000, true, "not an open descriptor" },
        };
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const char *fault = form_fault_descriptor(cases[i].fd, cases[i].one_reader);
                ck_assert_int_ge(cases[i].fd, 0);
                if (cases[i].fault)
                        ck_assert_msg(fault && strstr(fault, cases[i].fault), "%zu: %s", i, fault ? fault : "fine");
                else
                        ck_assert_msg(!fault, "%zu: %s", i, fault);
                if (cases[i].fd != 1000)
                        close(cases[i].fd);
        }
}
END_TEST

#define ADD_TABLE(tests, name) tcase_add_loop_test(tests, test_##name, 0, sizeof(name) / sizeof(name[0]))

int main(void) {
        Suite *suite = suite_create("form");
        TCase *tests = tcase_create("form");
        suite_add_tcase(suite, tests);
        ADD_TABLE(tests, hosts);
        ADD_TABLE(tests, addresses);
        ADD_TABLE(tests, usernames);
        ADD_TABLE(tests, mechanisms);
        ADD_TABLE(tests, protocols);
        tcase_add_test(tests, test_descriptors);
        return run_suite(suite);
}
