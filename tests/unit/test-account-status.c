/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How an account is: what checks make of it, one after the other, and what is kept of it as text. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account-status.h"
#include "harness.h"
#include "own.h"
#include "seen.h"

#define CHECKS_MAX 8

typedef struct Step {
        const char *code;               /* what the check finds; NULL: nothing */
        const char *login;              /* "ok", "refused", "not-tried" */
        bool asked, offline, settings_changed;
        int news;                       /* StatusNews that is expected */
        Verdict verdict;                /* afterwards */
        const char *findings;           /* codes, separated by spaces */
        bool failed;                    /* it could not be made */
        DenialReason denial;
        const char *secret_missing;
} Step;

#define TCP "tcp.timeout"
#define CERT "cert.expired"
#define REJECTED "auth.rejected"

static const struct {
        const char *name;
        Step steps[CHECKS_MAX];
} stories[] = {
        { "it works, and goes on working", {
                { NULL, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" },
                { NULL, "ok", .news = STATUS_CHECKED, .verdict = VERDICT_OK, .findings = "" } } },
        { "it breaks: nobody hears of it before it is confirmed", {
                { NULL, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" },
                { CERT, "not-tried", .news = STATUS_SUSPECT, .verdict = VERDICT_OK, .findings = "" },
                { CERT, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_ERROR, .findings = CERT },
                { CERT, "not-tried", .news = STATUS_CHECKED, .verdict = VERDICT_ERROR, .findings = CERT },
                { NULL, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" } } },
        { "a moment of trouble is none", {
                { NULL, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" },
                { TCP, "not-tried", .news = STATUS_SUSPECT, .verdict = VERDICT_OK, .findings = "" },
                { NULL, "not-tried", .news = STATUS_CHECKED, .verdict = VERDICT_OK, .findings = "" },
                { TCP, "not-tried", .news = STATUS_SUSPECT, .verdict = VERDICT_OK, .findings = "" } } },
        { "broken from the start is confirmed, too", {
                { CERT, "not-tried", .news = STATUS_SUSPECT, .verdict = VERDICT_UNKNOWN, .findings = "" },
                { CERT, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_ERROR, .findings = CERT } } },
        { "whoever asks hears it anyway", {
                { CERT, "not-tried", .asked = true, .news = STATUS_CHANGED, .verdict = VERDICT_ERROR, .findings = CERT } } },
        { "asked between the two", {
                { CERT, "not-tried", .news = STATUS_SUSPECT, .verdict = VERDICT_UNKNOWN, .findings = "" },
                { CERT, "not-tried", .asked = true, .news = STATUS_CHANGED, .verdict = VERDICT_ERROR, .findings = CERT } } },
        { "what a login found stays until one finds something else", {
                { REJECTED, "refused", .asked = true, .news = STATUS_CHANGED, .verdict = VERDICT_ERROR, .findings = REJECTED },
                { NULL, "not-tried", .news = STATUS_CHECKED, .verdict = VERDICT_ERROR, .findings = REJECTED },
                { CERT, "not-tried", .news = STATUS_CHECKED, .verdict = VERDICT_ERROR, .findings = CERT " " REJECTED },
                { NULL, "not-tried", .news = STATUS_CHECKED, .verdict = VERDICT_ERROR, .findings = REJECTED },
                { NULL, "ok", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" } } },
        { "a refused login, then another fault of the login", {
                { REJECTED, "refused", .asked = true, .news = STATUS_CHANGED, .verdict = VERDICT_ERROR, .findings = REJECTED },
                { "auth.app-password-needed", "refused", .news = STATUS_CHECKED, .verdict = VERDICT_ERROR,
                  .findings = "auth.app-password-needed" } } },
        { "other settings: the old login says nothing any more", {
                { REJECTED, "refused", .asked = true, .news = STATUS_CHANGED, .verdict = VERDICT_ERROR, .findings = REJECTED },
                { NULL, "not-tried", .settings_changed = true, .news = STATUS_CHANGED, .verdict = VERDICT_OK,
                  .findings = "" } } },
        { "without a network nothing breaks", {
                { NULL, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" },
                { TCP, "not-tried", .offline = true, .news = STATUS_NOTHING, .verdict = VERDICT_OK, .findings = "" },
                { "dns.timeout", "not-tried", .offline = true, .news = STATUS_NOTHING, .verdict = VERDICT_OK, .findings = "" },
                { "net.no-route", "not-tried", .news = STATUS_NOTHING, .verdict = VERDICT_OK, .findings = "" } } },
        { "and nothing is confirmed without one", {
                { TCP, "not-tried", .news = STATUS_SUSPECT, .verdict = VERDICT_UNKNOWN, .findings = "" },
                { TCP, "not-tried", .offline = true, .news = STATUS_NOTHING, .verdict = VERDICT_UNKNOWN, .findings = "" },
                { TCP, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_ERROR } } },
        { "a server that answers is there, network or not", {
                { CERT, "not-tried", .asked = true, .offline = true, .news = STATUS_CHANGED, .verdict = VERDICT_ERROR,
                  .findings = CERT } } },
        { "a check that could not be made says nothing", {
                { NULL, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" },
                { NULL, "not-tried", .failed = true, .news = STATUS_NOTHING, .verdict = VERDICT_OK, .findings = "" } } },
        { "a login that was left out leaves what is known", {
                { REJECTED, "refused", .asked = true, .news = STATUS_CHANGED, .verdict = VERDICT_ERROR, .findings = REJECTED },
                { NULL, "not-tried", .denial = DENIAL_REFUSED, .news = STATUS_CHECKED, .verdict = VERDICT_ERROR,
                  .findings = REJECTED } } },
        { "and is no news by itself", {
                { NULL, "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" },
                { NULL, "not-tried", .denial = DENIAL_DAY, .news = STATUS_CHECKED, .verdict = VERDICT_OK, .findings = "" } } },
        { "without its secret it is not known how it is", {
                { NULL, "not-tried", .secret_missing = "x", .news = STATUS_CHANGED, .verdict = VERDICT_UNKNOWN,
                  .findings = "policy.secret-missing" },
                { NULL, "not-tried", .news = STATUS_CHECKED, .verdict = VERDICT_UNKNOWN,
                  .findings = "policy.secret-missing" },
                { NULL, "ok", .news = STATUS_CHANGED, .verdict = VERDICT_OK, .findings = "" } } },
        { "a warning needs no second look", {
                { "cert.expires-soon", "not-tried", .news = STATUS_CHANGED, .verdict = VERDICT_WARNING,
                  .findings = "cert.expires-soon" } } },
};

static Report *report_of(const Step *step, Registry *registry) {
        const Seen seen = { PROBE_CONFIGURED, "imap", "mail.example.org", 993, MD_SECURITY_TLS, "u", step->code, step->login,
                            .trusted = true, .address = "192.0.2.1", .denial = step->denial,
                            .secret_missing = step->secret_missing,
                            .end = step->failed ? PROBE_WORKER_LOST : PROBE_RUNNING };
        Report *report = report_new("u@example.org", 1);

        ck_assert_ptr_nonnull(report);
        seen_add(report, 0, &seen);
        report->state = step->failed ? JOB_FAILED : JOB_DONE;
        ck_assert_int_eq(report_judge(report, registry), 0);
        return report;
}

static const char *codes_of(const json_t *findings) {
        static char text[512];
        *text = '\0';
        for (size_t i = 0; i < json_array_size(findings); i++) {
                size_t used = strlen(text);
                snprintf(text + used, sizeof(text) - used, "%s%s", i > 0 ? " " : "",
                         json_string_value(json_object_get(json_array_get(findings, i), "code")));
        }
        return text;
}

static uint64_t now;

static int take(AccountStatus *status, const Step *step, Registry *registry) {
        Report *report = report_of(step, registry);
        const StatusCheck check = { .report = report, .asked = step->asked, .online = !step->offline, .now_usec = ++now };

        if (step->settings_changed)
                account_status_settings_changed(status);
        int news = account_status_take(status, &check);
        report_free(report);
        return news;
}

START_TEST(story) {
        Registry *registry = seen_registry();
        AccountStatus status;

        now = 1000;
        account_status_init(&status);
        for (const Step *step = stories[_i].steps; step->login; step++) {
                Verdict old = status.verdict;
                uint64_t since = status.since_usec, checked = status.checked_usec;
                int news = take(&status, step, registry), number = (int) (step - stories[_i].steps);
                ck_assert_msg(news == step->news, "%s: %d: news %d", stories[_i].name, number, news);
                ck_assert_msg(status.verdict == step->verdict, "%s: %d: %s", stories[_i].name, number,
                              verdict_to_string(status.verdict));
                if (step->findings)
                        ck_assert_msg(!strcmp(codes_of(status.findings), step->findings), "%s: %d: %s", stories[_i].name,
                                      number, codes_of(status.findings));
                /* What is not told did not happen. */
                if (news == STATUS_NOTHING)
                        ck_assert_uint_eq(status.checked_usec, checked);
                else
                        ck_assert_uint_eq(status.checked_usec, now);
                ck_assert_uint_eq(status.since_usec, news == STATUS_CHANGED ? now : since);
                if (news != STATUS_CHANGED)
                        ck_assert_int_eq(status.verdict, old);
        }
        account_status_done(&status);
        registry_free(registry);
}
END_TEST

START_TEST(sentences) {
        static const Step rejected = { REJECTED, "refused", .asked = true }, fine = { NULL, "not-tried" },
                          login = { NULL, "ok" };
        Registry *registry = seen_registry();
        AccountStatus status;

        account_status_init(&status);
        take(&status, &fine, registry);
        ck_assert_str_eq(status.summary, json_string_value(json_object_get(status.receive, "text")));
        take(&status, &rejected, registry);
        ck_assert(status.refused);
        ck_assert_uint_eq(status.login_usec, now);
        ck_assert_str_eq(json_string_value(json_object_get(status.receive, "verdict")), "broken");
        char *summary = strdup(status.summary);
        ck_assert_ptr_nonnull(strstr(summary, "does not work"));
        /* A connection that comes about does not take that back. */
        take(&status, &fine, registry);
        ck_assert_str_eq(status.summary, summary);
        ck_assert_str_eq(json_string_value(json_object_get(status.receive, "verdict")), "broken");
        take(&status, &login, registry);
        ck_assert(!status.refused);
        ck_assert_str_ne(status.summary, summary);
        ck_assert_str_eq(json_string_value(json_object_get(status.receive, "verdict")), "ok");
        free(summary);
        account_status_done(&status);
        registry_free(registry);
}
END_TEST

START_TEST(failures_are_counted) {
        static const Step broken = { CERT, "not-tried" }, fine = { NULL, "not-tried" };
        Registry *registry = seen_registry();
        AccountStatus status;

        account_status_init(&status);
        for (unsigned n = 0; n < 4; n++) {
                take(&status, &broken, registry);
                ck_assert_uint_eq(status.n_failed, n);
        }
        take(&status, &fine, registry);
        ck_assert_uint_eq(status.n_failed, 0);
        account_status_done(&status);
        registry_free(registry);
}
END_TEST

START_TEST(history) {
        static const Step broken = { CERT, "not-tried", .asked = true }, fine = { NULL, "not-tried" };
        Registry *registry = seen_registry();
        AccountStatus status;

        now = 0;
        account_status_init(&status);
        for (unsigned n = 0; n < 20; n++) {
                take(&status, &fine, registry);
                take(&status, &broken, registry);
                take(&status, &broken, registry);
        }
        ck_assert_uint_eq(status.n_history, STATUS_HISTORY_MAX);
        for (size_t i = 0; i < STATUS_HISTORY_MAX; i++) {
                const StatusEvent *event = &status.history[i];
                ck_assert_int_eq(event->verdict, i % 2 ? VERDICT_ERROR : VERDICT_OK);
                ck_assert_str_eq(event->code, i % 2 ? CERT : "");
                ck_assert_uint_eq(event->usec, 37 + i / 2 * 3 + i % 2);
        }
        account_status_done(&status);
        registry_free(registry);
}
END_TEST

/* ---- as text ---- */

static char *rich_text(void) {
        static const Step broken = { REJECTED, "refused", .asked = true }, fine = { NULL, "not-tried" };
        Registry *registry = seen_registry();
        AccountStatus status;

        now = 1000;
        account_status_init(&status);
        take(&status, &fine, registry);
        take(&status, &broken, registry);
        status.muted_usec = 77;
        status.suspect = status.suspect_login = true;
        char *text = account_status_to_text(&status);
        account_status_done(&status);
        registry_free(registry);
        ck_assert_ptr_nonnull(text);
        return text;
}

START_TEST(round_trip) {
        _cleanup_free_ char *text = rich_text();
        AccountStatus status, empty;

        ck_assert_int_eq(account_status_from_text(text, &status), 0);
        ck_assert_int_eq(status.verdict, VERDICT_ERROR);
        ck_assert_str_eq(codes_of(status.findings), REJECTED);
        ck_assert_uint_eq(status.muted_usec, 77);
        ck_assert_uint_eq(status.login_usec, 1002);
        ck_assert(status.refused && status.suspect && status.suspect_login);
        ck_assert_uint_eq(status.n_history, 2);
        ck_assert_str_eq(status.history[1].code, REJECTED);
        _cleanup_free_ char *again = account_status_to_text(&status);
        ck_assert_str_eq(again, text);
        account_status_done(&status);

        account_status_init(&empty);
        _cleanup_free_ char *nothing = account_status_to_text(&empty);
        ck_assert_int_eq(account_status_from_text(nothing, &status), 0);
        ck_assert_int_eq(status.verdict, VERDICT_UNKNOWN);
        ck_assert_ptr_null(status.findings);
        ck_assert_uint_eq(status.n_history, 0);
        account_status_done(&status);
}
END_TEST

/* Cut anywhere, and with any byte changed. */
START_TEST(damage) {
        _cleanup_free_ char *text = rich_text();
        size_t length = strlen(text);
        AccountStatus status;

        for (size_t i = 0; i < length; i++) {
                _cleanup_free_ char *cut = strndup(text, i);
                /* The last newline is no loss. */
                if (i != length - 1)
                        ck_assert_msg(account_status_from_text(cut, &status) < 0, "cut at %zu", i);
                if (text[i] == '\n' && i > 100)
                        continue;
                char was = text[i];
                text[i] = was == 'x' ? 'y' : 'x';
                ck_assert_msg(account_status_from_text(text, &status) < 0, "changed at %zu", i);
                text[i] = was;
        }
        ck_assert_int_eq(account_status_from_text("maildiag-account 2\nwhatever\n", &status), -EPROTONOSUPPORT);
        ck_assert_int_eq(account_status_from_text("", &status), -EBADMSG);
        ck_assert_int_eq(account_status_from_text("{}", &status), -EBADMSG);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("account-status");
        TCase *tcase = tcase_create("account-status");
        tcase_add_loop_test(tcase, story, 0, ELEMENTS(stories));
        tcase_add_test(tcase, sentences);
        tcase_add_test(tcase, failures_are_counted);
        tcase_add_test(tcase, history);
        tcase_add_test(tcase, round_trip);
        tcase_add_test(tcase, damage);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
