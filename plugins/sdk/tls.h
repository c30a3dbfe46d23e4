/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * TLS for probes, over GnuTLS, which no other part of the project sees.
 *
 * The session reads and writes through two callbacks, so that the connection owns every byte and every
 * wait, and can show what came instead of TLS.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <maildiag/probe.h>

/* Certificates that are trusted: the system's store, loaded once in the zygote and shared by its forks. */
typedef struct MdTrust MdTrust;

/* Loads the system's store.  Returns the number of certificates, or -errno; a store without any is no
 * error. */
int md_trust_new(MdTrust **ret);
MdTrust *md_trust_free(MdTrust *trust);
/* Adds PEM certificates from a descriptor (at most 1 MiB, read with a deadline, never mapped).  Returns
 * their number, -EBADMSG when there is none, -EFBIG, -ETIMEDOUT, -errno; md_credential_trouble() says it
 * in words. */
int md_trust_add_fd(MdTrust *trust, int fd);

typedef struct MdTls MdTls;

typedef struct MdTlsIo {
        /* Like read(2) and write(2): a count, 0 for end of file, -EAGAIN, or -errno.  A session reads
         * ahead of what it deciphers, up to 4 KiB. */
        ssize_t (*read)(void *userdata, void *buffer, size_t size);
        ssize_t (*write)(void *userdata, const void *buffer, size_t size);
        /* Waits until reading (or writing) can go on: 0, or -ETIMEDOUT. */
        int (*wait)(void *userdata, bool for_writing);
        void *userdata;
} MdTlsIo;

typedef struct MdTlsOptions {
        const char *name;               /* SNI (if a DNS name) and what the certificate must be for */
        int certificate_fd, key_fd;     /* client certificate, or -1 */
        bool old_versions;              /* floor lowered to TLS 1.0 and old ciphers: only to report */
        bool without_newest;            /* nothing newer than TLS 1.2 is offered: only to report */
        bool without_name;              /* the server is not told which name is wanted: only to report */
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
        MD_TLS_BAD_CERTIFICATE,         /* the certificate of the peer cannot be read, or not be used so */
        MD_TLS_BROKEN,                  /* TLS, but broken */
} MdTlsOutcome;

/* Word for an outcome in records: "up", "no-common", … */
const char *md_tls_outcome_to_string(MdTlsOutcome outcome);

/* `trust` must live as long as the session; `name` and `io` are copied.  Returns 0, -ENOMEM, or what
 * md_credential_trouble() says in words about the client certificate: -EFBIG, -ETIMEDOUT, -EBADMSG (no PEM
 * certificate), -ENOKEY (no unencrypted PEM key), -EKEYREJECTED (they do not belong together), -errno. */
int md_tls_new(MdTrust *trust, const MdTlsOptions *options, const MdTlsIo *io, MdTls **ret);
MdTls *md_tls_free(MdTls *tls);
/* Runs the handshake.  Returns an MdTlsOutcome, or -errno for our own trouble. */
int md_tls_handshake(MdTls *tls);
/* How the handshake ended; and after md_tls_read() or md_tls_write() failed with -EBADMSG, how the
 * session did: MD_TLS_CLOSED (no close_notify), MD_TLS_ALERT, MD_TLS_FLOOD, MD_TLS_BROKEN. */
MdTlsOutcome md_tls_outcome(const MdTls *tls);
/* Number (RFC 8446 section 6) and name of the last alert that the peer sent, a warning too; -1 for none. */
int md_tls_alert(const MdTls *tls, const char **ret_name);
/* Whether the server asked for a client certificate. */
bool md_tls_certificate_requested(const MdTls *tls);
/* MD_TLS_NOT_TLS: what came instead, as far as it was read; more may wait in the connection.  Valid until
 * md_tls_free(). */
const void *md_tls_leftover(const MdTls *tls, size_t *ret_size);

/* Whether a second handshake, over a new connection and with old_versions, may tell why this one failed. */
bool md_tls_wants_old(const MdTls *tls);
/* Whether the session came about by what is old only: a version, a cipher, a key exchange. */
bool md_tls_is_old(const MdTls *tls);
/* Whether a handshake without the newest version may come further. */
bool md_tls_may_be_intolerant(const MdTls *tls);
/* Whether the certificate of a session is for other names than the one that was wanted; fills in which. */
bool md_tls_is_for_others(const MdTls *tls, char *names, size_t size);
/* Reports "tls" for a handshake that failed, or a session that broke, and raises the finding that its
 * outcome is: "tls.timeout", "tls.refused", "tls.truncated", "cert.malformed", …  `old` is the second
 * handshake if one was made, or NULL: when it came up, what it needed is the reason
 * ("tls.version-too-old", or "tls.weak" and "cert.weak" with "tls.no-common-cipher"); it is reported,
 * too. */
void md_tls_report_failure(MdTls *tls, MdTls *old, MdProbe *probe);
/* Reports "tls" and one "certificate" per link of the chain, raises every "cert.*", "local.clock-wrong"
 * and "tls.weak" that applies, and returns whether the session may carry a secret: the library trusts
 * the chain, the name fits, and no finding of severity error was raised about it.  Never with
 * old_versions. */
bool md_tls_verify(MdTls *tls, MdProbe *probe);
/* Like read(2) and write(2) on the session: count, 0 after close_notify, -EAGAIN, -EBADMSG (truncated,
 * broken, an alert: md_tls_outcome()), -errno.  A write that returned -EAGAIN has to be repeated with
 * the same bytes. */
ssize_t md_tls_read(MdTls *tls, void *buffer, size_t size);
ssize_t md_tls_write(MdTls *tls, const void *buffer, size_t size);
/* Deciphered bytes that wait.  An -EAGAIN of md_tls_read() means that the connection has nothing to
 * read, so it may be waited for. */
size_t md_tls_pending(const MdTls *tls);
void md_tls_bye(MdTls *tls);

/* Channel bindings for SCRAM-…-PLUS: "tls-exporter" (RFC 9266) or "tls-unique" (RFC 5929, TLS 1.2 only).
 * Returns 0, or -EOPNOTSUPP. */
int md_tls_channel_binding(MdTls *tls, const char *type, void *buffer, size_t size, size_t *ret_size);

/* A phrase for a person about what md_trust_add_fd() or md_tls_new() returned: "holds no certificate in
 * PEM form". */
const char *md_credential_trouble(int error);

/* IDNA: the A-label form of a host name (RFC 5891).  Returns 0, -EINVAL, -ENOMEM. */
int md_idna_to_ascii(const char *name, char **ret);
/* The U-label form of an A-label name, or the name itself where there is none.  Returns 0, -ENOMEM. */
int md_idna_to_text(const char *name, char **ret);
