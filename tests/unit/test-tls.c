/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * TLS sessions against a real server and against peers that are none: how a handshake ends, what is found
 * then, and how a session behaves that is cut, flooded or damaged.
 */

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "certs.h"
#include "harness.h"
#include "log-probe.h"
#include "tls-peer.h"
#include "trust.h"

#define HOST "mail.example.org"
#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static Certs *certs;
static CertBundle good, good_rsa;
static MdTrust *trust;

/* A descriptor with that text in it. */
static int text_fd(const char *text) {
        int fds[2];
        ck_assert_int_eq(pipe(fds), 0);
        ck_assert_int_eq(write(fds[1], text, strlen(text)), (int) strlen(text));
        close(fds[1]);
        return fds[0];
}

static void setup(void) {
        int fd = text_fd(certs_root(certs));
        ck_assert_int_ge(md_trust_new(&trust), 0);
        ck_assert_int_eq(md_trust_add_fd(trust, fd), 1);
        close(fd);
        certs_make(certs, "good", &good);
        certs_make(certs, "good-rsa", &good_rsa);
}

static void teardown(void) {
        trust = md_trust_free(trust);
        cert_bundle_done(&good);
        cert_bundle_done(&good_rsa);
}

static MdTls *session_new(const MdTlsIo *io, bool old_versions) {
        MdTlsOptions options = {
                .name = HOST, .certificate_fd = -1, .key_fd = -1, .old_versions = old_versions,
        };
        MdTls *tls;
        ck_assert_int_eq(md_tls_new(trust, &options, io, &tls), 0);
        return tls;
}

/* Starts the peer and shakes hands with it. */
static MdTls *connect_to(TlsPeer *peer, bool old_versions) {
        tls_peer_start(peer);
        MdTlsIo io = tls_peer_io(peer);
        MdTls *tls = session_new(&io, old_versions);
        int r = md_tls_handshake(tls);
        ck_assert_int_eq(r, md_tls_outcome(tls));
        return tls;
}

static MdTls *connect_up(TlsPeer *peer) {
        MdTls *tls = connect_to(peer, false);
        ck_assert_str_eq(md_tls_outcome_to_string(md_tls_outcome(tls)), "up");
        return tls;
}

static void disconnect(TlsPeer *peer, MdTls *tls) {
        md_tls_free(tls);
        tls_peer_stop(peer);
}

/* ---- sessions that work ---- */

START_TEST(talks) {
        char buffer[64], *log;
        TlsPeer peer = { .bundle = &good };
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_up(&peer);
        ck_assert(md_tls_verify(tls, probe));
        log = strdup(log_line(probe, "tls"));
        ck_assert_msg(strstr(log, "version=TLS 1.3 cipher=AES-256-GCM group=X25519 "
                                  "signature=ECDSA-SECP256R1-SHA256 sni=" HOST " verified=yes"), "%s", log);
        free(log);
        ck_assert_int_eq(md_tls_write(tls, "hello", 5), 5);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, 2), 2);
        ck_assert_uint_eq(md_tls_pending(tls), 3);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), 3);
        ck_assert_int_eq(md_tls_read(tls, buffer, sizeof(buffer)), -EAGAIN);
        md_tls_bye(tls);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), 0);
        ck_assert(!md_tls_certificate_requested(tls));
        disconnect(&peer, tls);
        ck_assert_int_eq(peer.handshake, 0);
        log_probe_free(probe);
}
END_TEST

/* The certificates as records: every field, and cleaned text is not this layer's. */
START_TEST(reports_certificates) {
        TlsPeer peer = { .bundle = &good };
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_up(&peer);
        md_tls_verify(tls, probe);
        const char *line = log_line(probe, "certificate index=0");
        static const char *const parts[] = {
                " subject=CN=mail.example.org,O=Test issuer=CN=Test Authority (intermediate),O=Test "
                "names=mail.example.org,imap.example.org,pop.example.org,smtp.example.org,"
                "localhost,127.0.0.1,::1 ",
                " not-before=", " not-after=", " key=ECDSA P-256 signature=ECDSA-SHA256 serial=",
                " sha256=", " reasons=",
        };
        for (size_t i = 0; i < N_ELEMENTS(parts); i++)
                ck_assert_msg(strstr(line, parts[i]), "\"%s\" is not in %s", parts[i], line);
        line = log_line(probe, "certificate index=1");
        ck_assert_msg(strstr(line, "subject=CN=Test Authority (intermediate)") && !strstr(line, "reasons"),
                      "%s", line);
        disconnect(&peer, tls);
        log_probe_free(probe);
}
END_TEST

