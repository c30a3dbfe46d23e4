/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tools of the dialogue tests: reader, insertions, the hunt for a secret.  What they miss, no test sees. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "expand.h"
#include "harness.h"
#include "hunt.h"
#include "script.h"
#include "witness.h"

/* ---- expand ---- */

static const struct {
        const char *text, *bytes;
        size_t size;            /* 0: strlen(bytes) */
} expansions[] = {
        { "",                                   "" },
        { "plain {12} $ text",                  "plain {12} $ text" },
        { "a\\r\\n\\x41\\x0a\\s",               "a\r\nA\n " },
        { "a\\0b",                              "a\0b", 3 },
        { "${user}|${secret}|${client}|${port}", "alice|s3cret|[127.0.0.1]|25" },
        { "${base64:\\0${user}\\0${secret}}",   "AGFsaWNlAHMzY3JldA==" },
        { "${hex:${secret}}",                   "733363726574" },
        { "${repeat:3:ab}",                     "ababab" },
        { "${repeat:2:${repeat:2:x}y}",         "xxyxxy" },
        { "${tag} OK ${tag:NOOP}",              "A3 OK A2" },
        { "\\${user}",                          "${user}" },
};

static const char *const bad_expansions[] = {
        "${nobody}", "${user", "\\q", "\\x", "${1}", "${repeat:x}", "${nonce}",
};

static Words some_words(void) {
        Words words = { .user = "alice", .secret = "s3cret", .client = "[127.0.0.1]", .port = 25 };
        words_hear(&words, "A1 LOGIN x");
        words_hear(&words, "A2 noop");
        words_hear(&words, "A3 LIST \"\" *");
        return words;
}

START_TEST(test_expand) {
        Words words = some_words();
        const char *reason = NULL;
        size_t size, due = expansions[_i].size ?: strlen(expansions[_i].bytes);

        char *bytes = expand(&words, expansions[_i].text, &size, &reason);
        ck_assert_msg(bytes, "%s: %s", expansions[_i].text, reason);
        ck_assert_uint_eq(size, due);
        ck_assert_mem_eq(bytes, expansions[_i].bytes, due + 1);
        free(bytes);
        words_done(&words);
}
END_TEST

START_TEST(test_expand_bad) {
        Words words = some_words();
        const char *reason = NULL;
        size_t size;

        ck_assert_ptr_null(expand(&words, bad_expansions[_i], &size, &reason));
        ck_assert_ptr_nonnull(reason);
        words_done(&words);
}
END_TEST

START_TEST(test_expand_nonce) {
        Words words = some_words();
        const char *reason = NULL;
        size_t size;

        words_hear(&words, "AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPWFiY2Q=");     /* n,,n=alice,r=abcd */
        char *bytes = expand(&words, "r=${nonce}xyz", &size, &reason);
        ck_assert_str_eq(bytes, "r=abcdxyz");
        free(bytes);

        words_hear(&words, "AUTHENTICATE \"SCRAM-SHA-256\" \"biwsbj1hbGljZSxyPWFiY2Q=\"");
        bytes = expand(&words, "r=${nonce}xyz", &size, &reason);
        ck_assert_str_eq(bytes, "r=abcdxyz");
        free(bytes);
        words_done(&words);
}
END_TEST

/* ---- hunt ---- */

#define SECRET "Corr3ct-\"H0rse"

static const char *const places[] = {
        "${secret}", "xx${secret}yy", "${base64:${secret}}", "${base64:\\0alice\\0${secret}}",
        "${base64:x${secret}}", "${base64:xy${secret}z}", "${base64:alice\\0alice\\0${secret}}",
        "${hex:${secret}}",
        "Corr3ct-%22H0rse", "a \"Corr3ct-\\\\\"H0rse\"", "CORR3CT-\"h0RSE",
        "C\\0o\\0r\\0r\\03\\0c\\0t\\0-\\0\"\\0H\\00\\0r\\0s\\0e\\0",
};

