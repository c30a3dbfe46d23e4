/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The memory of endpoints: what a visit leaves, what is remembered of it later, and that no file does harm. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "memory.h"

#define NOW INT64_C(1800000000)

static const KeyedHash key = { { 1, 2, 3 } };
static const MdTarget target = { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 143 };
static const MemoryVisit encrypted = { .greeted = true, .verified = true, .security = MD_SECURITY_STARTTLS,
                                       .certificate = "aa", .login_ok = true };
static const MemoryVisit refused = { .greeted = true, .verified = true, .security = MD_SECURITY_STARTTLS,
                                     .certificate = "aa", .login_refused = true };
static Memory *memory;
static KeyedHash endpoint;

static void setup(void) {
        memory = memory_new(&key);
        endpoint = memory_endpoint(memory, 1000, &target, false);
}

static void teardown(void) {
        memory_free(memory);
}

/* ---- endpoints ---- */

static const struct {
        const char *name;
        uint32_t uid;
        MdTarget target;
        bool own_authority, same;
} endpoints[] = {
        { "the same", 1000, { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 143 }, false, true },
        { "case", 1000, { .plugin = (char *) "imap", .host = (char *) "MAIL.Example", .port = 143 }, false, true },
        { "security", 1000, { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 143,
                              .security = MD_SECURITY_TLS }, false, true },
        { "port", 1000, { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 993 }, false, false },
        { "host", 1000, { .plugin = (char *) "imap", .host = (char *) "mail.examplf", .port = 143 }, false, false },
        { "user", 1001, { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 143 }, false, false },
        { "authority", 1000, { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 143 }, true, false },
        { "connection elsewhere", 1000, { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 143,
                                          .connect_to = (char *) "192.0.2.1" }, false, false },
        { "other name", 1000, { .plugin = (char *) "imap", .host = (char *) "mail.example", .port = 143,
                                .tls_name = (char *) "192.0.2.1" }, false, false },
};

START_TEST(what_is_one_endpoint) {
        KeyedHash other = memory_endpoint(memory, endpoints[_i].uid, &endpoints[_i].target, endpoints[_i].own_authority);
        ck_assert_msg(!memcmp(&other, &endpoint, sizeof(other)) == endpoints[_i].same, "%s", endpoints[_i].name);
}
END_TEST

/* ---- what is remembered ---- */

START_TEST(nothing_at_first) {
        Earlier earlier = memory_recall(memory, &endpoint, NOW);
        ck_assert(earlier.tls_at == 0 && earlier.answered_at == 0 && earlier.refused_at == 0 && earlier.n_refused == 0);
        ck_assert(!memory_had_other_certificate(memory, &endpoint, "bb"));
}
END_TEST

START_TEST(tls_and_its_certificate) {
        const MemoryVisit clear = { .greeted = true, .security = MD_SECURITY_STARTTLS };

        ck_assert(memory_note(memory, &endpoint, &encrypted, NOW));
        memory_note(memory, &endpoint, &clear, NOW + 100);
        Earlier earlier = memory_recall(memory, &endpoint, NOW + 100);
        ck_assert_int_eq(earlier.tls_at, NOW);
        ck_assert_int_eq(earlier.tls_security, MD_SECURITY_STARTTLS);
        ck_assert(!memory_had_other_certificate(memory, &endpoint, "aa"));
        ck_assert(memory_had_other_certificate(memory, &endpoint, "bb"));
        ck_assert(!memory_had_other_certificate(memory, &endpoint, NULL));
}
END_TEST

START_TEST(a_renewed_certificate_takes_over) {
        MemoryVisit renewed = encrypted;
        renewed.certificate = "bb";
        memory_note(memory, &endpoint, &encrypted, NOW);
        ck_assert(memory_note(memory, &endpoint, &renewed, NOW + 1));
        ck_assert(memory_had_other_certificate(memory, &endpoint, "aa"));
        ck_assert(!memory_had_other_certificate(memory, &endpoint, "bb"));
}
END_TEST

START_TEST(refused_logins) {
        for (unsigned i = 0; i < 3; i++)
                ck_assert(memory_note(memory, &endpoint, &refused, NOW + i));
        ck_assert_uint_eq(memory_recall(memory, &endpoint, NOW + 10).n_refused, 3);
        ck_assert_uint_eq(memory_recall(memory, &endpoint, NOW + 2 + MEMORY_DAY).n_refused, 0);
        memory_note(memory, &endpoint, &refused, NOW + 3 * MEMORY_DAY);
        ck_assert_uint_eq(memory_recall(memory, &endpoint, NOW + 3 * MEMORY_DAY).n_refused, 1);
        ck_assert(memory_note(memory, &endpoint, &encrypted, NOW + 3 * MEMORY_DAY + 1));
        ck_assert_uint_eq(memory_recall(memory, &endpoint, NOW + 3 * MEMORY_DAY + 1).n_refused, 0);
}
END_TEST

