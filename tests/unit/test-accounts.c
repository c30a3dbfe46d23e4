/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The accounts from all sources: read, read again, and what is said of the difference. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "harness.h"
#include "own.h"

/* A source whose accounts are words, "ID:HOST", and whose faults are "!PATH"; one word is one file. */
static const char *words[2];
static const char *program;
static bool no_memory;

static int read_word(const char *word, size_t length, const SourceSink *sink) {
        char text[64], path[80];
        AccountService *service;

        snprintf(text, sizeof(text), "%.*s", (int) length, word);
        if (text[0] == '!')
                return sink->fault(sink->userdata, text + 1, 7, "is broken");
        char *host = strchr(text, ':');
        *host++ = '\0';
        snprintf(path, sizeof(path), "/x/%s.conf", text);
        Account *account = account_new(text, program, path);
        ck_assert_int_eq(account_add_service(account, "imap", &service), 0);
        account_value_set(&service->values[SERVICE_FIELD_HOST], host, &(Origin) { .line = 1, .key = "host" });
        return sink->account(sink->userdata, account);
}

static int read_words(const char *path, const SourceSink *sink) {
        int r = 0;
        for (const char *word = words[path[0] - '0']; r >= 0 && word && *word;) {
                size_t length = strcspn(word, " ");
                r = read_word(word, length, sink);
                word += length + strspn(word + length, " ");
        }
        return no_memory ? -ENOMEM : r;
}

static const Source source = { "test", "Test", read_words };
static char told[256];
static Accounts *accounts;

static void tell(const char *what, const Account *account) {
        size_t used = strlen(told);
        /* It can be found while it is told of. */
        ck_assert_ptr_eq(accounts_find(accounts, account->id), account);
        snprintf(told + used, sizeof(told) - used, "%s%s ", what, account->id);
}

static void on_added(void *userdata, Account *account) {
        tell("+", account);
}

static void on_changed(void *userdata, Account *account) {
        tell("~", account);
}

static void on_removed(void *userdata, Account *account) {
        tell("-", account);
}

static void setup(void) {
        static const AccountsHooks hooks = { on_added, on_changed, on_removed, NULL };
        accounts = accounts_new();
        ck_assert_int_eq(accounts_add_source(accounts, &source, "0"), 0);
        ck_assert_int_eq(accounts_add_source(accounts, &source, "1"), 0);
        accounts_set_hooks(accounts, &hooks);
        words[0] = words[1] = NULL;
        program = "test";
        no_memory = false;
}

static void teardown(void) {
        accounts_free(accounts);
}

static void read_again(const char *first, const char *second) {
        *told = '\0';
        words[0] = first;
        words[1] = second;
        ck_assert_int_eq(accounts_read(accounts), 0);
}

/* "ID:HOST ID:HOST " in their order. */
static const char *all(void) {
        static char text[256];
        *text = '\0';
        for (size_t i = 0; i < accounts_n(accounts); i++) {
                const Account *account = accounts_at(accounts, i);
                size_t used = strlen(text);
                snprintf(text + used, sizeof(text) - used, "%s:%s ", account->id,
                         account->services[0].values[SERVICE_FIELD_HOST].text);
        }
        return text;
}

static const struct {
        const char *before, *after, *told, *all;
} cases[] = {
        { "", "", "", "" },
        { "", "b:1 a:1", "+a +b ", "a:1 b:1 " },
        { "a:1 b:1", "a:1 b:1", "", "a:1 b:1 " },
        { "a:1 b:1 c:1", "a:1 b:2 d:1", "-c +d ~b ", "a:1 b:2 d:1 " },
        { "a:1 b:1", "", "-a -b ", "" },
        /* What is broken stays. */
        { "a:1 b:1", "!/x/a.conf", "-b ", "a:1 " },
        { "a:1 b:1", "!/x/a.conf b:2 c:1", "+c ~b ", "a:1 b:2 c:1 " },
        { "a:1 b:1", "!/x", "", "a:1 b:1 " },
        { "a:1 b:1", "!/x/a.con", "-a -b ", "" },
        /* A file may be read in part. */
        { "a:1", "a:2 !/x/a.conf", "~a ", "a:2 " },
};

START_TEST(again) {
        read_again(cases[_i].before, "");
        read_again(cases[_i].after, "");
        ck_assert_str_eq(told, cases[_i].told);
        ck_assert_str_eq(all(), cases[_i].all);
}
END_TEST

START_TEST(objects_go_on) {
        read_again("b:1", "");
        Account *account = accounts_find(accounts, "b");
        account->status.verdict = VERDICT_ERROR;
        read_again("a:1 b:2 c:1", "");
        ck_assert_ptr_eq(accounts_find(accounts, "b"), account);
        ck_assert_int_eq(account->status.verdict, VERDICT_ERROR);
        ck_assert_int_eq(accounts_find(accounts, "a")->status.verdict, VERDICT_UNKNOWN);
}
END_TEST

