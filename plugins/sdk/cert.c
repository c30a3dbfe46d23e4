/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The certificates of a server as records: one "certificate" each, the server's own with the reasons
 * against it. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"

#define SERIAL_MAX 64u
#define SHA256_SIZE 32u

int md_chain_init(MdChain *chain, const gnutls_datum_t *ders, size_t n) {
        *chain = (MdChain) { 0 };
        if (n > MD_CHAIN_MAX)
                return -E2BIG;
        for (size_t i = 0; i < n; i++) {
                if (gnutls_x509_crt_init(&chain->crts[i]) < 0)
                        return -ENOMEM;
                chain->ders[chain->n++] = ders[i];
                int r = gnutls_x509_crt_import(chain->crts[i], &ders[i], GNUTLS_X509_FMT_DER);
                if (r < 0)
                        return r == GNUTLS_E_MEMORY_ERROR ? -ENOMEM : -EBADMSG;
        }
        return 0;
}

void md_chain_done(MdChain *chain) {
        for (size_t i = 0; i < chain->n; i++)
                gnutls_x509_crt_deinit(chain->crts[i]);
        chain->n = 0;
}

static void hex(const uint8_t *bytes, size_t size, char *text) {
        static const char digits[] = "0123456789abcdef";
        for (size_t i = 0; i < size; i++) {
                *text++ = digits[bytes[i] >> 4];
                *text++ = digits[bytes[i] & 15];
        }
        *text = '\0';
}

static const char *serial_text(gnutls_x509_crt_t crt, char text[static 2 * SERIAL_MAX + 1]) {
        uint8_t bytes[SERIAL_MAX];
        size_t size = sizeof(bytes);
        if (gnutls_x509_crt_get_serial(crt, bytes, &size) < 0)
                return NULL;
        hex(bytes, size, text);
        return text;
}

static const char *sha256_text(const gnutls_datum_t *der, char text[static 2 * SHA256_SIZE + 1]) {
        uint8_t bytes[SHA256_SIZE];
        size_t size = sizeof(bytes);
        if (gnutls_fingerprint(GNUTLS_DIG_SHA256, der, bytes, &size) < 0)
                return NULL;
        hex(bytes, size, text);
        return text;
}

/* Times before 1970 exist in certificates, and not in records. */
static uint64_t when(time_t t) {
        return t < 0 ? 0 : (uint64_t) t;
}

static const char *signature_name(gnutls_x509_crt_t crt) {
        int algorithm = gnutls_x509_crt_get_signature_algorithm(crt);
        const char *name = algorithm < 0 ? NULL : gnutls_sign_get_name((gnutls_sign_algorithm_t) algorithm);
        return name ? name : "unknown";
}

static void certificate_observe(const MdChain *chain, size_t index, const char *const *reasons, MdProbe *probe) {
        static const char *const none[] = { NULL };
        char serial[2 * SERIAL_MAX + 1], sha256[2 * SHA256_SIZE + 1], key[64];
        gnutls_x509_crt_t crt = chain->crts[index];
        size_t n_names;
        char *subject = md_cert_subject(crt), *issuer = md_cert_issuer(crt);
        char **names = md_cert_names(crt, &n_names);
        md_cert_key(crt, key, sizeof(key));

        md_observe(probe, "certificate",
                   MD_NUMBER("index", index),
                   MD_TEXT("subject", subject ?: ""),
                   MD_TEXT("issuer", issuer ?: ""),
                   MD_LIST("names", names ? (const char *const *) names : none),
                   MD_NUMBER("not-before", when(gnutls_x509_crt_get_activation_time(crt))),
                   MD_NUMBER("not-after", when(gnutls_x509_crt_get_expiration_time(crt))),
                   MD_TEXT("key", key),
                   MD_TEXT("signature", signature_name(crt)),
                   MD_TEXT("serial", serial_text(crt, serial)),
                   MD_TEXT("sha256", sha256_text(&chain->ders[index], sha256)),
                   MD_LIST("reasons", reasons));
        free(subject);
        free(issuer);
        md_texts_free(names);
}

void md_chain_observe(const MdChain *chain, const char *const *reasons, MdProbe *probe) {
        for (size_t i = 0; i < chain->n; i++)
                certificate_observe(chain, i, i == 0 ? reasons : NULL, probe);
}
