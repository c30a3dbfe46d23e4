/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judge, by tables: what the probes of an account saw, and the order of findings and the verdicts that must come of
 * it.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "harness.h"
#include "judge.h"
#include "produced.h"
#include "seen.h"

#define PROBES_MAX 4
#define FINDINGS_MAX 8

/* A probe: protocol, host, service, whether the security was open, findings, login, end. */
typedef struct Row {
        const char *protocol, *host;
        size_t service;
        bool asked_auto;
        const char *codes;
        const char *login;
        ProbeEnd end;
} Row;

typedef struct Case {
        const char *name;
        Row seen[PROBES_MAX];
        const char *findings[FINDINGS_MAX];    /* "code" for a root, "code<cause" for a consequence */
        Verdict verdict;
        Ability receive, send;
} Case;

static const Case cases[] = {
        { "all fine",
          { { "imap", "a", 0, false, NULL, "ok", 0 }, { "smtp", "a", 1, false, NULL, "ok", 0 } },
          { 0 }, VERDICT_OK, ABILITY_OK, ABILITY_OK },
        { "no login made",
          { { "imap", "a", 0, false, NULL, "not-tried", 0 } },
          { 0 }, VERDICT_OK, ABILITY_UNKNOWN, ABILITY_NONE },
        { "a login that was not accepted, for a passing reason, decides nothing",
          { { "imap", "a", 0, false, "mailbox.in-use", "refused", 0 } },
          { "mailbox.in-use" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN, ABILITY_NONE },
        { "receives, cannot send",
          { { "imap", "a", 0, false, NULL, "ok", 0 }, { "smtp", "a", 1, false, "auth.rejected", "refused", 0 } },
          { "auth.one-side-only", "auth.rejected<auth.one-side-only" }, VERDICT_ERROR, ABILITY_OK, ABILITY_BROKEN },
        { "errors before warnings, early stages before late ones",
          { { "imap", "a", 0, false, "cert.expires-soon auth.rejected cert.expired", "refused", 0 } },
          { "cert.expired", "auth.rejected", "cert.expires-soon" }, VERDICT_ERROR, ABILITY_BROKEN, ABILITY_NONE },
        { "a consequence stands under its cause",
          { { "smtp", "a", 0, false, "tls.starttls-missing security.starttls-masked", "not-tried", 0 } },
          { "security.starttls-masked", "tls.starttls-missing<security.starttls-masked" },
          VERDICT_ERROR, ABILITY_NONE, ABILITY_BROKEN },
        { "causes do not reach over to another service",
          { { "imap", "a", 0, false, "auth.rejected", "refused", 0 },
            { "smtp", "a", 1, false, "protocol.closed", "not-tried", 0 } },
          { "protocol.closed", "auth.rejected" }, VERDICT_ERROR, ABILITY_BROKEN, ABILITY_BROKEN },
        { "one certificate of two services is one fault",
          { { "imap", "a", 0, false, "cert.expired", "not-tried", 0 },
            { "smtp", "a", 1, false, "cert.expired", "not-tried", 0 } },
          { "cert.expired", "cert.expired<cert.expired" }, VERDICT_ERROR, ABILITY_BROKEN, ABILITY_BROKEN },
        { "two hosts have each their own",
          { { "imap", "a", 0, false, "cert.expired", "not-tried", 0 },
            { "smtp", "b", 1, false, "cert.expired", "not-tried", 0 } },
          { "cert.expired", "cert.expired" }, VERDICT_ERROR, ABILITY_BROKEN, ABILITY_BROKEN },
        { "auto: what works wins, the failed try is no fault",
          { { "imap", "a", 0, true, "tcp.refused", "not-tried", 0 }, { "imap", "a", 0, true, NULL, "ok", 0 } },
          { "settings.security-found" }, VERDICT_INFO, ABILITY_OK, ABILITY_NONE },
        { "auto: nothing works, only one try speaks",
          { { "imap", "a", 0, true, "tcp.refused", "not-tried", 0 },
            { "imap", "a", 0, true, "tcp.timeout", "not-tried", 0 } },
          { "tcp.refused" }, VERDICT_ERROR, ABILITY_BROKEN, ABILITY_NONE },
        { "one of two ways to receive works",
          { { "imap", "a", 0, false, "tcp.refused", "not-tried", 0 }, { "pop3", "a", 1, false, NULL, "ok", 0 } },
          { "tcp.refused" }, VERDICT_ERROR, ABILITY_OK, ABILITY_NONE },
        { "a crashed probe decides nothing",
          { { "imap", "a", 0, false, NULL, NULL, PROBE_CRASHED } },
          { "internal.worker-lost" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN, ABILITY_NONE },
        { "what it saw before it crashed stays",
          { { "imap", "a", 0, false, "cert.expired", NULL, PROBE_CRASHED } },
          { "cert.expired", "internal.worker-lost" }, VERDICT_ERROR, ABILITY_BROKEN, ABILITY_NONE },
        { "nothing that a probe gone wild said counts",
          { { "imap", "a", 0, false, "cert.expired", NULL, PROBE_RUBBISH } },
          { "internal.bad-record" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN, ABILITY_NONE },
        { "overdue", { { "imap", "a", 0, false, NULL, NULL, PROBE_OVERDUE } },
          { "internal.overdue" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN, ABILITY_NONE },
        { "not started", { { "imap", "a", 0, false, NULL, NULL, PROBE_REFUSED } },
          { "internal.not-started" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN, ABILITY_NONE },
        { "worker lost", { { "imap", "a", 0, false, NULL, NULL, PROBE_WORKER_LOST } },
          { "internal.worker-lost" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN, ABILITY_NONE },
        { "cancelled", { { "imap", "a", 0, false, NULL, NULL, PROBE_CANCELLED } },
          { 0 }, VERDICT_UNKNOWN, ABILITY_UNKNOWN, ABILITY_NONE },
        { "invented findings are dropped",
          { { "imap", "a", 0, false, "no.such-finding", "ok", 0 } },
          { 0 }, VERDICT_OK, ABILITY_OK, ABILITY_NONE },
};

static void add_row(Report *report, const Row *row) {
        seen_add(report, row->service, &(Seen) { .why = row->asked_auto ? PROBE_AUTO : PROBE_CONFIGURED,
                                                 .protocol = row->protocol, .host = row->host, .port = 993,
                                                 .security = MD_SECURITY_TLS, .code = row->codes,
                                                 .login = row->login, .end = row->end });
}

static void assert_finding(const Case *test, const Finding *finding, const char *expected) {
        char code[64];
        const char *cause = expected ? strchr(expected, '<') : NULL;
        ck_assert_msg(expected, "%s: unexpected %s", test->name, finding->info->id);
        snprintf(code, sizeof(code), "%.*s", (int) (cause ? cause - expected : (long) strlen(expected)), expected);
        ck_assert_msg(!strcmp(finding->info->id, code), "%s: %s instead of %s", test->name, finding->info->id, code);
        ck_assert_msg(!cause == !finding->cause && (!cause || !strcmp(finding->cause, cause + 1)),
                      "%s: %s has cause %s", test->name, code, finding->cause ? finding->cause : "none");
}

/* What only the judge can find counts for the coverage of the catalogue; the rest a probe has to produce. */
static void note_produced(const Report *report) {
        for (size_t i = 0; i < report->n_findings; i++)
                for (size_t k = 0; k < judge_catalog_size; k++)
                        if (report->findings[i].info == &judge_catalog[k])
                                produced_note("unit", "judge", judge_catalog[k].id);
}

START_TEST(table) {
        const Case *test = &cases[_i];
        Registry *registry = seen_registry();
        Report *report = report_new("a@b", 1);
        for (size_t i = 0; i < PROBES_MAX && test->seen[i].protocol; i++)
                add_row(report, &test->seen[i]);

        /* twice: judging again must not add up */
        ck_assert_int_eq(report_judge(report, registry), 0);
        ck_assert_int_eq(report_judge(report, registry), 0);
        note_produced(report);
        for (size_t i = 0; i < report->n_findings; i++)
                assert_finding(test, &report->findings[i], test->findings[i]);
        ck_assert_msg(!test->findings[report->n_findings], "%s: %s is missing", test->name,
                      test->findings[report->n_findings]);
        ck_assert_msg(report->verdict == test->verdict, "%s: verdict %s", test->name, verdict_to_string(report->verdict));
        ck_assert_msg(report->receive == test->receive, "%s: receive %s", test->name, ability_to_string(report->receive));
        ck_assert_msg(report->send == test->send, "%s: send %s", test->name, ability_to_string(report->send));

        json_t *document = report_to_json(report);
        ck_assert_uint_eq(json_array_size(json_object_get(document, "findings")), report->n_findings);
        json_decref(document);
        report_free(report);
        registry_free(registry);
}
END_TEST

START_TEST(texts_are_filled) {
        static const struct {
                const char *template, *text;
        } texts[] = {
                { "", "" },
                { "{name}", "value" },
                { "a {name} b {number} c {list} d {truth}", "a value b 7 c x, y d yes" },
                { "{absent}", "?" },
                { "open {brace", "open {brace" },
                { "} {name}", "} value" },
                { "{}", "?" },
        };
        MdRecord params;
        md_record_init(&params, "params");
        md_record_add(&params, &MD_TEXT("name", "value"));
        md_record_add(&params, &MD_NUMBER("number", 7));
        md_record_add(&params, &MD_LIST("list", ((const char *const[]) { "x", "y", NULL })));
        md_record_add(&params, &MD_TRUTH("truth", true));
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                char *text = judge_fill(texts[i].template, &params);
                ck_assert_str_eq(text, texts[i].text);
                free(text);
        }
        md_record_done(&params);
}
END_TEST

START_TEST(a_finding_names_setting_and_values) {
        Registry *registry = seen_registry();
        Report *report = report_new(NULL, 1);
        add_row(report, &(Row) { "imap", "mail.example", 0, false, "port.expects-starttls", "not-tried", 0 });
        ck_assert_int_eq(report_judge(report, registry), 0);
        const Finding *finding = &report->findings[0];
        ck_assert_str_eq(finding->info->setting, "security");
        ck_assert_str_eq(finding->value, "tls");
        ck_assert_str_eq(finding->suggested, "starttls");
        ck_assert_int_eq(finding->proof, PROOF_NONE);
        ck_assert_ptr_nonnull(strstr(finding->message, "993"));
        ck_assert_ptr_nonnull(strstr(finding->message, "mail.example"));
        report_free(report);
        registry_free(registry);
}
END_TEST

/* ---- proposals ---- */

typedef struct Proposal {
        const char *name;
        Seen seen[PROBES_MAX];
        const char *finding;            /* code of the first finding */
        const char *changes;            /* "setting:from>to …", of it */
        Proof proof;
        const char *suggested;          /* NULL: none */
} Proposal;

#define IMAP(why, port, security, code, login) \
        { why, "imap", "mail.example", port, MD_SECURITY_##security, "anna@example", code, login }

static const Proposal proposals[] = {
        { "proved by login",
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, NULL, "not-tried"), IMAP(PROBE_PROOF, 993, TLS, NULL, "ok") },
          "port.expects-implicit-tls", "security:starttls>tls", PROOF_LOGIN, "tls" },
        { "only the connection was tried",
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, NULL, "not-tried") },
          "port.expects-implicit-tls", "security:starttls>tls", PROOF_CONNECTION, "tls" },
        { "the least change wins",
          { IMAP(PROBE_CONFIGURED, 143, TLS, "port.expects-starttls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, NULL, "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 143, STARTTLS, NULL, "not-tried") },
          "port.expects-starttls", "port:143>993", PROOF_CONNECTION, "993" },
        { "two changes, the named setting first",
          { IMAP(PROBE_CONFIGURED, 143, NONE, "auth.not-possible-without-tls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, NULL, "not-tried") },
          "auth.not-possible-without-tls", "security:none>tls port:143>993", PROOF_CONNECTION, "tls" },
        { "another name for the host",
          { { PROBE_CONFIGURED, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna@example", "cert.wrong-host",
              "not-tried", .address = "192.0.2.1" },
            { PROBE_OTHER_NAME, "imap", "mx.hoster.example", 993, MD_SECURITY_TLS, "anna@example", NULL, "not-tried",
              .address = "192.0.2.1" } },
          "cert.wrong-host", "host:mail.example>mx.hoster.example", PROOF_CONNECTION, "mx.hoster.example" },
        { "a name that the peer gives, of another address",
          { { PROBE_CONFIGURED, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna@example", "cert.wrong-host",
              "not-tried", .address = "192.0.2.1" },
            { PROBE_OTHER_NAME, "imap", "mx.hoster.example", 993, MD_SECURITY_TLS, "anna@example", NULL, "not-tried",
              .address = "192.0.2.2" } },
          "cert.wrong-host", "", PROOF_NONE, NULL },
        { "what fails is not proposed",
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried"),
            IMAP(PROBE_OTHER_SECURITY, 993, TLS, "cert.expired", "not-tried") },
          "port.expects-implicit-tls", "", PROOF_NONE, NULL },
        { "what was not tried is marked so",
          { IMAP(PROBE_CONFIGURED, 993, STARTTLS, "port.expects-implicit-tls", "not-tried") },
          "port.expects-implicit-tls", "", PROOF_NONE, "tls" },
        { "the form of the user name",
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.rejected", "refused"),
            { PROBE_OTHER_USERNAME, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna", NULL, "ok" } },
          "auth.username-form", "username:anna@example>anna", PROOF_LOGIN, "anna" },
        { "both forms refused: the password",
          { IMAP(PROBE_CONFIGURED, 993, TLS, "auth.rejected", "refused"),
            { PROBE_OTHER_USERNAME, "imap", "mail.example", 993, MD_SECURITY_TLS, "anna", "auth.rejected", "refused" } },
          "auth.rejected", "", PROOF_NONE, NULL },
};

static void describe_changes(const Finding *finding, char *ret, size_t size) {
        ret[0] = '\0';
        for (size_t i = 0; i < finding->n_changes; i++) {
                size_t used = strlen(ret);
                snprintf(ret + used, size - used, "%s%s:%s>%s", i > 0 ? " " : "", finding->changes[i].setting,
                         finding->changes[i].from, finding->changes[i].to);
        }
}

START_TEST(proposal) {
        const Proposal *test = &proposals[_i];
        Registry *registry = seen_registry();
        Report *report = report_new("anna@example", 1);
        char changes[256];

        for (size_t i = 0; i < PROBES_MAX && test->seen[i].protocol; i++)
                seen_add(report, 0, &test->seen[i]);
        ck_assert_int_eq(report_judge(report, registry), 0);
        note_produced(report);
        const Finding *finding = &report->findings[0];
        ck_assert_str_eq(finding->info->id, test->finding);
        describe_changes(finding, changes, sizeof(changes));
        ck_assert_msg(!strcmp(changes, test->changes), "%s: %s", test->name, changes);
        ck_assert_msg(finding->proof == test->proof, "%s: %s", test->name, proof_to_string(finding->proof));
        ck_assert_msg(!finding->suggested == !test->suggested &&
                      (!test->suggested || !strcmp(finding->suggested, test->suggested)), "%s: suggests %s", test->name,
                      finding->suggested ? finding->suggested : "nothing");
        report_free(report);
        registry_free(registry);
}
END_TEST

/* ---- no login left ---- */

static const struct {
        const char *name;
        Seen seen[PROBES_MAX];
        const char *findings[3];
        Verdict verdict;
        Ability receive;
} budgets[] = {
        { "what it stands for is not known then",
          { { PROBE_CONFIGURED, "imap", "a", 993, MD_SECURITY_TLS, "u", NULL, "not-tried", .denial = DENIAL_REFUSED } },
          { "policy.login-budget" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN },
        { "what the connection shows stands before it",
          { { PROBE_CONFIGURED, "imap", "a", 993, MD_SECURITY_TLS, "u", "cert.expired", "not-tried",
              .denial = DENIAL_SERVER } },
          { "cert.expired", "policy.login-budget" }, VERDICT_ERROR, ABILITY_BROKEN },
        { "the other form of the user name was one too many: the first was tried",
          { { PROBE_CONFIGURED, "imap", "a", 993, MD_SECURITY_TLS, "u@e", "auth.rejected", "refused" },
            { PROBE_OTHER_USERNAME, "imap", "a", 993, MD_SECURITY_TLS, "u", NULL, "not-tried",
              .denial = DENIAL_REFUSED } },
          { "auth.rejected" }, VERDICT_ERROR, ABILITY_BROKEN },
        { "open security: it is said of the candidate that works",
          { { PROBE_AUTO, "imap", "a", 993, MD_SECURITY_TLS, "u", "tcp.refused", "not-tried", .denial = DENIAL_DAY },
            { PROBE_AUTO, "imap", "a", 143, MD_SECURITY_STARTTLS, "u", NULL, "not-tried" } },
          { "policy.login-budget", "settings.security-found" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN },
        { "without its secret as without a login that is left",
          { { PROBE_CONFIGURED, "imap", "a", 993, MD_SECURITY_TLS, "u", NULL, "not-tried", .secret_missing = "work" } },
          { "policy.secret-missing" }, VERDICT_UNKNOWN, ABILITY_UNKNOWN },
        { "and the connection counts here, too",
          { { PROBE_CONFIGURED, "imap", "a", 993, MD_SECURITY_TLS, "u", "cert.expired", "not-tried",
              .secret_missing = "work" } },
          { "cert.expired", "policy.secret-missing" }, VERDICT_ERROR, ABILITY_BROKEN },
};

START_TEST(login_budget) {
        Registry *registry = seen_registry();
        Report *report = report_new("u@e", 1);
        for (size_t i = 0; i < PROBES_MAX && budgets[_i].seen[i].protocol; i++)
                seen_add(report, 0, &budgets[_i].seen[i]);
        ck_assert_int_eq(report_judge(report, registry), 0);
        note_produced(report);

        for (size_t i = 0; i < report->n_findings; i++)
                ck_assert_msg(budgets[_i].findings[i] && !strcmp(report->findings[i].info->id, budgets[_i].findings[i]),
                              "%s: %s", budgets[_i].name, report->findings[i].info->id);
        ck_assert_ptr_null(budgets[_i].findings[report->n_findings]);
        ck_assert_msg(report->verdict == budgets[_i].verdict, "%s: %s", budgets[_i].name,
                      verdict_to_string(report->verdict));
        ck_assert_int_eq(report->receive, budgets[_i].receive);
        report_free(report);
        registry_free(registry);
}
END_TEST

START_TEST(login_budget_says_when) {
        Registry *registry = seen_registry();
        Report *report = report_new("u@e", 1);
        seen_add(report, 0, &budgets[0].seen[0]);
        ck_assert_int_eq(report_judge(report, registry), 0);
        const Finding *finding = &report->findings[0];
        ck_assert_ptr_nonnull(strstr(finding->message, "10 minutes"));
        ck_assert_ptr_nonnull(strstr(finding->hint, "2027-01-15 08:00 UTC"));
        ck_assert_str_eq(md_record_text(&finding->params, "reason"), "refused");
        report_free(report);
        registry_free(registry);
}
END_TEST

/* ---- what cannot be told apart ---- */

#define ALIKE { "auth.username-form", "auth.app-password-needed", "no.such-finding" }
#define REFUSED(why, user, ...) \
        { why, "imap", "mail.a.example", 993, MD_SECURITY_TLS, user, "auth.rejected", "refused", .alike = ALIKE, __VA_ARGS__ }

static const struct {
        Seen seen[2];
        const char *alternatives;               /* "code: message" */
} alike[] = {
        { { REFUSED(PROBE_CONFIGURED, "anna") },
          "auth.username-form: mail.a.example knows the user as ..., not as anna\n"
          "auth.app-password-needed: mail.a.example wants a password made for this app, not the one of the account\n" },
        { { REFUSED(PROBE_CONFIGURED, "anna@a.example"), REFUSED(PROBE_OTHER_USERNAME, "anna") },
          "auth.app-password-needed: mail.a.example wants a password made for this app, not the one of the account\n" },
        { { REFUSED(PROBE_CONFIGURED, "anna"),
            { PROBE_CONFIGURED, "smtp", "smtp.a.example", 465, MD_SECURITY_TLS, "bert", NULL, "ok", .service = 1 } }, "" },
};

START_TEST(alternatives) {
        Registry *registry = seen_registry();
        Report *report = report_new("anna@a.example", 1);
        char text[512] = "";

        for (size_t i = 0; i < 2 && alike[_i].seen[i].protocol; i++)
                seen_add(report, alike[_i].seen[i].service, &alike[_i].seen[i]);
        ck_assert_int_eq(report_judge(report, registry), 0);
        const Finding *finding = &report->findings[0];
        for (size_t i = 0; i < finding->n_alternatives; i++) {
                size_t used = strlen(text);
                snprintf(text + used, sizeof(text) - used, "%s: %s\n", finding->alternatives[i].info->id,
                         finding->alternatives[i].message);
        }
        ck_assert_str_eq(text, alike[_i].alternatives);
        ck_assert_str_eq(confidence_to_string(finding_confidence(finding)), *text ? "undecided" : "certain");
        report_free(report);
        registry_free(registry);
}
END_TEST

/* Two services with open security: the candidates of both come first, the logins behind them, in any order. */
static const struct {
        const char *name, *code, *login;
        const char *findings[3];
        Ability receive;
} open_logins[] = {
        { "each service is judged once", NULL, "ok",
          { "settings.security-found", "settings.security-found" }, ABILITY_OK },
        { "a login that was refused decides, not the candidate without one", "auth.rejected", "refused",
          { "auth.rejected", "auth.rejected" }, ABILITY_BROKEN },
};

static void see_open(Report *report, size_t service, ProbeWhy why, MdSecurity security, const char *code,
                     const char *login) {
        seen_add(report, service, &(Seen) { .why = why, .protocol = service == 0 ? "imap" : "pop3", .host = "a",
                                            .port = 1993, .security = security, .code = code, .login = login });
}

/* The usual ports: the first candidate makes the login, the other works, as far as it goes. */
START_TEST(open_security_refused_at_once) {
        Registry *registry = seen_registry();
        Report *report = report_new("a@b", 1);
        see_open(report, 0, PROBE_AUTO, MD_SECURITY_TLS, "auth.rejected", "refused");
        see_open(report, 0, PROBE_AUTO, MD_SECURITY_STARTTLS, NULL, "not-tried");
        ck_assert_int_eq(report_judge(report, registry), 0);
        ck_assert_uint_eq(report->n_findings, 1);
        ck_assert_str_eq(report->findings[0].info->id, "auth.rejected");
        ck_assert_str_eq(ability_to_string(report->receive), "broken");
        report_free(report);
        registry_free(registry);
}
END_TEST

START_TEST(open_security) {
        Registry *registry = seen_registry();
        Report *report = report_new("a@b", 1);
        for (size_t service = 0; service < 2; service++) {
                see_open(report, service, PROBE_AUTO, MD_SECURITY_TLS, "port.expects-starttls", "not-tried");
                see_open(report, service, PROBE_AUTO, MD_SECURITY_STARTTLS, NULL, "not-tried");
        }
        for (size_t i = 0; i < 2; i++)
                see_open(report, 1 - i, PROBE_AUTO_LOGIN, MD_SECURITY_STARTTLS, open_logins[_i].code,
                         open_logins[_i].login);
        ck_assert_int_eq(report_judge(report, registry), 0);

        for (size_t i = 0; i < report->n_findings; i++)
                ck_assert_str_eq(report->findings[i].info->id, open_logins[_i].findings[i]);
        ck_assert_ptr_null(open_logins[_i].findings[report->n_findings]);
        ck_assert_str_eq(ability_to_string(report->receive), ability_to_string(open_logins[_i].receive));
        json_t *document = report_to_json(report);
        ck_assert_uint_eq(json_array_size(json_object_get(document, "services")), 2);
        ck_assert_uint_eq(json_array_size(json_object_get(document, "attempts")), 6);
        json_decref(document);
        report_free(report);
        registry_free(registry);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("judge");
        TCase *tcase = tcase_create("judge");
        tcase_add_loop_test(tcase, table, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_loop_test(tcase, alternatives, 0, sizeof(alike) / sizeof(alike[0]));
        tcase_add_loop_test(tcase, proposal, 0, sizeof(proposals) / sizeof(proposals[0]));
        tcase_add_test(tcase, open_security_refused_at_once);
        tcase_add_loop_test(tcase, open_security, 0, sizeof(open_logins) / sizeof(open_logins[0]));
        tcase_add_loop_test(tcase, login_budget, 0, sizeof(budgets) / sizeof(budgets[0]));
        tcase_add_test(tcase, login_budget_says_when);
        tcase_add_test(tcase, texts_are_filled);
        tcase_add_test(tcase, a_finding_names_setting_and_values);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