/* One byte at a time, and nothing in between. */
typedef struct Drip {
        MdTlsIo io;
        bool dry;
} Drip;

static ssize_t drip_read(void *userdata, void *buffer, size_t size) {
        Drip *drip = userdata;
        drip->dry = !drip->dry;
        return drip->dry ? -EAGAIN : drip->io.read(drip->io.userdata, buffer, 1);
}

static ssize_t drip_write(void *userdata, const void *buffer, size_t size) {
        Drip *drip = userdata;
        drip->dry = !drip->dry;
        return drip->dry ? -EAGAIN : drip->io.write(drip->io.userdata, buffer, 1);
}

static int drip_wait(void *userdata, bool for_writing) {
        Drip *drip = userdata;
        return drip->io.wait(drip->io.userdata, for_writing);
}

static const char *const versions[] = {
        "NORMAL:-VERS-ALL:+VERS-TLS1.3",
        "NORMAL:-VERS-ALL:+VERS-TLS1.2",
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA",
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP384R1",
};

START_TEST(byte_by_byte) {
        char buffer[16];
        TlsPeer peer = { .bundle = &good_rsa, .priorities = versions[_i] };
        tls_peer_start(&peer);
        Drip drip = { .io = tls_peer_io(&peer) };
        MdTlsIo io = { .read = drip_read, .write = drip_write, .wait = drip_wait, .userdata = &drip };
        MdTls *tls = session_new(&io, false);
        ck_assert_int_eq(md_tls_handshake(tls), MD_TLS_UP);
        ssize_t n;
        while ((n = md_tls_write(tls, "hello", 5)) == -EAGAIN)
                ;
        ck_assert_int_eq(n, 5);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), 5);
        disconnect(&peer, tls);
}
END_TEST

/* ---- channel bindings ---- */

static void serve_binding(gnutls_session_t session, int fd, void *userdata) {
        gnutls_datum_t value;
        gnutls_channel_binding_t type = *(gnutls_channel_binding_t *) userdata;
        if (gnutls_session_channel_binding(session, type, &value) < 0)
                return;
        gnutls_record_send(session, value.data, value.size);
        gnutls_free(value.data);
}

static const struct {
        const char *type;
        const char *priorities;
        gnutls_channel_binding_t server_type;
        bool works;
} bindings[] = {
        { "tls-exporter", "NORMAL:-VERS-ALL:+VERS-TLS1.3", GNUTLS_CB_TLS_EXPORTER, true },
        { "tls-exporter", "NORMAL:-VERS-ALL:+VERS-TLS1.2", GNUTLS_CB_TLS_EXPORTER, true },
        { "tls-unique", "NORMAL:-VERS-ALL:+VERS-TLS1.2", GNUTLS_CB_TLS_UNIQUE, true },
        { "tls-unique", "NORMAL:-VERS-ALL:+VERS-TLS1.3", GNUTLS_CB_TLS_EXPORTER, false },
        { "tls-server-end-point", "NORMAL", GNUTLS_CB_TLS_EXPORTER, false },
};

START_TEST(channel_bindings) {
        uint8_t ours[64], theirs[64];
        size_t size;
        gnutls_channel_binding_t type = bindings[_i].server_type;
        TlsPeer peer = {
                .bundle = &good, .priorities = bindings[_i].priorities,
                .serve = serve_binding, .userdata = &type,
        };
        MdTls *tls = connect_up(&peer);
        int r = md_tls_channel_binding(tls, bindings[_i].type, ours, sizeof(ours), &size);
        ck_assert_int_eq(r, bindings[_i].works ? 0 : -EOPNOTSUPP);
        if (bindings[_i].works) {
                ck_assert_int_eq(tls_peer_read(&peer, tls, theirs, sizeof(theirs)), (ssize_t) size);
                ck_assert_mem_eq(ours, theirs, size);
                ck_assert_int_eq(md_tls_channel_binding(tls, bindings[_i].type, ours, 4, &size), -EOPNOTSUPP);
        }
        disconnect(&peer, tls);
}
END_TEST

/* ---- peers that are no server ---- */

typedef struct Script {
        const char *bytes;
        size_t size;
        size_t loop;                    /* how much of its end is repeated by serve_endless(); 0: all */
} Script;

static void read_hello(int fd) {
        char buffer[4096];
        ssize_t n = recv(fd, buffer, sizeof(buffer), 0);
        (void) n;
}

