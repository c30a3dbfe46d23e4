/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Records: what is written can be read, and anything else is refused. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "record.h"

static MdRecord sample(void) {
        MdRecord record;
        md_record_init(&record, "finding");
        ck_assert_int_eq(md_record_add(&record, &MD_TEXT("code", "cert.expired")), 0);
        ck_assert_int_eq(md_record_add(&record, &MD_NUMBER("at-us", 1ull << 40)), 0);
        ck_assert_int_eq(md_record_add(&record, &MD_TRUTH("used", true)), 0);
        ck_assert_int_eq(md_record_add(&record, &MD_LIST("names", ((const char *const[]) { "a", "", "ü", NULL }))), 0);
        return record;
}

static void assert_is_sample(const MdRecord *record) {
        ck_assert_str_eq(record->kind, "finding");
        ck_assert_uint_eq(record->n_fields, 4);
        ck_assert_str_eq(md_record_text(record, "code"), "cert.expired");
        ck_assert(md_record_number(record, "at-us", 0) == 1ull << 40);
        ck_assert(md_record_truth(record, "used"));
        const char *const *names = md_record_list(record, "names");
        ck_assert_str_eq(names[0], "a");
        ck_assert_str_eq(names[1], "");
        ck_assert_str_eq(names[2], "ü");
        ck_assert_ptr_null(names[3]);
}

START_TEST(round_trip) {
        MdRecord record = sample(), copy;
        uint8_t wire[512];
        int length = md_record_encode(&record, wire, sizeof(wire));
        ck_assert_int_gt(length, 0);
        ck_assert_int_eq(md_record_decode(wire, length, &copy), 0);
        assert_is_sample(&copy);
        md_record_done(&copy);
        md_record_done(&record);
}
END_TEST

START_TEST(cut_anywhere_is_refused) {
        MdRecord record = sample(), copy;
        uint8_t wire[512];
        int length = md_record_encode(&record, wire, sizeof(wire));
        for (int i = 0; i < length; i++)
                ck_assert_int_eq(md_record_decode(wire, i, &copy), -EBADMSG);
        wire[length] = 0;
        ck_assert_int_eq(md_record_decode(wire, length + 1, &copy), -EBADMSG);
        md_record_done(&record);
}
END_TEST

START_TEST(flipped_bytes_never_crash) {
        MdRecord record = sample(), copy;
        uint8_t wire[512];
        int length = md_record_encode(&record, wire, sizeof(wire));
        for (int i = 0; i < length; i++)
                for (int value = 0; value < 256; value++) {
                        uint8_t broken[512];
                        memcpy(broken, wire, length);
                        broken[i] = value;
                        if (md_record_decode(broken, length, &copy) == 0)
                                md_record_done(&copy);
                }
        md_record_done(&record);
}
END_TEST

START_TEST(too_small_a_buffer) {
        MdRecord record = sample();
        uint8_t wire[8];
        ck_assert_int_eq(md_record_encode(&record, wire, sizeof(wire)), -E2BIG);
        md_record_done(&record);
}
END_TEST

START_TEST(bad_fields) {
        MdRecord record;
        md_record_init(&record, "fact");
        ck_assert_int_eq(md_record_add(&record, &MD_TEXT("", "x")), -EINVAL);
        ck_assert_int_eq(md_record_add(&record, &MD_TEXT("Upper", "x")), -EINVAL);
        ck_assert_int_eq(md_record_add(&record, &MD_TEXT("a-key-that-is-longer-than-a-key-may-be", "x")), -EINVAL);
        ck_assert_int_eq(md_record_add(&record, &((MdField) { .key = "k", .type = 'z' })), -EINVAL);
        ck_assert_int_eq(md_record_add(&record, &MD_TEXT("absent", NULL)), 0);
        ck_assert_uint_eq(record.n_fields, 0);
        ck_assert_int_eq(md_record_add(&record, &MD_TEXT("twice", "x")), 0);
        ck_assert_int_eq(md_record_add(&record, &MD_TEXT("twice", "y")), -EINVAL);
        md_record_done(&record);
}
END_TEST

START_TEST(other_types_are_absent) {
        MdRecord record = sample();
        ck_assert_ptr_null(md_record_text(&record, "at-us"));
        ck_assert_uint_eq(md_record_number(&record, "code", 7), 7);
        ck_assert(!md_record_truth(&record, "code"));
        ck_assert_ptr_null(md_record_list(&record, "code"));
        md_record_done(&record);
}
END_TEST

START_TEST(descriptors_travel) {
        int pair[2], fds[MD_RECORD_FDS_MAX], pipe_fds[2];
        size_t n;
        MdRecord record = sample(), copy;
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
        ck_assert_int_eq(pipe(pipe_fds), 0);

        ck_assert_int_eq(md_record_receive(pair[1], &copy, fds, &n), -EAGAIN);
        ck_assert_int_eq(md_record_send(pair[0], &record, pipe_fds, 2), 0);
        ck_assert_int_eq(md_record_receive(pair[1], &copy, fds, &n), 1);
        assert_is_sample(&copy);
        md_record_done(&copy);
        ck_assert_uint_eq(n, 2);
        ck_assert_int_eq(write(fds[1], "x", 1), 1);
        close(fds[0]);
        close(fds[1]);

        ck_assert_int_eq(md_record_send(pair[0], &record, pipe_fds, 1), 0);
        ck_assert_int_eq(md_record_receive(pair[1], &copy, NULL, NULL), -EBADMSG);
        ck_assert_int_eq(send(pair[0], "garbage", 7, 0), 7);
        ck_assert_int_eq(md_record_receive(pair[1], &copy, fds, &n), -EBADMSG);
        close(pair[0]);
        ck_assert_int_eq(md_record_receive(pair[1], &copy, fds, &n), 0);
        close(pair[1]);
        close(pipe_fds[0]);
        close(pipe_fds[1]);
        md_record_done(&record);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("record");
        TCase *tcase = tcase_create("record");
        tcase_add_test(tcase, round_trip);
        tcase_add_test(tcase, cut_anywhere_is_refused);
        tcase_add_test(tcase, flipped_bytes_never_crash);
        tcase_add_test(tcase, too_small_a_buffer);
        tcase_add_test(tcase, bad_fields);
        tcase_add_test(tcase, other_types_are_absent);
        tcase_add_test(tcase, descriptors_travel);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
