/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lines, literals and commands, against the other end of a socket pair. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "harness.h"
#include "rig.h"

#define FOUND_MAX 2

static const struct {
        const char *bytes;
        size_t size;
        const char *lines[4];
        int end;                        /* what reading returns after these lines; the peer has hung up */
        const char *found[FOUND_MAX];
} streams[] = {
#define STREAM(bytes) bytes, sizeof(bytes) - 1
        { STREAM(""), { NULL }, -ENODATA, { NULL } },
        { STREAM("220 hi\r\n"), { "220 hi" }, -ENODATA, { NULL } },
        { STREAM("a\r\nb\r\n\r\nc\r\n"), { "a", "b", "", "c" }, -ENODATA, { NULL } },
        { STREAM("a\nb\r\n"), { "a", "b" }, -ENODATA, { "protocol.bad-line-ends" } },
        { STREAM("a\rb\r\nc\r\n"), { "a\rb", "c" }, -ENODATA, { NULL } },
        { STREAM("a\r\r\nc\r\n"), { "a\r", "c" }, -ENODATA, { NULL } },
        { STREAM("a\rb\rc\r"), { "a", "b", "c" }, -ENODATA, { "protocol.bad-line-ends" } },
        { STREAM("a\0b\r\n"), { "a" }, -ENODATA, { "protocol.nul-byte" } },
        { STREAM("a\0b\n"), { "a" }, -ENODATA, { "protocol.nul-byte", "protocol.bad-line-ends" } },
        { STREAM("a\r\nhalf"), { "a" }, -ENODATA, { NULL } },
        { STREAM("\n"), { "" }, -ENODATA, { "protocol.bad-line-ends" } },
};

static void check_stream(Rig *rig, int i) {
        const char *line;
        size_t length;
        for (size_t k = 0; k < 4 && streams[i].lines[k]; k++) {
                ck_assert_int_eq(md_read_line(&rig->probe, &line, &length), 0);
                ck_assert_str_eq(line, streams[i].lines[k]);
        }
        ck_assert_int_eq(md_read_line(&rig->probe, &line, &length), streams[i].end);
        size_t n = 0;
        for (size_t k = 0; k < FOUND_MAX && streams[i].found[k]; k++, n++)
                ck_assert(md_found(&rig->probe, streams[i].found[k]));
        ck_assert_uint_eq(sink_count(&rig->sink, "finding"), n);
}

START_TEST(whole) {
        Rig *rig = rig_new(NULL);
        ck_assert_int_eq(write(rig->peer, streams[_i].bytes, streams[_i].size), (ssize_t) streams[_i].size);
        rig_hang_up(rig);
        check_stream(rig, _i);
        rig_free(rig);
}
END_TEST

/* A child sends byte by byte, so that a line is seen in every state of being there in part. */
START_TEST(byte_by_byte) {
        Rig *rig = rig_new(NULL);
        pid_t pid = fork();
        if (pid == 0) {
                for (size_t i = 0; i < streams[_i].size; i++) {
                        ck_assert_int_eq(write(rig->peer, streams[_i].bytes + i, 1), 1);
                        usleep(200);
                }
                _exit(0);
        }
        rig_hang_up(rig);
        check_stream(rig, _i);
        rig_free(rig);
        waitpid(pid, NULL, 0);
}
END_TEST

static void peer_fill(Rig *rig, size_t size, const char *end) {
        char *block = malloc(size);
        memset(block, 'x', size);
        pid_t pid = fork();
        if (pid == 0) {
                alarm(30);
                signal(SIGPIPE, SIG_IGN);
                close(rig->probe.conn.stream.fd);
                for (size_t sent = 0; sent < size;) {
                        ssize_t n = write(rig->peer, block + sent, size - sent);
                        if (n < 0)
                                _exit(0);
                        sent += n;
                }
                _exit(write(rig->peer, end, strlen(end)) < 0);
        }
        free(block);
}