/* Reads the ClientHello, says its piece and hangs up in order. */
static void serve_bytes(gnutls_session_t session, int fd, void *userdata) {
        const Script *script = userdata;
        read_hello(fd);
        ssize_t n = send(fd, script->bytes, script->size, MSG_NOSIGNAL);
        (void) n;
        shutdown(fd, SHUT_WR);
        read_hello(fd);
}

/* Says it, and its last record again and again, until nobody listens. */
static void serve_endless(gnutls_session_t session, int fd, void *userdata) {
        const Script *script = userdata;
        size_t loop = script->loop ? script->loop : script->size;
        read_hello(fd);
        ssize_t n = send(fd, script->bytes, script->size, MSG_NOSIGNAL);
        while (n > 0)
                n = send(fd, script->bytes + script->size - loop, loop, MSG_NOSIGNAL);
}

static void serve_reset(gnutls_session_t session, int fd, void *userdata) {
        struct pollfd pollfd = { .fd = fd, .events = POLLIN };
        poll(&pollfd, 1, 10000);        /* and leaves the ClientHello unread */
}

static void serve_silence(gnutls_session_t session, int fd, void *userdata) {
        char buffer[256];
        while (recv(fd, buffer, sizeof(buffer), 0) > 0)
                ;
}

#define SCRIPT(text) { text, sizeof(text) - 1, 0 }
#define LOOP(text, loop) { text loop, sizeof(text) + sizeof(loop) - 2, sizeof(loop) - 1 }
#define RECORD_1024 "\x16\x03\x03\x04\x00" K K K K K K K K K K K K K K K K
#define K "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
        const char *label;
        void (*serve)(gnutls_session_t session, int fd, void *userdata);
        Script script;
        const char *outcome;
        const char *finding;
} strangers[] = {
        { "imap", serve_bytes, SCRIPT("* OK ready\r\n"), "not-tls", "tls.not-tls" },
        { "smtp", serve_bytes, SCRIPT("220-a\r\n220 b\r\n"), "not-tls", "tls.not-tls" },
        { "http", serve_bytes, SCRIPT("HTTP/1.0 400 Bad Request\r\n\r\n"), "not-tls", "tls.not-tls" },
        { "ssh", serve_bytes, SCRIPT("SSH-2.0-x\r\n"), "not-tls", "tls.not-tls" },
        { "one byte", serve_bytes, SCRIPT("+"), "not-tls", "tls.not-tls" },
        { "application data first", serve_bytes, SCRIPT("\x17\x03\x03\x00\x01x"), "not-tls", "tls.not-tls" },
        { "text without end", serve_endless, SCRIPT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
          "not-tls", "tls.not-tls" },
        { "end", serve_bytes, SCRIPT(""), "closed", "tls.closed" },
        { "half a header", serve_bytes, SCRIPT("\x16\x03"), "closed", "tls.closed" },
        { "half a record", serve_bytes, SCRIPT("\x16\x03\x03\x00\x30\x02\x00"), "closed", "tls.closed" },
        { "alert handshake_failure", serve_bytes, SCRIPT("\x15\x03\x03\x00\x02\x02\x28"),
          "alert", "tls.no-common-cipher" },
        { "alert protocol_version", serve_bytes, SCRIPT("\x15\x03\x01\x00\x02\x02\x46"),
          "alert", "tls.no-common-cipher" },
        { "alert insufficient_security", serve_bytes, SCRIPT("\x15\x03\x03\x00\x02\x02\x47"),
          "alert", "tls.no-common-cipher" },
        { "alert unrecognized_name", serve_bytes, SCRIPT("\x15\x03\x03\x00\x02\x02\x70"),
          "alert", "tls.sni-refused" },
        { "alert internal_error", serve_bytes, SCRIPT("\x15\x03\x03\x00\x02\x02\x50"),
          "alert", "tls.refused" },
        { "alert no_application_protocol", serve_bytes, SCRIPT("\x15\x03\x03\x00\x02\x02\x78"), "alert", "tls.refused" },
        { "alert unknown", serve_bytes, SCRIPT("\x15\x03\x03\x00\x02\x02\xfe"), "alert", "tls.refused" },
        { "alert too short", serve_bytes, SCRIPT("\x15\x03\x03\x00\x01\x02"), "broken", "tls.broken-record" },
        { "warnings for ever", serve_endless, SCRIPT("\x15\x03\x03\x00\x02\x01\x70"), "flood", "tls.flood" },
        { "empty records", serve_endless, SCRIPT("\x16\x03\x03\x00\x00"), "flood", "tls.flood" },
        { "one-byte records", serve_endless, LOOP("\x16\x03\x03\x00\x04\x02\x00\xff\xff", "\x16\x03\x03\x00\x01x"),
          "flood", "tls.flood" },
        { "record too long", serve_bytes, SCRIPT("\x16\x03\x03\xff\xff\x02"), "broken", "tls.broken-record" },
        { "message too long", serve_endless, LOOP("\x16\x03\x03\x00\x04\x02\xff\xff\xff", RECORD_1024),
          "too-large", "tls.too-large" },
        { "garbage inside", serve_bytes, SCRIPT("\x16\x03\x03\x00\x06\x02\x00\x00\x02\x03\x03\x16\x03\x03"), "broken",
          "tls.broken-record" },
        { "text after a record", serve_bytes, SCRIPT("\x16\x03\x03\x00\x01\x02* OK hi\r\n"),
          "broken", "tls.broken-record" },
        { "reset", serve_reset, SCRIPT(""), "reset", "tls.closed" },
        { "silence", serve_silence, SCRIPT(""), "timeout", "tls.timeout" },
};

