/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * TLS for probes, over GnuTLS, which no other part of the project sees.
 *
 * The session reads and writes through two callbacks, so that the connection owns every byte and every wait, and
 * can show what came instead of TLS.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <maildiag/probe.h>

/* Certificates that are trusted: the system's store, loaded once in the zygote and shared by its forks. */
typedef struct MdTrust MdTrust;

/* Loads the system's store.  Returns the number of certificates, or -errno; a store without any is no error. */
int md_trust_new(MdTrust **ret);
MdTrust *md_trust_free(MdTrust *trust);
/* Adds PEM certificates from a descriptor (at most 1 MiB, read with a deadline, never mapped).  Returns their
 * number, -EBADMSG when there is none, -EFBIG, -errno. */
int md_trust_add_fd(MdTrust *trust, int fd);

typedef struct MdTls MdTls;

typedef struct MdTlsIo {
        /* Like read(2) and write(2): a count, 0 for end of file, -EAGAIN, or -errno. */
        ssize_t (*read)(void *userdata, void *buffer, size_t size);
        ssize_t (*write)(void *userdata, const void *buffer, size_t size);
        /* Waits until reading (or writing) can go on: 0, or -ETIMEDOUT. */
        int (*wait)(void *userdata, bool for_writing);
        void *userdata;
} MdTlsIo;

typedef struct MdTlsOptions {
        const char *name;               /* SNI (when a DNS name) and the name that the certificate must carry */
        int certificate_fd, key_fd;     /* client certificate, or -1 */
        bool old_versions;              /* floor lowered to TLS 1.0 and old ciphers: to report only, never to use */
} MdTlsOptions;

/* How a handshake ended. */
typedef enum MdTlsOutcome {
        MD_TLS_UP,                      /* encrypted; whether verified: md_tls_verify() */
        MD_TLS_TIMEOUT,
        MD_TLS_CLOSED,                  /* end of file */
        MD_TLS_RESET,
        MD_TLS_NOT_TLS,                 /* bytes came that are no TLS record */
        MD_TLS_ALERT,                   /* the peer refused with an alert: md_tls_alert() */
        MD_TLS_NO_COMMON,               /* version, cipher or group that we do not accept */
        MD_TLS_FLOOD,                   /* more records than a handshake needs */
        MD_TLS_TOO_LARGE,               /* a message larger than we take */
        MD_TLS_BROKEN,                  /* TLS, but broken */
} MdTlsOutcome;

int md_tls_new(MdTrust *trust, const MdTlsOptions *options, const MdTlsIo *io, MdTls **ret);
MdTls *md_tls_free(MdTls *tls);
/* Runs the handshake.  Returns an MdTlsOutcome, or -errno for our own trouble. */
int md_tls_handshake(MdTls *tls);
/* Number (RFC 8446 section 6) and name of the alert that the peer sent; -1 for none. */
int md_tls_alert(const MdTls *tls, const char **ret_name);
/* Reports "tls" and one "certificate" per link of the chain, raises every "cert.*" and "tls.weak" that applies, and
 * returns whether the session may carry a secret. */
bool md_tls_verify(MdTls *tls, MdProbe *probe);
/* Like read(2) and write(2) on the session: count, 0, -EAGAIN, -EBADMSG (truncated or broken), -errno. */
ssize_t md_tls_read(MdTls *tls, void *buffer, size_t size);
ssize_t md_tls_write(MdTls *tls, const void *buffer, size_t size);
/* Deciphered bytes that wait. */
size_t md_tls_pending(const MdTls *tls);
void md_tls_bye(MdTls *tls);

/* Channel bindings for SCRAM-…-PLUS: "tls-exporter" (RFC 9266) or "tls-unique" (RFC 5929, TLS 1.2 only).
 * Returns 0, or -EOPNOTSUPP. */
int md_tls_channel_binding(MdTls *tls, const char *type, void *buffer, size_t size, size_t *ret_size);

/* IDNA: the A-label form of a host name (RFC 5891).  Returns 0, -EINVAL, -ENOMEM. */
int md_idna_to_ascii(const char *name, char **ret);
