/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Account files: what they come to, with the line of each value, and what is wrong with the rest. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account-file.h"
#include "harness.h"
#include "own.h"

static int parse(const char *text, Account **ret, unsigned *ret_line, char **ret_fault) {
        return account_file_parse("work", "/x/work.conf", text, strlen(text), ret, ret_line, ret_fault);
}

static Account *parse_good(const char *text) {
        Account *account = NULL;
        unsigned line = 0;
        char *fault = NULL;
        int r = parse(text, &account, &line, &fault);
        ck_assert_msg(r == 0, "line %u: %s", line, fault);
        return account;
}

/* "host=a.example:3 security=auto:assumed …" of one service. */
static void describe(const AccountService *service, char *text, size_t size) {
        size_t used = (size_t) snprintf(text, size, "%s", service->protocol);
        for (size_t i = 0; i < _SERVICE_FIELD_MAX; i++) {
                const AccountValue *value = &service->values[i];
                if (value->text && value->assumed)
                        used += (size_t) snprintf(text + used, size - used, " %s=%s:assumed", service_field_name(i),
                                                  value->text);
                else if (value->text)
                        used += (size_t) snprintf(text + used, size - used, " %s=%s:%u", service_field_name(i),
                                                  value->text, value->line);
        }
}

static const struct {
        const char *text, *expected;
} good[] = {
        { "[imap]\nhost=a.example\n", "imap host=a.example:2 security=auto:assumed" },
        { "[account]\naddress=a@b.example\nsecret=credential:x\n[imap]\nhost=h\n",
          "imap host=h:5 security=auto:assumed username=a@b.example:assumed secret=credential:x:3" },
        { "[account]\naddress=a@b.example\nusername=anna\nsecret=credential:x\n[imap]\nhost=h\nsecurity=tls\n[smtp]\n"
          "host=i\nport=587\nsecurity=starttls\nusername=ben\nsecret=none\n",
          "imap host=h:6 security=tls:7 username=anna:3 secret=credential:x:4;"
          "smtp host=i:9 port=587:10 security=starttls:11 username=ben:12 secret=none:13" },
        /* What holds for all may stand behind the services. */
        { "[imap]\nhost=h\n[account]\nusername=anna\n", "imap host=h:2 security=auto:assumed username=anna:4" },
        { "[smtp]\nhost=h\n[smtp backup]\nhost=i\nconnect-to=::1\ntls-name=j\naddress=x@y\nallow-cleartext-login=yes\n",
          "smtp host=h:2 security=auto:assumed;"
          "smtp host=i:4 security=auto:assumed address=x@y:7 tls-name=j:6 connect-to=::1:5 allow-cleartext-login=yes:8" },
        { "[imap]\nhost=h\nauth= plain,scram-sha-256  LOGIN\n",
          "imap host=h:2 security=auto:assumed auth=PLAIN SCRAM-SHA-256 LOGIN:3" },
        { "[imap]\nhost=h\naddress=a@b\nsecret=credential:x.y_z-1\n",
          "imap host=h:2 security=auto:assumed username=a@b:assumed secret=credential:x.y_z-1:4 address=a@b:3" },
};

START_TEST(services) {
        Account *account = parse_good(good[_i].text);
        char text[1024] = "";
        for (size_t i = 0; i < account->n_services; i++) {
                size_t used = strlen(text);
                if (i > 0)
                        text[used++] = ';';
                describe(&account->services[i], text + used, sizeof(text) - used);
        }
        ck_assert_str_eq(text, good[_i].expected);
        account_free(account);
}
END_TEST

START_TEST(names) {
        Account *account = parse_good("[account]\nname = W\xc3\xb6rk [1] # x\naddress=a@b.example\n[imap]\nhost=h\n");
        ck_assert_str_eq(account->name.text, "W\xc3\xb6rk [1] # x");
        ck_assert_str_eq(account_title(account), account->name.text);
        ck_assert_str_eq(account_value_key(&account->address), "address");
        ck_assert_str_eq(account->paths[0], "/x/work.conf");
        account_value_clear(&account->name);
        ck_assert_str_eq(account_title(account), "a@b.example");
        account_value_clear(&account->address);
        ck_assert_str_eq(account_title(account), "work");
        account_free(account);
}
END_TEST

