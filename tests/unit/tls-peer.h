/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A TLS server in a thread, at the other end of a socketpair, and the callbacks by which a session under
 * test reaches it. */

#include <gnutls/gnutls.h>
#include <pthread.h>

#include "certs.h"
#include "tls.h"

/* Takes whatever key it is given. */
#define TLS_PEER_ANY "NORMAL:%DEBUG_ALLOW_KEY_USAGE_VIOLATIONS"

typedef struct TlsPeer {
        /* what it is like; set before tls_peer_start() */
        const CertBundle *bundle;       /* NULL: it speaks no TLS by itself, serve() does all */
        bool garbled;                   /* its certificate is no DER any more when it leaves */
        const char *priorities;         /* NULL: TLS_PEER_ANY */
        unsigned dh_bits;               /* of its Diffie-Hellman group; 0: the library's */
        gnutls_certificate_request_t request;   /* of a client certificate */
        /* What it does after the handshake (session NULL without a bundle); NULL: echoes until the
         * client is gone. */
        void (*serve)(gnutls_session_t session, int fd, void *userdata);
        void *userdata;

        int fd;                         /* the client's end, not blocking */
        int patience_ms;                /* how long the client waits for it; 0: 10 s */
        int server_fd;
        int handshake;                  /* result of the server's handshake, after tls_peer_stop() */
        pthread_t thread;
} TlsPeer;

void tls_peer_start(TlsPeer *peer);
/* Closes both ends and waits for the thread. */
void tls_peer_stop(TlsPeer *peer);

/* The connection as a session wants it. */
MdTlsIo tls_peer_io(TlsPeer *peer);
/* Reads until something comes or the session ends: like md_tls_read() without -EAGAIN. */
ssize_t tls_peer_read(TlsPeer *peer, MdTls *tls, void *buffer, size_t size);
