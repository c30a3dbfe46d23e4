/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* TLS in a whole probe: implicit and after STARTTLS, and what is found when the two sides expect different
 * things. */

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <sys/mman.h>

#include <maildiag/conn.h>

#include "certs.h"
#include "harness.h"
#include "peer.h"
#include "sink.h"

/* ---- a plugin that speaks enough SMTP ---- */

static int step_greeting(MdProbe *probe, void *state) {
        const char *line;
        return md_read_greeting(probe, &line, NULL);
}

static int command(MdProbe *probe, const char *text) {
        const char *line;
        int r = md_send(probe, "%s", text);
        if (r >= 0)
                r = md_read_line(probe, &line, NULL);
        while (r >= 0 && line[3] == '-')
                r = md_read_line(probe, &line, NULL);
        return r < 0 ? r : line[0] == '2' ? 0 : md_bad_reply(probe, line);
}

static int step_hello(MdProbe *probe, void *state) {
        return command(probe, "EHLO test");
}

static int step_starttls(MdProbe *probe, void *state) {
        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        int r = command(probe, "STARTTLS");
        return r < 0 ? r : md_start_tls(probe);
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
        md_probe_logged_in(probe);
        return MD_NEXT;
}

static int step_quit(MdProbe *probe, void *state) {
        return command(probe, "QUIT");
}

static const MdStep steps[] = {
        { "connect", MD_STAGE_TCP, MD_DEPTH_CONNECT, 0, md_step_connect },
        { "tls", MD_STAGE_TLS, MD_DEPTH_CONNECT, 0, md_step_tls },
        { "greeting", MD_STAGE_GREETING, MD_DEPTH_CONNECT, 0, step_greeting },
        { "hello", MD_STAGE_CAPABILITY, MD_DEPTH_TLS, 0, step_hello },
        { "starttls", MD_STAGE_TLS, MD_DEPTH_TLS, 0, step_starttls },
        { "login", MD_STAGE_AUTH, MD_DEPTH_AUTH, 0, step_login },
        { "quit", MD_STAGE_CAPABILITY, MD_DEPTH_CONNECT, MD_STEP_GOODBYE, step_quit },
};

static const MdPlugin plugin = {
        .size = sizeof(MdPlugin), .kind = MD_KIND_PROTOCOL, .name = "smtp", .version = "1",
        .steps = steps, .n_steps = sizeof(steps) / sizeof(steps[0]),
};

/* ---- the server ---- */

static CertBundle bundle;
static MdTrust *trust;

static const char *priorities = "NORMAL";

static gnutls_session_t shake_hands(int fd) {
        gnutls_certificate_credentials_t credentials;
        gnutls_datum_t chain = { (unsigned char *) bundle.chain, (unsigned) strlen(bundle.chain) };
        gnutls_datum_t key = { (unsigned char *) bundle.key, (unsigned) strlen(bundle.key) };
        gnutls_session_t session;

        gnutls_certificate_allocate_credentials(&credentials);
        int r = gnutls_certificate_set_x509_key_mem(credentials, &chain, &key, GNUTLS_X509_FMT_PEM);
        ck_assert_int_ge(r, 0);
        gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
        ck_assert_int_ge(gnutls_priority_set_direct(session, priorities, NULL), 0);
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
        gnutls_transport_set_int(session, fd);
        r = gnutls_handshake(session);
        if (r < 0) {
                gnutls_alert_send_appropriate(session, r);
                _exit(0);
        }
        return session;
}

static void secret_say(gnutls_session_t session, const char *text) {
        gnutls_record_send(session, text, strlen(text));
}

static bool secret_hear(gnutls_session_t session, char *ret, size_t size) {
        ssize_t n = gnutls_record_recv(session, ret, size - 1);
        ret[n > 0 ? n : 0] = '\0';
        ret[strcspn(ret, "\r\n")] = '\0';
        return n > 0;
}

