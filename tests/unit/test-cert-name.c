/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names: which presented name stands for which host (RFC 9525), which one is a host name at all, and
 * A-labels. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"
#include "der.h"
#include "harness.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
        const char *presented;
        size_t size;
        const char *name;
        bool fits;
} fits[] = {
#define FIT(presented, name, fits) { presented, sizeof(presented) - 1, name, fits }
        FIT("mail.example.org", "mail.example.org", true),
        FIT("MAIL.Example.ORG", "mail.example.org", true),
        FIT("mail.example.org.", "mail.example.org", false),
        FIT("mail.example.or", "mail.example.org", false),
        FIT("mail.example.organic", "mail.example.org", false),
        FIT("example.org", "mail.example.org", false),
        FIT("", "mail.example.org", false),
        FIT("", "", false),
        FIT("*.example.org", "mail.example.org", true),
        FIT("*.EXAMPLE.org", "mail.example.org", true),
        FIT("*.example.org", "xn--bcher-kva.example.org", true),
        FIT("*.example.org", "a.b.example.org", false),
        FIT("*.example.org", "example.org", false),
        FIT("*.example.org", ".example.org", false),
        FIT("*.org", "example.org", false),
        FIT("*.", "example.", false),
        FIT("*", "example", false),
        FIT("*", "example.org", false),
        FIT("m*.example.org", "mail.example.org", false),
        FIT("*l.example.org", "mail.example.org", false),
        FIT("mail.*.org", "mail.example.org", false),
        FIT("*.*.org", "mail.example.org", false),
        FIT("**.example.org", "mail.example.org", false),
        FIT("mail.example.org\0", "mail.example.org", false),
        FIT("mail.example.org\0.attacker.example", "mail.example.org", false),
        FIT("*.example.org\0.attacker.example", "mail.example.org", false),
        FIT("b\xc3\xbc" "cher.example", "xn--bcher-kva.example", false),
        FIT("foo_bar.example.org", "foo_bar.example.org", false),
        FIT("192.0.2.1", "192.0.2.2", false),
};

START_TEST(presented_names) {
        bool fit = md_dns_name_fits(fits[_i].presented, fits[_i].size, fits[_i].name);
        ck_assert_msg(fit == fits[_i].fits, "\"%s\" for %s: %d", fits[_i].presented, fits[_i].name, fit);
}
END_TEST

static const struct {
        const char *name;
        bool valid;
} valid[] = {
        { "mail.example.org", true }, { "*.example.org", true }, { "xn--bcher-kva.example", true },
        { "localhost", true }, { "1.example", true }, { "a-b.example", true }, { "", false },
        { ".", false }, { "*", false }, { "*.", false }, { ".example.org", false },
        { "example.org.", false }, { "a..b", false }, { "-a.example", false }, { "a-.example", false },
        { "a_b.example", false }, { "b\xc3\xbc" "cher.example", false }, { "a b.example", false },
        { "192.0.2.1", false }, { "::1", false }, { "mail.*.org", false },
        { "a123456789012345678901234567890123456789012345678901234567890123.example", false },
};

START_TEST(valid_names) {
        ck_assert_msg(md_dns_name_is_valid(valid[_i].name, strlen(valid[_i].name)) == valid[_i].valid, "%s",
                      valid[_i].name);
}
END_TEST

static const struct {
        const char *name;
        const char *ascii;              /* NULL: refused */
} idna[] = {
        { "mail.example.org", "mail.example.org" },
        { "b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
        { "B\xc3\x9c" "CHER.example", "xn--bcher-kva.example" },
        { "xn--bcher-kva.example", "xn--bcher-kva.example" },
        { "th\xc6\xb0.vi\xe1\xbb\x87t.example", "xn--th-e0a.xn--vit-5kz.example" },
        { "stra\xc3\x9f" "e.example", "xn--strae-oqa.example" },
        { "example.org.", "example.org." },
        { "", NULL },
        { ".", NULL },
        { "a..b", NULL },
        { "a123456789012345678901234567890123456789012345678901234567890123.example", NULL },
        { "\xff.example", NULL },
        { "\xe2\x80\xae.example", NULL },
};

START_TEST(a_labels) {
        char *ascii = NULL;
        int r = md_idna_to_ascii(idna[_i].name, &ascii);
        ck_assert_int_eq(r, idna[_i].ascii ? 0 : -EINVAL);
        if (idna[_i].ascii)
                ck_assert_str_eq(ascii, idna[_i].ascii);
        free(ascii);
}
END_TEST

static const struct {
        const char *bytes;
        size_t size;
        int result;
        size_t inside;
} elements[] = {
#define ELEMENT(bytes, result, inside) { bytes, sizeof(bytes) - 1, result, inside }
        ELEMENT("", -ENODATA, 0),
        ELEMENT("\x30", -EBADMSG, 0),
        ELEMENT("\x30\x00", 0, 0),
        ELEMENT("\x30\x02" "ab", 0, 2),
        ELEMENT("\x30\x02" "abc", 0, 2),
        ELEMENT("\x30\x03" "ab", -EBADMSG, 0),
        ELEMENT("\x30\x81\x02" "ab", 0, 2),
        ELEMENT("\x30\x82\x00\x02" "ab", 0, 2),
        ELEMENT("\x30\x82\x00", -EBADMSG, 0),
        ELEMENT("\x30\x83\x00\x00\x02" "ab", 0, 2),
        ELEMENT("\x30\x84\x00\x00\x00\x02" "ab", -EBADMSG, 0),
        ELEMENT("\x30\x80" "ab\0\0", -EBADMSG, 0),
        ELEMENT("\x30\xff" "ab", -EBADMSG, 0),
        ELEMENT("\x30\x83\xff\xff\xff" "ab", -EBADMSG, 0),
};

START_TEST(der_elements) {
        const uint8_t *bytes = (const uint8_t *) elements[_i].bytes;
        MdDer der = { bytes, bytes + elements[_i].size }, inside;
        uint8_t tag = 0;
        ck_assert_int_eq(md_der_next(&der, &tag, &inside), elements[_i].result);
        if (elements[_i].result == 0) {
                ck_assert_uint_eq(tag, 0x30);
                ck_assert_uint_eq((size_t) (inside.end - inside.at), elements[_i].inside);
                ck_assert_ptr_eq(der.at, inside.end);
        } else {
                ck_assert_ptr_eq(der.at, bytes);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("cert-name");
        TCase *tcase = tcase_create("cert-name");
        tcase_add_loop_test(tcase, presented_names, 0, N_ELEMENTS(fits));
        tcase_add_loop_test(tcase, valid_names, 0, N_ELEMENTS(valid));
        tcase_add_loop_test(tcase, a_labels, 0, N_ELEMENTS(idna));
        tcase_add_loop_test(tcase, der_elements, 0, N_ELEMENTS(elements));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
