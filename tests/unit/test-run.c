/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A whole probe, with a plugin of a few lines and peers that behave in every way. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#include <maildiag/conn.h>

#include "harness.h"
#include "peer.h"
#include "sink.h"

/* ---- a plugin that speaks something like SMTP ---- */

static int step_greeting(MdProbe *probe, void *state) {
        const char *line;
        int r = md_read_greeting(probe, &line, NULL);
        if (r < 0)
                return r;
        md_observe(probe, "greeting", MD_TEXT("text", line));
        return MD_NEXT;
}

static int step_hello(MdProbe *probe, void *state) {
        const char *line;
        int r = md_expect_silence(probe);
        if (r >= 0)
                r = md_send(probe, "EHLO %s", md_probe_client_name(probe));
        if (r >= 0)
                r = md_read_line(probe, &line, NULL);
        if (r < 0)
                return r;
        return strncmp(line, "250", 3) ? md_bad_reply(probe, line) : MD_NEXT;
}

static int step_login(MdProbe *probe, void *state) {
        const char *line;
        if (!md_probe_may_login(probe))
                return MD_SKIP;
        int r = md_send_secret(probe, "PASS ", MD_SECRET_RAW);
        if (r >= 0)
                r = md_read_line(probe, &line, NULL);
        if (r < 0)
                return r;
        if (line[0] != '2') {
                md_probe_login_refused(probe);
                md_find(probe, "auth.rejected", line);
                return -EPROTO;
        }
        md_probe_logged_in(probe);
        return MD_NEXT;
}

static int step_quit(MdProbe *probe, void *state) {
        const char *line;
        int r = md_send(probe, "QUIT");
        return r < 0 ? r : md_read_line(probe, &line, NULL);
}

static const MdStep steps[] = {
        { "connect", MD_STAGE_TCP, MD_DEPTH_CONNECT, 0, md_step_connect },
        { "tls", MD_STAGE_TLS, MD_DEPTH_CONNECT, 0, md_step_tls },
        { "greeting", MD_STAGE_GREETING, MD_DEPTH_CONNECT, 0, step_greeting },
        { "hello", MD_STAGE_CAPABILITY, MD_DEPTH_TLS, 0, step_hello },
        { "login", MD_STAGE_AUTH, MD_DEPTH_AUTH, 0, step_login },
        { "quit", MD_STAGE_CAPABILITY, MD_DEPTH_CONNECT, MD_STEP_GOODBYE, step_quit },
};

static const MdPlugin plugin = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_PROTOCOL,
        .name = "smtp",
        .version = "1",
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
};

/* ---- running it ---- */

static Sink sink;

static MdTarget target_at(uint16_t port) {
        return (MdTarget) {
                .plugin = (char *) "smtp",
                .host = (char *) "mail.example.org",
                .connect_to = (char *) "127.0.0.1",
                .port = port,
                .security = MD_SECURITY_NONE,
                .depth = MD_DEPTH_TLS,
                .timeout_ms = 30000,
                .time_scale = 20,
        };
}

static int run_with(const MdTarget *target, int secret_fd) {
        const MdRunHooks hooks = { .emit = sink_emit, .userdata = &sink };
        int fds[_MD_TARGET_FD_MAX] = { -1, secret_fd, -1, -1, -1 };
        sink_done(&sink);
        return md_run(&plugin, target, fds, NULL, &hooks);
}

static void run_against(void (*play)(int, unsigned)) {
        Peer peer = peer_start(play);
        MdTarget target = target_at(peer.port);
        ck_assert_int_eq(run_with(&target, -1), 0);
        peer_stop(&peer);
        ck_assert_str_eq(sink.records[sink.n - 1].kind, "end");
        ck_assert_uint_eq(sink_count(&sink, "end"), 1);
}

static const char *outcome_of(const char *step) {
        const char *outcome = NULL;
        for (size_t i = 0; i < sink.n; i++) {
                const char *name = md_record_text(&sink.records[i], "name");
                if (!strcmp(sink.records[i].kind, "step") && !strcmp(name, step))
                        outcome = md_record_text(&sink.records[i], "outcome");
        }
        return outcome;
}

/* ---- peers ---- */

static void play_good(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 mail.example.org ready\r\n");
        while (peer_hear(fd, line, sizeof(line)))
                peer_say(fd, !strcmp(line, "QUIT") ? "221 bye\r\n" : "250 fine\r\n");
}

static void play_close(int fd, unsigned number) {
}

static void play_reset(int fd, unsigned number) {
        peer_reset(fd);
}

static void play_silence(int fd, unsigned number) {
        peer_drain(fd);
}

static void play_partial(int fd, unsigned number) {
        peer_say(fd, "220 mail.exam");
        peer_drain(fd);
}

static void play_endless(int fd, unsigned number) {
        char block[4096];
        memset(block, 'a', sizeof(block));
        while (send(fd, block, sizeof(block), MSG_NOSIGNAL) > 0)
                ;
}