START_TEST(lines_have_a_limit) {
        const char *line;
        size_t length;
        Rig *rig = rig_new(NULL);
        peer_fill(rig, MD_LINE_MAX, "\r\n");
        ck_assert_int_eq(md_read_line(&rig->probe, &line, &length), 0);
        ck_assert_uint_eq(length, MD_LINE_MAX);
        ck_assert(md_found(&rig->probe, "protocol.long-line"));
        rig_free(rig);

        rig = rig_new(NULL);
        peer_fill(rig, MD_LINE_MAX + 1, "\r\n");
        ck_assert_int_eq(md_read_line(&rig->probe, &line, &length), -EMSGSIZE);
        ck_assert(!md_conn_works(&rig->probe));
        rig_free(rig);
}
END_TEST

START_TEST(all_input_has_a_limit) {
        const char *line;
        Rig *rig = rig_new(NULL);
        pid_t pid = fork();
        if (pid == 0) {
                char block[1000];
                alarm(30);
                signal(SIGPIPE, SIG_IGN);
                close(rig->probe.conn.stream.fd);
                memset(block, 'x', sizeof(block));
                block[999] = '\n';
                while (write(rig->peer, block, sizeof(block)) > 0)
                        ;
                _exit(0);
        }
        rig_hang_up(rig);
        rig->probe.step_deadline = md_now() + 20 * MD_SEC;
        int r;
        while ((r = md_read_line(&rig->probe, &line, NULL)) == 0)
                ;
        ck_assert_int_eq(r, -EOVERFLOW);
        ck_assert_uint_le(rig->probe.bytes_in, MD_INPUT_MAX + 1);
        rig_free(rig);
        waitpid(pid, NULL, 0);
}
END_TEST

START_TEST(silence_and_half_a_line) {
        const char *line;
        Rig *rig = rig_new(NULL);
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), -ETIMEDOUT);
        rig_free(rig);

        rig = rig_new(NULL);
        peer_say(rig->peer, "half");
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), -ETIME);
        rig_free(rig);
}
END_TEST

START_TEST(literals) {
        const char *line, *bytes;
        Rig *rig = rig_new(NULL);
        peer_say(rig->peer, "* {5}\r\na\r\nbc)\r\nafter\r\n");
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), 0);
        ck_assert_int_eq(md_read_bytes(&rig->probe, 5, &bytes), 0);
        ck_assert_str_eq(bytes, "a\r\nbc");
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), 0);
        ck_assert_str_eq(line, ")");
        ck_assert_int_eq(md_read_bytes(&rig->probe, 0, &bytes), 0);
        ck_assert_str_eq(bytes, "");
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), 0);
        ck_assert_str_eq(line, "after");
        ck_assert_int_eq(md_read_bytes(&rig->probe, MD_LINE_MAX + 1, &bytes), -EMSGSIZE);
        peer_say(rig->peer, "abc");
        ck_assert_int_eq(md_read_bytes(&rig->probe, 4, &bytes), -ETIME);
        rig_free(rig);
}
END_TEST

START_TEST(the_longest_literal) {
        const char *bytes;
        Rig *rig = rig_new(NULL);
        rig->probe.step_deadline = md_now() + 20 * MD_SEC;
        peer_fill(rig, MD_LINE_MAX, "!\r\n");
        ck_assert_int_eq(md_read_bytes(&rig->probe, MD_LINE_MAX, &bytes), 0);
        ck_assert_uint_eq(strlen(bytes), MD_LINE_MAX);
        const char *line;
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), 0);
        ck_assert_str_eq(line, "!");
        rig_free(rig);
}
END_TEST

/* ---- out ---- */

static void expect_sent(Rig *rig, const char *text) {
        char buffer[4096];
        ssize_t n = recv(rig->peer, buffer, sizeof(buffer) - 1, MSG_DONTWAIT);
        buffer[n > 0 ? n : 0] = '\0';
        ck_assert_str_eq(buffer, text);
}

START_TEST(commands_leave_together) {
        const char *line;
        Rig *rig = rig_new(NULL);
        ck_assert_int_eq(md_send(&rig->probe, "MAIL FROM:<%s>", "a@b"), 0);
        ck_assert_int_eq(md_send(&rig->probe, "RCPT TO:<%s>", "a@b"), 0);
        expect_sent(rig, "");
        peer_say(rig->peer, "250 ok\r\n");
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), 0);
        expect_sent(rig, "MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\n");
        rig_free(rig);
}
END_TEST

