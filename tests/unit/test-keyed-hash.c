/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The hash against the vectors that its authors published (key 00 01 … 0f, data 00 01 …). */

#include <errno.h>
#include <string.h>

#include "harness.h"
#include "keyed-hash.h"

static const struct {
        size_t size;
        const char *hash;
} vectors[] = {
        { 0, "a3817f04ba25a8e66df67214c7550293" },
        { 1, "da87c1d86b99af44347659119b22fc45" },
        { 7, "a1f1ebbed8dbc153c0b84aa61ff08239" },
        { 8, "3b62a9ba6258f5610f83e264f31497b4" },
        { 15, "5493e99933b0a8117e08ec0f97cfc3d9" },
        { 16, "6ee2a4ca67b054bbfd3315bf85230577" },
        { 63, "5150d1772f50834a503e069a973fbd7c" },
};

START_TEST(published_vectors) {
        uint8_t data[64];
        KeyedHash key;
        char text[KEYED_HASH_TEXT_SIZE];

        for (size_t i = 0; i < sizeof(data); i++)
                data[i] = (uint8_t) i;
        memcpy(key.bytes, data, sizeof(key.bytes));
        KeyedHash hash = keyed_hash(&key, data, vectors[_i].size);
        keyed_hash_to_text(&hash, text);
        ck_assert_str_eq(text, vectors[_i].hash);
}
END_TEST

START_TEST(texts) {
        static const char *const bad[] = { "", "a3", "a3817f04ba25a8e66df67214c755029", "a3817f04ba25a8e66df67214c75502933",
                                           "A3817f04ba25a8e66df67214c7550293", "a3817f04ba25a8e66df67214c755029g" };
        char text[KEYED_HASH_TEXT_SIZE];
        KeyedHash hash;

        ck_assert_int_eq(keyed_hash_from_text(vectors[0].hash, &hash), 0);
        keyed_hash_to_text(&hash, text);
        ck_assert_str_eq(text, vectors[0].hash);
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                ck_assert_int_eq(keyed_hash_from_text(bad[i], &hash), -EINVAL);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("keyed-hash");
        TCase *tcase = tcase_create("keyed-hash");
        tcase_add_loop_test(tcase, published_vectors, 0, sizeof(vectors) / sizeof(vectors[0]));
        tcase_add_test(tcase, texts);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
