/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The log takes what a probe may say and refuses everything else. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "probe-log.h"

static ProbeLog *new_log(void) {
        MdTarget target = { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 993,
                            .security = MD_SECURITY_TLS, .timeout_ms = 1000, .time_scale = 1 };
        ProbeLog *log = probe_log_new(0, PROBE_CONFIGURED, &target, MD_PURPOSE_RECEIVE);
        ck_assert_ptr_nonnull(log);
        return log;
}

static int add(ProbeLog *log, const char *kind, const MdField *fields) {
        MdRecord record;
        md_record_init(&record, kind);
        ck_assert_int_eq(md_record_add_all(&record, fields), 0);
        int r = probe_log_add(log, &record);
        md_record_done(&record);
        return r;
}

#define ADD(log, kind, ...) add(log, kind, (const MdField[]) { __VA_ARGS__, { 0 } })

START_TEST(knows_its_kinds) {
        ProbeLog *log = new_log();
        ck_assert_int_eq(ADD(log, "step", MD_TEXT("name", "greeting"), MD_TEXT("stage", "greeting"),
                             MD_TEXT("outcome", "started"), MD_NUMBER("at-us", 1)), 1);
        ck_assert_str_eq(probe_log_step(log), "greeting");
        ck_assert_int_eq(ADD(log, "fact", MD_TEXT("name", "idle"), MD_TRUTH("value", true)), 0);
        ck_assert_int_eq(ADD(log, "finding", MD_TEXT("code", "a.b"), MD_NUMBER("at-us", 2), MD_TEXT("any", "x")), 0);
        ck_assert_int_eq(ADD(log, "end", MD_NUMBER("elapsed-us", 9), MD_NUMBER("bytes-in", 1),
                             MD_NUMBER("bytes-out", 1), MD_TEXT("login", "not-tried")), 0);
        ck_assert_int_eq(log->end, PROBE_ENDED);
        probe_log_free(log);
}
END_TEST

START_TEST(refuses_the_rest) {
        ProbeLog *log = new_log();
        /* unknown kind, unknown field, missing field, wrong type, unknown word */
        ck_assert_int_eq(ADD(log, "order", MD_TEXT("text", "x")), -EBADMSG);
        ck_assert_int_eq(ADD(log, "greeting", MD_TEXT("text", "x"), MD_TEXT("more", "x")), -EBADMSG);
        ck_assert_int_eq(ADD(log, "greeting", MD_TEXT("words", "x")), -EBADMSG);
        ck_assert_int_eq(ADD(log, "greeting", MD_NUMBER("text", 1)), -EBADMSG);
        ck_assert_int_eq(ADD(log, "capability", MD_TEXT("phase", "never"),
                             MD_LIST("words", ((const char *const[]) { "A", NULL }))), -EBADMSG);
        ck_assert_int_eq(ADD(log, "step", MD_TEXT("name", "x"), MD_TEXT("stage", "nowhere"), MD_TEXT("outcome", "ok"),
                             MD_NUMBER("at-us", 1)), -EBADMSG);
        ck_assert_uint_eq(log->n_records, 0);
        probe_log_free(log);
}
END_TEST

/* What will be connected to has to be fit for it. */
START_TEST(looks_at_candidates) {
        static const struct {
                const char *host, *security, *trust;
                uint64_t port;
                int result;
        } candidates[] = {
                { "imap.example.org", "tls", "https", 993, 0 },
                { "xn--bcher-kva.example", "starttls", "insecure", 65535, 0 },
                { "imap.example.org", "tls", "https", 0, -EBADMSG },
                { "imap.example.org", "tls", "https", 65536, -EBADMSG },
                { "imap.example.org", "ssl", "https", 993, -EBADMSG },
                { "imap.example.org", "tls", "perfect", 993, -EBADMSG },
                { "imap example.org", "tls", "https", 993, -EBADMSG },
                { "IMAP.example.org", "tls", "https", 993, -EBADMSG },
                { "", "tls", "https", 993, -EBADMSG },
        };
        ProbeLog *log = new_log();
        for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++)
                ck_assert_int_eq(ADD(log, "candidate", MD_TEXT("protocol", "imap"), MD_TEXT("host", candidates[i].host),
                                     MD_NUMBER("port", candidates[i].port), MD_TEXT("security", candidates[i].security),
                                     MD_TEXT("username-form", "address"), MD_TEXT("origin", "x"),
                                     MD_TEXT("trust", candidates[i].trust), MD_NUMBER("priority", 0),
                                     MD_TRUTH("foreign", false)), candidates[i].result);
        ck_assert_int_eq(ADD(log, "precondition", MD_TEXT("kind", "app-password")), 0);
        ck_assert_int_eq(ADD(log, "precondition", MD_TEXT("kind", "magic")), -EBADMSG);
        ck_assert_int_eq(ADD(log, "provider", MD_TEXT("id", "x"), MD_TEXT("name", "X"), MD_TEXT("by", "mx")), 0);
        ck_assert_int_eq(ADD(log, "resembles", MD_TEXT("setting", "host"), MD_TEXT("value", "a"), MD_TEXT("known", "b"),
                             MD_NUMBER("distance", 1)), 0);
        probe_log_free(log);
}
END_TEST

START_TEST(cleans_texts) {
        ProbeLog *log = new_log();
        ck_assert_int_eq(ADD(log, "greeting", MD_TEXT("text", "evil\x1b[2J")), 0);
        ck_assert_str_eq(md_record_text(probe_log_next(log, NULL, "greeting"), "text"), "evil\xef\xbf\xbd[2J");
        probe_log_free(log);
}
END_TEST

START_TEST(caps_number_and_size) {
        ProbeLog *log = new_log();
        size_t n = 0;
        while (ADD(log, "greeting", MD_TEXT("text", "x")) == 0)
                n++;
        ck_assert_uint_eq(n, PROBE_LOG_RECORDS_MAX);
        probe_log_free(log);

        static char large[8001];
        memset(large, 'x', sizeof(large) - 1);
        log = new_log();
        for (n = 0; ADD(log, "greeting", MD_TEXT("text", large)) == 0;)
                n++;
        ck_assert_uint_le(n * 8000, PROBE_LOG_BYTES_MAX);
        probe_log_free(log);
}
END_TEST

START_TEST(the_first_end_counts) {
        ProbeLog *log = new_log();
        probe_log_end(log, PROBE_CRASHED, 11, NULL);
        probe_log_end(log, PROBE_SILENT, 0, "late");
        ck_assert_int_eq(log->end, PROBE_CRASHED);
        ck_assert_int_eq(log->detail, 11);
        probe_log_free(log);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("probe-log");
        TCase *tcase = tcase_create("probe-log");
        tcase_add_test(tcase, knows_its_kinds);
        tcase_add_test(tcase, refuses_the_rest);
        tcase_add_test(tcase, looks_at_candidates);
        tcase_add_test(tcase, cleans_texts);
        tcase_add_test(tcase, caps_number_and_size);
        tcase_add_test(tcase, the_first_end_counts);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
