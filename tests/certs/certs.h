/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Certificates of every kind, good and bad, made when a test needs them: a throw-away authority, and for
 * each kind a chain and a key as a server would be given them.  The certificates are for mail.example.org
 * unless their kind is about names.
 */

#include <stddef.h>

typedef struct CertBundle {
        char *chain;                    /* PEM, the server's own first */
        char *key;                      /* PEM */
        unsigned char *staple;          /* OCSP response in DER, NULL: none */
        size_t staple_size;
} CertBundle;

/* The authority and its branches. */
typedef struct Certs Certs;

Certs *certs_new(void);
Certs *certs_free(Certs *certs);

/* PEM of the root that a client has to trust. */
const char *certs_root(const Certs *certs);
/* Makes one; aborts for a kind that is not in the list. */
void certs_make(Certs *certs, const char *kind, CertBundle *ret);
/* The same for other names and addresses, separated by spaces; NULL: those of the kind. */
void certs_make_for(Certs *certs, const char *kind, const char *names, CertBundle *ret);
void cert_bundle_done(CertBundle *bundle);

/* The kinds by number, NULL after the last; and the name that a client asks such a server for. */
const char *cert_kind(size_t index);
const char *cert_kind_host(const char *kind);
