/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a SCRAM server may say first, by a table. */

#include <check.h>
#include <errno.h>
#include <string.h>

#include "harness.h"
#include "sasl-scram.h"

#define SALT "s=QSXCR+Q6sek8bf92"

static const struct {
        const char *message;
        int result;
        const char *what;
} firsts[] = {
        { "r=nonceSERVER," SALT ",i=4096", 0, NULL },
        { "r=nonceSERVER," SALT ",i=100000,x=extension", 0, NULL },
        { "r=nonceSERVER," SALT ",i=4095", -EKEYREJECTED, "it asks for too few rounds of hashing" },
        { "r=nonceSERVER," SALT ",i=1", -EKEYREJECTED, "it asks for too few rounds of hashing" },
        { "r=nonceSERVER," SALT ",i=100001", -EKEYREJECTED, "it asks for too many rounds of hashing" },
        { "r=nonceSERVER," SALT ",i=2147483647", -EKEYREJECTED, "it asks for too many rounds of hashing" },
        { "r=nonceSERVER," SALT ",i=18446744073709555712", -EKEYREJECTED,
          "it asks for too many rounds of hashing" },
        { "r=nonce," SALT ",i=4096", -EKEYREJECTED, "its nonce does not continue ours" },
        { "r=other," SALT ",i=4096", -EKEYREJECTED, "its nonce does not continue ours" },
        { "r=Nonceserver," SALT ",i=4096", -EKEYREJECTED, "its nonce does not continue ours" },
        { "", -EBADMSG, NULL },
        { "r=nonceSERVER", -EBADMSG, NULL },
        { "r=nonceSERVER," SALT, -EBADMSG, NULL },
        { "r=nonceSERVER," SALT ",i=", -EBADMSG, NULL },
        { "r=nonceSERVER," SALT ",i=-1", -EBADMSG, NULL },
        { "r=nonceSERVER," SALT ",i=0", -EBADMSG, NULL },
        { "r=nonceSERVER," SALT ",i=04096", -EBADMSG, NULL },
        { "r=nonceSERVER," SALT ",i=4096 ", -EBADMSG, NULL },
        { "r=nonceSERVER,s=,i=4096", -EBADMSG, NULL },
        { "r=nonceSERVER,s=QSXC!,i=4096", -EBADMSG, NULL },
        { "r=nonce SERVER," SALT ",i=4096", -EBADMSG, NULL },
        { "r=,s=QSXC,i=4096", -EKEYREJECTED, "its nonce does not continue ours" },
        { "m=must,r=nonceSERVER," SALT ",i=4096", -EBADMSG, NULL },
        { SALT ",r=nonceSERVER,i=4096", -EBADMSG, NULL },
        { "e=unknown-user", -EBADMSG, NULL },
};

START_TEST(first) {
        const char *what = NULL;
        ck_assert_int_eq(md_scram_check_first("nonce", firsts[_i].message, &what), firsts[_i].result);
        if (firsts[_i].what)
                ck_assert_str_eq(what, firsts[_i].what);
        else
                ck_assert_ptr_null(what);
}
END_TEST

START_TEST(our_nonce) {
        char nonce[MD_SCRAM_NONCE_MAX], long_message[300] = "n,,n=user,r=";
        const char *message = "n,,n=us=2Cer,r=fyko+d2lbbFgONRv9qkxdawL";
        ck_assert_int_eq(md_scram_client_nonce(message, strlen(message), nonce), 0);
        ck_assert_str_eq(nonce, "fyko+d2lbbFgONRv9qkxdawL");
        ck_assert_int_eq(md_scram_client_nonce("n,,n=user", 9, nonce), -EBADMSG);
        ck_assert_int_eq(md_scram_client_nonce("n,,n=user,r=", 12, nonce), -EBADMSG);
        memset(long_message + 12, 'x', 200);
        ck_assert_int_eq(md_scram_client_nonce(long_message, 212, nonce), -EBADMSG);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("sasl-scram");
        TCase *tcase = tcase_create("scram");
        tcase_add_loop_test(tcase, first, 0, sizeof(firsts) / sizeof(firsts[0]));
        tcase_add_test(tcase, our_nonce);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