/* A file is not written for each check of a server that stays the same. */
START_TEST(what_is_worth_writing) {
        const MemoryVisit nothing = { 0 };

        ck_assert(!memory_note(memory, &endpoint, &nothing, NOW));
        ck_assert(memory_note(memory, &endpoint, &encrypted, NOW));
        ck_assert(!memory_note(memory, &endpoint, &encrypted, NOW + 60));
        ck_assert(memory_note(memory, &endpoint, &encrypted, NOW + 3600));
        ck_assert(memory_note(memory, &endpoint, &encrypted, NOW + MEMORY_DAY));
}
END_TEST

START_TEST(times_do_not_lie_ahead) {
        memory_note(memory, &endpoint, &refused, NOW);
        Earlier earlier = memory_recall(memory, &endpoint, NOW - 500);
        ck_assert_int_eq(earlier.tls_at, NOW - 500);
        ck_assert_int_eq(earlier.answered_at, NOW - 500);
        ck_assert_int_eq(earlier.refused_at, NOW - 500);
}
END_TEST

START_TEST(the_oldest_makes_room) {
        char host[32];
        MdTarget other = target;

        other.host = host;
        memory_note(memory, &endpoint, &encrypted, NOW);
        for (unsigned i = 0; i < MEMORY_ENDPOINTS_MAX; i++) {
                snprintf(host, sizeof(host), "h%u.example", i);
                KeyedHash hash = memory_endpoint(memory, 1000, &other, false);
                memory_note(memory, &hash, &encrypted, NOW + 1 + i);
        }
        ck_assert_int_eq(memory_recall(memory, &endpoint, NOW + 1000).tls_at, 0);
        KeyedHash last = memory_endpoint(memory, 1000, &other, false);
        ck_assert_int_ne(memory_recall(memory, &last, NOW + 1000).tls_at, 0);

        char *text = memory_to_text(memory);
        ck_assert_uint_lt(strlen(text), MEMORY_TEXT_MAX);
        free(text);
}
END_TEST

/* ---- the text ---- */

START_TEST(written_and_read_again) {
        Memory *read;

        memory_note(memory, &endpoint, &refused, NOW);
        char *text = memory_to_text(memory);
        ck_assert_ptr_null(strstr(text, "mail.example"));
        ck_assert_int_eq(memory_from_text(text, &read), 0);
        Earlier before = memory_recall(memory, &endpoint, NOW), after = memory_recall(read, &endpoint, NOW);
        ck_assert(before.tls_at == after.tls_at && before.answered_at == after.answered_at &&
                  before.refused_at == after.refused_at && before.n_refused == after.n_refused);
        ck_assert(memory_had_other_certificate(read, &endpoint, "bb"));
        memory_free(read);
        free(text);
}
END_TEST

START_TEST(damaged_at_every_byte) {
        Memory *read;

        memory_note(memory, &endpoint, &encrypted, NOW);
        char *text = memory_to_text(memory);
        for (size_t i = 0; text[i]; i++) {
                char kept = text[i];
                text[i] = kept == 'x' ? 'y' : 'x';
                ck_assert_msg(memory_from_text(text, &read) < 0, "byte %zu", i);
                text[i] = '\0';
                ck_assert_msg(memory_from_text(text, &read) < 0, "cut at %zu", i);
                text[i] = kept;
        }
        free(text);
}
END_TEST

static const struct {
        const char *text;
        int error;
} texts[] = {
        { "", -EBADMSG },
        { "maildiag-memory 2\nwhatever", -EPROTONOSUPPORT },
        { "maildiag-memory 99999999999\n", -EPROTONOSUPPORT },
        { "maildiag-logins 1\n", -EBADMSG },
        { "maildiag-memory 1\nkey 0\nsum 0\n", -EBADMSG },
};

START_TEST(odd_texts) {
        Memory *read;
        ck_assert_int_eq(memory_from_text(texts[_i].text, &read), texts[_i].error);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("daemon-memory");
        TCase *tcase = tcase_create("daemon-memory");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_loop_test(tcase, what_is_one_endpoint, 0, sizeof(endpoints) / sizeof(endpoints[0]));
        tcase_add_test(tcase, nothing_at_first);
        tcase_add_test(tcase, tls_and_its_certificate);
        tcase_add_test(tcase, a_renewed_certificate_takes_over);
        tcase_add_test(tcase, refused_logins);
        tcase_add_test(tcase, what_is_worth_writing);
        tcase_add_test(tcase, times_do_not_lie_ahead);
        tcase_add_test(tcase, the_oldest_makes_room);
        tcase_add_test(tcase, written_and_read_again);
        tcase_add_test(tcase, damaged_at_every_byte);
        tcase_add_loop_test(tcase, odd_texts, 0, sizeof(texts) / sizeof(texts[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
