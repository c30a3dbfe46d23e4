/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A TLS session of a probe: handshake, bytes in and out, goodbye.  The library never sees a socket; what
 * passes between it and the connection goes through tls-wire.  Whether the certificate is good is told by
 * cert-verify, not here.
 */

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tls-private.h"

/* X25519 first: the one key share that nearly every server takes, so no second flight. */
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:" \
        "-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:+GROUP-X448:" \
        "+GROUP-FFDHE2048:+GROUP-FFDHE3072:+GROUP-FFDHE4096:" \
        "%PROFILE_MEDIUM"

/* The same without the newest version. */
#define SECOND_NEWEST_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.2:" \
        "-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:+GROUP-X448:" \
        "+GROUP-FFDHE2048:+GROUP-FFDHE3072:+GROUP-FFDHE4096:" \
        "%PROFILE_MEDIUM"

/* Everything that the library can still speak: to see why the handshake above failed, never to send
 * anything over. */
#define OLD_PRIORITIES "NORMAL:-GROUP-DH-ALL:+GROUP-SECP192R1:+VERS-TLS1.1:+VERS-TLS1.0:" \
        "+ARCFOUR-128:+3DES-CBC:+CAMELLIA-128-CBC:+NULL:+RSA:+DHE-RSA:+DHE-DSS:+SHA1:+MD5:" \
        "+SIGN-RSA-SHA1:+SIGN-RSA-MD5:+SIGN-ECDSA-SHA1:+SIGN-DSA-SHA1:+SIGN-DSA-SHA256:" \
        "%VERIFY_ALLOW_SIGN_RSA_MD5:%VERIFY_ALLOW_SIGN_WITH_SHA1:%PROFILE_VERY_WEAK:" \
        "%UNSAFE_RENEGOTIATION:%COMPAT"

#define MESSAGE_MAX (64u * 1024u)       /* largest handshake message: a chain of 16 with 1,000 names fits */
#define OLD_PRIME_BITS 512u
#define ALERTS_MAX 8u                   /* most warnings in one session */
#define NAME_MAX_SIZE 255u

/* ---- what the library calls ---- */

static ssize_t pulled(MdTls *tls, ssize_t n) {
        if (n >= 0)
                return n;
        gnutls_transport_set_errno(tls->session, n == -EAGAIN ? EAGAIN : EIO);
        return -1;
}

static ssize_t session_pull(gnutls_transport_ptr_t ptr, void *buffer, size_t size) {
        MdTls *tls = ptr;
        return pulled(tls, md_wire_read(&tls->wire, buffer, size));
}

static ssize_t session_push(gnutls_transport_ptr_t ptr, const giovec_t *iov, int n_iov) {
        MdTls *tls = ptr;
        return pulled(tls, md_wire_write(&tls->wire, (const struct iovec *) iov, (size_t) n_iov));
}

static int session_ready(gnutls_transport_ptr_t ptr, unsigned ms) {
        MdTls *tls = ptr;
        return md_wire_ready(&tls->wire);
}

/* ---- making one ---- */