START_TEST(forged_commands_are_refused) {
        static const char *const words[] = { "a\r\nQUIT", "a\nQUIT", "a\r" };
        Rig *rig = rig_new(NULL);
        for (size_t i = 0; i < 3; i++)
                ck_assert_int_eq(md_send(&rig->probe, "NOOP %s", words[i]), -EINVAL);
        ck_assert_int_eq(md_send(&rig->probe, "NOOP %c", '\0'), -EINVAL);
        ck_assert_int_eq(md_send_secret(&rig->probe, "a\r\n", MD_SECRET_RAW), -EACCES);
        md_flush(&rig->probe);
        expect_sent(rig, "");
        rig_free(rig);
}
END_TEST

START_TEST(the_secret_leaves_once) {
        Rig *rig = rig_new("pa\"ss\\word");
        ck_assert_int_eq(md_send_secret(&rig->probe, "A1 LOGIN alice ", MD_SECRET_QUOTED), 0);
        ck_assert_int_eq(md_send_secret(&rig->probe, "A1 LOGIN alice ", MD_SECRET_QUOTED), -EACCES);
        md_flush(&rig->probe);
        expect_sent(rig, "A1 LOGIN alice \"pa\\\"ss\\\\word\"\r\n");
        for (size_t i = 0; i < 64; i++)
                ck_assert_int_eq(rig->probe.conn.out[i] & (i < 30 ? 0xff : 0), 0);
        md_probe_login_refused(&rig->probe);
        ck_assert_int_eq(md_conn_send_encoded(&rig->probe, "", &(MdPart) { "x", 1 }, 1, ""), -EACCES);
        md_transcript_report(&rig->probe);
        ck_assert_ptr_nonnull(sink_find(&rig->sink, "transcript", "text", "A1 LOGIN alice ***"));
        ck_assert(!sink_holds(&rig->sink, "word"));
        rig_free(rig);
}
END_TEST

START_TEST(no_secret_where_it_may_not_go) {
        Rig *rig = rig_new("password");
        rig->target.allow_cleartext = false;
        ck_assert_int_eq(md_send_secret(&rig->probe, "PASS ", MD_SECRET_RAW), -EACCES);
        ck_assert_int_eq(md_conn_send_encoded(&rig->probe, "", &(MdPart) { "x", 1 }, 1, ""), -EACCES);
        rig->target.allow_cleartext = true;
        rig->target.security = MD_SECURITY_STARTTLS;
        ck_assert_int_eq(md_send_secret(&rig->probe, "PASS ", MD_SECRET_RAW), -EACCES);
        md_flush(&rig->probe);
        expect_sent(rig, "");
        const MdRecord *fact = sink_find(&rig->sink, "fact", "name", "login-skipped");
        ck_assert_ptr_nonnull(fact);
        ck_assert_uint_eq(sink_count(&rig->sink, "fact"), 1);
        rig_free(rig);
}
END_TEST

START_TEST(what_cannot_be_quoted) {
        Rig *rig = rig_new("p\xc3\xa4ss");
        ck_assert(!md_secret_is_quotable(&rig->probe));
        ck_assert_uint_eq(md_secret_length(&rig->probe), 5);
        ck_assert_int_eq(md_send_secret(&rig->probe, "", MD_SECRET_QUOTED), -EINVAL);
        ck_assert_int_eq(md_send_secret(&rig->probe, "", MD_SECRET_RAW), 0);
        md_flush(&rig->probe);
        expect_sent(rig, "p\xc3\xa4ss\r\n");
        rig_free(rig);
}
END_TEST

START_TEST(a_peer_that_reads_nothing) {
        char word[30000];
        int r = 0;
        Rig *rig = rig_new(NULL);
        memset(word, 'x', sizeof(word));
        word[sizeof(word) - 1] = '\0';
        for (unsigned i = 0; r == 0 && i < 1000; i++)
                r = md_send(&rig->probe, "NOOP %s", word);
        ck_assert_int_eq(r, -EPROTO);
        ck_assert(md_found(&rig->probe, "send.timeout"));
        rig_free(rig);
}
END_TEST

