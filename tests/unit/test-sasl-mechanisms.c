/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The choice of a mechanism: what is offered, what is at hand, what the settings allow. */

#include <check.h>
#include <string.h>

#include "harness.h"
#include "sasl-mechanisms.h"

#define PASSWORD (MD_MEANS_PASSWORD | MD_MEANS_PREPARED)
#define ALL (PASSWORD | MD_MEANS_BINDING | MD_MEANS_CERTIFICATE)
#define LIST(...) { __VA_ARGS__, NULL }

static const struct {
        unsigned means;
        const char *offered[8], *allowed[4], *chosen;
        bool weak_only;
} choices[] = {
        { PASSWORD, LIST("PLAIN", "LOGIN"), { 0 }, "PLAIN" },
        { PASSWORD, LIST("LOGIN"), { 0 }, "LOGIN" },
        { PASSWORD, LIST("login", "plain"), { 0 }, "PLAIN" },
        { PASSWORD, LIST("PLAINX", "SCRAM-SHA-1X", "LOGIN"), { 0 }, "LOGIN" },
        { PASSWORD, LIST("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"), { 0 }, "SCRAM-SHA-256" },
        { PASSWORD, LIST("SCRAM-SHA-1", "SCRAM-SHA-256-PLUS"), { 0 }, "SCRAM-SHA-1" },
        { PASSWORD | MD_MEANS_BINDING, LIST("SCRAM-SHA-256", "SCRAM-SHA-1-PLUS"), { 0 }, "SCRAM-SHA-1-PLUS" },
        { PASSWORD | MD_MEANS_BINDING, LIST("SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"), { 0 },
          "SCRAM-SHA-256-PLUS" },
        { MD_MEANS_PASSWORD, LIST("PLAIN", "SCRAM-SHA-256"), { 0 }, "PLAIN" },
        { ALL, LIST("PLAIN", "EXTERNAL"), { 0 }, "EXTERNAL" },
        { PASSWORD, LIST("EXTERNAL"), { 0 }, NULL },
        { MD_MEANS_TOKEN | MD_MEANS_PREPARED, LIST("PLAIN", "XOAUTH2"), { 0 }, "XOAUTH2" },
        { MD_MEANS_TOKEN, LIST("XOAUTH2", "OAUTHBEARER"), { 0 }, "OAUTHBEARER" },
        { MD_MEANS_TOKEN, LIST("PLAIN", "SCRAM-SHA-256"), { 0 }, NULL },
        { PASSWORD, LIST("XOAUTH2", "OAUTHBEARER"), { 0 }, NULL },
        { PASSWORD, LIST("NTLM", "GSSAPI"), { 0 }, NULL },
        { PASSWORD, { 0 }, { 0 }, NULL },
        /* CRAM-MD5 only by name */
        { PASSWORD, LIST("CRAM-MD5"), { 0 }, NULL, .weak_only = true },
        { PASSWORD, LIST("CRAM-MD5", "LOGIN"), { 0 }, "LOGIN" },
        { PASSWORD, LIST("CRAM-MD5", "LOGIN"), LIST("CRAM-MD5"), "CRAM-MD5" },
        { MD_MEANS_TOKEN, LIST("CRAM-MD5"), { 0 }, NULL },
        /* the settings restrict and order */
        { PASSWORD, LIST("SCRAM-SHA-256", "PLAIN"), LIST("PLAIN"), "PLAIN" },
        { PASSWORD, LIST("SCRAM-SHA-256", "PLAIN", "LOGIN"), LIST("login", "PLAIN"), "LOGIN" },
        { PASSWORD, LIST("SCRAM-SHA-256", "PLAIN"), LIST("LOGIN"), NULL },
        { PASSWORD, LIST("NTLM", "PLAIN"), LIST("NTLM", "PLAIN"), "PLAIN" },
        { PASSWORD, LIST("CRAM-MD5"), LIST("PLAIN"), NULL },
};

START_TEST(choose) {
        const char *const *allowed = choices[_i].allowed[0] ? choices[_i].allowed : NULL;
        const char *reason = NULL;
        const MdMechanism *mechanism = md_mechanism_choose(choices[_i].means, allowed, choices[_i].offered,
                                                           &reason);
        if (choices[_i].chosen) {
                ck_assert_ptr_nonnull(mechanism);
                ck_assert_str_eq(mechanism->name, choices[_i].chosen);
                ck_assert_uint_gt(strlen(reason), 10);
        } else {
                ck_assert_ptr_null(mechanism);
                ck_assert_int_eq(md_mechanism_weak_only(choices[_i].means, allowed, choices[_i].offered),
                                 choices[_i].weak_only);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("sasl-mechanisms");
        TCase *tcase = tcase_create("choose");
        tcase_add_loop_test(tcase, choose, 0, sizeof(choices) / sizeof(choices[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