START_TEST(strange_peers) {
        Script script = strangers[_i].script;
        TlsPeer peer = { .serve = strangers[_i].serve, .userdata = &script };
        peer.patience_ms = !strcmp(strangers[_i].outcome, "timeout") ? 50 : 0;
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_to(&peer, false);
        const char *outcome = md_tls_outcome_to_string(md_tls_outcome(tls));
        ck_assert_msg(!strcmp(outcome, strangers[_i].outcome), "%s: %s", strangers[_i].label, outcome);

        size_t size;
        const char *left = md_tls_leftover(tls, &size);
        if (md_tls_outcome(tls) == MD_TLS_NOT_TLS)
                ck_assert(size > 0 && left[0] == script.bytes[0]);

        md_tls_report_failure(tls, NULL, probe);
        ck_assert_msg(!strcmp(log_findings(probe), strangers[_i].finding), "%s: %s", strangers[_i].label,
                      log_text(probe));
        ck_assert(strstr(log_line(probe, "tls"), "verified=no"));
        disconnect(&peer, tls);
        log_probe_free(probe);
}
END_TEST

START_TEST(alert_has_a_name) {
        const char *name = NULL;
        Script script = SCRIPT("\x15\x03\x03\x00\x02\x02\x28");
        TlsPeer peer = { .serve = serve_bytes, .userdata = &script };
        MdTls *tls = connect_to(&peer, false);
        ck_assert_int_eq(md_tls_alert(tls, &name), 40);
        ck_assert_str_eq(name, "handshake_failure");
        disconnect(&peer, tls);
}
END_TEST

/* A server that says no and hangs up before it has read all: the alert counts, not the broken pipe. */
START_TEST(alert_before_reset) {
        static const char alert[] = "\x15\x03\x03\x00\x02\x02\x46";
        int fds[2];
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
        ck_assert_int_eq(send(fds[1], alert, 7, 0), 7);
        shutdown(fds[1], SHUT_RDWR);
        TlsPeer peer = { .fd = fds[0] };
        MdTlsIo io = tls_peer_io(&peer);
        MdTls *tls = session_new(&io, false);
        ck_assert_int_eq(md_tls_handshake(tls), MD_TLS_ALERT);
        md_tls_free(tls);
        close(fds[0]);
        close(fds[1]);
}
END_TEST

/* ---- servers of yesterday ---- */

static const struct {
        const char *priorities;
        unsigned dh_bits;
        const char *findings;
        const char *says;               /* in the line of the first finding */
} olds[] = {
        { "NORMAL:-VERS-ALL:+VERS-TLS1.0", 0, "tls.version-too-old", "version=TLS 1.0" },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.1", 0, "tls.version-too-old", "version=TLS 1.1" },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+ARCFOUR-128", 0, "tls.weak tls.no-common-cipher",
          "what=RC4 cipher" },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+3DES-CBC", 0, "tls.weak tls.no-common-cipher",
          "what=3DES cipher" },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+NULL:-KX-ALL:+RSA", 0, "tls.weak tls.no-common-cipher",
          "what=no cipher at all, key exchange without forward secrecy (RSA)" },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA:-GROUP-ALL", 1024, "tls.weak tls.no-common-cipher",
          "what=Diffie-Hellman with 1024 bits" },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+CAMELLIA-256-GCM", 0, "tls.no-common-cipher", "" },
};