/* A server that refuses and hangs up is heard, although the next command can no longer be sent. */
START_TEST(last_words_are_read) {
        const char *line;
        Rig *rig = rig_new(NULL);
        peer_say(rig->peer, "421 too busy\r\n");
        rig_hang_up(rig);
        ck_assert_int_eq(md_send(&rig->probe, "EHLO x"), 0);
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), 0);
        ck_assert_str_eq(line, "421 too busy");
        int r = md_read_line(&rig->probe, &line, NULL);
        ck_assert(r == -ENODATA || r == -ECONNRESET);
        ck_assert(!md_conn_works(&rig->probe));
        rig_free(rig);
}
END_TEST

START_TEST(unasked_answers) {
        Rig *rig = rig_new(NULL);
        ck_assert_int_eq(md_expect_silence(&rig->probe), 0);
        peer_say(rig->peer, "250 ok\r\nmore");
        ck_assert_uint_eq(md_unread(&rig->probe), 12);
        ck_assert_int_eq(md_expect_silence(&rig->probe), -EPROTO);
        const MdRecord *finding = sink_finding(&rig->sink, "security.unsolicited-reply");
        ck_assert_str_eq(md_record_text(finding, "evidence"), "250 ok");
        rig_free(rig);
}
END_TEST

START_TEST(bytes_before_tls) {
        const char *line;
        Rig *rig = rig_new(NULL);
        peer_say(rig->peer, "220 go ahead\r\n250 injected\r\n");
        ck_assert_int_eq(md_send(&rig->probe, "STARTTLS"), 0);
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), 0);
        ck_assert_int_eq(md_start_tls(&rig->probe), -EPROTO);
        const MdRecord *finding = sink_finding(&rig->sink, "security.starttls-injection");
        ck_assert_str_eq(md_record_text(finding, "evidence"), "250 injected");
        ck_assert(!md_conn_works(&rig->probe));
        rig_free(rig);
}
END_TEST

START_TEST(the_transcript_is_a_ring) {
        const char *line;
        char text[16];
        Rig *rig = rig_new(NULL);
        for (unsigned i = 0; i < 500; i++) {
                snprintf(text, sizeof(text), "%u\r\n", i);
                peer_say(rig->peer, text);
                ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), 0);
        }
        md_transcript_report(&rig->probe);
        ck_assert_uint_eq(sink_count(&rig->sink, "transcript"), 200);
        ck_assert_str_eq(md_record_text(&rig->sink.records[0], "text"), "300");
        ck_assert_str_eq(md_record_text(&rig->sink.records[199], "text"), "499");
        rig_free(rig);
}
END_TEST

START_TEST(the_transcript_has_a_size) {
        char text[900];
        size_t bytes = 0;
        Rig *rig = rig_new(NULL);
        memset(text, 'x', sizeof(text));
        for (unsigned i = 0; i < 100; i++)
                md_transcript_add(&rig->probe, true, text, sizeof(text));
        md_transcript_report(&rig->probe);
        for (size_t i = 0; i < rig->sink.n; i++)
                bytes += strlen(md_record_text(&rig->sink.records[i], "text"));
        ck_assert_uint_le(bytes, 32 * 1024);
        ck_assert_uint_gt(bytes, 31 * 1024);
        rig_free(rig);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("conn");
        TCase *tcase = tcase_create("conn");
        size_t n = sizeof(streams) / sizeof(streams[0]);
        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, whole, 0, n);
        tcase_add_loop_test(tcase, byte_by_byte, 0, n);
        tcase_add_test(tcase, lines_have_a_limit);
        tcase_add_test(tcase, all_input_has_a_limit);
        tcase_add_test(tcase, silence_and_half_a_line);
        tcase_add_test(tcase, literals);
        tcase_add_test(tcase, the_longest_literal);
        tcase_add_test(tcase, commands_leave_together);
        tcase_add_test(tcase, forged_commands_are_refused);
        tcase_add_test(tcase, the_secret_leaves_once);
        tcase_add_test(tcase, no_secret_where_it_may_not_go);
        tcase_add_test(tcase, what_cannot_be_quoted);
        tcase_add_test(tcase, a_peer_that_reads_nothing);
        tcase_add_test(tcase, last_words_are_read);
        tcase_add_test(tcase, unasked_answers);
        tcase_add_test(tcase, bytes_before_tls);
        tcase_add_test(tcase, the_transcript_is_a_ring);
        tcase_add_test(tcase, the_transcript_has_a_size);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
