/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a certificate says, in words for a person.  The texts come from a stranger; whoever shows them
 * cleans them. */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"

#define NAMES_MAX 256u
#define NAMES_BYTES_MAX (24u * 1024u)
#define NAME_BYTES_MAX 255u

typedef int (*GetDn)(gnutls_x509_crt_t crt, gnutls_datum_t *dn, unsigned flags);
typedef int (*GetPart)(gnutls_x509_crt_t crt, const char *oid, unsigned index, unsigned raw, void *buffer,
                       size_t *size);

static char *whole_name(gnutls_x509_crt_t crt, GetDn get) {
        gnutls_datum_t dn;
        if (get(crt, &dn, 0) < 0)
                return NULL;
        char *copy = strndup((const char *) dn.data, dn.size);
        gnutls_free(dn.data);
        return copy;
}

static char *part_of_name(gnutls_x509_crt_t crt, GetPart get, const char *oid) {
        char buffer[256];
        size_t size = sizeof(buffer);
        return get(crt, oid, 0, 0, buffer, &size) < 0 ? NULL : strndup(buffer, size);
}

static char *short_name(gnutls_x509_crt_t crt, GetPart get_part, GetDn get) {
        char *name = part_of_name(crt, get_part, GNUTLS_OID_X520_COMMON_NAME);
        if (!name)
                name = part_of_name(crt, get_part, GNUTLS_OID_X520_ORGANIZATION_NAME);
        return name ? name : whole_name(crt, get);
}

char *md_cert_subject(gnutls_x509_crt_t crt) {
        return whole_name(crt, gnutls_x509_crt_get_dn3);
}

char *md_cert_issuer(gnutls_x509_crt_t crt) {
        return whole_name(crt, gnutls_x509_crt_get_issuer_dn3);
}

char *md_cert_short_subject(gnutls_x509_crt_t crt) {
        return short_name(crt, gnutls_x509_crt_get_dn_by_oid, gnutls_x509_crt_get_dn3);
}

char *md_cert_short_issuer(gnutls_x509_crt_t crt) {
        return short_name(crt, gnutls_x509_crt_get_issuer_dn_by_oid, gnutls_x509_crt_get_issuer_dn3);
}

char *md_cert_issuer_organisation(gnutls_x509_crt_t crt) {
        return part_of_name(crt, gnutls_x509_crt_get_issuer_dn_by_oid, GNUTLS_OID_X520_ORGANIZATION_NAME);
}

/* ---- names of hosts ---- */

static char *host_text(uint8_t tag, const MdDer *name) {
        size_t size = (size_t) (name->end - name->at);
        char address[INET6_ADDRSTRLEN];
        if (tag == MD_NAME_DNS)
                return strndup((const char *) name->at, size < NAME_BYTES_MAX ? size : NAME_BYTES_MAX);
        if (tag != MD_NAME_ADDRESS || (size != 4 && size != 16))
                return NULL;
        return strdup(inet_ntop(size == 4 ? AF_INET : AF_INET6, name->at, address, sizeof(address)));
}

char **md_cert_names(gnutls_x509_crt_t crt, size_t *ret_total) {
        char **texts = calloc(NAMES_MAX + 1, sizeof(*texts));
        size_t n = 0, total = 0, bytes = 0;
        MdNames names;
        uint8_t tag;
        MdDer inside;

        bool any = md_names_begin(crt, &names);
        while (texts && any && md_names_next(&names, &tag, &inside)) {
                if (tag != MD_NAME_DNS && tag != MD_NAME_ADDRESS)
                        continue;
                total++;
                char *text = n < NAMES_MAX && bytes < NAMES_BYTES_MAX ? host_text(tag, &inside) : NULL;
                if (!text)
                        continue;
                bytes += strlen(text) + 1;
                texts[n++] = text;
        }
        md_names_end(&names);
        *ret_total = total;
        return texts;
}

void md_texts_free(char **texts) {
        for (size_t i = 0; texts && texts[i]; i++)
                free(texts[i]);
        free(texts);
}

/* ---- keys and dates ---- */

static const struct {
        gnutls_ecc_curve_t curve;
        const char *name;
} curves[] = {
        { GNUTLS_ECC_CURVE_SECP192R1, "P-192" },
        { GNUTLS_ECC_CURVE_SECP224R1, "P-224" },
        { GNUTLS_ECC_CURVE_SECP256R1, "P-256" },
        { GNUTLS_ECC_CURVE_SECP384R1, "P-384" },
        { GNUTLS_ECC_CURVE_SECP521R1, "P-521" },
};

static const char *curve_name(gnutls_x509_crt_t crt) {
        gnutls_ecc_curve_t curve;
        if (gnutls_x509_crt_get_pk_ecc_raw(crt, &curve, NULL, NULL) < 0)
                return "unknown curve";
        for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
                if (curves[i].curve == curve)
                        return curves[i].name;
        return gnutls_ecc_curve_get_name(curve);
}

void md_cert_key(gnutls_x509_crt_t crt, char *buffer, size_t size) {
        unsigned bits = 0;
        int algorithm = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
        const char *name = algorithm < 0 ? NULL : gnutls_pk_get_name((gnutls_pk_algorithm_t) algorithm);
        switch (algorithm) {
        case GNUTLS_PK_ECDSA:
                snprintf(buffer, size, "ECDSA %s", curve_name(crt));
                break;
        case GNUTLS_PK_EDDSA_ED25519:
                snprintf(buffer, size, "Ed25519");
                break;
        case GNUTLS_PK_EDDSA_ED448:
                snprintf(buffer, size, "Ed448");
                break;
        default:
                snprintf(buffer, size, "%s %u", name ? name : "unknown", bits);
        }
}

void md_date(time_t when, char *buffer, size_t size) {
        struct tm tm;
        if (!gmtime_r(&when, &tm) || strftime(buffer, size, "%Y-%m-%d", &tm) == 0)
                snprintf(buffer, size, "?");
}

void md_words_add(MdWords *words, const char *word) {
        if (strstr(words->text, word))
                return;
        int n = snprintf(words->text + words->used, sizeof(words->text) - words->used, "%s%s",
                         words->used ? ", " : "", word);
        if (n > 0)
                words->used += (size_t) n;
        if (words->used >= sizeof(words->text))
                words->used = sizeof(words->text) - 1;
}