static int credentials_read(MdTls *tls, const MdTlsOptions *options) {
        char *certificate = NULL, *key = NULL;
        size_t certificate_size, key_size;
        int r = md_pem_read(options->certificate_fd, &certificate, &certificate_size);
        if (r >= 0)
                r = md_pem_read(options->key_fd, &key, &key_size);
        if (r < 0) {
                free(certificate);
                return r;
        }

        gnutls_datum_t certificate_pem = { (uint8_t *) certificate, (unsigned) certificate_size };
        gnutls_datum_t key_pem = { (uint8_t *) key, (unsigned) key_size };
        r = gnutls_certificate_set_x509_key_mem(tls->credentials, &certificate_pem, &key_pem,
                                                GNUTLS_X509_FMT_PEM);
        if (!memmem(certificate, certificate_size, "-----BEGIN CERTIFICATE-----", 27))
                r = -EBADMSG;
        else if (r == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
                r = -EKEYREJECTED;
        else if (r < 0)
                r = -ENOKEY;
        explicit_bzero(key, key_size);
        free(key);
        free(certificate);
        tls->certificate_given = r >= 0;
        return r < 0 ? r : 0;
}

static int credentials_init(MdTls *tls, const MdTlsOptions *options) {
        if (gnutls_certificate_allocate_credentials(&tls->credentials) < 0 ||
            gnutls_x509_trust_list_init(&tls->anchors, 4) < 0)
                return -ENOMEM;
        gnutls_certificate_set_trust_list(tls->credentials, tls->anchors, 0);
        gnutls_certificate_set_verify_limits(tls->credentials, 16384, MD_CHAIN_MAX);
        return options->certificate_fd < 0 || options->key_fd < 0 ? 0 : credentials_read(tls, options);
}

static int session_init(MdTls *tls) {
        if (gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_TICKETS) < 0)
                return -ENOMEM;
        const char *priorities = tls->old_versions ? OLD_PRIORITIES :
                tls->without_newest ? SECOND_NEWEST_PRIORITIES : PRIORITIES;
        int r = gnutls_priority_set_direct(tls->session, priorities, NULL);
        assert(r == 0 || r == GNUTLS_E_MEMORY_ERROR);
        if (r < 0 || gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials) < 0)
                return -ENOMEM;
        if (tls->old_versions)
                gnutls_dh_set_prime_bits(tls->session, OLD_PRIME_BITS);
        if (!tls->name_is_address && !tls->without_name &&
            gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, tls->name, strlen(tls->name)) < 0)
                return -ENOMEM;

        gnutls_handshake_set_max_packet_length(tls->session, MESSAGE_MAX);
        gnutls_transport_set_ptr(tls->session, tls);
        gnutls_transport_set_pull_function(tls->session, session_pull);
        gnutls_transport_set_vec_push_function(tls->session, session_push);
        gnutls_transport_set_pull_timeout_function(tls->session, session_ready);
        return 0;
}

