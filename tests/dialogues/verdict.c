/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Holds what happened against what a script expects. */

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hunt.h"
#include "verdict.h"

typedef struct Bench {
        const Play *play;
        const Witness *witness;
        FILE *problems;
        unsigned n_problems;
        size_t next_finding;            /* where the next F: may stand */
} Bench;

static void object(Bench *bench, unsigned line, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

static void object(Bench *bench, unsigned line, const char *format, ...) {
        va_list args;

        bench->n_problems++;
        if (line)
                fprintf(bench->problems, "line %u: ", line);
        va_start(args, format);
        vfprintf(bench->problems, format, args);
        va_end(args);
        fputc('\n', bench->problems);
}

/* Splits "id rest". */
static const char *split(const char *text, char *ret_word, size_t size) {
        size_t n = strcspn(text, " ");
        snprintf(ret_word, size, "%.*s", (int) n, text);
        return text + n + strspn(text + n, " ");
}

/* ---- one judge per kind of expectation ---- */

static void judge_finding(Bench *bench, const Expect *expect) {
        char id[64];
        const char *fields = split(expect->text, id, sizeof(id));
        const MdRecord *record;

        size_t n = bench->next_finding;
        for (; (record = witness_finding(bench->witness, MD_SEVERITY_OK, n)); n++) {
                if (strcmp(md_record_text(record, "code") ?: "", id))
                        continue;
                bench->next_finding = n + 1;
                if (!witness_record_fits(record, fields))
                        object(bench, expect->line, "%s has other fields than %s", id, fields);
                return;
        }
        object(bench, expect->line, "finding %s is missing, or not in this order", id);
}

static void judge_no_finding(Bench *bench, const Expect *expect) {
        char condition[96];

        snprintf(condition, sizeof(condition), "code=%s", expect->text);
        if (witness_has(bench->witness, "finding", condition))
                object(bench, expect->line, "finding %s must not be there", expect->text);
}

static void judge_login(Bench *bench, const Expect *expect) {
        char condition[64];

        snprintf(condition, sizeof(condition), "login=%s", expect->text);
        if (!witness_has(bench->witness, "end", condition))
                object(bench, expect->line, "the login did not end \"%s\"", expect->text);
}

static void judge_fact(Bench *bench, const Expect *expect) {
        size_t n = strcspn(expect->text, "=");
        char condition[512];

        snprintf(condition, sizeof(condition), "name=%.*s; value%s", (int) n, expect->text, expect->text + n);
        if (!witness_has(bench->witness, "fact", condition))
                object(bench, expect->line, "no fact %s", expect->text);
}

static void judge_record(Bench *bench, const Expect *expect) {
        char kind[MD_RECORD_KEY_MAX + 1];
        const char *fields = split(expect->text, kind, sizeof(kind));
        bool due = expect->kind == EXPECT_RECORD;

        if (witness_has(bench->witness, kind, fields) != due)
                object(bench, expect->line, due ? "no record %s" : "record %s must not be there",
                       expect->text);
}

/* The others are judged over all: judge_others(), judge_places(). */
static void (*const judges[])(Bench *bench, const Expect *expect) = {
        [EXPECT_FINDING] = judge_finding,
        [EXPECT_NO_FINDING] = judge_no_finding,
        [EXPECT_NOTHING_WRONG] = NULL,
        [EXPECT_LOGIN] = judge_login,
        [EXPECT_FACT] = judge_fact,
        [EXPECT_RECORD] = judge_record,
        [EXPECT_NO_RECORD] = judge_record,
        [EXPECT_SECRET] = NULL,
};

static bool applies(const Bench *bench, const Expect *expect) {
        return expect->security < 0 || expect->security == (int) bench->play->security;
}

/* ---- over all ---- */

/* Findings that no F: line names. */
static void judge_others(Bench *bench) {
        const Script *script = bench->play->script;
        const MdRecord *record;

        for (size_t n = 0; (record = witness_finding(bench->witness, MD_SEVERITY_WARNING, n)); n++) {
                const char *id = md_record_text(record, "code") ?: "";
                bool expected = !strcmp(id, "security.cleartext");
                for (size_t i = 0; i < script->n_expects && !expected; i++) {
                        char named[64];
                        split(script->expects[i].text, named, sizeof(named));
                        expected = script->expects[i].kind == EXPECT_FINDING &&
                                   applies(bench, &script->expects[i]) && !strcmp(named, id);
                }
                if (!expected)
                        object(bench, 0, "finding %s was not expected", id);
        }
}

/* Where the server saw the secret. */
static void judge_places(Bench *bench, const PlayReport *report) {
        const Script *script = bench->play->script;
        const char *allowed = "never", *secret = bench->play->words.secret, *encoding;

        for (size_t i = 0; i < script->n_expects; i++)
                if (script->expects[i].kind == EXPECT_SECRET && applies(bench, &script->expects[i]))
                        allowed = script->expects[i].text;
        bool in_clear = !strcmp(allowed, "clear") && bench->play->security != MD_SECURITY_TLS;

        for (unsigned i = 0; i < report->n_connections; i++) {
                const Account *account = &report->accounts[i];
                encoding = in_clear ? NULL : hunt(secret, account->clear, account->n_clear);
                if (encoding)
                        object(bench, 0, "the server saw the secret outside TLS, as %s", encoding);
                encoding = strcmp(allowed, "never") ? NULL : hunt(secret, account->tls, account->n_tls);
                if (encoding)
                        object(bench, 0, "the server saw the secret inside TLS, as %s", encoding);
        }
}

unsigned verdict_judge(const Play *play, const Witness *witness, const PlayReport *report, FILE *problems) {
        Bench bench = { .play = play, .witness = witness, .problems = problems };
        const Script *script = play->script;

        judge_places(&bench, report);
        bench.n_problems += witness_invariants(witness, play->words.secret, problems);
        if (play->mode == MODE_CUT)
                return bench.n_problems;

        for (unsigned i = 0; i < report->n_connections; i++)
                if (report->accounts[i].deviation[0])
                        object(&bench, 0, "connection %u: %s", i + 1, report->accounts[i].deviation);
        for (size_t i = 0; i < script->n_expects; i++)
                if (applies(&bench, &script->expects[i]) && judges[script->expects[i].kind])
                        judges[script->expects[i].kind](&bench, &script->expects[i]);
        judge_others(&bench);
        return bench.n_problems;
}