START_TEST(old_servers) {
        TlsPeer peer = {
                .bundle = &good_rsa, .priorities = olds[_i].priorities, .dh_bits = olds[_i].dh_bits,
        };
        TlsPeer again = peer;
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_to(&peer, false);
        ck_assert_int_ne(md_tls_outcome(tls), MD_TLS_UP);
        ck_assert(md_tls_wants_old(tls));
        MdTls *old = connect_to(&again, true);
        ck_assert(!md_tls_wants_old(old));
        md_tls_report_failure(tls, old, probe);
        ck_assert_msg(!strcmp(log_findings(probe), olds[_i].findings) &&
                              strstr(log_line(probe, "finding"), olds[_i].says),
                      "%s: %s", olds[_i].priorities, log_text(probe));
        ck_assert_ptr_null(strstr(log_text(probe), "verified=yes"));
        disconnect(&peer, tls);
        disconnect(&again, old);
        log_probe_free(probe);
}
END_TEST

/* A session with old versions is never good for a secret, whatever came of it. */
START_TEST(old_is_never_verified) {
        TlsPeer peer = { .bundle = &good };
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_to(&peer, true);
        ck_assert_int_eq(md_tls_outcome(tls), MD_TLS_UP);
        ck_assert(!md_tls_verify(tls, probe));
        disconnect(&peer, tls);
        log_probe_free(probe);
}
END_TEST

/* Weak, yet what current programs still take: a warning, and the login goes on. */
static const struct {
        const char *priorities;
        const char *what;
} weak[] = {
        { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA", "what=key exchange without forward secrecy (RSA)" },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.2:-SIGN-ALL:+SIGN-RSA-SHA1", "what=SHA-1 or MD5 signature" },
};

START_TEST(weak_servers) {
        TlsPeer peer = { .bundle = &good_rsa, .priorities = weak[_i].priorities };
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_up(&peer);
        ck_assert(md_tls_verify(tls, probe));
        ck_assert_str_eq(log_findings(probe), "tls.weak");
        ck_assert_msg(strstr(log_line(probe, "finding"), weak[_i].what), "%s", log_text(probe));
        disconnect(&peer, tls);
        log_probe_free(probe);
}
END_TEST

START_TEST(chain_without_end) {
        CertBundle bundle = { .chain = calloc(20, strlen(good.chain) + 1), .key = strdup(good.key) };
        for (int i = 0; i < 20; i++)
                strcat(bundle.chain, good.chain);
        TlsPeer peer = { .bundle = &bundle };
        MdTls *tls = connect_to(&peer, false);
        ck_assert_int_eq(md_tls_outcome(tls), MD_TLS_TOO_LARGE);
        disconnect(&peer, tls);
        cert_bundle_done(&bundle);
}
END_TEST

START_TEST(certificate_that_is_none) {
        TlsPeer peer = { .bundle = &good, .garbled = true };
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_to(&peer, false);
        ck_assert_int_eq(md_tls_outcome(tls), MD_TLS_BAD_CERTIFICATE);
        md_tls_report_failure(tls, NULL, probe);
        ck_assert_str_eq(log_findings(probe), "cert.malformed");
        disconnect(&peer, tls);
        log_probe_free(probe);
}
END_TEST

/* ---- client certificates ---- */

static const char *const requests[] = { "NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2" };

/* TLS 1.2 refuses within the handshake, TLS 1.3 at the first read. */
START_TEST(client_certificate_missing) {
        char buffer[16];
        TlsPeer peer = { .bundle = &good, .priorities = requests[_i], .request = GNUTLS_CERT_REQUIRE };
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_to(&peer, false);
        ck_assert(md_tls_certificate_requested(tls));
        if (md_tls_outcome(tls) == MD_TLS_UP)
                ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), -EBADMSG);
        ck_assert_str_eq(md_tls_outcome_to_string(md_tls_outcome(tls)), "alert");
        md_tls_report_failure(tls, NULL, probe);
        ck_assert_msg(!strcmp(log_findings(probe), "tls.client-certificate-required"), "%s", log_text(probe));
        disconnect(&peer, tls);
        log_probe_free(probe);
}
END_TEST

