/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * How the certificates of a server hang together, from its own upwards to one that is trusted or to where
 * the way ends.  The library finds its own way when it verifies; this one is for telling what is missing or
 * too much.
 */

#include <string.h>

#include "cert.h"

static bool is_issued_by(gnutls_x509_crt_t crt, gnutls_x509_crt_t issuer) {
        return gnutls_x509_crt_check_issuer(crt, issuer) == 1;
}

bool md_cert_is_self_issued(gnutls_x509_crt_t crt) {
        gnutls_datum_t subject = { 0 }, issuer = { 0 };
        bool same = gnutls_x509_crt_get_raw_dn(crt, &subject) >= 0 &&
                gnutls_x509_crt_get_raw_issuer_dn(crt, &issuer) >= 0 &&
                subject.size == issuer.size && !memcmp(subject.data, issuer.data, subject.size);
        gnutls_free(subject.data);
        gnutls_free(issuer.data);
        return same;
}

static gnutls_x509_crt_t trusted_issuer(gnutls_x509_trust_list_t anchors, gnutls_x509_crt_t crt) {
        gnutls_x509_crt_t issuer;
        return gnutls_x509_trust_list_get_issuer(anchors, crt, &issuer, 0) < 0 ? NULL : issuer;
}

/* The first certificate not yet used that issued `crt`; the next one is looked at first, as it should be
 * that. */
static size_t sent_issuer(const MdChain *chain, const bool *used, gnutls_x509_crt_t crt) {
        for (size_t i = 0; i < chain->n; i++)
                if (!used[i] && is_issued_by(crt, chain->crts[i]))
                        return i;
        return chain->n;
}

static bool is_same(const gnutls_datum_t *a, const gnutls_datum_t *b) {
        return a->size == b->size && !memcmp(a->data, b->data, a->size);
}

static bool is_tidy(const MdChain *chain) {
        for (size_t i = 1; i < chain->n; i++)
                if (is_same(&chain->ders[i - 1], &chain->ders[i]) || !is_issued_by(chain->crts[i - 1], chain->crts[i]))
                        return false;
        return true;
}

void md_path_find(const MdChain *chain, gnutls_x509_trust_list_t anchors, MdPath *ret) {
        MdPath path = { .end = MD_PATH_MISSING, .tidy = is_tidy(chain) };
        bool used[MD_CHAIN_MAX] = { false };

        for (size_t next = 0; next < chain->n; next = sent_issuer(chain, used, path.links[path.n - 1])) {
                gnutls_x509_crt_t crt = chain->crts[next];
                used[next] = true;
                path.links[path.n++] = crt;
                path.anchor = trusted_issuer(anchors, crt);
                if (path.anchor)
                        path.end = MD_PATH_ANCHORED;
                else if (is_issued_by(crt, crt))
                        path.end = MD_PATH_SELF_SIGNED;
                if (path.end != MD_PATH_MISSING)
                        break;
        }
        *ret = path;
}
