/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a probe says that read a source: accounts of what can be in one, faults of the rest. */

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "source-log.h"

static const Source source = { "client", "A mail client", NULL };
static char seen[8192];
static ProbeLog *said;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...) {
        size_t used = strlen(seen);
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(seen + used, sizeof(seen) - used, format, arguments);
        va_end(arguments);
}

static void put_value(const char *name, const AccountValue *value) {
        if (value->text && value->assumed)
                put(" %s=%s:assumed", name, value->text);
        else if (value->text)
                put(" %s=%s:%u.%u:%s", name, value->text, value->path, value->line, account_value_key(value));
}

static int on_account(void *userdata, Account *account) {
        ck_assert_str_eq(account->program, "client");
        ck_assert_ptr_null(account_id_fault(account->id));
        put("%s", account->paths[0]);
        put_value("name", &account->name);
        put_value("from", &account->address);
        for (size_t i = 0; i < account->n_services; i++) {
                put("; %s", account->services[i].protocol);
                for (size_t k = 0; k < _SERVICE_FIELD_MAX; k++)
                        put_value(service_field_name(k), &account->services[i].values[k]);
        }
        put(". ");
        account_free(account);
        return 0;
}

static int on_fault(void *userdata, const char *path, unsigned line, const char *text) {
        put("!%s:%u %s. ", path, line, text);
        return 0;
}

static void setup(void) {
        MdTarget target = { .plugin = (char *) "client", .home = (char *) "/home/anna", .timeout_ms = 1000, .time_scale = 1 };

        said = probe_log_new(0, PROBE_CONFIGURED, &target, MD_PURPOSE_OTHER);
        ck_assert_ptr_nonnull(said);
        ck_assert_str_eq(said->target.home, "/home/anna");
        *seen = '\0';
}

static void teardown(void) {
        probe_log_free(said);
}

static void add(const char *kind, const MdField *fields) {
        MdRecord record;

        md_record_init(&record, kind);
        ck_assert_int_eq(md_record_add_all(&record, fields), 0);
        ck_assert_int_ge(probe_log_add(said, &record), 0);
        md_record_done(&record);
}

#define ADD(kind, ...) add(kind, (const MdField[]) { __VA_ARGS__, { 0 } })

static void add_account(void) {
        ADD("account", MD_TEXT("key", "account1"), MD_TEXT("file", "/a"), MD_TEXT("file-2", "/b"));
}

static void add_service(const char *protocol) {
        ADD("service", MD_TEXT("protocol", protocol));
}

static void add_value(const char *field, const char *text, uint64_t file, uint64_t line) {
        ADD("value", MD_TEXT("field", field), MD_TEXT("text", text), MD_TEXT("key", "k"), MD_NUMBER("file", file),
            MD_NUMBER("line", line), MD_TRUTH("assumed", line == 0));
}

static void add_end(void) {
        ADD("end", MD_NUMBER("elapsed-us", 1), MD_NUMBER("bytes-in", 0), MD_NUMBER("bytes-out", 0), MD_TEXT("login", "not-tried"));
}

static void assert_seen(const char *wanted) {
        const SourceSink sink = { on_account, on_fault, NULL };
        ck_assert_int_eq(source_log_read(said, &source, &sink), 0);
        ck_assert_str_eq(seen, wanted);
}

START_TEST(accounts) {
        add_account();
        add_value("name", "Work", 0, 3);
        add_value("address", "anna@example.org", 1, 4);
        add_service("imap");
        add_value("host", "imap.example.org", 0, 5);
        add_value("port", "993", 0, 0);
        add_value("security", "tls", 1, 6);
        add_value("username", "anna", 0, 7);
        add_value("auth", "PLAIN LOGIN", 0, 0);
        add_service("smtp");
        add_value("host", "smtp.example.org", 0, 8);
        add_value("address", "b@example.org", 0, 9);
        add_account();
        add_service("pop3");
        add_value("host", "pop.example.org", 0, 10);
        ADD("fault", MD_TEXT("path", "/b"), MD_NUMBER("line", 11), MD_TEXT("text", "is odd"));
        ADD("watch", MD_TEXT("path", "/b"));
        add_end();
        assert_seen("/a name=Work:0.3:k from=anna@example.org:1.4:k; imap host=imap.example.org:0.5:k port=993:assumed "
                    "security=tls:1.6:k username=anna:0.7:k auth=PLAIN LOGIN:assumed; smtp host=smtp.example.org:0.8:k "
                    "address=b@example.org:0.9:k. !/b:11 is odd. /a; pop3 host=pop.example.org:0.10:k. ");
}
END_TEST

