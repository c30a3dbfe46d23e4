/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Base64: the vectors of RFC 4648 both ways, pieces, and everything a strict reader refuses. */

#include <check.h>
#include <errno.h>
#include <string.h>

#include "base64.h"
#include "harness.h"

static const struct {
        const char *plain, *encoded;
} vectors[] = {
        { "", "" },             { "f", "Zg==" },         { "fo", "Zm8=" },        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xff\xfe\xfd", "//79" },
        { "\xfb\xf0", "+/A=" },
};

START_TEST(both_ways) {
        char encoded[32], plain[32];
        size_t size;
        MdPart part = { vectors[_i].plain, strlen(vectors[_i].plain) };
        ck_assert_uint_eq(md_base64_encode(&part, 1, encoded), strlen(vectors[_i].encoded));
        ck_assert_str_eq(encoded, vectors[_i].encoded);
        ck_assert_uint_eq(MD_BASE64_SIZE(part.size), strlen(encoded) + 1);

        ck_assert_int_eq(md_base64_decode(encoded, plain, sizeof(plain), &size), 0);
        ck_assert_uint_eq(size, part.size);
        ck_assert_mem_eq(plain, vectors[_i].plain, size + 1);
}
END_TEST

START_TEST(pieces) {
        char encoded[32];
        MdPart parts[] = { { "\0", 1 }, { "user", 4 }, { "", 0 }, { "\0", 1 }, { "pencil", 6 } };
        md_base64_encode(parts, 5, encoded);
        ck_assert_str_eq(encoded, "AHVzZXIAcGVuY2ls");
}
END_TEST

static const struct {
        const char *encoded;
        int error;
} refused[] = {
        { "Z", -EBADMSG },        { "Zg", -EBADMSG },       { "Zg=", -EBADMSG },     { "Zh==", -EBADMSG },
        { "Zm9=", -EBADMSG },     { "Z===", -EBADMSG },     { "====", -EBADMSG },    { "Zg==Zg==", -EBADMSG },
        { "Zm 9v", -EBADMSG },    { "Zm9v\n", -EBADMSG },   { "Zm9-", -EBADMSG },    { "Go ahead", -EBADMSG },
        { "Zm9vYmFyZm9vYmFy", -EMSGSIZE },
};

START_TEST(strict) {
        char plain[8] = "";
        size_t size = 99;
        ck_assert_int_eq(md_base64_decode(refused[_i].encoded, plain, sizeof(plain), &size),
                         refused[_i].error);
        ck_assert_uint_eq(size, 99);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("base64");
        TCase *tcase = tcase_create("base64");
        tcase_add_loop_test(tcase, both_ways, 0, sizeof(vectors) / sizeof(vectors[0]));
        tcase_add_test(tcase, pieces);
        tcase_add_loop_test(tcase, strict, 0, sizeof(refused) / sizeof(refused[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
