/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where documents for an address are looked for, and in which order. */

#include <check.h>
#include <string.h>

#include "harness.h"
#include "sources.h"

#define ISPDB "https://ispdb.example/v1.1/"

static const struct {
        AutoconfigQuery query;
        const char *urls;               /* one a line, "O", "C" or "E" before it: the place */
} cases[] = {
        {
                { "anna@example.org", "example.org", NULL, ISPDB },
                "O https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=anna@example.org\n"
                "O https://example.org/.well-known/autoconfig/mail/config-v1.1.xml\n"
                "C https://ispdb.example/v1.1/example.org\n",
        },
        {
                { "anna@example.org", "example.org", "mx.premium.europe.example.com", ISPDB },
                "O https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=anna@example.org\n"
                "O https://example.org/.well-known/autoconfig/mail/config-v1.1.xml\n"
                "C https://ispdb.example/v1.1/example.org\n"
                "E https://autoconfig.premium.europe.example.com/mail/config-v1.1.xml\n"
                "E https://autoconfig.example.com/mail/config-v1.1.xml\n"
                "E https://ispdb.example/v1.1/premium.europe.example.com\n"
                "E https://ispdb.example/v1.1/example.com\n",
        },
        {       /* the exchanger is of the domain itself: nothing new to ask */
                { "anna@example.co.uk", "example.co.uk", "mx.example.co.uk", ISPDB },
                "O https://autoconfig.example.co.uk/mail/config-v1.1.xml?emailaddress=anna@example.co.uk\n"
                "O https://example.co.uk/.well-known/autoconfig/mail/config-v1.1.xml\n"
                "C https://ispdb.example/v1.1/example.co.uk\n",
        },
        {
                { "anna@dept.example.org", "dept.example.org", "mx.example.org", NULL },
                "O https://autoconfig.dept.example.org/mail/config-v1.1.xml?emailaddress=anna@dept.example.org\n"
                "O https://dept.example.org/.well-known/autoconfig/mail/config-v1.1.xml\n"
                "E https://autoconfig.example.org/mail/config-v1.1.xml\n",
        },
        {       /* what stands in an address is nothing in an URL */
                { "a&b=c d/..@example.org", "example.org", "org", NULL },
                "O https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=a%26b%3Dc%20d%2F..@example.org\n"
                "O https://example.org/.well-known/autoconfig/mail/config-v1.1.xml\n",
        },
};

START_TEST(list) {
        static const char places[] = { [AUTOCONFIG_OWN] = 'O', [AUTOCONFIG_CENTRAL] = 'C', [AUTOCONFIG_EXCHANGER] = 'E' };
        AutoconfigSources sources;
        char text[2048] = "";

        ck_assert_int_eq(autoconfig_sources_list(&cases[_i].query, &sources), 0);
        for (size_t i = 0; i < sources.n; i++) {
                char place[] = { places[sources.list[i].place], ' ', '\0' };
                strcat(strcat(strcat(text, place), sources.list[i].url), "\n");
        }
        ck_assert_str_eq(text, cases[_i].urls);
        autoconfig_sources_done(&sources);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("autoconfig-sources");
        TCase *tcase = tcase_create("sources");
        tcase_add_loop_test(tcase, list, 0, sizeof(cases) / sizeof(cases[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
