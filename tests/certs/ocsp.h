/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* OCSP responses (RFC 6960), which the library can read but not make. */

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <time.h>

/* What is to be said about a certificate, by its issuer. */
typedef struct OcspStatement {
        gnutls_x509_crt_t crt, issuer;
        gnutls_x509_privkey_t issuer_key;
        time_t revoked;                 /* 0: it is good */
        time_t this_update, next_update;
} OcspStatement;

/* Returns DER, to be freed. */
unsigned char *ocsp_make(const OcspStatement *statement, size_t *ret_size);