static void serve_secretly(gnutls_session_t session) {
        char line[256];
        while (secret_hear(session, line, sizeof(line)))
                secret_say(session, "250 fine\r\n");
        gnutls_bye(session, GNUTLS_SHUT_WR);
}

static void play_tls(int fd, unsigned number) {
        gnutls_session_t session = shake_hands(fd);
        secret_say(session, "220 mail.example.org ready\r\n");
        serve_secretly(session);
}

static void play_starttls(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 mail.example.org ready\r\n");
        while (peer_hear(fd, line, sizeof(line)) && strcmp(line, "STARTTLS") != 0)
                peer_say(fd, "250-mail.example.org\r\n250 STARTTLS\r\n");
        peer_say(fd, "220 go ahead\r\n");
        serve_secretly(shake_hands(fd));
}

static void play_smtp(int fd, unsigned number) {
        peer_say(fd, "220 mail.example.org ready\r\n");
        peer_drain(fd);
}

static void play_imap(int fd, unsigned number) {
        peer_say(fd, "* OK IMAP4rev1 ready\r\n");
        peer_drain(fd);
}

static void play_http(int fd, unsigned number) {
        char buffer[1024];
        if (read(fd, buffer, sizeof(buffer)) > 0)
                peer_say(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
        peer_drain(fd);
}

static void play_ssh(int fd, unsigned number) {
        peer_say(fd, "SSH-2.0-OpenSSH_9.2p1\r\n");
        peer_drain(fd);
}

static void play_noise(int fd, unsigned number) {
        peer_say(fd, "what is this?\r\n");
        peer_drain(fd);
}

/* Hangs up on whoever speaks first, and greets who waits. */
static void play_shy(int fd, unsigned number) {
        char buffer[1024];
        usleep(20000);
        if (recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
                return;
        play_smtp(fd, number);
}

static void play_silence(int fd, unsigned number) {
        peer_drain(fd);
}

static void play_text_after_starttls(int fd, unsigned number) {
        char line[256];
        peer_say(fd, "220 mail.example.org ready\r\n");
        while (peer_hear(fd, line, sizeof(line)) && strcmp(line, "STARTTLS") != 0)
                peer_say(fd, "250 STARTTLS\r\n");
        peer_say(fd, "220 go ahead\r\n");
        ck_assert_int_ge(read(fd, line, 1), 0);
        peer_say(fd, "500 what?\r\n");
        peer_drain(fd);
}

static void play_truncation(int fd, unsigned number) {
        char line[256];
        gnutls_session_t session = shake_hands(fd);
        secret_say(session, "220 mail.example.org ready\r\n");
        secret_hear(session, line, sizeof(line));
        secret_say(session, "250-mail.exam");
        shutdown(fd, SHUT_WR);
        peer_drain(fd);
}

/* ---- running it ---- */

static Sink sink;

static int text_fd(const char *text) {
        int fd = memfd_create("text", MFD_CLOEXEC);
        ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t) strlen(text));
        return fd;
}

static void run_against(void (*play)(int, unsigned), MdSecurity security, const char *kind, bool trusted) {
        const MdRunHooks hooks = { .emit = sink_emit, .userdata = &sink };
        Certs *certs = certs_new();
        certs_make(certs, kind, &bundle);
        int fds[_MD_TARGET_FD_MAX] = { -1, text_fd("Corr3ct-H0rse"), -1, -1, -1 };
        if (trusted)
                fds[MD_TARGET_FD_CA] = text_fd(certs_root(certs));
        ck_assert_int_ge(md_trust_new(&trust), 0);

        Peer peer = peer_start(play);
        const MdTarget target = {
                .plugin = (char *) "smtp", .host = (char *) "mail.example.org",
                .connect_to = (char *) "127.0.0.1", .port = peer.port, .security = security,
                .depth = MD_DEPTH_AUTH, .username = (char *) "alice", .timeout_ms = 30000, .time_scale = 10,
        };
        ck_assert_int_eq(md_run(&plugin, &target, fds, trust, &hooks), 0);
        peer_stop(&peer);
        ck_assert(!sink_holds(&sink, "Corr3ct-H0rse"));
        cert_bundle_done(&bundle);
        certs_free(certs);
        trust = md_trust_free(trust);
}

