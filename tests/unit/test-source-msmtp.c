/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* msmtp's configuration: what its accounts come to.  That msmtp reads it in the same way is another test's. */

#include <stdlib.h>

#include "harness.h"
#include "own.h"
#include "source-sink.h"

static const struct {
        const char *text, *expected;
} cases[] = {
        { "", "" },
        { "account a\n", "" },
        { "host h\n", "" },
        { "account a\nhost h\n", "a: smtp host=h:2:host port=25:assumed security=none:assumed" },
        { "# c\n\n  account   a b \r\n\thost\th\r\n",
          "a b: smtp host=h:4:host port=25:assumed security=none:assumed" },
        { "defaults\ntls on\nauth on\naccount a\nhost h\nfrom \"a@b.example\"\nuser \"x y\"\nport 587\n",
          "a: smtp host=h:5:host port=587:8:port security=starttls:2:tls username=x y:7:user from=a@b.example:6:from" },
        { "account a\nhost h\ntls\ntls_starttls off\nauth plain\nuser u\n",
          "a: smtp host=h:2:host port=465:assumed security=tls:4:tls_starttls username=u:6:user auth=PLAIN:5:auth" },
        { "account a\nhost h\ntls off\ntls_starttls off\nuser u\n", "a: smtp host=h:2:host port=25:assumed security=none:3:tls" },
        { "account a\nhost h\nauth off\nuser u\n", "a: smtp host=h:2:host port=25:assumed security=none:assumed" },
        /* The defaults count for what comes after them. */
        { "account a\nhost h\ndefaults\nport 26\naccount b\nhost i\n",
          "a: smtp host=h:2:host port=25:assumed security=none:assumed; "
          "b: smtp host=i:6:host port=26:4:port security=none:assumed" },
        { "account a\nhost h\nport 1\naccount b\nhost i\naccount c : a , b\ntls on\naccount default:a\n",
          "a: smtp host=h:2:host port=1:3:port security=none:assumed; "
          "b: smtp host=i:5:host port=25:assumed security=none:assumed; "
          "c: smtp host=i:5:host port=1:3:port security=starttls:7:tls" },
        { "account a : z\nhost h\n", "!1 there is no account 'z' above; "
          "a: smtp host=h:2:host port=25:assumed security=none:assumed" },
        /* Nothing of a secret is kept, and nothing is run. */
        { "account a\nhost h\nauth on\nuser u\npassword hunter2\n",
          "a: smtp host=h:2:host port=25:assumed security=none:assumed username=u:4:user secret=stored:5:password" },
        { "account a\nhost h\nauth on\nuser u\npasswordeval echo hunter2\neval echo port 99\n",
          "a: smtp host=h:2:host port=25:assumed security=none:assumed username=u:4:user secret=command:5:passwordeval" },
        { "account a\nhost h\nfrom %U@$HOSTNAME\n", "a: smtp host=h:2:host port=25:assumed security=none:assumed" },
        { "account a\nhost h\ntls_host_override n.example\nfuture_key 1\n",
          "a: smtp host=h:2:host port=25:assumed security=none:assumed tls-name=n.example:3:tls_host_override" },
        { "account a\nhost h # c\naccount b\nhost i\n",
          "!2 host 'h # c' holds a space; b: smtp host=i:4:host port=25:assumed security=none:assumed" },
        { "account a\nhost h\nport 0\n", "!3 port '0' is not a port" },
        { "account a\nhost h\nport 25x\n", "!3 port '25x' is not a port" },
        { "account a\nhost h\nauth on\nuser a\xffz\n", NULL },
        { "account a\nhost h\nauth averyverylongmethodname\n", "!3 auth 'averyverylongmethodname' is no authentication method" },
        { "account a\nhost h\ntls_host_override a..b\n", NULL },
};

START_TEST(accounts) {
        SeenSource seen;
        seen_source_read(source_msmtp_parse, cases[_i].text, &seen);
        if (cases[_i].expected)
                ck_assert_str_eq(seen.text, cases[_i].expected);
        else
                ck_assert_msg(seen.text[0] == '!', "%s", seen.text);
        ck_assert_ptr_null(strstr(seen.text, "hunter2"));
}
END_TEST

/* Whatever its size and bytes. */
START_TEST(rubbish) {
        const SourceSink sink = { seen_source_account, seen_source_fault, &(SeenSource) { "" } };
        static char text[100000];
        unsigned seed = 1;

        for (size_t turn = 0; turn < 50; turn++) {
                for (size_t i = 0; i < sizeof(text); i++)
                        text[i] = "acount host:\n\n \"#\0\xff"[rand_r(&seed) % 20];
                ck_assert_int_eq(source_msmtp_parse("/x", text, turn == 0 ? 0 : sizeof(text) / turn, &sink), 0);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("source-msmtp");
        TCase *tcase = tcase_create("source-msmtp");
        tcase_add_loop_test(tcase, accounts, 0, ELEMENTS(cases));
        tcase_add_test(tcase, rubbish);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
