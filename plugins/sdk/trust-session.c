/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sessions that a library of a plugin made with GnuTLS: who the peer is, and digests. */

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdint.h>
#include <string.h>

#include "base64.h"
#include "cert.h"
#include "trust-session.h"

/* The first that is set is the reason. */
static const struct {
        unsigned bit;
        const char *reason;
} reasons[] = {
        { GNUTLS_CERT_UNEXPECTED_OWNER, N_("it is for other names") },
        { GNUTLS_CERT_EXPIRED, N_("it has expired") },
        { GNUTLS_CERT_NOT_ACTIVATED, N_("it is not valid yet") },
        { GNUTLS_CERT_SIGNER_NOT_FOUND, N_("its issuer is not trusted") },
        { GNUTLS_CERT_REVOKED, N_("it is revoked") },
        { GNUTLS_CERT_INSECURE_ALGORITHM, N_("it is signed too weakly") },
        { GNUTLS_CERT_PURPOSE_MISMATCH, N_("it is not made for servers") },
        { ~0u, N_("it is not good") },
};

static const char *reason_of(unsigned status) {
        size_t i = 0;
        while (!(status & reasons[i].bit))
                i++;
        return reasons[i].reason;
}

static int chain_verify(gnutls_x509_trust_list_t list, const MdChain *chain, const char *host, unsigned *ret_status) {
        gnutls_typed_vdata_st data[] = {
                { .type = GNUTLS_DT_DNS_HOSTNAME, .data = (unsigned char *) host },
                { .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *) GNUTLS_KP_TLS_WWW_SERVER },
        };
        int r = gnutls_x509_trust_list_verify_crt2(list, (gnutls_x509_crt_t *) chain->crts, (unsigned) chain->n, data, 2, 0,
                                                   ret_status, NULL);
        /* A name in the subject alone is none (RFC 9525 section 2). */
        if (r >= 0 && *ret_status == 0 && md_cert_fits(chain->crts[0], host, false) != MD_NAME_FITS)
                *ret_status = GNUTLS_CERT_UNEXPECTED_OWNER;
        return r == GNUTLS_E_MEMORY_ERROR ? -ENOMEM : r < 0 ? -EBADMSG : 0;
}

static int ders_verify(const MdTrust *trust, const gnutls_datum_t *ders, unsigned n, const char *host, unsigned *ret_status) {
        gnutls_x509_trust_list_t list;
        MdChain chain;

        if (gnutls_x509_trust_list_init(&list, 0) < 0)
                return -ENOMEM;
        int r = md_chain_init(&chain, ders, n);
        if (r >= 0)
                r = md_trust_select(trust, ders, n, list);
        if (r >= 0)
                r = chain_verify(list, &chain, host, ret_status);
        md_chain_done(&chain);
        gnutls_x509_trust_list_deinit(list, 1);
        return r;
}

int md_trust_verify_session(const MdTrust *trust, void *session, const char *host, const char **ret_reason) {
        unsigned n = 0, status = GNUTLS_CERT_INVALID;
        const gnutls_datum_t *ders = session ? gnutls_certificate_get_peers(session, &n) : NULL;

        if (!ders || n == 0 || n > MD_CHAIN_MAX) {
                *ret_reason = N_("it cannot be read");
                return -EKEYREJECTED;
        }
        int r = ders_verify(trust, ders, n, host, &status);
        if (r == -ENOMEM || (r == 0 && status == 0))
                return r;
        *ret_reason = r < 0 ? N_("it cannot be read") : reason_of(status);
        return -EKEYREJECTED;
}

int md_digest_text(const void *bytes, size_t size, char ret[static MD_DIGEST_TEXT_SIZE]) {
        uint8_t digest[32];
        const MdPart part = { digest, sizeof(digest) };

        if (gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, size, digest) < 0)
                return -EIO;
        md_base64_encode(&part, 1, ret);
        return 0;
}
