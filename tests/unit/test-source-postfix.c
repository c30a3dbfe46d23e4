/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Postfix's relay host: what main.cf says of it. */

#include <stdlib.h>

#include "harness.h"
#include "own.h"
#include "source-sink.h"

#define SASL "smtp_sasl_auth_enable=yes\nsmtp_sasl_password_maps=hash:/x\n"

static const struct {
        const char *text, *expected;
} cases[] = {
        { "", "" },
        { "myhostname = h\n", "" },
        { "relayhost =\n", "" },
        { "# relayhost = [h]\n", "" },
        { "relayhost = [h.example]:587\n",
          "Postfix relay: smtp host=h.example:1:relayhost port=587:1:relayhost security=none:assumed" },
        { "relayhost=h.example\n", "Postfix relay: smtp host=h.example:1:relayhost port=25:assumed security=none:assumed" },
        { "\nrelayhost = [::1]:submission\r\n",
          "Postfix relay: smtp host=::1:2:relayhost port=587:2:relayhost security=none:assumed" },
        { "relayhost = [IPv6:2001:db8::1]\n",
          "Postfix relay: smtp host=2001:db8::1:1:relayhost port=25:assumed security=none:assumed" },
        { "relayhost = [a], [b]:26\n", "Postfix relay: smtp host=a:1:relayhost port=25:assumed security=none:assumed" },
        { "relayhost = [a]\nrelayhost = [b]\n",
          "Postfix relay: smtp host=b:2:relayhost port=25:assumed security=none:assumed" },
        { "relayhost =\n# between\n\n  [a]:26\nx = y\n",
          "Postfix relay: smtp host=a:1:relayhost port=26:1:relayhost security=none:assumed" },
        { "relay = h.${mydomain}\nmydomain=d.$(tld)\ntld = example\nrelayhost = [$relay]\n",
          "Postfix relay: smtp host=h.d.example:4:relayhost port=25:assumed security=none:assumed" },
        /* What stands in no file is not guessed. */
        { "relayhost = $mydomain\n", "" },
        { "relayhost = ${mydomain?x}\n", "" },
        { "relayhost = $\n", "" },
        { "relayhost = $relayhost\n", "" },
        { "a = $b$b\nb = $a$a\nrelayhost = $a\n", "" },
        { "relayhost = [h]:wibble\n", "!1 relayhost is not the name of a server" },
        { "relayhost = [h]:0\n", "!1 relayhost is not the name of a server" },
        { "relayhost = [a..b]\n", "!1 relayhost is not the name of a server" },
        /* Security and login. */
        { "relayhost = [h]:465\nsmtp_tls_wrappermode = yes\nsmtp_tls_security_level = encrypt\n",
          "Postfix relay: smtp host=h:1:relayhost port=465:1:relayhost security=tls:2:smtp_tls_wrappermode" },
        { "relayhost = [h]\nsmtp_tls_security_level = encrypt\n",
          "Postfix relay: smtp host=h:1:relayhost port=25:assumed security=starttls:2:smtp_tls_security_level" },
        { "relayhost = [h]\nsmtp_tls_security_level = may\n",
          "Postfix relay: smtp host=h:1:relayhost port=25:assumed security=none:2:smtp_tls_security_level" },
        { "relayhost = [h]\n" SASL "smtp_tls_security_level = may\n",
          "Postfix relay: smtp host=h:1:relayhost port=25:assumed security=starttls:4:smtp_tls_security_level "
          "secret=stored:3:smtp_sasl_password_maps" },
        { "relayhost = [h]\nsmtp_sasl_auth_enable=yes\n",
          "Postfix relay: smtp host=h:1:relayhost port=25:assumed security=none:assumed" },
};

START_TEST(relays) {
        SeenSource seen;
        seen_source_read(source_postfix_parse, cases[_i].text, &seen);
        ck_assert_str_eq(seen.text, cases[_i].expected);
}
END_TEST

START_TEST(rubbish) {
        const SourceSink sink = { seen_source_account, seen_source_fault, &(SeenSource) { "" } };
        static char text[100000];
        unsigned seed = 1;

        for (size_t turn = 0; turn < 50; turn++) {
                for (size_t i = 0; i < sizeof(text); i++)
                        text[i] = "relayhost= $a{}\n\n[]:#\0\xff"[rand_r(&seed) % 24];
                ck_assert_int_eq(source_postfix_parse("/x", text, turn == 0 ? 0 : sizeof(text) / turn, &sink), 0);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("source-postfix");
        TCase *tcase = tcase_create("source-postfix");
        tcase_add_loop_test(tcase, relays, 0, ELEMENTS(cases));
        tcase_add_test(tcase, rubbish);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