static void play_noise(int fd, unsigned number) {
        char block[4096];
        for (size_t i = 0; i < sizeof(block); i++)
                block[i] = (char) (i * 7 % 9 + 1);
        while (send(fd, block, sizeof(block), MSG_NOSIGNAL) > 0)
                ;
}

static void play_alert(int fd, unsigned number) {
        ck_assert_int_eq(send(fd, "\x15\x03\x01\x00\x02\x02\x28", 7, MSG_NOSIGNAL), 7);
        peer_drain(fd);
}

static void play_http(int fd, unsigned number) {
        peer_say(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
        peer_drain(fd);
}

static void play_imap(int fd, unsigned number) {
        peer_say(fd, "* OK IMAP4rev1 ready\r\n");
        peer_drain(fd);
}

static void play_ssh(int fd, unsigned number) {
        peer_say(fd, "SSH-2.0-OpenSSH_9.2p1\r\n");
        peer_drain(fd);
}

static void play_garbage(int fd, unsigned number) {
        peer_say(fd, "hello there\r\n");
        peer_drain(fd);
}


static void play_early(int fd, unsigned number) {
        peer_say(fd, "220 ready\r\n250 fine already\r\n");
        peer_drain(fd);
}

static void play_close_later(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 ready\r\n");
        peer_hear(fd, line, sizeof(line));
}

static void play_reset_later(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 ready\r\n");
        peer_hear(fd, line, sizeof(line));
        peer_say(fd, "250-fi");
        usleep(50000);
        peer_reset(fd);
}

static void play_stall_later(int fd, unsigned number) {
        peer_say(fd, "220 ready\r\n");
        peer_drain(fd);
}

static void play_nonsense(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 ready\r\n");
        while (peer_hear(fd, line, sizeof(line)))
                peer_say(fd, "999 what?\r\n");
}

static void play_long_line(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 ready\r\n");
        peer_hear(fd, line, sizeof(line));
        play_endless(fd, number);
}


/* ---- tests ---- */

static const struct {
        void (*play)(int, unsigned);
        const char *code;
        const char *failed_step;
} failures[] = {
        { play_close, "greeting.closed", "greeting" },
        { play_reset, "greeting.reset", "greeting" },
        { play_silence, "greeting.timeout", "greeting" },
        { play_partial, "greeting.too-slow", "greeting" },
        { play_endless, "greeting.too-long", "greeting" },
        { play_noise, "greeting.garbage", "greeting" },
        { play_garbage, "greeting.garbage", "greeting" },
        { play_alert, "port.expects-implicit-tls", "greeting" },
        { play_http, "port.http", "greeting" },
        { play_imap, "port.other-protocol", "greeting" },
        { play_ssh, "port.other-protocol", "greeting" },
        { play_early, "security.unsolicited-reply", "hello" },
        { play_close_later, "protocol.closed", "hello" },
        { play_reset_later, "protocol.reset-mid-reply", "hello" },
        { play_stall_later, "protocol.timeout", "hello" },
        { play_nonsense, "protocol.bad-reply", "hello" },
        { play_long_line, "protocol.line-too-long", "hello" },
};

START_TEST(failure) {
        run_against(failures[_i].play);
        ck_assert_msg(sink_finding(&sink, failures[_i].code), "no %s", failures[_i].code);
        ck_assert_str_eq(outcome_of(failures[_i].failed_step), "failed");
        ck_assert_str_eq(md_record_text(sink_find(&sink, "end", NULL, NULL), "login"), "not-tried");
}
END_TEST

START_TEST(all_is_well) {
        run_against(play_good);
        ck_assert_str_eq(outcome_of("resolve"), "ok");
        ck_assert_str_eq(outcome_of("connect"), "ok");
        ck_assert_str_eq(outcome_of("tls"), "skipped");
        ck_assert_str_eq(outcome_of("greeting"), "ok");
        ck_assert_str_eq(outcome_of("hello"), "ok");
        ck_assert_str_eq(outcome_of("login"), "skipped");
        ck_assert_str_eq(outcome_of("quit"), "ok");
        ck_assert_ptr_nonnull(sink_finding(&sink, "security.cleartext"));
        ck_assert_uint_eq(sink_count(&sink, "finding"), 1);
        ck_assert_uint_eq(sink_count(&sink, "attempt"), 1);
        ck_assert_uint_eq(sink_count(&sink, "transcript"), 5);
        ck_assert_ptr_nonnull(sink_find(&sink, "transcript", "text", "EHLO [127.0.0.1]"));
        const MdRecord *end = sink_find(&sink, "end", NULL, NULL);
        ck_assert_uint_eq(md_record_number(end, "bytes-in", 0), strlen("220 mail.example.org ready\r\n250 fine\r\n221 bye\r\n"));
        ck_assert_uint_eq(md_record_number(end, "bytes-out", 0), strlen("EHLO [127.0.0.1]\r\nQUIT\r\n"));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("run");
        TCase *tcase = tcase_create("run");
        tcase_set_timeout(tcase, 60);
        tcase_add_test(tcase, all_is_well);
        tcase_add_loop_test(tcase, failure, 0, sizeof(failures) / sizeof(failures[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
