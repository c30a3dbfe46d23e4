/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Documents of PACC, and the records that vouch for them. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "harness.h"
#include "mutate.h"

static const char full[] =
        "{\"protocols\":{\"imap\":{\"host\":\"imap.example.org\"},\"pop3\":{\"host\":\"pop.example.org\"},"
        "\"submit\":{\"host\":\"smtp.example.org\"},\"jmap\":{\"url\":\"https://jmap.example.org/session\"}},"
        "\"authentication\":{\"password\":true,\"oauth-public\":{\"issuer\":\"https://login.example.org\"}},"
        "\"info\":{\"provider\":{\"name\":\"Example \\u00e9\",\"shortName\":\"Ex\"},"
        "\"help\":{\"documentation\":\"https://example.org/help\",\"contact\":[\"mailto:help@example.org\"]}}}";

static void same(const char *a, const char *b) {
        ck_assert_str_eq(a ? a : "none", b ? b : "none");
}

static const struct {
        const char *text;
        const char *imap, *pop3, *submit, *issuer, *provider;
        bool password;
} good[] = {
        { full, "imap.example.org", "pop.example.org", "smtp.example.org", "https://login.example.org", "Example \xc3\xa9", true },
        { "{\"protocols\":{\"smtp\":{\"host\":\"old.example\"}},\"authentication\":{}}", NULL, NULL, "old.example", NULL, NULL, false },
        { "{\"protocols\":{\"smtp\":{\"host\":\"old.example\"},\"submit\":{\"host\":\"new.example\"}},"
          "\"authentication\":{\"password\":false}}", NULL, NULL, "new.example", NULL, NULL, false },
        { "{\"protocols\":{\"imap\":{}},\"authentication\":{\"password\":null},\"info\":null,\"more\":[1]}", NULL, NULL, NULL, NULL, NULL, false },
};

START_TEST(good_documents) {
        PaccDocument document;
        JsonFault fault;
        ck_assert_int_eq(pacc_document_parse(good[_i].text, strlen(good[_i].text), &document, &fault), 0);
        same(document.hosts[PACC_IMAP], good[_i].imap);
        same(document.hosts[PACC_POP3], good[_i].pop3);
        same(document.hosts[PACC_SUBMIT], good[_i].submit);
        same(document.oauth_issuer, good[_i].issuer);
        same(document.provider, good[_i].provider);
        ck_assert_int_eq(document.password, good[_i].password);
        pacc_document_done(&document);
}
END_TEST

static const struct {
        const char *text, *what;
} refused[] = {
        { "{}", "\"protocols\" is missing" },
        { "{\"protocols\":{}}", "\"authentication\" is missing" },
        { "{\"protocols\":[],\"authentication\":{}}", "\"protocols\" is no object" },
        { "{\"protocols\":{\"imap\":\"imap.example\"},\"authentication\":{}}", "\"protocols.imap\" is no object" },
        { "{\"protocols\":{\"imap\":{\"host\":1}},\"authentication\":{}}", "\"protocols.imap.host\" is no text" },
        { "{\"protocols\":{},\"authentication\":{\"password\":\"yes\"}}", "\"authentication.password\" is no truth value" },
        { "{\"protocols\":{},\"authentication\":{\"oauth-public\":{\"issuer\":{}}}}",
          "\"authentication.oauth-public.issuer\" is no text" },
        { "{\"protocols\":{},\"authentication\":{},\"info\":{\"provider\":{\"name\":[]}}}", "\"info.provider.name\" is no text" },
        { "null", "it is no object" },
        { "", "it is empty" },
};

START_TEST(refused_documents) {
        PaccDocument document;
        JsonFault fault;
        ck_assert_int_eq(pacc_document_parse(refused[_i].text, strlen(refused[_i].text), &document, &fault), -EBADMSG);
        ck_assert_str_eq(fault.what, refused[_i].what);
        pacc_document_done(&document);
}
END_TEST

