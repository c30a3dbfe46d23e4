/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The greeting classifier, by a table of first lines. */

#include "classify.h"
#include "harness.h"

static const struct {
        const char *bytes;
        size_t size;
        MdSpeech speech;
} cases[] = {
#define CASE(bytes, speech) { bytes, sizeof(bytes) - 1, MD_SPEECH_##speech }
        CASE("", UNKNOWN),
        CASE("220 mail.example.org ESMTP Postfix\r\n", SMTP),
        CASE("220-mail.example.org\r\n220 ready\r\n", SMTP),
        CASE("220\r\n", SMTP),
        CASE("220 ********************\r\n", SMTP),
        CASE("220 ftp.example.org ESMTP\r\n", SMTP),
        CASE("220 ftp.example.org ready\r\n", SMTP),
        CASE("421 too busy\r\n", SMTP),
        CASE("554 5.7.1 go away\r\n", SMTP),
        CASE("220 (vsFTPd 3.0.3)\r\n", FTP),
        CASE("220 Microsoft FTP Service\r\n", FTP),
        CASE("220-FileZilla Server 1.8.0\r\n", FTP),
        CASE("200 news.example.org InterNetNews\r\n", NNTP),
        CASE("2200 mail\r\n", UNKNOWN),
        CASE("22 mail\r\n", UNKNOWN),
        CASE("-250 mail\r\n", UNKNOWN),
        CASE("999 mail\r\n", UNKNOWN),
        CASE("000 mail\r\n", UNKNOWN),
        CASE("* OK IMAP4rev1 ready\r\n", IMAP),
        CASE("* ok ready\r\n", IMAP),
        CASE("* PREAUTH ready\r\n", IMAP),
        CASE("* BYE busy\r\n", IMAP),
        CASE("* NO\r\n", UNKNOWN),
        CASE("* OKAY\r\n", UNKNOWN),
        CASE("A1 OK ready\r\n", UNKNOWN),
        CASE("+OK ready <1.2@example.org>\r\n", POP3),
        CASE("-ERR [SYS/TEMP] busy\r\n", POP3),
        CASE("+OKAY\r\n", UNKNOWN),
        CASE("\"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\r\n", SIEVE),
        CASE("\"SIEVE\" \"fileinto\"\r\n", SIEVE),
        CASE("\"notify\" \"mailto\"\r\n", SIEVE),
        CASE("\"NOTIFIED\"\r\n", UNKNOWN),
        CASE("BYE (TRYLATER) \"Too many connections\"\r\n", SIEVE),
        CASE("BYEBYE\r\n", UNKNOWN),
        CASE("HTTP/1.1 400 Bad Request\r\n", HTTP),
        CASE("<html><body>", HTTP),
        CASE("<!doctype html>", HTTP),
        CASE("SSH-2.0-OpenSSH_9.2p1\r\n", SSH),
        CASE("SSHX\r\n", UNKNOWN),
        CASE("\x15\x03\x01\x00\x02\x02\x28", TLS_ALERT),
        CASE("\x16\x03\x03\x00\x7a", TLS),
        CASE("\x16\x03", UNKNOWN),
        CASE("\x16\x02\x03", UNKNOWN),
        CASE("\x18\x03\x03", UNKNOWN),
        CASE("\x16\x03\xff", UNKNOWN),
        CASE("\xff\xfd\x18\x00", UNKNOWN),
};

START_TEST(table) {
        ck_assert_int_eq(md_classify(cases[_i].bytes, cases[_i].size), cases[_i].speech);
}
END_TEST

/* A cut line is never taken for another protocol than the whole one. */
START_TEST(prefixes) {
        for (size_t size = 0; size < cases[_i].size; size++) {
                MdSpeech speech = md_classify(cases[_i].bytes, size);
                ck_assert(speech == MD_SPEECH_UNKNOWN || speech == MD_SPEECH_SMTP ||
                          speech == cases[_i].speech || cases[_i].speech == MD_SPEECH_UNKNOWN);
        }
}
END_TEST

START_TEST(words) {
        ck_assert_str_eq(md_speech_word(MD_SPEECH_TLS_ALERT), "tls-alert");
        ck_assert_int_eq(md_speech_from_word("pop3"), MD_SPEECH_POP3);
        ck_assert_int_eq(md_speech_from_word("managesieve"), MD_SPEECH_UNKNOWN);
        ck_assert_ptr_null(md_speech_word(MD_SPEECH_UNKNOWN));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("classify");
        TCase *tcase = tcase_create("classify");
        tcase_add_loop_test(tcase, table, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_loop_test(tcase, prefixes, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, words);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