/* A value that cannot be takes its service along, and nothing else. */
static const struct {
        const char *field, *text, *fault;
} wrong[] = {
        { "host", "no host at all", "k 'no host at all' " },
        { "host", "-", "k '-' " },
        { "port", "0", "k '0' is not a port" },
        { "port", "65536", "k '65536' is not a port" },
        { "port", "99x", "k '99x' is not a port" },
        { "security", "ssl", "k 'ssl' is no security" },
        { "auth", "PLAIN  LOGIN", "is no list of mechanisms" },
        { "auth", "plain$", "k 'plain$' " },
        { "auth", "A B C D E F G H I J K L M N O P Q", "is no list of mechanisms" },
        { "secret", "hunter2", "k 'hunter2' is not known" },
        { "tls-name", "a b", "k 'a b' " },
};

START_TEST(values_that_cannot_be) {
        add_account();
        add_service("imap");
        add_value("host", "imap.example.org", 0, 1);
        add_service("smtp");
        add_value("host", "smtp.example.org", 0, 2);
        add_value(wrong[_i].field, wrong[_i].text, 1, 3);
        add_end();
        const SourceSink sink = { on_account, on_fault, NULL };
        ck_assert_int_eq(source_log_read(said, &source, &sink), 0);
        ck_assert_msg(!strncmp(seen, "!/b:3 ", 6) && strstr(seen, wrong[_i].fault), "%s", seen);
        ck_assert_msg(strstr(seen, "/a; imap host=imap.example.org:0.1:k. ") && !strstr(seen, "smtp"), "%s", seen);
}
END_TEST

/* What belongs to nothing, or to no account, is passed over. */
START_TEST(rubbish) {
        add_value("host", "h.example.org", 0, 1);
        add_service("imap");
        add_account();
        add_value("host", "h.example.org", 0, 1);
        add_value("colour", "red", 0, 1);
        add_service("Not a word");
        add_value("host", "h.example.org", 0, 1);
        add_service("imap");
        add_value("name", "Work", 0, 1);
        add_service("pop3");
        add_value("host", "pop.example.org", 9, 2);
        add_account();
        add_end();
        assert_seen("/a; pop3 host=pop.example.org:0.2:k. ");
}
END_TEST

START_TEST(many_services) {
        add_account();
        for (unsigned i = 0; i < 2 * ACCOUNT_SERVICES_MAX; i++) {
                add_service("imap");
                add_value("host", "h.example.org", 0, 1);
        }
        add_end();
        const SourceSink sink = { on_account, on_fault, NULL };
        ck_assert_int_eq(source_log_read(said, &source, &sink), 0);
        size_t n = 0;
        for (const char *at = seen; (at = strstr(at, "; imap")); at++)
                n++;
        ck_assert_uint_eq(n, ACCOUNT_SERVICES_MAX);
}
END_TEST

/* Half of it is nothing. */
START_TEST(ends) {
        static const struct {
                ProbeEnd end;
                const char *text, *told;
        } cases[] = {
                { PROBE_CRASHED, NULL, "the plugin crashed" },
                { PROBE_OVERDUE, NULL, "the plugin took too long" },
                { PROBE_REFUSED, "there is no room", "the plugin was not started: there is no room" },
                { PROBE_RUBBISH, NULL, "the plugin broke the rules" },
        };
        char wanted[256];

        add_account();
        add_service("imap");
        add_value("host", "imap.example.org", 0, 1);
        probe_log_end(said, cases[_i].end, 0, cases[_i].text);
        ck_assert(!source_log_is_whole(said));
        snprintf(wanted, sizeof(wanted), "!/home/anna:0 cannot be searched for accounts of client: %s. ", cases[_i].told);
        assert_seen(wanted);
}
END_TEST

START_TEST(a_step_that_failed) {
        ADD("step", MD_TEXT("name", "read"), MD_TEXT("stage", "config"), MD_TEXT("outcome", "failed"), MD_NUMBER("at-us", 1));
        add_end();
        ck_assert(!source_log_is_whole(said));
        assert_seen("!/home/anna:0 cannot be searched for accounts of client: the plugin failed. ");
}
END_TEST

int main(void) {
        Suite *suite = suite_create("source-log");
        TCase *tcase = tcase_create("source-log");

        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, accounts);
        tcase_add_loop_test(tcase, values_that_cannot_be, 0, sizeof(wrong) / sizeof(wrong[0]));
        tcase_add_test(tcase, rubbish);
        tcase_add_test(tcase, many_services);
        tcase_add_loop_test(tcase, ends, 0, 4);
        tcase_add_test(tcase, a_step_that_failed);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