static const struct {
        const char *text;
        unsigned line;
        const char *fault;
} bad[] = {
        { "", 0, "names no service" },
        { "[account]\nname=x\n", 0, "names no service" },
        { "[imap]\n", 0, "[imap] names no host" },
        { "[imap]\nhost=h\n[smtp backup]\nport=25\n", 0, "[smtp backup] names no host" },
        { "[imap]\nhost=\n", 2, "host is empty" },
        { "[imap]\nhost=a..b\n", 2, "host 'a..b' has an empty label" },
        { "[imap]\nhost=h\nport=0\n", 3, "port '0' must be" },
        { "[imap]\nhost=h\nport=65536\n", 3, "from 1 to 65535" },
        { "[imap]\nhost=h\nport=99999999999999999999\n", 3, "from 1 to 65535" },
        { "[imap]\nhost=h\nport=+25\n", 3, "from 1 to 65535" },
        { "[imap]\nhost=h\nsecurity=ssl\n", 3, "must be tls, starttls, none or auto" },
        { "[imap]\nhost=h\nallow-cleartext-login=1\n", 3, "must be yes or no" },
        { "[imap]\nhost=h\nauth=PL\xc3\x84IN\n", 3, "names of mechanisms" },
        { "[imap]\nhost=h\nauth=,\n", 3, "names of mechanisms" },
        { "[imap]\nhost=h\nauth=A B C D E F G H I J K L M N O P Q\n", 3, "more than 16" },
        { "[imap]\nhost=h\nauth=ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ\n", 3, "too long" },
        { "[imap]\nhost=h\nhost=i\n", 3, "twice in this section; first in line 2" },
        { "[imap]\nhost=h\n[imap]\nhost=i\n", 3, "[imap] is there twice" },
        { "[account]\n[account]\n", 2, "twice" },
        { "[imap]\nhost=h\nname=x\n", 3, "'name' belongs to [account]" },
        { "[account]\nhost=h\n", 2, "'host' belongs to a service" },
        { "[imap]\nhots=h\n", 2, "'hots' is not known" },
        { "[IMAP]\nhost=h\n", 1, "neither \"account\" nor the name of a protocol" },
        { "[account]\naddress=anna\n", 2, "address 'anna'" },
        { "[imap]\nhost=h\nsecret=credential:x\n", 0, "neither a username nor an address" },
        { "[account]\nname=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
          "012345678901234567890123456789\n", 2, "128 bytes" },
        { "[a1]\nhost=h\n[a2]\nhost=h\n[a3]\nhost=h\n[a4]\nhost=h\n[a5]\nhost=h\n[a6]\nhost=h\n[a7]\nhost=h\n[a8]\nhost=h\n"
          "[a9]\nhost=h\n[b0]\nhost=h\n[b1]\nhost=h\n[b2]\nhost=h\n[b3]\nhost=h\n[b4]\nhost=h\n[b5]\nhost=h\n[b6]\nhost=h\n"
          "[b7]\nhost=h\n", 33, "more than 16 services" },
};

START_TEST(faults) {
        Account *account = NULL;
        unsigned line = 0;
        char *fault = NULL;
        int r = parse(bad[_i].text, &account, &line, &fault);
        ck_assert_msg(r == -EINVAL, "%s", bad[_i].text);
        ck_assert_msg(strstr(fault, bad[_i].fault), "%s: %s", bad[_i].text, fault);
        ck_assert_msg(line == bad[_i].line, "%s: line %u", bad[_i].text, line);
        free(fault);
}
END_TEST

