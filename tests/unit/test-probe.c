/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What leaves a probe: findings with their parameters, texts made harmless and without the secret. */

#include <errno.h>

#include "harness.h"
#include "rig.h"
#include "text.h"

#define BAD "\xef\xbf\xbd"

START_TEST(a_finding_has_what_its_texts_mention) {
        Rig *rig = rig_new(NULL);
        md_find(&rig->probe, "smtp.test", "535 no", MD_TEXT("suggested", "bob"));
        const MdRecord *finding = sink_finding(&rig->sink, "smtp.test");
        ck_assert_str_eq(md_record_text(finding, "evidence"), "535 no");
        ck_assert_str_eq(md_record_text(finding, "host"), "mail.example.org");
        ck_assert_uint_eq(md_record_number(finding, "port", 0), 2525);
        ck_assert_str_eq(md_record_text(finding, "setting"), "username");
        ck_assert_str_eq(md_record_text(finding, "value"), "alice");
        ck_assert_str_eq(md_record_text(finding, "suggested"), "bob");
        rig_free(rig);
}
END_TEST

/* Setting, and the value that it has in the rig. */
static const struct {
        const char *id, *setting, *value;
} values[] = {
        { "dns.no-such-name", "host", "mail.example.org" },
        { "tcp.refused", "port", "2525" },
        { "port.expects-starttls", "security", "none" },
        { "auth.rejected", "password", NULL },
        { "tls.closed", NULL, NULL },
};

START_TEST(values_of_settings) {
        Rig *rig = rig_new("secret word");
        md_find(&rig->probe, values[_i].id, NULL);
        const MdRecord *finding = sink_finding(&rig->sink, values[_i].id);
        const char *setting = md_record_text(finding, "setting"), *value = md_record_text(finding, "value");
        ck_assert_pstr_eq(setting, values[_i].setting);
        ck_assert_pstr_eq(value, values[_i].value);
        rig_free(rig);
}
END_TEST

START_TEST(parameters_win_over_defaults) {
        Rig *rig = rig_new(NULL);
        md_find(&rig->probe, "settings.control-character", NULL, MD_TEXT("setting", "username"),
                MD_TEXT("host", "other.example.org"));
        const MdRecord *finding = sink_finding(&rig->sink, "settings.control-character");
        ck_assert_str_eq(md_record_text(finding, "setting"), "username");
        ck_assert_str_eq(md_record_text(finding, "value"), "alice");
        ck_assert_str_eq(md_record_text(finding, "host"), "other.example.org");
        rig_free(rig);
}
END_TEST

START_TEST(a_finding_is_kept_once) {
        Rig *rig = rig_new(NULL);
        ck_assert(!md_found(&rig->probe, NULL));
        md_find(&rig->probe, "smtp.test", "first");
        ck_assert(md_found(&rig->probe, "smtp.test"));
        ck_assert(!md_found(&rig->probe, NULL));
        md_find(&rig->probe, "smtp.test", "second");
        md_find(&rig->probe, "protocol.closed", NULL);
        ck_assert(md_found(&rig->probe, NULL));
        ck_assert_uint_eq(sink_count(&rig->sink, "finding"), 2);
        ck_assert_str_eq(md_record_text(sink_finding(&rig->sink, "smtp.test"), "evidence"), "first");
        rig_free(rig);
}
END_TEST

START_TEST(an_unknown_finding_aborts) {
        Rig *rig = rig_new(NULL);
        md_find(&rig->probe, "no.such-finding", NULL);
        rig_free(rig);
}
END_TEST

static const struct {
        const char *in, *out;
} texts[] = {
        { "plain", "plain" },
        { "\x1b[31mred", BAD "[31mred" },
        { "Corr3ct H0rse", "*************" },
        { "before Corr3ct H0rse after", "before ************* after" },
        { "Corr3ct\tH0rse", "*************" },
        { "Q29ycjNjdCBIMHJzZQ==", "****" },            /* base64; how much is blacked out is redact's part */
        { "436F7272336374204830727365", "****" },              /* hexadecimal */
};

START_TEST(texts_that_leave) {
        Rig *rig = rig_new("Corr3ct H0rse");
        const char *list[] = { texts[_i].in, "end", NULL };
        md_fact(&rig->probe, "test", texts[_i].in);
        md_observe(&rig->probe, "capability", MD_TEXT("phase", "after-tls"), MD_LIST("words", list));
        md_find(&rig->probe, "smtp.test", texts[_i].in);
        md_transcript_add(&rig->probe, true, texts[_i].in, strlen(texts[_i].in));
        md_transcript_report(&rig->probe);

        const char *seen[] = {
                md_record_text(&rig->sink.records[0], "value"),
                md_record_list(&rig->sink.records[1], "words")[0],
                md_record_text(&rig->sink.records[2], "evidence"),
                md_record_text(&rig->sink.records[3], "text"),
        };
        for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
                ck_assert_int_eq(strncmp(seen[i], texts[_i].out, strlen(texts[_i].out)), 0);
                ck_assert(md_text_is_clean(seen[i], strlen(seen[i])));
        }
        ck_assert(!sink_holds(&rig->sink, "H0rse"));
        rig_free(rig);
}
END_TEST

START_TEST(records_have_a_size) {
        char *text = malloc(1000001);
        const char *list[2001];
        Rig *rig = rig_new(NULL);
        memset(text, 'x', 1000000);
        text[1000000] = '\0';
        for (size_t i = 0; i < 2000; i++)
                list[i] = text;
        list[2000] = NULL;
        md_find(&rig->probe, "smtp.test", text);
        md_observe(&rig->probe, "capability", MD_TEXT("phase", "after-tls"), MD_LIST("words", list));
        md_fact(&rig->probe, "test", text);
        ck_assert_int_eq(rig->probe.trouble, 0);
        ck_assert_uint_eq(rig->sink.n, 3);
        ck_assert_uint_le(strlen(md_record_text(&rig->sink.records[0], "evidence")), 520);
        rig_free(rig);
        free(text);
}
END_TEST

