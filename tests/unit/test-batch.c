/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Records that travel together: in order, whole, as few datagrams as hold them, and nothing of a bad one. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "batch.h"
#include "harness.h"

static int pair[2];
static MdBatch batch;

static void setup(void) {
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
        batch.socket = pair[0];
        batch.size = 0;
}

static void teardown(void) {
        close(pair[0]);
        close(pair[1]);
}

static int add(const char *text) {
        MdRecord record;
        md_record_init(&record, "fact");
        ck_assert_int_eq(md_record_add(&record, &MD_TEXT("value", text)), 0);
        int r = md_batch_add(&batch, &record);
        md_record_done(&record);
        return r;
}

typedef struct Heard {
        size_t n;
        char last[16];
        size_t fails_at;                /* 0: never */
} Heard;

static int hear(void *userdata, MdRecord *record) {
        Heard *heard = userdata;
        ck_assert_str_eq(record->kind, "fact");
        snprintf(heard->last, sizeof(heard->last), "%s", md_record_text(record, "value"));
        return ++heard->n == heard->fails_at ? -EDOM : 0;
}

START_TEST(several_in_one) {
        Heard heard = { 0 };
        ck_assert_int_eq(md_batch_send(&batch), 0);
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), -EAGAIN);
        ck_assert_int_eq(add("a"), 0);
        ck_assert_int_eq(add("b"), 0);
        ck_assert_int_eq(add("c"), 0);
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), -EAGAIN);
        ck_assert_int_eq(md_batch_send(&batch), 0);
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), 1);
        ck_assert_uint_eq(heard.n, 3);
        ck_assert_str_eq(heard.last, "c");
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), -EAGAIN);
        close(pair[0]);
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), 0);
}
END_TEST

START_TEST(full) {
        static char long_text[MD_RECORD_MAX / 2];
        Heard heard = { 0 };
        memset(long_text, 'x', sizeof(long_text) - 1);
        ck_assert_int_eq(add(long_text), 0);
        ck_assert_int_eq(add(long_text), 0);    /* the first leaves by itself */
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), 1);
        ck_assert_uint_eq(heard.n, 1);
        ck_assert_int_eq(md_batch_send(&batch), 0);
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), 1);
        ck_assert_uint_eq(heard.n, 2);
}
END_TEST

START_TEST(too_long) {
        static char long_text[MD_RECORD_MAX];
        memset(long_text, 'x', sizeof(long_text) - 1);
        ck_assert_int_eq(add(long_text), -E2BIG);
        ck_assert_int_eq(add("a"), 0);
}
END_TEST

START_TEST(nobody_listens) {
        close(pair[1]);
        ck_assert_int_eq(add("a"), 0);
        ck_assert_int_eq(md_batch_send(&batch), -EPIPE);
}
END_TEST

START_TEST(taker_fails) {
        Heard heard = { .fails_at = 2 };
        add("a");
        add("b");
        add("c");
        ck_assert_int_eq(md_batch_send(&batch), 0);
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), -EDOM);
        ck_assert_uint_eq(heard.n, 2);
}
END_TEST

/* Cut anywhere but between two records, a datagram is refused after those that are whole. */
START_TEST(cut) {
        add("a");
        size_t first = batch.size, size;
        add("b");
        size = batch.size;
        for (batch.size = 1; batch.size < size;) {
                Heard heard = { 0 };
                size_t at = batch.size;
                ck_assert_int_eq(md_batch_send(&batch), 0);
                ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), at == first ? 1 : -EBADMSG);
                ck_assert_uint_eq(heard.n, at >= first);
                batch.size = at + 1;
        }
}
END_TEST

START_TEST(descriptors) {
        char control[CMSG_SPACE(sizeof(int))] = { 0 };
        Heard heard = { 0 };
        add("a");
        struct iovec part = { .iov_base = batch.bytes, .iov_len = batch.size };
        struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                                  .msg_controllen = sizeof(control) };
        *CMSG_FIRSTHDR(&message) = (struct cmsghdr) { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
        memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), &pair[1], sizeof(int));
        ck_assert_int_gt(sendmsg(pair[0], &message, 0), 0);
        ck_assert_int_eq(md_batch_receive(pair[1], hear, &heard), -EBADMSG);
        ck_assert_uint_eq(heard.n, 0);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("batch");
        TCase *tcase = tcase_create("batch");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, several_in_one);
        tcase_add_test(tcase, full);
        tcase_add_test(tcase, too_long);
        tcase_add_test(tcase, nobody_listens);
        tcase_add_test(tcase, taker_fails);
        tcase_add_test(tcase, cut);
        tcase_add_test(tcase, descriptors);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