/* A secret is refused wherever it stands, and not repeated. */
static const struct {
        const char *text, *words;
} secrets[] = {
        { "[account]\npassword=hunter2\n", "'password' is refused" },
        { "[imap]\nhost=h\nPassword = hunter2\n", "'password' is refused" },
        { "[imap]\nhost=h\npass=hunter2\n", "secret = credential:NAME" },
        { "[imap]\nhost=h\noauth2-token=hunter2\n", "secret = credential:NAME" },
        { "[imap]\nhost=h\nsecret=hunter2\n", "never stands in this file" },
        { "[imap]\nhost=h\nsecret=credential:hunter2/..\n", "credential:NAME" },
        { "[imap]\nhost=h\nsecret=credential:\n", "credential:NAME" },
        { "[imap]\nhost=h\nsecret=credential:.hunter2\n", "credential:NAME" },
        { "[imap]\nhost=h\nhunter2\n", "neither" },
};

START_TEST(no_secrets) {
        Account *account = NULL;
        unsigned line = 0;
        char *fault = NULL;
        ck_assert_int_eq(parse(secrets[_i].text, &account, &line, &fault), -EINVAL);
        ck_assert_msg(strstr(fault, secrets[_i].words), "%s", fault);
        ck_assert_ptr_null(strstr(fault, "hunter2"));
        free(fault);
}
END_TEST

static const struct {
        const char *id;
        bool good;
} ids[] = {
        { "work", true }, { "a.b-c_D9", true }, { "0", true }, { "", false }, { ".x", false }, { "-x", false },
        { "a b", false }, { "a@b.example", false }, { "a/b", false }, { "\xc3\xbc", false },
        { "0123456789012345678901234567890123456789012345678901234567890123", true },
        { "01234567890123456789012345678901234567890123456789012345678901234", false },
};

START_TEST(id) {
        ck_assert_msg(!account_id_fault(ids[_i].id) == ids[_i].good, "%s", ids[_i].id);
}
END_TEST

START_TEST(made_ids) {
        _cleanup_free_ char *a = account_make_id("msmtp", "/etc/msmtprc", "anna@example.org");
        _cleanup_free_ char *b = account_make_id("msmtp", "/etc/msmtprc", "anna@example.org");
        _cleanup_free_ char *c = account_make_id("msmtp", "/etc/msmtprc", "ben@example.org");
        _cleanup_free_ char *d = account_make_id("msmtp", "/etc/msmtprcanna", "@example.org");
        ck_assert_str_eq(a, b);
        ck_assert_str_ne(a, c);
        ck_assert_str_ne(a, d);
        ck_assert_ptr_null(account_id_fault(a));
        ck_assert_uint_eq(strlen(a), 16);
}
END_TEST

START_TEST(equality) {
        static const struct {
                const char *a, *b;
                bool equal;
        } pairs[] = {
                { "[imap]\nhost=h\n", "# moved\n\n[imap]\nhost = h\n", true },
                { "[imap]\nhost=h\n", "[imap]\nhost=i\n", false },
                { "[imap]\nhost=h\n", "[imap]\nhost=h\nport=993\n", false },
                { "[imap]\nhost=h\n", "[imap]\nhost=h\nsecurity=auto\n", false },
                { "[imap]\nhost=h\n", "[pop3]\nhost=h\n", false },
                { "[imap]\nhost=h\n", "[imap]\nhost=h\n[smtp]\nhost=h\n", false },
                { "[imap]\nhost=h\n", "[account]\nname=x\n[imap]\nhost=h\n", false },
        };
        for (size_t i = 0; i < ELEMENTS(pairs); i++) {
                Account *a = parse_good(pairs[i].a), *b = parse_good(pairs[i].b);
                ck_assert_msg(account_equal(a, b) == pairs[i].equal, "%zu", i);
                account_free(a);
                account_free(b);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("account-file");
        TCase *tcase = tcase_create("account-file");
        tcase_add_loop_test(tcase, services, 0, ELEMENTS(good));
        tcase_add_test(tcase, names);
        tcase_add_loop_test(tcase, faults, 0, ELEMENTS(bad));
        tcase_add_loop_test(tcase, no_secrets, 0, ELEMENTS(secrets));
        tcase_add_loop_test(tcase, id, 0, ELEMENTS(ids));
        tcase_add_test(tcase, made_ids);
        tcase_add_test(tcase, equality);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
