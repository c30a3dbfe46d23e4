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
        do
                r = r < 0 ? r : md_read_line(probe, &line, NULL);
        while (r >= 0 && !strncmp(line, "250-", 4));
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

static unsigned count_fds(void) {
        unsigned n = 0;
        for (int fd = 0; fd < 256; fd++)
                n += fcntl(fd, F_GETFD) >= 0;
        return n;
}

static void run_against(void (*play)(int, unsigned)) {
        Peer peer = peer_start(play);
        MdTarget target = target_at(peer.port);
        unsigned n_fds = count_fds();
        ck_assert_int_eq(run_with(&target, -1), 0);
        ck_assert_uint_eq(count_fds(), n_fds);
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


static void play_slow(int fd, unsigned number) {
        usleep(400000);         /* more than 5 s under the time scale */
        play_good(fd, number);
}

static void play_empty_lines(int fd, unsigned number) {
        peer_say(fd, "\r\n\r\n");
        play_good(fd, number);
}

static void play_drip(int fd, unsigned number) {
        while (send(fd, "x", 1, MSG_NOSIGNAL) == 1)
                usleep(20000);
}

static void play_http_and_close(int fd, unsigned number) {
        peer_say(fd, "HTTP/1.1 400 Bad Request");
}

static void play_flood(int fd, unsigned number) {
        static const char more[] = "250-more\r\n";
        char line[256], block[400 * (sizeof(more) - 1)];

        for (size_t i = 0; i < sizeof(block); i += sizeof(more) - 1)
                memcpy(block + i, more, sizeof(more) - 1);
        peer_say(fd, "220 ready\r\n");
        peer_hear(fd, line, sizeof(line));
        while (send(fd, block, sizeof(block), MSG_NOSIGNAL) > 0)
                ;
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
        { play_drip, "greeting.too-slow", "greeting" },
        { play_http_and_close, "port.http", "greeting" },
        { play_flood, "protocol.too-much-data", "hello" },
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
        /* A reset may come before anybody has looked at the connection: then that step fails. */
        bool at_once = failures[_i].play == play_reset && !strcmp(outcome_of("connect"), "failed");
        ck_assert_str_eq(at_once ? "failed" : outcome_of(failures[_i].failed_step), "failed");
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
        ck_assert_uint_eq(md_record_number(end, "bytes-in", 0),
                          strlen("220 mail.example.org ready\r\n250 fine\r\n221 bye\r\n"));
        ck_assert_uint_eq(md_record_number(end, "bytes-out", 0), strlen("EHLO [127.0.0.1]\r\nQUIT\r\n"));
}
END_TEST

START_TEST(a_slow_greeting) {
        run_against(play_slow);
        ck_assert_ptr_nonnull(sink_finding(&sink, "server.slow"));
        ck_assert_str_eq(outcome_of("quit"), "ok");
}
END_TEST

START_TEST(empty_lines_before_the_greeting) {
        run_against(play_empty_lines);
        ck_assert_ptr_nonnull(sink_finding(&sink, "protocol.bad-line-ends"));
        ck_assert_str_eq(outcome_of("quit"), "ok");
}
END_TEST

/* ---- login ---- */

static void play_accept(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 ready\r\n");
        while (peer_hear(fd, line, sizeof(line))) {
                bool right = !strcmp(line, "PASS Corr3ct-H0rse") || !strncmp(line, "EHLO", 4);
                peer_say(fd, right ? "250 fine\r\n" : "500 no\r\n");
        }
}

static void play_echo(int fd, unsigned number) {
        char line[256], reply[300];
        peer_say(fd, "220 ready\r\n");
        while (peer_hear(fd, line, sizeof(line))) {
                snprintf(reply, sizeof(reply), "%s %s\r\n", strncmp(line, "PASS", 4) ? "250" : "535", line);
                peer_say(fd, reply);
        }
}

static void play_close_at_login(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 ready\r\n");
        peer_hear(fd, line, sizeof(line));
        peer_say(fd, "250 fine\r\n");
        peer_hear(fd, line, sizeof(line));
}

static void play_stall_at_login(int fd, unsigned number) {
        play_close_at_login(fd, number);
        peer_drain(fd);
}

static void run_login(void (*play)(int, unsigned), const char *secret) {
        Peer peer = peer_start(play);
        MdTarget target = target_at(peer.port);
        int fd = memfd_create("secret", MFD_CLOEXEC);

        ck_assert_int_eq(write(fd, secret, strlen(secret)), (ssize_t) strlen(secret));
        target.depth = MD_DEPTH_AUTH;
        target.username = (char *) "alice";
        target.allow_cleartext = true;
        ck_assert_int_eq(run_with(&target, fd), 0);
        peer_stop(&peer);
        ck_assert_int_lt(fcntl(fd, F_GETFD), 0);
        ck_assert(!sink_holds(&sink, secret));
}

static const struct {
        void (*play)(int, unsigned);
        const char *login, *code;
} logins[] = {
        { play_accept, "ok", NULL },
        { play_echo, "refused", "auth.rejected" },
        { play_close_at_login, "refused", "auth.closed" },
        { play_stall_at_login, "refused", "auth.timeout" },
};

START_TEST(login) {
        run_login(logins[_i].play, "Corr3ct-H0rse");
        ck_assert_str_eq(md_record_text(sink_find(&sink, "end", NULL, NULL), "login"), logins[_i].login);
        if (logins[_i].code)
                ck_assert_ptr_nonnull(sink_finding(&sink, logins[_i].code));
        ck_assert_ptr_nonnull(sink_find(&sink, "transcript", "text", "PASS ***"));
}
END_TEST

START_TEST(odd_secrets) {
        run_login(play_accept, "Corr3ct H0rse ");
        ck_assert_ptr_nonnull(sink_finding(&sink, "settings.suspicious-secret"));

        run_login(play_accept, "Corr3ct\rH0rse");
        const MdRecord *finding = sink_finding(&sink, "settings.control-character");
        ck_assert_str_eq(md_record_text(finding, "setting"), "password");
        ck_assert_ptr_null(md_record_text(finding, "value"));
        ck_assert_uint_eq(sink_count(&sink, "attempt"), 0);
}
END_TEST

START_TEST(an_unreadable_secret) {
        MdTarget target = target_at(1);
        target.depth = MD_DEPTH_AUTH;
        int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ck_assert_int_eq(run_with(&target, fd), 0);
        ck_assert_ptr_nonnull(md_record_text(sink_finding(&sink, "settings.bad-secret-fd"), "reason"));
        ck_assert_uint_eq(sink_count(&sink, "attempt"), 0);
}
END_TEST

/* A secret is read only where it will be needed. */
START_TEST(a_secret_that_is_not_asked_for) {
        MdTarget target = target_at(1);
        int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ck_assert_int_eq(run_with(&target, fd), 0);
        ck_assert_ptr_null(sink_finding(&sink, "settings.bad-secret-fd"));
        ck_assert_int_lt(fcntl(fd, F_GETFD), 0);
}
END_TEST

/* ---- settings ---- */

static const struct {
        const char *host, *username, *address;
        const char *code, *setting;
} settings[] = {
        { "mail.example.org\r\nQUIT", NULL, NULL, "settings.control-character", "host" },
        { "mail\x7f.example.org", NULL, NULL, "settings.control-character", "host" },
        { "127.0.0.1", "alice\n", NULL, "settings.control-character", "username" },
        { "127.0.0.1", "\x01", NULL, "settings.control-character", "username" },
        { "127.0.0.1", NULL, "a@b\r", "settings.control-character", "address" },
        { "mail..example.org", NULL, NULL, "settings.bad-host", "host" },
        { "mail example.org", NULL, NULL, "settings.bad-host", "host" },
        { "mail.example.org/inbox", NULL, NULL, "settings.bad-host", "host" },
        { "alice@example.org", NULL, NULL, "settings.bad-host", "host" },
        { "mail.%s.org", NULL, NULL, "settings.bad-host", "host" },
        { "-mail.example.org", NULL, NULL, "settings.bad-host", "host" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.org", NULL, NULL,
          "settings.bad-host", "host" },
};

START_TEST(bad_settings) {
        MdTarget target = target_at(1);
        target.connect_to = NULL;
        target.host = (char *) settings[_i].host;
        target.username = (char *) settings[_i].username;
        target.address = (char *) settings[_i].address;
        ck_assert_int_eq(run_with(&target, -1), 0);
        const MdRecord *finding = sink_finding(&sink, settings[_i].code);
        ck_assert_msg(finding, "no %s", settings[_i].code);
        ck_assert_str_eq(md_record_text(finding, "setting"), settings[_i].setting);
        ck_assert_uint_eq(sink_count(&sink, "step"), 0);
        ck_assert_uint_eq(sink_count(&sink, "attempt"), 0);
        ck_assert_uint_eq(sink_count(&sink, "end"), 1);
}
END_TEST

/* ---- the daemon's side ---- */

START_TEST(a_daemon_that_goes_away) {
        Peer peer = peer_start(play_good);
        MdTarget target = target_at(peer.port);
        for (size_t n = 1; n < 12; n++) {
                sink.closes_after = n;
                ck_assert_int_eq(run_with(&target, -1), -EPIPE);
                ck_assert_uint_eq(sink.n, n);
        }
        sink.closes_after = 0;
        peer_stop(&peer);
}
END_TEST

static int refuse_to_lock(void *userdata, const MdTarget *target) {
        return -EPERM;
}

START_TEST(no_dialogue_without_a_lock) {
        Peer peer = peer_start(play_good);
        MdTarget target = target_at(peer.port);
        const MdRunHooks hooks = { .emit = sink_emit, .lock = refuse_to_lock, .userdata = &sink };
        const int fds[_MD_TARGET_FD_MAX] = { -1, -1, -1, -1, -1 };
        ck_assert_int_eq(md_run(&plugin, &target, fds, NULL, &hooks), -EPERM);
        ck_assert_uint_eq(sink_count(&sink, "attempt"), 0);
        ck_assert_uint_eq(sink_count(&sink, "end"), 1);
        peer_stop(&peer);
}
END_TEST

/* The whole probe has a time, too, and still ends with a verdict. */
START_TEST(the_time_of_a_probe) {
        Peer peer = peer_start(play_silence);
        MdTarget target = target_at(peer.port);
        target.time_scale = 1;
        target.timeout_ms = 300;
        ck_assert_int_eq(run_with(&target, -1), 0);
        ck_assert_ptr_nonnull(sink_finding(&sink, "greeting.timeout"));
        ck_assert_uint_eq(sink_count(&sink, "end"), 1);
        peer_stop(&peer);
}
END_TEST

START_TEST(depth) {
        Peer peer = peer_start(play_good);
        MdTarget target = target_at(peer.port);
        target.depth = MD_DEPTH_CONNECT;
        ck_assert_int_eq(run_with(&target, -1), 0);
        ck_assert_str_eq(outcome_of("greeting"), "ok");
        ck_assert_str_eq(outcome_of("hello"), "skipped");
        ck_assert_str_eq(outcome_of("quit"), "ok");
        peer_stop(&peer);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("run");
        TCase *tcase = tcase_create("run");
        tcase_set_timeout(tcase, 60);
        tcase_add_test(tcase, all_is_well);
        tcase_add_loop_test(tcase, failure, 0, sizeof(failures) / sizeof(failures[0]));
        tcase_add_test(tcase, a_slow_greeting);
        tcase_add_test(tcase, empty_lines_before_the_greeting);
        tcase_add_loop_test(tcase, login, 0, sizeof(logins) / sizeof(logins[0]));
        tcase_add_test(tcase, odd_secrets);
        tcase_add_test(tcase, an_unreadable_secret);
        tcase_add_test(tcase, a_secret_that_is_not_asked_for);
        tcase_add_loop_test(tcase, bad_settings, 0, sizeof(settings) / sizeof(settings[0]));
        tcase_add_test(tcase, a_daemon_that_goes_away);
        tcase_add_test(tcase, no_dialogue_without_a_lock);
        tcase_add_test(tcase, the_time_of_a_probe);
        tcase_add_test(tcase, depth);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
