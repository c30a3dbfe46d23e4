/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Puts the question of trust to the library and its answer to the judgement: the way from a session to
 * its findings. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cert.h"

/* What the library thinks of the chain, the stapled response, the purpose and the name; its refusals are
 * final. */
static unsigned library_verify(MdTls *tls, const gnutls_datum_t *ders, size_t n) {
        gnutls_typed_vdata_st data[] = {
                { .type = GNUTLS_DT_DNS_HOSTNAME, .data = (unsigned char *) tls->name },
                { .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *) GNUTLS_KP_TLS_WWW_SERVER },
        };
        unsigned status;
        if (n > MD_CHAIN_MAX || md_trust_select(tls->trust, ders, n, tls->anchors) < 0 ||
            gnutls_certificate_verify_peers(tls->session, data, 2, &status) < 0)
                return GNUTLS_CERT_INVALID;
        return status;
}

static bool chain_judge(MdTls *tls, const MdChain *chain, unsigned status, MdProbe *probe) {
        gnutls_datum_t staple = { 0 };
        MdJudgement judgement = {
                .chain = chain,
                .trust = tls->trust,
                .name = tls->name,
                .name_is_address = tls->name_is_address,
                .status = status,
                .static_rsa = gnutls_kx_get(tls->session) == GNUTLS_KX_RSA,
                .now = time(NULL),
                .probe = probe,
        };
        if (gnutls_ocsp_status_request_get(tls->session, &staple) >= 0)
                judgement.staple = &staple;

        md_path_find(chain, tls->anchors, &judgement.path);
        bool verified = md_chain_judge(&judgement) && tls->outcome == MD_TLS_UP && !tls->old_versions;
        md_tls_observe(tls, probe, verified);
        md_chain_observe(chain, judgement.reasons, probe);
        return verified;
}

bool md_tls_verify(MdTls *tls, MdProbe *probe) {
        char what[160];
        unsigned n = 0;
        const gnutls_datum_t *ders = gnutls_certificate_get_peers(tls->session, &n);
        MdChain chain;
        bool verified = false;

        if (md_tls_weakness(tls, what, sizeof(what)))
                md_find(probe, "tls.weak", NULL, MD_TEXT("what", what));
        /* Before ours are made: the library makes certificates of its own for it, and frees them. */
        unsigned status = library_verify(tls, ders, n);
        if (md_chain_init(&chain, ders, n) == 0 && chain.n > 0) {
                verified = chain_judge(tls, &chain, status, probe);
        } else {
                md_tls_observe(tls, probe, false);
                md_find(probe, "cert.malformed", NULL, MD_TEXT("what", N_("it cannot be parsed")));
        }
        md_chain_done(&chain);
        return verified;
}

static void join_names(gnutls_x509_crt_t crt, char *text, size_t size) {
        size_t total, used = 0;
        char **names = md_cert_names(crt, &total);

        *text = '\0';
        for (size_t i = 0; names && names[i] && used < size; i++)
                used += (size_t) snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", names[i]);
        md_texts_free(names);
}

bool md_tls_is_for_others(const MdTls *tls, char *names, size_t size) {
        unsigned n = 0;
        const gnutls_datum_t *ders = gnutls_certificate_get_peers(tls->session, &n);
        MdChain chain;

        bool others = md_chain_init(&chain, ders, n) == 0 && chain.n > 0 &&
                      md_cert_fits(chain.crts[0], tls->name, tls->name_is_address) != MD_NAME_FITS;
        if (others)
                join_names(chain.crts[0], names, size);
        md_chain_done(&chain);
        return others;
}