START_TEST(test_hunt_finds) {
        const Words words = { .secret = SECRET };
        const char *reason = NULL;
        size_t size;

        char *bytes = expand(&words, places[_i], &size, &reason);
        ck_assert_ptr_nonnull(bytes);
        ck_assert_msg(hunt(SECRET, bytes, size) != NULL, "%s", places[_i]);
        ck_assert_ptr_null(hunt("An0ther-S3cret", bytes, size));
        free(bytes);
}
END_TEST

/* ---- script ---- */

#define HEAD "title: t\nplugin: smtp\nsecurity: none\n"

static const struct {
        const char *content;
        bool good;
} scripts[] = {
        { HEAD "\nS: 220 hello\nC: EHLO x\nTLS\nDELAY 5\nREPEAT 3 250-x\nN: none\n", true },
        { "# comment\n" HEAD "also: tls\nscale: 20\nmodes: whole cut\n\nC~ EHLO .*\nF[tls]: a.b\n", true },
        { HEAD "\nS: 220 hello\n",                      false },        /* expects nothing */
        { "plugin: smtp\nsecurity: none\n\nN: none\n",  false },        /* no title */
        { HEAD "colour: red\n\nN: none\n",              false },
        { HEAD "depth: bottom\n\nN: none\n",            false },
        { HEAD "scale: 0\n\nN: none\n",                 false },
        { HEAD "token: maybe\n\nN: none\n",             false },
        { HEAD "\nX: 220\nN: none\n",                   false },
        { HEAD "\nDELAY soon\nN: none\n",               false },
        { HEAD "\nSTALL 5\nN: none\n",                  false },
        { HEAD "\nF[ssl]: a.b\n",                       false },
        { HEAD "\nN: much\n",                           false },
        { HEAD "\nN: none\nL: perhaps\n",               false },
        { HEAD "\nF:\n",                                false },
};

START_TEST(test_script) {
        char path[] = "/tmp/dialogue-XXXXXX";
        int fd = mkstemp(path);
        size_t size = strlen(scripts[_i].content);

        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, scripts[_i].content, size), size);
        close(fd);
        Script *script = script_new(path);
        unlink(path);
        ck_assert_msg(!!script == scripts[_i].good, "%s", scripts[_i].content);
        script_free(script);
}
END_TEST

START_TEST(test_script_sections) {
        static Script script = {
                .steps = {
                        { .kind = STEP_SAY }, { .kind = STEP_REPEAT }, { .kind = STEP_CONNECTION },
                        { .kind = STEP_TLS }, { .kind = STEP_SAY }, { .kind = STEP_STALL },
                },
                .n_steps = 6,
        };
        size_t n;

        ck_assert_ptr_eq(script_section(&script, 0, &n), script.steps);
        ck_assert_uint_eq(n, 2);
        ck_assert_ptr_eq(script_section(&script, 1, &n), script.steps + 3);
        ck_assert_uint_eq(n, 3);
        ck_assert_ptr_null(script_section(&script, 2, &n));
        ck_assert_uint_eq(script_cuts(&script), 2);
}
END_TEST

/* ---- witness ---- */

static const MdStep witness_steps[] = { { .name = "ehlo" }, { .name = "quit", .flags = MD_STEP_GOODBYE } };
static const MdPlugin witness_plugin = { .name = "smtp", .steps = witness_steps, .n_steps = 2 };

#define ALL(...) ((const MdField[]) { __VA_ARGS__, { 0 } })
#define STEP(step, outcome) \
        ALL(MD_TEXT("name", step), MD_TEXT("stage", "tls"), MD_TEXT("outcome", outcome), \
            MD_NUMBER("at-us", 1))
#define END \
        ALL(MD_NUMBER("elapsed-us", 1), MD_NUMBER("bytes-in", 1), MD_NUMBER("bytes-out", 1), \
            MD_TEXT("login", "ok"))

