/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Certificates of the scripted server, as credentials of GnuTLS. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "certificates.h"
#include "certs.h"

static Certs *certs;

static const Certs *authority(void) {
        if (!certs)
                certs = certs_new();
        return certs;
}

static bool is_kind(const char *kind) {
        for (size_t i = 0; cert_kind(i); i++)
                if (!strcmp(cert_kind(i), kind))
                        return true;
        return false;
}

static gnutls_datum_t datum(const void *bytes, size_t size) {
        return (gnutls_datum_t) { .data = (unsigned char *) bytes, .size = size };
}

static void load(gnutls_certificate_credentials_t credentials, const CertBundle *bundle) {
        gnutls_datum_t chain = datum(bundle->chain, strlen(bundle->chain)),
                       key = datum(bundle->key, strlen(bundle->key));
        gnutls_datum_t staple = datum(bundle->staple, bundle->staple_size);

        if (gnutls_certificate_set_x509_key_mem(credentials, &chain, &key, GNUTLS_X509_FMT_PEM) < 0)
                abort();
        if (staple.data &&
            gnutls_certificate_set_ocsp_status_request_mem(credentials, &staple, 0, GNUTLS_X509_FMT_DER) < 0)
                abort();
}

gnutls_certificate_credentials_t certificates_server(const char *kind) {
        gnutls_certificate_credentials_t credentials;
        CertBundle bundle;

        authority();
        if (!is_kind(kind) || gnutls_certificate_allocate_credentials(&credentials) < 0)
                return NULL;
        certs_make(certs, kind, &bundle);
        load(credentials, &bundle);
        cert_bundle_done(&bundle);
        return credentials;
}

int certificates_ca_fd(void) {
        const char *pem = certs_root(authority());
        int fd = memfd_create("ca", MFD_CLOEXEC);

        if (fd < 0 || write(fd, pem, strlen(pem)) != (ssize_t) strlen(pem))
                abort();
        return fd;
}

void certificates_done(void) {
        certs = certs_free(certs);
}
