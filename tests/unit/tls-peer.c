/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The server that sessions are tested against: the library itself, in a thread, told how to be good or
 * bad. */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tls-peer.h"

#define CHAIN_MAX 128u

static void must(int r) {
        assert(r >= 0);
}

static void echo(gnutls_session_t session) {
        char buffer[4096];
        ssize_t n;
        while ((n = gnutls_record_recv(session, buffer, sizeof(buffer))) > 0)
                gnutls_record_send(session, buffer, (size_t) n);
        if (n == 0)
                gnutls_bye(session, GNUTLS_SHUT_WR);
}

/* The chain goes out as it stands in the bundle; gnutls_certificate_set_x509_key() would put it in order. */
static void credentials_load(const TlsPeer *peer, gnutls_certificate_credentials_t credentials) {
        const CertBundle *bundle = peer->bundle;
        gnutls_datum_t chain = { (unsigned char *) bundle->chain, (unsigned) strlen(bundle->chain) };
        gnutls_datum_t pem = { (unsigned char *) bundle->key, (unsigned) strlen(bundle->key) };
        gnutls_pcert_st *pcerts = calloc(CHAIN_MAX, sizeof(*pcerts));
        unsigned n = CHAIN_MAX;
        gnutls_privkey_t key;

        must(gnutls_pcert_list_import_x509_raw(pcerts, &n, &chain, GNUTLS_X509_FMT_PEM, 0));
        must(gnutls_privkey_init(&key));
        must(gnutls_privkey_import_x509_raw(key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0));
        must(gnutls_certificate_set_key(credentials, NULL, 0, pcerts, (int) n, key));
        if (peer->garbled)
                pcerts[0].cert.data[4]++;       /* the tag of what is signed; the credentials share the bytes */
        free(pcerts);
        if (bundle->staple) {
                gnutls_datum_t staple = { bundle->staple, (unsigned) bundle->staple_size };
                must(gnutls_certificate_set_ocsp_status_request_mem(credentials, &staple, 0,
                                                                    GNUTLS_X509_FMT_DER));
        }
}

static void serve_tls(TlsPeer *peer) {
        gnutls_certificate_credentials_t credentials;
        gnutls_session_t session;
        gnutls_dh_params_t dh = NULL;
        must(gnutls_certificate_allocate_credentials(&credentials));
        /* A server of today would not load what some kinds of certificate bring along; this one has to. */
        gnutls_certificate_set_flags(credentials, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH |
                                     GNUTLS_CERTIFICATE_SKIP_OCSP_RESPONSE_CHECK);
        credentials_load(peer, credentials);
        if (peer->dh_bits) {
                must(gnutls_dh_params_init(&dh));
                must(gnutls_dh_params_generate2(dh, peer->dh_bits));
                gnutls_certificate_set_dh_params(credentials, dh);
        }
        must(gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL));
        must(gnutls_priority_set_direct(session, peer->priorities ? peer->priorities : TLS_PEER_ANY, NULL));
        must(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials));
        gnutls_certificate_server_set_request(session, peer->request);
        gnutls_transport_set_int(session, peer->server_fd);

        do
                peer->handshake = gnutls_handshake(session);
        while (peer->handshake < 0 && !gnutls_error_is_fatal(peer->handshake));
        if (peer->handshake < 0)
                gnutls_alert_send_appropriate(session, peer->handshake);
        else if (peer->serve)
                peer->serve(session, peer->server_fd, peer->userdata);
        else
                echo(session);

        gnutls_deinit(session);
        gnutls_certificate_free_credentials(credentials);
        if (dh)
                gnutls_dh_params_deinit(dh);
}

static void *peer_main(void *userdata) {
        TlsPeer *peer = userdata;
        if (peer->bundle)
                serve_tls(peer);
        else
                peer->serve(NULL, peer->server_fd, peer->userdata);
        close(peer->server_fd);
        return NULL;
}

void tls_peer_start(TlsPeer *peer) {
        int fds[2];
        must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
        peer->fd = fds[0];
        peer->server_fd = fds[1];
        must(fcntl(peer->fd, F_SETFL, O_NONBLOCK));
        int r = pthread_create(&peer->thread, NULL, peer_main, peer);
        assert(r == 0);
}

void tls_peer_stop(TlsPeer *peer) {
        close(peer->fd);
        pthread_join(peer->thread, NULL);
}

static ssize_t peer_read(void *userdata, void *buffer, size_t size) {
        TlsPeer *peer = userdata;
        ssize_t n = recv(peer->fd, buffer, size, 0);
        return n < 0 ? -errno : n;
}

static ssize_t peer_write(void *userdata, const void *buffer, size_t size) {
        TlsPeer *peer = userdata;
        ssize_t n = send(peer->fd, buffer, size, MSG_NOSIGNAL);
        return n < 0 ? -errno : n;
}

static int peer_wait(void *userdata, bool for_writing) {
        TlsPeer *peer = userdata;
        struct pollfd pollfd = { .fd = peer->fd, .events = for_writing ? POLLOUT : POLLIN };
        return poll(&pollfd, 1, peer->patience_ms ? peer->patience_ms : 10000) == 0 ? -ETIMEDOUT : 0;
}

MdTlsIo tls_peer_io(TlsPeer *peer) {
        return (MdTlsIo) { .read = peer_read, .write = peer_write, .wait = peer_wait, .userdata = peer };
}

ssize_t tls_peer_read(TlsPeer *peer, MdTls *tls, void *buffer, size_t size) {
        for (;;) {
                ssize_t n = md_tls_read(tls, buffer, size);
                if (n != -EAGAIN)
                        return n;
                int r = peer_wait(peer, false);
                if (r < 0)
                        return r;
        }
}