START_TEST(several_sources) {
        const char *path;
        size_t n;

        read_again("b:1", "a:1 b:2");
        ck_assert_uint_eq(accounts_n(accounts), 2);
        ck_assert_uint_eq(accounts_n_faults(accounts), 1);
        ck_assert_ptr_nonnull(strstr(accounts_fault_at(accounts, 0)->text, "another has"));
        ck_assert_ptr_eq(accounts_source_at(accounts, 1, &path, &n), &source);
        ck_assert_str_eq(path, "1");
        ck_assert_uint_eq(n, 2);
        read_again("a:1", "");
        ck_assert_uint_eq(accounts_n_faults(accounts), 0);
}
END_TEST

START_TEST(fault_texts) {
        ck_assert_ptr_null(accounts_faults_text(accounts));
        read_again("!/a", "");
        _cleanup_free_ char *one = accounts_faults_text(accounts);
        ck_assert_str_eq(one, "/a:7: is broken");
        read_again("!/a !/b", "!/c");
        _cleanup_free_ char *three = accounts_faults_text(accounts);
        ck_assert_str_eq(three, "/a:7: is broken; and 2 more");
        ck_assert_str_eq(accounts_fault_at(accounts, 2)->path, "/c");
}
END_TEST

/* Nothing has changed then. */
START_TEST(out_of_memory) {
        read_again("a:1 b:1", "");
        *told = '\0';
        words[0] = "a:2 c:1";
        no_memory = true;
        ck_assert_int_eq(accounts_read(accounts), -ENOMEM);
        ck_assert_str_eq(told, "");
        ck_assert_str_eq(all(), "a:1 b:1 ");
}
END_TEST

START_TEST(finding_one) {
        ck_assert_ptr_null(accounts_find(accounts, "a"));
        read_again("d:1 b:1 c:1", "");
        ck_assert_ptr_nonnull(accounts_find(accounts, "b"));
        ck_assert_ptr_nonnull(accounts_find(accounts, "d"));
        ck_assert_ptr_null(accounts_find(accounts, "a"));
        ck_assert_ptr_null(accounts_find(accounts, "e"));
        ck_assert_ptr_null(accounts_find(accounts, ""));
}
END_TEST

/* A source that somebody else reads: each reading is about what is its own. */
static const Source probed = { "probed", "Probed", NULL };

static int give(void *userdata, const SourceSink *sink) {
        words[0] = userdata;
        return read_words("0", sink);
}

static void take(const char *said) {
        *told = '\0';
        program = "probed";
        ck_assert_int_eq(accounts_take(accounts, &probed, give, (void *) said), 0);
        program = "test";
}

START_TEST(probed_beside_others) {
        ck_assert_int_eq(accounts_add_source(accounts, &probed, "/home"), 0);
        read_again("a:1 c:1", "!/x/z.conf");
        take("b:1 d:1 !/x/y.conf");
        ck_assert_str_eq(told, "+b +d ");
        ck_assert_str_eq(all(), "a:1 b:1 c:1 d:1 ");
        ck_assert_uint_eq(accounts_n_faults(accounts), 2);
        read_again("a:2", "");
        ck_assert_str_eq(told, "-c ~a ");
        ck_assert_str_eq(all(), "a:2 b:1 d:1 ");
        ck_assert_uint_eq(accounts_n_faults(accounts), 1);
        ck_assert_str_eq(accounts_fault_at(accounts, 0)->path, "/x/y.conf");
        take("d:2");
        ck_assert_str_eq(told, "-b ~d ");
        ck_assert_uint_eq(accounts_n_faults(accounts), 0);
        /* An id that is taken. */
        take("a:9 d:2");
        ck_assert_str_eq(told, "");
        ck_assert_str_eq(all(), "a:2 d:2 ");
        ck_assert_str_eq(accounts_fault_at(accounts, 0)->text, "describes an account whose id another has");
        take("!/x");
        ck_assert_str_eq(all(), "a:2 d:2 ");
        /* Its plugin is no more. */
        accounts_clear_sources(accounts);
        ck_assert_int_eq(accounts_add_source(accounts, &source, "0"), 0);
        read_again("a:2", NULL);
        ck_assert_str_eq(told, "-d ");
        ck_assert_uint_eq(accounts_n_faults(accounts), 0);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("accounts");
        TCase *tcase = tcase_create("accounts");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_loop_test(tcase, again, 0, ELEMENTS(cases));
        tcase_add_test(tcase, objects_go_on);
        tcase_add_test(tcase, several_sources);
        tcase_add_test(tcase, fault_texts);
        tcase_add_test(tcase, out_of_memory);
        tcase_add_test(tcase, probed_beside_others);
        tcase_add_test(tcase, finding_one);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