static const struct {
        const char *step, *outcome;     /* of a "step" record before the end */
        MdField value;                  /* of a "fact" record before that */
        const char *finding;            /* NULL: none */
        unsigned n_ends, n_problems;
} accounts[] = {
        { "ehlo", "ok",     MD_TEXT("value", "x"),                 NULL,                1, 0 },
        { "ehlo", "ok",     MD_TEXT("value", "x"),                 NULL,                0, 1 },
        { "ehlo", "ok",     MD_TEXT("value", "x"),                 NULL,                2, 1 },
        { "ehlo", "failed", MD_TEXT("value", "x"),                 NULL,                1, 1 },
        { "quit", "failed", MD_TEXT("value", "x"),                 NULL,                1, 0 },
        { "ehlo", "failed", MD_TEXT("value", "x"),                 "protocol.closed",   1, 0 },
        { "ehlo", "failed", MD_TEXT("value", "x"),                 "protocol.nul-byte", 1, 1 },
        { "ehlo", "ok",     MD_TEXT("value", "x " SECRET " y"),    NULL,                1, 1 },
        { "ehlo", "ok",     MD_TEXT("value", "a\x1b[1m"),          NULL,                1, 1 },
        { "ehlo", "ok",     MD_LIST("value", ((const char *[]) { "a", SECRET, "\n", NULL })), NULL, 1, 2 },
        { "ehlo", "great",  MD_TEXT("value", "x"),                 NULL,                1, 1 },
        { "ehlo", "ok",     MD_TEXT("other", "x"),                 NULL,                1, 1 },
};

static void tell(Witness *witness, const char *kind, const MdField *fields) {
        MdRecord record;

        md_record_init(&record, kind);
        ck_assert_int_eq(md_record_add_all(&record, fields), 0);
        ck_assert_int_eq(witness_emit(witness, &record), 0);
        md_record_done(&record);
}

START_TEST(test_witness_invariants) {
        static Witness witness = { .plugin = &witness_plugin };
        char *problems = NULL;
        size_t size;
        FILE *file = open_memstream(&problems, &size);

        tell(&witness, "fact", ALL(MD_TEXT("name", "x"), accounts[_i].value));
        if (accounts[_i].finding)
                tell(&witness, "finding", ALL(MD_TEXT("code", accounts[_i].finding), MD_NUMBER("at-us", 1)));
        tell(&witness, "step", STEP(accounts[_i].step, accounts[_i].outcome));
        for (unsigned i = 0; i < accounts[_i].n_ends; i++)
                tell(&witness, "end", END);

        unsigned n = witness_invariants(&witness, SECRET, file);
        fclose(file);
        ck_assert_msg(n == accounts[_i].n_problems, "%s", problems);
        free(problems);
        witness_done(&witness);
}
END_TEST

START_TEST(test_witness_fits) {
        static const char *const words[] = { "a", "b c", NULL };
        static Witness witness = { .plugin = &witness_plugin };

        tell(&witness, "fact", ALL(MD_LIST("words", words), MD_NUMBER("code", 535)));
        tell(&witness, "end", ALL(MD_TRUTH("done", true)));
        ck_assert(witness_has(&witness, "fact", "code=535; words=a b c"));
        ck_assert(witness_has(&witness, "fact", "words~b c"));
        ck_assert(witness_has(&witness, "end", "done=yes"));
        ck_assert(witness_has(&witness, "end", ""));
        ck_assert(!witness_has(&witness, "fact", "code=53"));
        ck_assert(!witness_has(&witness, "fact", "code=535; words=a"));
        ck_assert(!witness_has(&witness, "end", "code=535"));
        ck_assert(!witness_has(&witness, "end", "nonsense"));
        witness_done(&witness);
}
END_TEST

#define N(table) (int) (sizeof(table) / sizeof((table)[0]))

int main(void) {
        Suite *suite = suite_create("dialogues");
        TCase *tcase = tcase_create("dialogues");

        tcase_add_loop_test(tcase, test_expand, 0, N(expansions));
        tcase_add_loop_test(tcase, test_expand_bad, 0, N(bad_expansions));
        tcase_add_test(tcase, test_expand_nonce);
        tcase_add_loop_test(tcase, test_hunt_finds, 0, N(places));
        tcase_add_loop_test(tcase, test_script, 0, N(scripts));
        tcase_add_test(tcase, test_script_sections);
        tcase_add_loop_test(tcase, test_witness_invariants, 0, N(accounts));
        tcase_add_test(tcase, test_witness_fits);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