static const char *login(void) {
        return md_record_text(sink_find(&sink, "end", NULL, NULL), "login");
}

static const struct {
        void (*play)(int, unsigned);
        MdSecurity security;
        const char *code;
        const char *param, *value;
} mismatches[] = {
        { play_smtp, MD_SECURITY_TLS, "port.expects-starttls", "suggested", "starttls" },
        { play_smtp, MD_SECURITY_TLS, "port.expects-starttls", "evidence", "220 mail.example.org ready" },
        { play_shy, MD_SECURITY_TLS, "port.expects-starttls", "value", "tls" },
        { play_imap, MD_SECURITY_TLS, "port.other-protocol", "found", "imap" },
        { play_ssh, MD_SECURITY_TLS, "port.other-protocol", "found", "ssh" },
        { play_http, MD_SECURITY_TLS, "port.http", "evidence", "HTTP/1.1 400 Bad Request" },
        { play_http, MD_SECURITY_STARTTLS, "port.http", "evidence", "HTTP/1.1 400 Bad Request" },
        { play_noise, MD_SECURITY_TLS, "tls.not-tls", "host", "mail.example.org" },
        { play_silence, MD_SECURITY_TLS, "tls.timeout", "host", "mail.example.org" },
        { play_tls, MD_SECURITY_STARTTLS, "port.expects-implicit-tls", "suggested", "tls" },
        { play_tls, MD_SECURITY_NONE, "port.expects-implicit-tls", "value", "none" },
        { play_text_after_starttls, MD_SECURITY_STARTTLS, "tls.not-tls", "host", "mail.example.org" },
};

START_TEST(mismatch) {
        run_against(mismatches[_i].play, mismatches[_i].security, "good", true);
        const MdRecord *finding = sink_finding(&sink, mismatches[_i].code);
        ck_assert_msg(finding, "no %s", mismatches[_i].code);
        ck_assert_str_eq(md_record_text(finding, mismatches[_i].param), mismatches[_i].value);
        ck_assert_uint_eq(sink_count(&sink, "finding"), mismatches[_i].security == MD_SECURITY_NONE ? 2 : 1);
        ck_assert_str_eq(login(), "not-tried");
        sink_done(&sink);
}
END_TEST

START_TEST(implicit) {
        run_against(play_tls, MD_SECURITY_TLS, "good", true);
        ck_assert_uint_eq(sink_count(&sink, "finding"), 0);
        ck_assert(md_record_truth(sink_find(&sink, "tls", NULL, NULL), "verified"));
        ck_assert_str_eq(login(), "ok");
        ck_assert_ptr_nonnull(sink_find(&sink, "transcript", "text", "PASS ***"));
        sink_done(&sink);
}
END_TEST

START_TEST(starttls) {
        run_against(play_starttls, MD_SECURITY_STARTTLS, "good", true);
        ck_assert_uint_eq(sink_count(&sink, "finding"), 0);
        ck_assert(md_record_truth(sink_find(&sink, "tls", NULL, NULL), "verified"));
        ck_assert_str_eq(login(), "ok");
        sink_done(&sink);
}
END_TEST

static const struct {
        void (*play)(int, unsigned);
        MdSecurity security;
} securities[] = {
        { play_tls, MD_SECURITY_TLS },
        { play_starttls, MD_SECURITY_STARTTLS },
};