START_TEST(facts) {
        Rig *rig = rig_new(NULL);
        md_fact_number(&rig->probe, "size", 7);
        md_fact_truth(&rig->probe, "idle", true);
        md_fact(&rig->probe, "absent", NULL);
        ck_assert_uint_eq(rig->sink.n, 2);
        ck_assert_uint_eq(md_record_number(&rig->sink.records[0], "value", 0), 7);
        ck_assert(md_record_truth(&rig->sink.records[1], "value"));
        rig_free(rig);
}
END_TEST

START_TEST(a_daemon_that_is_gone) {
        const char *line;
        Rig *rig = rig_new(NULL);
        rig->sink.closes_after = 1;
        md_fact_number(&rig->probe, "one", 1);
        ck_assert_int_eq(rig->probe.trouble, 0);
        md_fact_number(&rig->probe, "two", 2);
        md_fact_number(&rig->probe, "three", 3);
        ck_assert_int_eq(rig->probe.trouble, -EPIPE);
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), -ECANCELED);
        ck_assert_uint_eq(rig->sink.n, 1);
        rig_free(rig);
}
END_TEST

/* ---- login ---- */

static void expect_obstacle(Rig *rig, const char *reason) {
        ck_assert(!md_probe_may_login(&rig->probe));
        const MdRecord *fact = sink_find(&rig->sink, "fact", "name", "login-skipped");
        ck_assert_str_eq(md_record_text(fact, "value"), reason);
        ck_assert_int_eq(md_probe_login_begin(&rig->probe), -EACCES);
        ck_assert_uint_eq(sink_count(&rig->sink, "fact"), 1);
        rig_free(rig);
}

START_TEST(no_login_without) {
        Rig *rig = rig_new(NULL);
        expect_obstacle(rig, "no password was given");

        rig = rig_new("password");
        rig->target.username = NULL;
        expect_obstacle(rig, "no user name was given");

        rig = rig_new("password");
        rig->target.depth = MD_DEPTH_TLS;
        expect_obstacle(rig, "only the connection was to be checked");

        rig = rig_new("password");
        rig->target.security = MD_SECURITY_TLS;
        expect_obstacle(rig, "the connection is not encrypted");

        rig = rig_new("password");
        rig->target.allow_cleartext = false;
        expect_obstacle(rig, "the connection is not encrypted, and a login without encryption was not "
                        "allowed");
}
END_TEST

START_TEST(one_login) {
        Rig *rig = rig_new("password");
        ck_assert(md_probe_has_secret(&rig->probe));
        ck_assert(md_probe_may_login(&rig->probe));
        ck_assert_int_eq(md_probe_login_begin(&rig->probe), 0);
        ck_assert_int_eq(md_probe_login_begin(&rig->probe), -EACCES);
        md_probe_logged_in(&rig->probe);
        ck_assert(md_probe_is_logged_in(&rig->probe));
        md_probe_login_refused(&rig->probe);
        ck_assert(md_probe_is_logged_in(&rig->probe));
        rig_free(rig);
}
END_TEST

START_TEST(a_certificate_is_as_good_as_a_password) {
        Rig *rig = rig_new(NULL);
        rig->probe.fds[MD_TARGET_FD_CERTIFICATE] = 0;
        ck_assert(md_probe_may_login(&rig->probe));
        ck_assert_int_eq(md_send_secret(&rig->probe, "PASS ", MD_SECRET_RAW), -EACCES);
        rig_free(rig);
}
END_TEST

START_TEST(what_is_asked) {
        Rig *rig = rig_new(NULL);
        ck_assert_str_eq(md_probe_host(&rig->probe), "mail.example.org");
        ck_assert_uint_eq(md_probe_port(&rig->probe), 2525);
        ck_assert_int_eq(md_probe_security(&rig->probe), MD_SECURITY_NONE);
        ck_assert_int_eq(md_probe_depth(&rig->probe), MD_DEPTH_FULL);
        ck_assert_str_eq(md_probe_username(&rig->probe), "alice");
        ck_assert_ptr_null(md_probe_address(&rig->probe));
        ck_assert(!md_is_encrypted(&rig->probe));
        ck_assert(!md_probe_is_verified(&rig->probe));
        rig_free(rig);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("probe");
        TCase *tcase = tcase_create("probe");
        tcase_add_test(tcase, a_finding_has_what_its_texts_mention);
        tcase_add_loop_test(tcase, values_of_settings, 0, sizeof(values) / sizeof(values[0]));
        tcase_add_test(tcase, parameters_win_over_defaults);
        tcase_add_test(tcase, a_finding_is_kept_once);
        tcase_add_test_raise_signal(tcase, an_unknown_finding_aborts, SIGABRT);
        tcase_add_loop_test(tcase, texts_that_leave, 0, sizeof(texts) / sizeof(texts[0]));
        tcase_add_test(tcase, records_have_a_size);
        tcase_add_test(tcase, facts);
        tcase_add_test(tcase, a_daemon_that_is_gone);
        tcase_add_test(tcase, no_login_without);
        tcase_add_test(tcase, one_login);
        tcase_add_test(tcase, a_certificate_is_as_good_as_a_password);
        tcase_add_test(tcase, what_is_asked);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
