/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Certificates of the scripted server: a throw-away authority and what it signs. */

#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "certificates.h"

static struct {
        gnutls_x509_crt_t certificate;
        gnutls_x509_privkey_t key;
} authority;

static void must(int r) {
        if (r < 0)
                abort();
}

static gnutls_x509_privkey_t make_key(void) {
        gnutls_x509_privkey_t key;
        must(gnutls_x509_privkey_init(&key));
        must(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
        return key;
}

static gnutls_x509_crt_t make_certificate(gnutls_x509_privkey_t key, const char *name, unsigned char serial) {
        gnutls_x509_crt_t certificate;
        time_t now = time(NULL);

        must(gnutls_x509_crt_init(&certificate));
        must(gnutls_x509_crt_set_version(certificate, 3));
        must(gnutls_x509_crt_set_serial(certificate, &serial, 1));
        must(gnutls_x509_crt_set_activation_time(certificate, now - 86400));
        must(gnutls_x509_crt_set_expiration_time(certificate, now + 90 * 86400));
        must(gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen(name)));
        must(gnutls_x509_crt_set_key(certificate, key));
        return certificate;
}

/* Signs as the authority, with the key identifiers of RFC 5280 section 4.2.1. */
static void sign(gnutls_x509_crt_t certificate) {
        unsigned char id[64];
        size_t size = sizeof(id);
        must(gnutls_x509_crt_get_key_id(certificate, 0, id, &size));
        must(gnutls_x509_crt_set_subject_key_id(certificate, id, size));
        size = sizeof(id);
        must(gnutls_x509_crt_get_key_id(authority.certificate, 0, id, &size));
        must(gnutls_x509_crt_set_authority_key_id(certificate, id, size));
        must(gnutls_x509_crt_sign2(certificate, authority.certificate, authority.key, GNUTLS_DIG_SHA256, 0));
}

static void make_authority(void) {
        if (authority.certificate)
                return;
        authority.key = make_key();
        authority.certificate = make_certificate(authority.key, "Dialogue authority", 1);
        must(gnutls_x509_crt_set_ca_status(authority.certificate, 1));
        must(gnutls_x509_crt_set_key_usage(authority.certificate, GNUTLS_KEY_KEY_CERT_SIGN));
        sign(authority.certificate);
}

gnutls_certificate_credentials_t certificates_server(const char *kind, const char *host) {
        gnutls_certificate_credentials_t credentials;
        const char *name = !strcmp(kind, "wrong-host") ? "other.example.net" : host;

        if (strcmp(kind, "good") && strcmp(kind, "wrong-host"))
                return NULL;
        make_authority();
        gnutls_x509_privkey_t key = make_key();
        gnutls_x509_crt_t certificate = make_certificate(key, name, 2);
        must(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name, strlen(name), 0));
        must(gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE));
        must(gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
        sign(certificate);

        must(gnutls_certificate_allocate_credentials(&credentials));
        must(gnutls_certificate_set_x509_key(credentials, &certificate, 1, key));
        gnutls_x509_crt_deinit(certificate);
        gnutls_x509_privkey_deinit(key);
        return credentials;
}

int certificates_ca_fd(void) {
        gnutls_datum_t pem;

        make_authority();
        must(gnutls_x509_crt_export2(authority.certificate, GNUTLS_X509_FMT_PEM, &pem));
        int fd = memfd_create("ca", MFD_CLOEXEC);
        if (fd < 0 || write(fd, pem.data, pem.size) != (ssize_t) pem.size)
                abort();
        gnutls_free(pem.data);
        return fd;
}