START_TEST(a_fault_has_a_line) {
        static const char text[] = "{\n\"protocols\":\n oops}";
        PaccDocument document;
        JsonFault fault;
        ck_assert_int_eq(pacc_document_parse(text, strlen(text), &document, &fault), -EBADMSG);
        ck_assert_uint_eq(fault.line, 3);
        pacc_document_done(&document);
}
END_TEST

START_TEST(nesting_has_a_bound) {
        size_t depth = 100000;
        char *text = malloc(depth + 1);
        PaccDocument document;
        JsonFault fault;
        memset(text, '[', depth);
        ck_assert_int_eq(pacc_document_parse(text, depth, &document, &fault), -EBADMSG);
        pacc_document_done(&document);
        free(text);
}
END_TEST

#define DIGEST "MOA19C2fw1LnfpriQEArPk+FRkxoE7UVaunADBmu7G8="

static const struct {
        const char *text;
        bool good;
} records[] = {
        { "v=UAAC1; a=sha256; d=" DIGEST, true },
        { "v=UAAC1;a=sha256;d=" DIGEST ";", true },
        { " d = " DIGEST " ; x=y; A=SHA256 ; V=uaac1", true },
        { "v=UAAC2; a=sha256; d=" DIGEST, false },
        { "v=UAAC1; a=sha512; d=" DIGEST, false },
        { "v=UAAC1; d=" DIGEST, false },
        { "v=UAAC1; a=sha256; d=", false },
        { "v=UAAC1; a=sha256; d=A" DIGEST, false },
        { "v=UAAC1; a=sha256; d=MOA19C2fw1LnfpriQEArPk+FRkxoE7UVaunADBmu7G8!", false },
        { "v=spf1 -all", false },
        { "", false },
};

START_TEST(record) {
        char digest[PACC_DIGEST_SIZE] = "";
        ck_assert_int_eq(pacc_digest_parse(records[_i].text, strlen(records[_i].text), digest), records[_i].good ? 0 : -EBADMSG);
        ck_assert_str_eq(digest, records[_i].good ? DIGEST : "");
}
END_TEST

START_TEST(odd_records) {
        char digest[PACC_DIGEST_SIZE], text[2000];
        memset(text, 'x', sizeof(text));
        ck_assert_int_eq(pacc_digest_parse(text, sizeof(text), digest), -EBADMSG);
        ck_assert_int_eq(pacc_digest_parse("v=UAAC1\0; a=sha256", 18, digest), -EBADMSG);
}
END_TEST

START_TEST(mutants) {
        static const char text[] = "v=UAAC1; a=sha256; d=" DIGEST ";";
        for (unsigned round = 0; round < MUTATE_ROUNDS; round++) {
                Mutant mutant = mutate(full, sizeof(full) - 1, round), other = mutate(text, sizeof(text) - 1, round);
                char digest[PACC_DIGEST_SIZE];
                PaccDocument document;
                JsonFault fault;
                int r = pacc_document_parse(mutant.bytes, mutant.size, &document, &fault);
                ck_assert(r == 0 || (r == -EBADMSG && fault.what[0]));
                pacc_document_done(&document);
                r = pacc_digest_parse(other.bytes, other.size, digest);
                ck_assert(r == 0 || r == -EBADMSG);
                free(mutant.bytes);
                free(other.bytes);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("pacc-document");
        TCase *tcase = tcase_create("document");
        tcase_add_loop_test(tcase, good_documents, 0, sizeof(good) / sizeof(good[0]));
        tcase_add_loop_test(tcase, refused_documents, 0, sizeof(refused) / sizeof(refused[0]));
        tcase_add_test(tcase, a_fault_has_a_line);
        tcase_add_test(tcase, nesting_has_a_bound);
        tcase_add_loop_test(tcase, record, 0, sizeof(records) / sizeof(records[0]));
        tcase_add_test(tcase, odd_records);
        tcase_add_test(tcase, mutants);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