START_TEST(client_certificate_given) {
        char buffer[16];
        TlsPeer peer = { .bundle = &good, .priorities = requests[_i], .request = GNUTLS_CERT_REQUIRE };
        tls_peer_start(&peer);
        MdTlsIo io = tls_peer_io(&peer);
        MdTlsOptions options = {
                .name = HOST, .certificate_fd = text_fd(good_rsa.chain), .key_fd = text_fd(good_rsa.key),
        };
        MdTls *tls;
        ck_assert_int_eq(md_tls_new(trust, &options, &io, &tls), 0);
        ck_assert_int_eq(md_tls_handshake(tls), MD_TLS_UP);
        ck_assert_int_eq(md_tls_write(tls, "hello", 5), 5);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), 5);
        disconnect(&peer, tls);
        ck_assert_int_eq(peer.handshake, 0);
        close(options.certificate_fd);
        close(options.key_fd);
}
END_TEST

START_TEST(client_certificate_unusable) {
        static const struct {
                int certificate, key;   /* 0: nothing, 1: certificate of good, 2: of good-rsa, 3: its key */
                int result;
        } cases[] = {
                { 0, 3, -EBADMSG }, { 3, 3, -EBADMSG }, { 2, 0, -ENOKEY }, { 2, 2, -ENOKEY },
                { 1, 3, -EKEYREJECTED }, { 2, 3, 0 },
        };
        const char *const texts[] = { "nothing", good.chain, good_rsa.chain, good_rsa.key };
        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                TlsPeer peer = { .fd = -1 };
                MdTlsIo io = tls_peer_io(&peer);
                MdTlsOptions options = {
                        .name = HOST,
                        .certificate_fd = text_fd(texts[cases[i].certificate]),
                        .key_fd = text_fd(texts[cases[i].key]),
                };
                MdTls *tls = NULL;
                ck_assert_int_eq(md_tls_new(trust, &options, &io, &tls), cases[i].result);
                md_tls_free(tls);
                close(options.certificate_fd);
                close(options.key_fd);
        }
}
END_TEST

/* ---- sessions that break ---- */

static void serve_cut(gnutls_session_t session, int fd, void *userdata) {
        gnutls_record_send(session, "+OK", 3);
}

static void serve_text(gnutls_session_t session, int fd, void *userdata) {
        gnutls_record_send(session, "+OK", 3);
        ssize_t n = send(fd, "plain text\r\n", 12, MSG_NOSIGNAL);
        (void) n;
}

static void serve_damage(gnutls_session_t session, int fd, void *userdata) {
        static const char record[] = "\x17\x03\x03\x00\x20" "0123456789abcdef0123456789abcdef";
        gnutls_record_send(session, "+OK", 3);
        ssize_t n = send(fd, record, sizeof(record) - 1, MSG_NOSIGNAL);
        (void) n;
}

static void serve_key_updates(gnutls_session_t session, int fd, void *userdata) {
        gnutls_record_send(session, "+OK", 3);
        while (gnutls_session_key_update(session, 0) >= 0)
                ;
}

static void serve_renegotiations(gnutls_session_t session, int fd, void *userdata) {
        gnutls_record_send(session, "+OK", 3);
        while (gnutls_rehandshake(session) >= 0)
                ;
}

static void serve_alert(gnutls_session_t session, int fd, void *userdata) {
        gnutls_record_send(session, "+OK", 3);
        gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_INTERNAL_ERROR);
}

static const struct {
        const char *label;
        const char *priorities;
        void (*serve)(gnutls_session_t session, int fd, void *userdata);
        const char *outcome;
        const char *finding;
} breaks[] = {
        { "cut", "NORMAL", serve_cut, "closed", "tls.truncated" },
        { "cut 1.2", "NORMAL:-VERS-TLS1.3", serve_cut, "closed", "tls.truncated" },
        { "plain text", "NORMAL", serve_text, "broken", "tls.broken-record" },
        { "damaged record", "NORMAL", serve_damage, "broken", "tls.broken-record" },
        { "damaged record 1.2", "NORMAL:-VERS-TLS1.3", serve_damage, "broken", "tls.broken-record" },
        { "key updates", "NORMAL", serve_key_updates, "flood", "tls.flood" },
        { "renegotiations", "NORMAL:-VERS-TLS1.3", serve_renegotiations, "flood", "tls.flood" },
        { "alert", "NORMAL", serve_alert, "alert", "tls.refused" },
};

