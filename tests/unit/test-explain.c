/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Pasted errors: how their codes are read, what comes before what, and that the rules for them are in order. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "explain-apart.h"
#include "explain-read.h"
#include "explain-rules.h"
#include "explain.h"
#include "harness.h"
#include "judge.h"

#include "../../plugins/imap/imap.h"
#include "../../plugins/pop3/pop3.h"
#include "../../plugins/smtp/smtp.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const ExplainTable tables[] = {
        { "imap", imap_replies, IMAP_N_REPLIES },
        { "pop3", pop3_replies, POP3_N_REPLIES },
        { "smtp", smtp_replies, SMTP_N_REPLIES },
};

/* ---- reading ---- */

static const struct {
        const char *text, *protocol, *code, *enhanced, *rest;
} readings[] = {
        { "535 5.7.8 Error: no", "smtp", "535", "5.7.8", "Error: no" },
        { "535-5.7.8 two\n535 5.7.8 lines", "smtp", "535", "5.7.8", "two 5.7.8 lines" },
        { "550 relay not permitted", "smtp", "550", "", "relay not permitted" },
        { "The mail server responded: 5.7.1 <x>: Relay access denied", "smtp", "", "5.7.1", "<x>: Relay access denied" },
        { "host said: 550 5.1.1 no (in reply to RCPT)", "smtp", "550", "5.1.1", "no (in reply to RCPT)" },
        { "SMTP error: 454 TLS not available", "smtp", "454", "", "TLS not available" },
        { "535", "smtp", "535", "", "" },
        { "A1 NO [AUTHENTICATIONFAILED] Invalid", "imap", "NO", "AUTHENTICATIONFAILED", "Invalid" },
        { "NO [ALERT] Please", "imap", "NO", "ALERT", "Please" },
        { "* BYE Too many", "imap", "BYE", "", "Too many" },
        { "a0001 BAD what", "imap", "BAD", "", "what" },
        { "LOGIN command error: NO [AUTHENTICATIONFAILED] x", "imap", "NO", "AUTHENTICATIONFAILED", "x" },
        { "[UNAVAILABLE] Temporary", "imap", "", "UNAVAILABLE", "Temporary" },
        { "* OK ready", "imap", "OK", "", "ready" },
        { "-ERR [AUTH] no", "pop3", "-ERR", "AUTH", "no" },
        { "getmail: POP error (-ERR no)", "pop3", "-ERR", "", "no)" },
        { "[IN-USE] locked", "pop3", "", "IN-USE", "locked" },
        { "+OK ready", "pop3", "+OK", "", "ready" },
        /* Numbers and words that are none. */
        { "Failed to connect to mail.example.org port 587: refused", NULL, "", "", NULL },
        { "connect ETIMEDOUT 198.51.100.7:587", NULL, "", "", NULL },
        { "waited 300 seconds for it", NULL, "", "", NULL },
        { "no answer, no luck", NULL, "", "", NULL },
        { "connect error 10060", NULL, "", "", NULL },
        { "", NULL, "", "", "" },
};

START_TEST(codes_are_read) {
        Reading reading;
        ck_assert_int_eq(reading_init(&reading, readings[_i].text), 0);
        ck_assert_pstr_eq(reading.protocol, readings[_i].protocol);
        ck_assert_str_eq(reading.code, readings[_i].code);
        ck_assert_str_eq(reading.enhanced, readings[_i].enhanced);
        if (readings[_i].rest)
                ck_assert_str_eq(reading.rest, readings[_i].rest);
        reading_done(&reading);
}
END_TEST

/* ---- order ---- */

static const struct {
        const char *text, *protocol, *ids;
} explained[] = {
        /* A server's words win over the sentence that an app puts around them, and over a code of the app. */
        { "An error occurred. The mail server responded: 452 4.2.2 Over quota. Please check the message recipient.",
          "smtp", "mailbox.full" },
        { "0x800CCC92 -ERR [AUTH] Password expired", "pop3", "auth.password-expired" },
        { "0x800CCC92", NULL, "auth.rejected" },
        { "Connection timed out", NULL, "tcp.timeout" },
        /* Of a server they are only words. */
        { "A1 NO [UNAVAILABLE] Backend: connection timed out", "imap", "server.auth-temporarily-down" },
        { "334 eyJzdGF0dXMiOiI0MDEifQ==", "smtp", "auth.oauth" },
        { "235 2.7.0 Authentication successful", "smtp", NULL },
        { "* OK [ALERT] Down tonight", "imap", "imap.alert" },
        { "nothing of interest", NULL, NULL },
        { "", NULL, NULL },
};

START_TEST(the_narrowest_words_win) {
        Explanation explanation;
        ck_assert_int_eq(explain_text(tables, N(tables), explained[_i].text, NULL, &explanation), 0);
        ck_assert_pstr_eq(explanation.protocol, explained[_i].protocol);
        ck_assert_pstr_eq(explanation.n_ids > 0 ? explanation.ids[0] : NULL, explained[_i].ids);
}
END_TEST

