/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Capability lists: whole words only, in any case, and what follows "AUTH=". */

#include <check.h>
#include <errno.h>
#include <string.h>

#include "capabilities.h"
#include "harness.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
        const char *text, *word;
        bool has;
} words[] = {
        { "IMAP4rev1 STARTTLS", "STARTTLS", true },
        { "IMAP4rev1 StartTls", "STARTTLS", true },
        { "  IMAP4rev1   STARTTLS  ", "STARTTLS", true },
        { "IMAP4rev1 STARTTLSX", "STARTTLS", false },
        { "IMAP4rev1 XSTARTTLS", "STARTTLS", false },
        { "IMAP4rev1 STARTTLS=1", "STARTTLS", false },
        { "", "STARTTLS", false },
        { " ", "STARTTLS", false },
};

START_TEST(whole_words) {
        ImapCapabilities capabilities;
        ck_assert_int_eq(imap_capabilities_parse(words[_i].text, &capabilities), 0);
        ck_assert_int_eq(imap_capabilities_have(&capabilities, words[_i].word), words[_i].has);
        imap_capabilities_done(&capabilities);
}
END_TEST

static const struct {
        const char *text, *mechanisms[4];
} mechanisms[] = {
        { "IMAP4rev1 AUTH=PLAIN AUTH=SCRAM-SHA-256", { "PLAIN", "SCRAM-SHA-256" } },
        { "auth=plain", { "plain" } },
        { "AUTH=PLAINX XAUTH=LOGIN AUTH LOGIN", { "PLAINX" } },
        { "AUTH= IMAP4rev1", { NULL } },
        { "", { NULL } },
};

START_TEST(lists_mechanisms) {
        ImapCapabilities capabilities;
        size_t n = 0;

        ck_assert_int_eq(imap_capabilities_parse(mechanisms[_i].text, &capabilities), 0);
        for (; mechanisms[_i].mechanisms[n]; n++)
                ck_assert_str_eq(capabilities.mechanisms[n], mechanisms[_i].mechanisms[n]);
        ck_assert_ptr_null(capabilities.mechanisms[n]);
        imap_capabilities_done(&capabilities);
}
END_TEST

static const struct {
        const char *a, *b;
        bool equal;
} pairs[] = {
        { "A B C", "C b A", true },
        { "A A", "A", true },
        { "A B", "A", false },
        { "A", "A B", false },
        { "", "", true },
};

START_TEST(compares) {
        ImapCapabilities a, b;
        ck_assert_int_eq(imap_capabilities_parse(pairs[_i].a, &a), 0);
        ck_assert_int_eq(imap_capabilities_parse(pairs[_i].b, &b), 0);
        ck_assert_int_eq(imap_capabilities_equal(&a, &b), pairs[_i].equal);
        imap_capabilities_done(&a);
        imap_capabilities_done(&b);
}
END_TEST

static const struct {
        const char *text, *masked;
} masks[] = {
        { "IMAP4rev1 XXXXXXXX IDLE", "XXXXXXXX" },
        { "IMAP4rev1 XXXX", "XXXX" },
        { "IMAP4rev1 XXX", NULL },
        { "IMAP4rev1 XXXXA", NULL },
        { "IMAP4rev1 XLIST", NULL },
};

START_TEST(sees_masks) {
        ImapCapabilities capabilities;
        ck_assert_int_eq(imap_capabilities_parse(masks[_i].text, &capabilities), 0);
        const char *masked = imap_capabilities_masked(&capabilities);
        if (masks[_i].masked)
                ck_assert_str_eq(masked, masks[_i].masked);
        else
                ck_assert_ptr_null(masked);
        imap_capabilities_done(&capabilities);
}
END_TEST

START_TEST(none_seen) {
        ImapCapabilities none = { 0 };
        ck_assert(!imap_capabilities_have(&none, "IDLE"));
        ck_assert_ptr_null(imap_capabilities_masked(&none));
        imap_capabilities_done(&none);
}
END_TEST

START_TEST(too_many) {
        char text[2 * (IMAP_CAPABILITIES_MAX + 1) + 1];
        ImapCapabilities capabilities;

        for (size_t i = 0; i + 1 < sizeof(text); i += 2)
                memcpy(text + i, "a ", 2);
        text[sizeof(text) - 1] = '\0';
        ck_assert_int_eq(imap_capabilities_parse(text, &capabilities), -E2BIG);
        text[sizeof(text) - 3] = '\0';
        ck_assert_int_eq(imap_capabilities_parse(text, &capabilities), 0);
        imap_capabilities_done(&capabilities);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("imap-capabilities");
        TCase *tcase = tcase_create("imap-capabilities");
        tcase_add_loop_test(tcase, whole_words, 0, N_ELEMENTS(words));
        tcase_add_loop_test(tcase, lists_mechanisms, 0, N_ELEMENTS(mechanisms));
        tcase_add_loop_test(tcase, compares, 0, N_ELEMENTS(pairs));
        tcase_add_loop_test(tcase, sees_masks, 0, N_ELEMENTS(masks));
        tcase_add_test(tcase, none_seen);
        tcase_add_test(tcase, too_many);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