/* The dialogue goes on, the password stays. */
START_TEST(unverified) {
        run_against(securities[_i].play, securities[_i].security, "good", false);
        ck_assert_ptr_nonnull(sink_finding(&sink, "cert.unknown-issuer"));
        ck_assert(!md_record_truth(sink_find(&sink, "tls", NULL, NULL), "verified"));
        const MdRecord *fact = sink_find(&sink, "fact", "name", "login-skipped");
        ck_assert_str_eq(md_record_text(fact, "value"), "the certificate of the server was not accepted");
        ck_assert_str_eq(login(), "not-tried");
        ck_assert_ptr_nonnull(sink_find(&sink, "transcript", "text", "QUIT"));
        sink_done(&sink);
}
END_TEST

/* After STARTTLS the dialogue is said again on a second connection, to ask there for an old version. */
START_TEST(old) {
        priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0:+SHA1:%COMPAT";
        run_against(securities[_i].play, securities[_i].security, "good-rsa", true);
        const MdRecord *finding = sink_finding(&sink, "tls.version-too-old");
        ck_assert_ptr_nonnull(finding);
        ck_assert_str_eq(md_record_text(finding, "version"), "TLS 1.1");
        ck_assert_str_eq(login(), "not-tried");
        sink_done(&sink);
}
END_TEST

START_TEST(truncated) {
        run_against(play_truncation, MD_SECURITY_TLS, "good", true);
        ck_assert_ptr_nonnull(sink_finding(&sink, "tls.truncated"));
        ck_assert_ptr_nonnull(sink_finding(&sink, "protocol.closed"));
        sink_done(&sink);
}
END_TEST

START_TEST(bad_authorities) {
        const MdRunHooks hooks = { .emit = sink_emit, .userdata = &sink };
        int fds[_MD_TARGET_FD_MAX] = { -1, -1, text_fd("no certificate"), -1, -1 };
        const MdTarget target = {
                .plugin = (char *) "smtp", .host = (char *) "127.0.0.1", .port = 1, .timeout_ms = 5000,
                .time_scale = 1,
        };
        ck_assert_int_ge(md_trust_new(&trust), 0);
        ck_assert_int_eq(md_run(&plugin, &target, fds, trust, &hooks), 0);
        ck_assert_ptr_nonnull(md_record_text(sink_finding(&sink, "settings.bad-ca"), "reason"));
        ck_assert_uint_eq(sink_count(&sink, "attempt"), 0);
        trust = md_trust_free(trust);
        sink_done(&sink);
}
END_TEST

START_TEST(bad_client_certificate) {
        const MdRunHooks hooks = { .emit = sink_emit, .userdata = &sink };
        int fds[_MD_TARGET_FD_MAX] = { -1, -1, -1, text_fd("no certificate"), text_fd("no key") };
        Peer peer = peer_start(play_silence);
        const MdTarget target = {
                .plugin = (char *) "smtp", .host = (char *) "127.0.0.1", .port = peer.port,
                .security = MD_SECURITY_TLS, .timeout_ms = 5000, .time_scale = 1,
        };
        ck_assert_int_ge(md_trust_new(&trust), 0);
        ck_assert_int_eq(md_run(&plugin, &target, fds, trust, &hooks), 0);
        const MdRecord *finding = sink_finding(&sink, "settings.bad-client-certificate");
        ck_assert_ptr_nonnull(md_record_text(finding, "reason"));
        peer_stop(&peer);
        trust = md_trust_free(trust);
        sink_done(&sink);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("step-tls");
        TCase *tcase = tcase_create("step-tls");
        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, mismatch, 0, sizeof(mismatches) / sizeof(mismatches[0]));
        tcase_add_test(tcase, implicit);
        tcase_add_test(tcase, starttls);
        tcase_add_loop_test(tcase, unverified, 0, 2);
        tcase_add_loop_test(tcase, old, 0, 2);
        tcase_add_test(tcase, truncated);
        tcase_add_test(tcase, bad_authorities);
        tcase_add_test(tcase, bad_client_certificate);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