START_TEST(without_plugins_too) {
        Explanation explanation;
        ck_assert_int_eq(explain_text(NULL, 0, "535 Application-specific password required", NULL, &explanation), 0);
        ck_assert_str_eq(explanation.ids[0], "auth.app-password-needed");
}
END_TEST

START_TEST(a_context_decides) {
        const ExplainContext context = { "imap", "greeting" };
        Explanation explanation;
        ck_assert_int_eq(explain_text(tables, N(tables), "+OK POP3 ready", &context, &explanation), 0);
        ck_assert_str_eq(explanation.ids[0], "port.other-protocol");
}
END_TEST

START_TEST(long_and_odd_texts_end) {
        static char text[3 * EXPLAIN_TEXT_MAX];
        Explanation explanation;
        for (int c = 1; c < 256; c++) {
                memset(text, c, sizeof(text) - 1);
                ck_assert_int_eq(explain_text(tables, N(tables), text, NULL, &explanation), 0);
        }
}
END_TEST

/* ---- tables ---- */

static bool is_finding(const char *id) {
        return md_catalog_find(md_catalog, md_catalog_size, id) ||
               md_catalog_find(judge_catalog, judge_catalog_size, id) ||
               md_catalog_find(smtp_findings, SMTP_N_FINDINGS, id) ||
               md_catalog_find(imap_findings, IMAP_N_FINDINGS, id) ||
               md_catalog_find(pop3_findings, POP3_N_FINDINGS, id);
}

static void check_ids(const char *ids) {
        char copy[256], *id, *next = copy;
        ck_assert_uint_lt(strlen(ids), sizeof(copy));
        strcpy(copy, ids);
        while ((id = strsep(&next, " ")))
                ck_assert_msg(is_finding(id), "%s is no finding", id);
}

static const ExplainRules *const sets[] = {
        &explain_outlook, &explain_tls, &explain_apps, &explain_network, &explain_vague, &explain_frames,
};

START_TEST(rules_are_in_order) {
        for (size_t i = 0; i < sets[_i]->n_rules; i++) {
                const MdReplyRule *rule = &sets[_i]->rules[i];
                ck_assert_msg(md_reply_pattern_is_valid(rule->pattern), "%s: %s", rule->id, rule->pattern);
                ck_assert_int_eq(md_reply_rank(rule), MD_REPLY_WORDS_OF_ONE);
                ck_assert(rule->source && rule->date);
                ck_assert(!rule->code && !rule->enhanced && !rule->stages);
                check_ids(rule->id);
                if (rule->also)
                        check_ids(rule->also);
        }
}
END_TEST

START_TEST(command_that_finds_out) {
        static const struct {
                const char *id, *protocol, *command;
        } commands[] = {
                { "auth.rejected", "smtp", "maildiag check ADDRESS --smtp HOST --ask-password" },
                { "auth.rejected", NULL, "maildiag check ADDRESS --imap HOST --smtp HOST --ask-password" },
                { "cert.expired", "imap", "maildiag check ADDRESS --imap HOST" },
                { "settings.incomplete", NULL, NULL },
        };
        for (size_t i = 0; i < N(commands); i++) {
                const MdFindingInfo *info = md_catalog_find(md_catalog, md_catalog_size, commands[i].id);
                char *command = explain_command(info, commands[i].protocol);
                ck_assert_pstr_eq(command, commands[i].command);
                free(command);
        }
        char *command = explain_command(md_catalog_find(smtp_findings, SMTP_N_FINDINGS, "smtp.auth-required"), NULL);
        ck_assert_str_eq(command, "maildiag check ADDRESS --smtp HOST --ask-password");
        free(command);
}
END_TEST

/* What several rules hold to look the same can be told apart. */
START_TEST(look_alikes_of_logins_are_told_apart) {
        char copy[] = MD_REPLY_LOGIN_ALIKE, *id, *next = copy;
        ck_assert_ptr_nonnull(explain_apart("auth.rejected"));
        while ((id = strsep(&next, " ")))
                ck_assert_msg(explain_apart(id), "%s", id);
        ck_assert_ptr_null(explain_apart("no.such"));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("explain");
        TCase *tcase = tcase_create("explain");
        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, codes_are_read, 0, N(readings));
        tcase_add_loop_test(tcase, the_narrowest_words_win, 0, N(explained));
        tcase_add_test(tcase, without_plugins_too);
        tcase_add_test(tcase, a_context_decides);
        tcase_add_test(tcase, long_and_odd_texts_end);
        tcase_add_loop_test(tcase, rules_are_in_order, 0, N(sets));
        tcase_add_test(tcase, command_that_finds_out);
        tcase_add_test(tcase, look_alikes_of_logins_are_told_apart);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
