/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The hunt for the secret: every form it can take in a reply, and texts that only look like it. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base64.h"
#include "harness.h"
#include "secret.h"

static MdSecret *secret_of(const char *text) {
        MdSecret *secret;
        const char *reason;
        int fd = memfd_create("secret", MFD_CLOEXEC);
        ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t) strlen(text));
        ck_assert_int_eq(md_secret_new(&secret), 0);
        ck_assert_int_eq(md_secret_read(secret, fd, &reason), 0);
        close(fd);
        return secret;
}

static const struct {
        const char *secret, *text;
        size_t size;
        const char *shown;
} cases[] = {
#define CASE(secret, text, shown) { secret, text, sizeof(text) - 1, shown }
        CASE("hunter2", "535 wrong hunter2, try again", "535 wrong *******, try again"),
        CASE("hunter2", "hunter2hunter2", "**************"),
        CASE("hunter2", "535 wrong password", "535 wrong password"),
        CASE("hunter2", "hunterhunter2", "hunter*******"),
        /* base64 of the secret; of "\0user\0secret" and "user\0user\0secret", for the three alignments of the
         * user name */
        CASE("hunter2", "got aHVudGVyMg==.", "got ************."),
        CASE("hunter2", "got AHVzZXIAaHVudGVyMg==", "got AHVzZXIA************"),
        CASE("hunter2", "got AGpvZQBodW50ZXIy", "got AGpvZQB*********"),
        CASE("hunter2", "got AHVzZXIxAGh1bnRlcjI=", "got AHVzZXIxAG**********"),
        CASE("hunter2", "got dXNlcgB1c2VyAGh1bnRlcjI=", "got dXNlcgB1c2VyAG**********"),
        /* XOAUTH2: user=u^Aauth=Bearer hunter2^A^A */
        CASE("hunter2", "dXNlcj11AWF1dGg9QmVhcmVyIGh1bnRlcjIBAQ==",
             "dXNlcj11AWF1dGg9QmVhcmVyIG*********BAQ=="),
        CASE("p?~p?~", "cD9-cD9-", "********"),                         /* the alphabet for URLs */
        CASE("p?~p?~", "cD9+cD9+", "********"),
        CASE("hunter2", "hex 68756e74657232", "hex **************"),
        CASE("hunter2", "hex 68756E74657232 ", "hex ************** "),
        CASE("a b&c/d", "pw=a%20b%26c%2Fd&", "pw=*************&"),
        CASE("a b&c/d", "pw=a+b%26c%2fd&", "pw=***********&"),
        CASE("a b&c/d", "%61%20%62%26%63%2f%64", "*********************"),
        CASE("qu\"o\\te", "LOGIN \"u\" \"qu\\\"o\\\\te\"", "LOGIN \"u\" \"*********\""),
        CASE("hunter2", "h\0u\0n\0t\0e\0r\0" "2\0.", "**************."),
        CASE("hunter2", "\0h\0u\0n\0t\0e\0r\0" "2.", "\0*************."),
        CASE("p\xc3\xb6sser", "p\0\xf6\0s\0s\0e\0r\0", "************"),
        CASE("abcd", "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xef\xbf\xbd" "d\xef\xbf\xbd", "****************"),
        /* broken over two lines */
        CASE("correct-horse", "535-5.7.8 wrong password correct-", "535-5.7.8 wrong password ********"),
        CASE("correct-horse", "535 5.7.8 horse is wrong", "535 5.7.8 horse is wrong"),
        CASE("correct-horse", "535 horse is wrong", "535 ***** is wrong"),
        CASE("correct-horse", "horse", "*****"),
        CASE("correct-horse", "-ERR Y29ycmVjdC1o", "-ERR ************"),
        CASE("correct-horse", "-ERR bad cor", "-ERR bad cor"),
        /* short ones: whole words only */
        CASE("me", "tell me some", "tell ** some"),
        CASE("me", "AHUAbWU=", "AHUA****"),
        CASE("me", "bWUx", "bWUx"),
        CASE("x", "x 1x x1 (x)", "* 1x x1 (*)"),
        CASE("hunter2", "", ""),
};

START_TEST(table) {
        MdSecret *secret = secret_of(cases[_i].secret);
        char *text = malloc(cases[_i].size + 1);
        memcpy(text, cases[_i].text, cases[_i].size + 1);
        size_t places = md_secret_redact(secret, text, cases[_i].size);
        ck_assert_mem_eq(text, cases[_i].shown, cases[_i].size + 1);
        ck_assert_int_eq(places > 0, memcmp(text, cases[_i].text, cases[_i].size) != 0);
        free(text);
        md_secret_free(secret);
}
END_TEST

START_TEST(counts_places) {
        MdSecret *secret = secret_of("hunter2");
        char text[] = "hunter2 and 68756e74657232";
        ck_assert_uint_eq(md_secret_redact(secret, text, strlen(text)), 2);
        md_secret_free(secret);
}
END_TEST

/* ---- whatever byte it begins with ---- */

static void expect_found(const MdSecret *secret, const char *form, size_t size) {
        char text[128] = "it was: ";
        size_t begin = strlen(text);
        memcpy(text + begin, form, size);
        ck_assert_uint_eq(md_secret_redact(secret, text, begin + size), 1);
        ck_assert_int_eq(text[begin + size / 2], '*');
}

static void expect_bytes_found(const MdSecret *secret, const char *bytes, const char *format) {
        char form[128] = "";
        for (const char *at = bytes; *at; at++)
                snprintf(form + strlen(form), sizeof(form) - strlen(form), format, (unsigned char) *at);
        expect_found(secret, form, strlen(form));
}

static void expect_base64_found(const MdSecret *secret, const char *bytes) {
        for (size_t before = 0; before < 3; before++) {
                const MdPart parts[] = { { "ab", before }, { bytes, strlen(bytes) } };
                char form[64];
                expect_found(secret, form, md_base64_encode(parts, 2, form));
        }
}

static void expect_utf16_found(const MdSecret *secret, const char *bytes) {
        char form[64];
        for (size_t i = 0; i < strlen(bytes); i++) {
                form[2 * i] = bytes[i];
                form[2 * i + 1] = 0;
        }
        expect_found(secret, form, 2 * strlen(bytes));
}

START_TEST(begins_with) {
        const char bytes[] = { (char) _i, 'u', 'n', 't', 'e', 'r', '2', '\0' };
        MdSecret *secret = secret_of(bytes);
        expect_found(secret, bytes, strlen(bytes));
        expect_bytes_found(secret, bytes, "%%%02x");
        expect_bytes_found(secret, bytes, "%02x");
        expect_bytes_found(secret, bytes, "%02X");
        expect_base64_found(secret, bytes);
        if (_i < 0x80)
                expect_utf16_found(secret, bytes);
        if (_i == '"' || _i == '\\')
                expect_found(secret, _i == '"' ? "\\\"unter2" : "\\\\unter2", 8);
        md_secret_free(secret);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("redact");
        TCase *tcase = tcase_create("redact");
        tcase_add_loop_test(tcase, table, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, counts_places);
        tcase_add_loop_test(tcase, begins_with, 1, 256);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