/* Host names are compared in lower case and without the dot that may end them (RFC 9525 section 6.3). */
static char *name_normalised(const char *name) {
        char *copy = strndup(name, NAME_MAX_SIZE);
        if (!copy)
                return NULL;
        size_t size = strlen(copy);
        if (size > 0 && copy[size - 1] == '.')
                copy[size - 1] = '\0';
        for (char *at = copy; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at += 'a' - 'A';
        return copy;
}

static bool name_is_address(const char *name) {
        struct in6_addr address;
        return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
}

int md_tls_new(MdTrust *trust, const MdTlsOptions *options, const MdTlsIo *io, MdTls **ret) {
        MdTls *tls = calloc(1, sizeof(*tls));
        if (!tls)
                return -ENOMEM;
        md_wire_init(&tls->wire, io);
        tls->trust = trust;
        tls->alert = -1;
        tls->outcome = MD_TLS_CLOSED;
        tls->old_versions = options->old_versions;
        tls->without_newest = options->without_newest;
        tls->without_name = options->without_name;
        tls->name = name_normalised(options->name);
        tls->name_is_address = tls->name && name_is_address(tls->name);

        int r = tls->name ? credentials_init(tls, options) : -ENOMEM;
        if (r == 0)
                r = session_init(tls);
        if (r < 0) {
                md_tls_free(tls);
                return r;
        }
        *ret = tls;
        return 0;
}

MdTls *md_tls_free(MdTls *tls) {
        if (!tls)
                return NULL;
        if (tls->session)
                gnutls_deinit(tls->session);
        if (tls->credentials)
                gnutls_certificate_free_credentials(tls->credentials);
        free(tls->name);
        free(tls);
        return NULL;
}

/* ---- how it ended ---- */

static const struct {
        int error;
        MdTlsOutcome outcome;
} outcomes[] = {
        { GNUTLS_E_FATAL_ALERT_RECEIVED, MD_TLS_ALERT },
        { GNUTLS_E_PREMATURE_TERMINATION, MD_TLS_CLOSED },
        { GNUTLS_E_UNSUPPORTED_VERSION_PACKET, MD_TLS_NO_COMMON },
        { GNUTLS_E_UNKNOWN_CIPHER_SUITE, MD_TLS_NO_COMMON },
        { GNUTLS_E_NO_CIPHER_SUITES, MD_TLS_NO_COMMON },
        { GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM, MD_TLS_NO_COMMON },
        { GNUTLS_E_DH_PRIME_UNACCEPTABLE, MD_TLS_NO_COMMON },
        { GNUTLS_E_ECC_UNSUPPORTED_CURVE, MD_TLS_NO_COMMON },
        { GNUTLS_E_ECC_NO_SUPPORTED_CURVES, MD_TLS_NO_COMMON },
        { GNUTLS_E_NO_COMMON_KEY_SHARE, MD_TLS_NO_COMMON },
        { GNUTLS_E_UNWANTED_ALGORITHM, MD_TLS_NO_COMMON },
        { GNUTLS_E_INSUFFICIENT_SECURITY, MD_TLS_NO_COMMON },
        { GNUTLS_E_UNSAFE_RENEGOTIATION_DENIED, MD_TLS_NO_COMMON },
        { GNUTLS_E_HANDSHAKE_TOO_LARGE, MD_TLS_TOO_LARGE },
        { GNUTLS_E_TOO_MANY_EMPTY_PACKETS, MD_TLS_FLOOD },
        { GNUTLS_E_TOO_MANY_HANDSHAKE_PACKETS, MD_TLS_FLOOD },
        { GNUTLS_E_KEY_USAGE_VIOLATION, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_CERTIFICATE_ERROR, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_NO_CERTIFICATE_FOUND, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_ELEMENT_NOT_FOUND, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_IDENTIFIER_NOT_FOUND, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_DER_ERROR, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_VALUE_NOT_FOUND, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_GENERIC_ERROR, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_VALUE_NOT_VALID, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_TAG_ERROR, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_TAG_IMPLICIT, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_TYPE_ANY_ERROR, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_SYNTAX_ERROR, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_DER_OVERFLOW, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ASN1_EMBEDDED_NULL_IN_STRING, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_X509_UNKNOWN_SAN, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_X509_DUPLICATE_EXTENSION, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_CERTIFICATE_TIME_ERROR, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_UNKNOWN_PK_ALGORITHM, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_PK_INVALID_PUBKEY, MD_TLS_BAD_CERTIFICATE },
        { GNUTLS_E_ILLEGAL_PARAMETER, MD_TLS_BROKEN },
};

static MdTlsOutcome outcome_of_error(int error) {
        for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
                if (outcomes[i].error == error)
                        return outcomes[i].outcome;
        return MD_TLS_BROKEN;
}

/* Keeps how the session ended; returns the outcome, or -errno for a trouble of our own. */
static int session_ended(MdTls *tls, int error) {
        int own = tls->wire.error;
        if (error == GNUTLS_E_MEMORY_ERROR)
                return -ENOMEM;
        if (own == -ECONNRESET || own == -EPIPE)
                tls->outcome = MD_TLS_RESET;
        else if (own == -ETIMEDOUT)
                tls->outcome = MD_TLS_TIMEOUT;
        else if (own < 0)
                return own;
        else if (tls->wire.trouble != MD_TLS_UP)
                tls->outcome = tls->wire.trouble;
        else if (tls->wire.ended && error != GNUTLS_E_FATAL_ALERT_RECEIVED)
                tls->outcome = MD_TLS_CLOSED;
        else
                tls->outcome = outcome_of_error(error);
        return (int) tls->outcome;
}

/* The library's word for an alert is the one of RFC 8446 section 6 in capitals. */
static void name_alert(MdTls *tls, const char *word) {
        static const char prefix[] = "GNUTLS_A_";
        size_t n = 0;
        if (word && !strncmp(word, prefix, sizeof(prefix) - 1))
                word += sizeof(prefix) - 1;
        for (word = word ? word : "unknown"; *word && n + 1 < sizeof(tls->alert_name); word++)
                tls->alert_name[n++] = *word >= 'A' && *word <= 'Z' ? (char) (*word + ('a' - 'A')) : *word;
        tls->alert_name[n] = '\0';
}

static void note_alert(MdTls *tls, int error) {
        if (error != GNUTLS_E_WARNING_ALERT_RECEIVED && error != GNUTLS_E_FATAL_ALERT_RECEIVED)
                return;
        gnutls_alert_description_t alert = gnutls_alert_get(tls->session);
        tls->alert = (int) alert;
        if (++tls->n_alerts > ALERTS_MAX)
                tls->wire.trouble = MD_TLS_FLOOD;
        name_alert(tls, gnutls_alert_get_strname(alert));
}

MdTlsOutcome md_tls_outcome(const MdTls *tls) {
        return tls->outcome;
}

int md_tls_alert(const MdTls *tls, const char **ret_name) {
        if (tls->alert >= 0)
                *ret_name = tls->alert_name;
        return tls->alert;
}

bool md_tls_certificate_requested(const MdTls *tls) {
        return gnutls_certificate_client_get_request_status(tls->session) != 0;
}

const void *md_tls_leftover(const MdTls *tls, size_t *ret_size) {
        *ret_size = tls->wire.end;
        return tls->wire.buffer;
}

/* ---- the session ---- */

static MdTlsOutcome handshake_done(MdTls *tls) {
        unsigned n = 0;
        gnutls_certificate_get_peers(tls->session, &n);
        md_wire_renew(&tls->wire);
        tls->outcome = n > MD_CHAIN_MAX ? MD_TLS_TOO_LARGE : MD_TLS_UP;
        tls->was_up = tls->outcome == MD_TLS_UP;
        return tls->outcome;
}

/* Whether the connection has to be waited for.  The library says "again", too, when it took a message
 * that held no data (a session ticket) although more is there to read. */
static bool must_wait(const MdTls *tls, ssize_t error) {
        return error == GNUTLS_E_AGAIN && tls->wire.blocked;
}

int md_tls_handshake(MdTls *tls) {
        for (;;) {
                tls->wire.blocked = false;
                int error = gnutls_handshake(tls->session);
                if (error >= 0)
                        return (int) handshake_done(tls);
                note_alert(tls, error);

                if (must_wait(tls, error)) {
                        bool for_writing = gnutls_record_get_direction(tls->session) == 1;
                        int r = tls->wire.io.wait(tls->wire.io.userdata, for_writing);
                        if (r < 0) {
                                tls->wire.error = r;
                                return session_ended(tls, GNUTLS_E_PULL_ERROR);
                        }
                } else if (gnutls_error_is_fatal(error)) {
                        int outcome = session_ended(tls, error);
                        if (outcome != MD_TLS_NOT_TLS && outcome != MD_TLS_ALERT)
                                gnutls_alert_send_appropriate(tls->session, error);
                        return outcome;
                }
        }
}

/* What a read or write that failed for good returns. */
static ssize_t transfer_failed(MdTls *tls, int error) {
        int r = session_ended(tls, error);
        if (r < 0)
                return r;
        if (r == MD_TLS_RESET)
                return -ECONNRESET;
        return r == MD_TLS_TIMEOUT ? -ETIMEDOUT : -EBADMSG;
}

ssize_t md_tls_read(MdTls *tls, void *buffer, size_t size) {
        for (;;) {
                tls->wire.blocked = false;
                ssize_t n = gnutls_record_recv(tls->session, buffer, size);
                if (n >= 0) {
                        md_wire_renew(&tls->wire);
                        return n;
                }
                note_alert(tls, (int) n);
                if (must_wait(tls, n))
                        return -EAGAIN;
                if (gnutls_error_is_fatal((int) n))
                        return transfer_failed(tls, (int) n);
        }
}

ssize_t md_tls_write(MdTls *tls, const void *buffer, size_t size) {
        ssize_t n;
        do
                n = gnutls_record_send(tls->session, buffer, size);
        while (n == GNUTLS_E_INTERRUPTED);
        if (n == GNUTLS_E_AGAIN)
                return -EAGAIN;
        if (n < 0)
                return transfer_failed(tls, (int) n);
        return n;
}

size_t md_tls_pending(const MdTls *tls) {
        return gnutls_record_check_pending(tls->session);
}

void md_tls_bye(MdTls *tls) {
        if (tls->outcome == MD_TLS_UP)
                gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}

int md_tls_channel_binding(MdTls *tls, const char *type, void *buffer, size_t size, size_t *ret_size) {
        bool is_13 = gnutls_protocol_get_version(tls->session) >= GNUTLS_TLS1_3;
        gnutls_channel_binding_t binding = GNUTLS_CB_TLS_EXPORTER;
        if (!strcmp(type, "tls-unique") && !is_13)
                binding = GNUTLS_CB_TLS_UNIQUE;
        else if (strcmp(type, "tls-exporter") != 0)
                return -EOPNOTSUPP;

        gnutls_datum_t value;
        if (gnutls_session_channel_binding(tls->session, binding, &value) < 0)
                return -EOPNOTSUPP;
        bool fits = value.size <= size;
        if (fits) {
                memcpy(buffer, value.data, value.size);
                *ret_size = value.size;
        }
        gnutls_free(value.data);
        return fits ? 0 : -EOPNOTSUPP;
}