START_TEST(breaks_off) {
        char buffer[64];
        TlsPeer peer = { .bundle = &good, .priorities = breaks[_i].priorities, .serve = breaks[_i].serve };
        MdProbe *probe = log_probe_new();
        MdTls *tls = connect_up(&peer);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), 3);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), -EBADMSG);
        const char *outcome = md_tls_outcome_to_string(md_tls_outcome(tls));
        ck_assert_msg(!strcmp(outcome, breaks[_i].outcome), "%s: %s", breaks[_i].label, outcome);
        md_tls_report_failure(tls, NULL, probe);
        ck_assert_msg(!strcmp(log_findings(probe), breaks[_i].finding), "%s: %s", breaks[_i].label,
                      log_text(probe));
        disconnect(&peer, tls);
        log_probe_free(probe);
}
END_TEST

/* A message that holds no data comes in one segment with one that does. */
static void serve_update_then_data(gnutls_session_t session, int fd, void *userdata) {
        gnutls_record_cork(session);
        gnutls_session_key_update(session, 0);
        gnutls_record_send(session, "+OK", 3);
        gnutls_record_uncork(session, GNUTLS_RECORD_WAIT);
        char buffer[16];
        gnutls_record_recv(session, buffer, sizeof(buffer));
}

START_TEST(data_behind_a_message) {
        char buffer[16];
        TlsPeer peer = { .bundle = &good, .serve = serve_update_then_data };
        MdTls *tls = connect_up(&peer);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), 3);
        disconnect(&peer, tls);
}
END_TEST

/* More than a flood of records, each with a little data, is no flood. */
static void serve_chatter(gnutls_session_t session, int fd, void *userdata) {
        for (int i = 0; i < 1000; i++)
                gnutls_record_send(session, "x", 1);
        gnutls_bye(session, GNUTLS_SHUT_WR);
}

START_TEST(many_small_records) {
        char buffer[16];
        ssize_t n;
        size_t total = 0;
        TlsPeer peer = { .bundle = &good, .serve = serve_chatter };
        MdTls *tls = connect_up(&peer);
        while ((n = tls_peer_read(&peer, tls, buffer, sizeof(buffer))) > 0)
                total += (size_t) n;
        ck_assert_int_eq(n, 0);
        ck_assert_uint_eq(total, 1000);
        disconnect(&peer, tls);
}
END_TEST

/* Writes more than the connection takes, and goes on when it is read. */
static void serve_count(gnutls_session_t session, int fd, void *userdata) {
        static char buffer[16384];
        size_t total = 0;
        ssize_t n;
        while (total < 1024 * 1024 && (n = gnutls_record_recv(session, buffer, sizeof(buffer))) > 0)
                total += (size_t) n;
        gnutls_record_send(session, total == 1024 * 1024 ? "all" : "bad", 3);
        gnutls_record_recv(session, buffer, sizeof(buffer));
}

START_TEST(writes_in_parts) {
        static char bytes[1024 * 1024];
        char buffer[16];
        bool waited = false;
        TlsPeer peer = { .bundle = &good, .serve = serve_count };
        MdTls *tls = connect_up(&peer);
        MdTlsIo io = tls_peer_io(&peer);
        for (size_t done = 0; done < sizeof(bytes);) {
                ssize_t n = md_tls_write(tls, bytes + done, sizeof(bytes) - done);
                waited |= n == -EAGAIN;
                if (n == -EAGAIN)
                        ck_assert_int_eq(io.wait(io.userdata, true), 0);
                else
                        ck_assert_int_gt(n, 0);
                done += n > 0 ? (size_t) n : 0;
        }
        ck_assert(waited);
        ck_assert_int_eq(tls_peer_read(&peer, tls, buffer, sizeof(buffer)), 3);
        ck_assert_mem_eq(buffer, "all", 3);
        disconnect(&peer, tls);
}
END_TEST

/* ---- a recorded flight, cut and damaged at every byte ---- */

typedef struct Tape {
        uint8_t bytes[16384];
        size_t size, at;
        MdTlsIo io;                     /* recording: where it comes from */
} Tape;

static ssize_t tape_record(void *userdata, void *buffer, size_t size) {
        Tape *tape = userdata;
        ssize_t n = tape->io.read(tape->io.userdata, buffer, size);
        if (n > 0) {
                ck_assert_uint_le(tape->size + (size_t) n, sizeof(tape->bytes));
                memcpy(tape->bytes + tape->size, buffer, (size_t) n);
                tape->size += (size_t) n;
        }
        return n;
}

static ssize_t tape_record_write(void *userdata, const void *buffer, size_t size) {
        Tape *tape = userdata;
        return tape->io.write(tape->io.userdata, buffer, size);
}

static int tape_record_wait(void *userdata, bool for_writing) {
        Tape *tape = userdata;
        return tape->io.wait(tape->io.userdata, for_writing);
}

static ssize_t tape_play(void *userdata, void *buffer, size_t size) {
        Tape *tape = userdata;
        size_t n = tape->size - tape->at < size ? tape->size - tape->at : size;
        memcpy(buffer, tape->bytes + tape->at, n);
        tape->at += n;
        return (ssize_t) n;
}

static ssize_t tape_swallow(void *userdata, const void *buffer, size_t size) {
        return (ssize_t) size;
}

static int tape_wait(void *userdata, bool for_writing) {
        return 0;
}

static void tape_make(Tape *tape, const char *priorities) {
        TlsPeer peer = { .bundle = &good, .priorities = priorities };
        tls_peer_start(&peer);
        tape->io = tls_peer_io(&peer);
        MdTlsIo io = {
                .read = tape_record, .write = tape_record_write, .wait = tape_record_wait, .userdata = tape,
        };
        MdTls *tls = session_new(&io, false);
        ck_assert_int_eq(md_tls_handshake(tls), MD_TLS_UP);
        disconnect(&peer, tls);
}

static MdTlsOutcome tape_outcome(Tape *tape) {
        MdTlsIo io = { .read = tape_play, .write = tape_swallow, .wait = tape_wait, .userdata = tape };
        MdTls *tls = session_new(&io, false);
        MdProbe *probe = log_probe_new();
        tape->at = 0;
        int outcome = md_tls_handshake(tls);
        ck_assert_int_ge(outcome, 0);
        if (outcome != MD_TLS_UP)
                md_tls_report_failure(tls, NULL, probe);
        ck_assert(log_findings(probe)[0]);
        log_probe_free(probe);
        md_tls_free(tls);
        return (MdTlsOutcome) outcome;
}

/* The flight was made for another session, so it must never come up, whole or cut. */
START_TEST(cut_at_every_byte) {
        Tape tape = { .size = 0 };
        tape_make(&tape, versions[_i]);
        ck_assert_uint_gt(tape.size, 500);
        for (Tape cut = tape; cut.size > 0; cut.size--)
                ck_assert_int_ne(tape_outcome(&cut), MD_TLS_UP);
}
END_TEST

START_TEST(damaged_at_every_byte) {
        Tape tape = { .size = 0 };
        tape_make(&tape, versions[_i]);
        for (size_t i = 0; i < tape.size; i++) {
                Tape damaged = tape;
                damaged.bytes[i] ^= (uint8_t) (1u << (i % 8));
                ck_assert_int_ne(tape_outcome(&damaged), MD_TLS_UP);
        }
}
END_TEST

int main(void) {
        certs = certs_new();
        log_produced_begin("tls");
        Suite *suite = suite_create("tls");
        TCase *tcase = tcase_create("tls");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_set_timeout(tcase, 120);
        tcase_add_test(tcase, talks);
        tcase_add_test(tcase, reports_certificates);
        tcase_add_loop_test(tcase, byte_by_byte, 0, N_ELEMENTS(versions));
        tcase_add_loop_test(tcase, channel_bindings, 0, N_ELEMENTS(bindings));
        tcase_add_loop_test(tcase, strange_peers, 0, N_ELEMENTS(strangers));
        tcase_add_test(tcase, alert_has_a_name);
        tcase_add_test(tcase, alert_before_reset);
        tcase_add_loop_test(tcase, old_servers, 0, N_ELEMENTS(olds));
        tcase_add_test(tcase, old_is_never_verified);
        tcase_add_loop_test(tcase, weak_servers, 0, N_ELEMENTS(weak));
        tcase_add_test(tcase, chain_without_end);
        tcase_add_test(tcase, certificate_that_is_none);
        tcase_add_loop_test(tcase, client_certificate_missing, 0, N_ELEMENTS(requests));
        tcase_add_loop_test(tcase, client_certificate_given, 0, N_ELEMENTS(requests));
        tcase_add_test(tcase, client_certificate_unusable);
        tcase_add_loop_test(tcase, breaks_off, 0, N_ELEMENTS(breaks));
        tcase_add_test(tcase, data_behind_a_message);
        tcase_add_test(tcase, many_small_records);
        tcase_add_test(tcase, writes_in_parts);
        tcase_add_loop_test(tcase, cut_at_every_byte, 0, 2);
        tcase_add_loop_test(tcase, damaged_at_every_byte, 0, 2);
        suite_add_tcase(suite, tcase);
        int r = run_suite(suite);
        certs_free(certs);
        return r;
}
