/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Certificates of every kind, by table: each row says what is special about a kind, everything else is as
 * it should be. Authorities are rows, too.  Keys are ECDSA P-256 because those are made in no time; RSA
 * ones only where it matters.
 */

#include <arpa/inet.h>
#include <assert.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "certs.h"
#include "ocsp.h"

#define DAY (24 * 60 * 60)
#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

enum {
        NO_PURPOSE = 1 << 0,            /* without extended key usage */
        NO_USAGE = 1 << 1,              /* without key usage */
        MUST_STAPLE = 1 << 2,
        UNKNOWN_CRITICAL = 1 << 3,
        FETCHABLE_ISSUER = 1 << 4,      /* says where its issuer can be fetched */
        WITHOUT_ISSUER = 1 << 5,        /* the server sends its own certificate only */
        WITH_ROOT = 1 << 6,             /* the server sends the root, too */
        TWICE = 1 << 7,                 /* and the issuer twice */
        NOT_A_CA = 1 << 8,              /* an authority without the right to be one */
        CONFINED = 1 << 9,              /* an authority for names below other.example only */
        SHORT = 1 << 10,                /* an authority that allows no other below it */
        NO_NAMES = 1 << 11,             /* no subject alternative name */
        SHOUTING = 1 << 12,             /* markup and controls in its subject */
        NUL_NAME = 1 << 13,             /* a host name with a NUL in it */
        U_LABEL = 1 << 14,              /* a host name that is not in ASCII */
        CROSSED = 1 << 15,              /* the server sends the root as another, expired authority signed it, too */
};

enum { STAPLE_NONE, STAPLE_GOOD, STAPLE_REVOKED, STAPLE_OLD, STAPLE_FOREIGN };
enum { KEY_EC, KEY_RSA, KEY_RSA_WEAK, KEY_P192 };

typedef struct Spec {
        const char *kind;
        const char *issuer;             /* an authority; NULL: "intermediate"; its own kind: itself */
        const char *names;              /* host names and addresses; NULL: DEFAULT_NAMES; of an authority: its own */
        const char *host;               /* what a client asks for; NULL: DEFAULT_HOST */
        int from, to;                   /* days from now; both 0: from -10 to 80 */
        int key;
        int digest;                     /* of the signature; 0: SHA-256 */
        unsigned usage;                 /* 0: as it should be */
        const char *purpose;            /* OID; NULL: server */
        unsigned flags;
        int staple;
        unsigned more_names;            /* that many besides */
} Spec;

#define DEFAULT_HOST "mail.example.org"
#define DEFAULT_NAMES \
        "mail.example.org imap.example.org pop.example.org smtp.example.org localhost 127.0.0.1 ::1"
#define YEARS(n) (365 * (n))

static const Spec authorities[] = {
        { "root", .issuer = "root", .from = -YEARS(5), .to = YEARS(10) },
        { "intermediate", .issuer = "root", .from = -YEARS(2), .to = YEARS(3) },
        { "stranger", .issuer = "stranger", .from = -YEARS(5), .to = YEARS(10) },
        { "scanner", .issuer = "scanner", .names = "avast! Web/Mail Shield Root", .from = -YEARS(1), .to = YEARS(9) },
        { "not-a-ca", .issuer = "root", .from = -YEARS(2), .to = YEARS(3), .flags = NOT_A_CA },
        { "confined", .issuer = "root", .from = -YEARS(2), .to = YEARS(3), .flags = CONFINED },
        { "short", .issuer = "root", .from = -YEARS(2), .to = YEARS(3), .flags = SHORT },
        { "below-short", .issuer = "short", .from = -YEARS(2), .to = YEARS(3) },
        { "no-sign", .issuer = "root", .from = -YEARS(2), .to = YEARS(3), .usage = GNUTLS_KEY_CRL_SIGN },
        { "future", .issuer = "root", .from = 30, .to = YEARS(3) },
        { "past", .issuer = "root", .from = -YEARS(3), .to = -20 },
};

static const Spec kinds[] = {
        { "good" },
        { "good-rsa", .key = KEY_RSA },
        { "good-with-root", .flags = WITH_ROOT },
        { "good-staple", .flags = MUST_STAPLE, .staple = STAPLE_GOOD },
        { "wildcard", .names = "*.example.org" },
        { "wildcard-too-short", .names = "*.org *", .host = "example.org" },
        { "wildcard-two-labels", .names = "*.example.org", .host = "a.mail.example.org" },
        { "ip", .names = "127.0.0.1 ::1 192.0.2.1", .host = "127.0.0.1" },
        { "ip-missing", .names = "mail.example.org", .host = "127.0.0.1" },
        { "idn", .names = "xn--bcher-kva.example", .host = "xn--bcher-kva.example" },
        { "expired", .from = -100, .to = -10 },
        { "expired-issuer", .issuer = "past" },
        { "not-yet-valid", .from = 20, .to = 100 },
        { "clock", .issuer = "future", .from = 60, .to = 100 },
        { "expires-soon", .from = -80, .to = 7 },
        { "self-signed", .issuer = "self-signed" },
        { "unknown-ca", .issuer = "stranger", .flags = WITH_ROOT },
        { "scanned", .issuer = "scanner" },
        { "unknown-ca-unsent", .issuer = "stranger", .flags = WITHOUT_ISSUER },
        { "chain-incomplete", .flags = WITHOUT_ISSUER | FETCHABLE_ISSUER },
        { "chain-incomplete-no-address", .flags = WITHOUT_ISSUER },
        { "cross-signed", .flags = CROSSED },
        { "untidy-chain", .flags = WITH_ROOT | TWICE },
        { "wrong-host", .names = "shared.example.net www.example.net" },
        { "no-san", .flags = NO_NAMES },
        { "expired-wrong-host", .names = "shared.example.net", .from = -100, .to = -10 },
        { "self-signed-wrong-host", .issuer = "self-signed-wrong-host", .names = "localhost.localdomain" },
        { "weak-key", .key = KEY_RSA_WEAK },
        { "weak-curve", .key = KEY_P192 },
        { "sha1", .key = KEY_RSA, .digest = GNUTLS_DIG_SHA1 },
        { "wrong-purpose", .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
        { "wrong-usage", .usage = GNUTLS_KEY_KEY_CERT_SIGN },
        { "no-purpose", .flags = NO_PURPOSE | NO_USAGE },
        { "bad-ca", .issuer = "not-a-ca" },
        { "bad-ca-usage", .issuer = "no-sign" },
        { "path-length", .issuer = "below-short" },
        { "name-constraint", .issuer = "confined" },
        { "name-constraint-kept", .issuer = "confined", .names = "mail.other.example",
          .host = "mail.other.example" },
        { "must-staple", .flags = MUST_STAPLE },
        { "revoked", .staple = STAPLE_REVOKED },
        { "old-staple", .staple = STAPLE_OLD },
        { "foreign-staple", .staple = STAPLE_FOREIGN },
        { "unknown-critical", .flags = UNKNOWN_CRITICAL },
        { "shouting", .flags = SHOUTING },
        { "nul-name", .flags = NUL_NAME },
        { "u-label", .flags = U_LABEL, .host = "xn--bcher-kva.example" },
        { "names-1000", .more_names = 1000 },
        { "names-4000", .more_names = 4000 },
        { "long-lived", .from = -10, .to = YEARS(10) },
};

typedef struct Pair {
        gnutls_x509_crt_t crt;
        gnutls_x509_privkey_t key;
} Pair;

struct Certs {
        Pair authorities[N_ELEMENTS(authorities)];
        char *root;
        time_t now;
};

/* ---- parts of a certificate ---- */

static void must(int r) {
        if (r < 0)
                fprintf(stderr, "certs: %s\n", gnutls_strerror(r));
        assert(r >= 0);
}

static gnutls_x509_privkey_t key_make(int kind) {
        static const struct {
                gnutls_pk_algorithm_t algorithm;
                unsigned bits;
        } keys[] = {
                [KEY_EC] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1) },
                [KEY_RSA] = { GNUTLS_PK_RSA, 2048 },
                [KEY_RSA_WEAK] = { GNUTLS_PK_RSA, 1024 },
                [KEY_P192] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP192R1) },
        };
        gnutls_x509_privkey_t key;
        must(gnutls_x509_privkey_init(&key));
        must(gnutls_x509_privkey_generate(key, keys[kind].algorithm, keys[kind].bits, 0));
        return key;
}

static void add_name(gnutls_x509_crt_t crt, const char *name) {
        uint8_t address[16];
        if (inet_pton(AF_INET, name, address) == 1)
                must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, address, 4,
                                                          GNUTLS_FSAN_APPEND));
        else if (inet_pton(AF_INET6, name, address) == 1)
                must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, address, 16,
                                                          GNUTLS_FSAN_APPEND));
        else
                must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, name,
                                                          (unsigned) strlen(name), GNUTLS_FSAN_APPEND));
}

static void add_names(gnutls_x509_crt_t crt, const char *names) {
        char *copy = strdup(names), *rest = copy, *name;
        while ((name = strsep(&rest, " ")))
                add_name(crt, name);
        free(copy);
}

/* Names that the library would not take, or not so many of; written as they are (RFC 5280 section
 * 4.2.1.6). */
typedef struct RawNames {
        unsigned char bytes[256 * 1024];
        size_t size;
} RawNames;

static void raw_add(RawNames *names, const void *name, size_t size) {
        assert(size < 0x80 && names->size + size + 2 < sizeof(names->bytes));
        names->bytes[names->size++] = 0x82;     /* dNSName */
        names->bytes[names->size++] = (unsigned char) size;
        memcpy(names->bytes + names->size, name, size);
        names->size += size;
}

static void raw_set(gnutls_x509_crt_t crt, RawNames *names) {
        size_t length = names->size - 5;
        names->bytes[0] = 0x30;
        names->bytes[1] = 0x83;
        for (int i = 0; i < 3; i++)
                names->bytes[2 + i] = (unsigned char) (length >> (16 - 8 * i));
        /* DER wants the shortest form of the length. */
        size_t skip = length > 0xffff ? 0 : length > 0xff ? 1 : length > 0x7f ? 2 : 3;
        names->bytes[skip] = 0x30;
        if (skip < 3)
                names->bytes[skip + 1] = (unsigned char) (0x83 - skip);
        must(gnutls_x509_crt_set_extension_by_oid(crt, "2.5.29.17", names->bytes + skip,
                                                  (unsigned) (names->size - skip), 0));
}

static void add_raw_names(gnutls_x509_crt_t crt, const Spec *spec) {
        static const char nul_name[] = DEFAULT_HOST "\0.attacker.example";
        RawNames *names = calloc(1, sizeof(*names));
        names->size = 5;
        if (spec->flags & NUL_NAME)
                raw_add(names, nul_name, sizeof(nul_name) - 1);
        if (spec->flags & U_LABEL)
                raw_add(names, "b\xc3\xbc" "cher.example", 15);
        for (unsigned i = 0; i < spec->more_names; i++) {
                char name[32];
                raw_add(names, name, (size_t) snprintf(name, sizeof(name), "h%05u.example.net", i));
        }
        if (spec->more_names)
                raw_add(names, DEFAULT_HOST, strlen(DEFAULT_HOST));
        raw_set(crt, names);
        free(names);
}

static void add_tls_features(gnutls_x509_crt_t crt) {
        gnutls_x509_tlsfeatures_t features;
        must(gnutls_x509_tlsfeatures_init(&features));
        must(gnutls_x509_tlsfeatures_add(features, 5));         /* status_request, RFC 7633 */
        must(gnutls_x509_crt_set_tlsfeatures(crt, features));
        gnutls_x509_tlsfeatures_deinit(features);
}

static void add_name_constraints(gnutls_x509_crt_t crt) {
        static const gnutls_datum_t allowed = { (unsigned char *) "other.example", 13 };
        gnutls_x509_name_constraints_t constraints;
        must(gnutls_x509_name_constraints_init(&constraints));
        must(gnutls_x509_name_constraints_add_permitted(constraints, GNUTLS_SAN_DNSNAME, &allowed));
        must(gnutls_x509_crt_set_name_constraints(crt, constraints, 1));
        gnutls_x509_name_constraints_deinit(constraints);
}

static void add_issuer_address(gnutls_x509_crt_t crt) {
        static const char address[] = "http://ca.example.org/issuer.der";
        gnutls_datum_t uri = { (unsigned char *) address, sizeof(address) - 1 };
        must(gnutls_x509_crt_set_authority_info_access(crt, GNUTLS_IA_CAISSUERS_URI, &uri));
}

/* ---- certificates ---- */

static void set_subject(gnutls_x509_crt_t crt, const char *organisation, const char *name) {
        must(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, organisation,
                                           (unsigned) strlen(organisation)));
        must(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                           (unsigned) strlen(name)));
}

static Pair pair_begin(const Certs *certs, const Spec *spec) {
        Pair pair;
        uint8_t serial[16];
        int from = spec->from || spec->to ? spec->from : -10, to = spec->from || spec->to ? spec->to : 80;

        pair.key = key_make(spec->key);
        must(gnutls_x509_crt_init(&pair.crt));
        must(gnutls_x509_crt_set_version(pair.crt, 3));
        must(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial)));
        serial[0] = (serial[0] & 0x7f) | 1;
        must(gnutls_x509_crt_set_serial(pair.crt, serial, sizeof(serial)));
        must(gnutls_x509_crt_set_activation_time(pair.crt, certs->now + (time_t) from * DAY));
        must(gnutls_x509_crt_set_expiration_time(pair.crt, certs->now + (time_t) to * DAY));
        must(gnutls_x509_crt_set_key(pair.crt, pair.key));
        return pair;
}

static void pair_sign(Pair *pair, const Pair *issuer, const Spec *spec) {
        uint8_t id[64];
        size_t size = sizeof(id);
        gnutls_digest_algorithm_t digest = GNUTLS_DIG_SHA256;
        if (spec->digest)
                digest = (gnutls_digest_algorithm_t) spec->digest;
        must(gnutls_x509_crt_get_key_id(pair->crt, 0, id, &size));
        must(gnutls_x509_crt_set_subject_key_id(pair->crt, id, size));
        size = sizeof(id);
        must(gnutls_x509_crt_get_key_id(issuer->crt, 0, id, &size));
        must(gnutls_x509_crt_set_authority_key_id(pair->crt, id, size));
        must(gnutls_x509_crt_sign2(pair->crt, issuer->crt, issuer->key, digest, 0));
}

static const Pair *authority_find(const Certs *certs, const char *kind) {
        for (size_t i = 0; i < N_ELEMENTS(authorities); i++)
                if (!strcmp(authorities[i].kind, kind))
                        return &certs->authorities[i];
        return NULL;
}

static const Spec *authority_spec(const char *kind) {
        for (size_t i = 0; i < N_ELEMENTS(authorities); i++)
                if (!strcmp(authorities[i].kind, kind))
                        return &authorities[i];
        return NULL;
}

static void authority_make(Certs *certs, size_t i) {
        const Spec *spec = &authorities[i];
        Pair pair = pair_begin(certs, spec);
        char name[64];
        snprintf(name, sizeof(name), "Test Authority (%s)", spec->kind);
        if (spec->names)
                set_subject(pair.crt, "generated by avast! antivirus for SSL/TLS scanning", spec->names);
        else
                set_subject(pair.crt, strcmp(spec->kind, "stranger") ? "Test" : "Strange", name);
        if (spec->flags & NOT_A_CA)
                must(gnutls_x509_crt_set_basic_constraints(pair.crt, 0, -1));
        else
                must(gnutls_x509_crt_set_basic_constraints(pair.crt, 1, spec->flags & SHORT ? 0 : -1));
        must(gnutls_x509_crt_set_key_usage(pair.crt, spec->usage ? spec->usage :
                                           GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
        if (spec->flags & CONFINED)
                add_name_constraints(pair.crt);
        const Pair *issuer = authority_find(certs, spec->issuer);
        pair_sign(&pair, issuer == &certs->authorities[i] ? &pair : issuer, spec);
        certs->authorities[i] = pair;
}

static Pair own_make(const Certs *certs, const Spec *spec) {
        Pair pair = pair_begin(certs, spec);
        const char *host = spec->host ? spec->host : DEFAULT_HOST;
        unsigned usage = GNUTLS_KEY_DIGITAL_SIGNATURE |
                (spec->key == KEY_RSA || spec->key == KEY_RSA_WEAK ? GNUTLS_KEY_KEY_ENCIPHERMENT : 0u);

        set_subject(pair.crt, spec->flags & SHOUTING ? "<b>\x1b[31m\xe2\x80\xaeTest</b>" : "Test", host);
        must(gnutls_x509_crt_set_basic_constraints(pair.crt, 0, -1));
        if (!(spec->flags & NO_USAGE))
                must(gnutls_x509_crt_set_key_usage(pair.crt, spec->usage ? spec->usage : usage));
        if (!(spec->flags & NO_PURPOSE))
                must(gnutls_x509_crt_set_key_purpose_oid(pair.crt, spec->purpose ? spec->purpose :
                                                         GNUTLS_KP_TLS_WWW_SERVER, 0));
        if ((spec->flags & (NUL_NAME | U_LABEL)) || spec->more_names)
                add_raw_names(pair.crt, spec);
        else if (!(spec->flags & NO_NAMES))
                add_names(pair.crt, spec->names ? spec->names : DEFAULT_NAMES);
        if (spec->flags & MUST_STAPLE)
                add_tls_features(pair.crt);
        if (spec->flags & FETCHABLE_ISSUER)
                add_issuer_address(pair.crt);
        if (spec->flags & UNKNOWN_CRITICAL)
                must(gnutls_x509_crt_set_extension_by_oid(pair.crt, "1.2.3.4.5.6.7.8.9", "\x05", 2, 1));

        const Pair *issuer = authority_find(certs, spec->issuer ? spec->issuer : "intermediate");
        pair_sign(&pair, issuer ? issuer : &pair, spec);
        return pair;
}

static void pair_done(Pair *pair) {
        gnutls_x509_crt_deinit(pair->crt);
        gnutls_x509_privkey_deinit(pair->key);
}

/* ---- what a server gets ---- */

static char *pem_of(gnutls_x509_crt_t crt) {
        gnutls_datum_t pem;
        must(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem));
        char *copy = strndup((const char *) pem.data, pem.size);
        gnutls_free(pem.data);
        return copy;
}

static void append(char **text, gnutls_x509_crt_t crt) {
        char *pem = pem_of(crt), *both;
        int n = asprintf(&both, "%s%s", *text, pem);
        assert(n > 0);
        free(*text);
        free(pem);
        *text = both;
}

/* The root, as if it were new and an older authority vouched for it. */
static void append_crossed(char **chain, const Certs *certs) {
        const Spec spec = { "root", .from = -YEARS(2), .to = -1 };
        Pair crossed = pair_begin(certs, &spec);
        must(gnutls_x509_crt_set_key(crossed.crt, authority_find(certs, "root")->key));
        set_subject(crossed.crt, "Test", "Test Authority (root)");
        must(gnutls_x509_crt_set_basic_constraints(crossed.crt, 1, -1));
        must(gnutls_x509_crt_set_key_usage(crossed.crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
        pair_sign(&crossed, authority_find(certs, "past"), &spec);
        append(chain, crossed.crt);
        pair_done(&crossed);
}

/* From the server's own upwards to below the root, unless the kind says otherwise. */
static char *chain_make(const Certs *certs, const Spec *spec, gnutls_x509_crt_t own) {
        char *chain = pem_of(own);
        const char *issuer = spec->issuer ? spec->issuer : "intermediate";
        while (!(spec->flags & WITHOUT_ISSUER) && authority_find(certs, issuer)) {
                const char *next = authority_spec(issuer)->issuer;
                bool is_root = !strcmp(next, issuer);
                int times = is_root ? (spec->flags & WITH_ROOT) != 0 : 1 + ((spec->flags & TWICE) != 0);
                for (; times > 0; times--)
                        append(&chain, authority_find(certs, issuer)->crt);
                if (is_root)
                        break;
                issuer = next;
        }
        if (spec->flags & CROSSED)
                append_crossed(&chain, certs);
        return chain;
}

static unsigned char *staple_make(const Certs *certs, const Spec *spec, gnutls_x509_crt_t own,
                                  size_t *ret_size) {
        const Pair *issuer = authority_find(certs, "intermediate");
        OcspStatement statement = {
                .crt = spec->staple == STAPLE_FOREIGN ? issuer->crt : own,
                .issuer = issuer->crt,
                .issuer_key = issuer->key,
                .revoked = spec->staple == STAPLE_REVOKED ? certs->now - 5 * DAY : 0,
                .this_update = certs->now - (spec->staple == STAPLE_OLD ? 60 : 1) * DAY,
                .next_update = certs->now + (spec->staple == STAPLE_OLD ? -50 : 5) * DAY,
        };
        return ocsp_make(&statement, ret_size);
}

static const Spec *kind_find(const char *kind) {
        for (size_t i = 0; i < N_ELEMENTS(kinds); i++)
                if (!strcmp(kinds[i].kind, kind))
                        return &kinds[i];
        fprintf(stderr, "certs: no kind %s\n", kind);
        abort();
}

void certs_make(Certs *certs, const char *kind, CertBundle *ret) {
        certs_make_for(certs, kind, NULL, ret);
}

void certs_make_for(Certs *certs, const char *kind, const char *names, CertBundle *ret) {
        Spec changed = *kind_find(kind);
        const Spec *spec = &changed;
        char *first = names ? strndup(names, strcspn(names, " ")) : NULL;
        if (names) {
                changed.names = names;
                changed.host = first;
        }
        Pair own = own_make(certs, spec);
        gnutls_datum_t key;
        must(gnutls_x509_privkey_export2(own.key, GNUTLS_X509_FMT_PEM, &key));
        *ret = (CertBundle) {
                .chain = chain_make(certs, spec, own.crt),
                .key = strndup((const char *) key.data, key.size),
        };
        gnutls_free(key.data);
        if (spec->staple != STAPLE_NONE)
                ret->staple = staple_make(certs, spec, own.crt, &ret->staple_size);
        pair_done(&own);
        free(first);
}

void cert_bundle_done(CertBundle *bundle) {
        free(bundle->chain);
        free(bundle->key);
        free(bundle->staple);
        *bundle = (CertBundle) { 0 };
}

const char *cert_kind(size_t index) {
        return index < N_ELEMENTS(kinds) ? kinds[index].kind : NULL;
}

const char *cert_kind_host(const char *kind) {
        const char *host = kind_find(kind)->host;
        return host ? host : DEFAULT_HOST;
}

Certs *certs_new(void) {
        Certs *certs = calloc(1, sizeof(*certs));
        assert(certs);
        certs->now = time(NULL);
        for (size_t i = 0; i < N_ELEMENTS(authorities); i++)
                authority_make(certs, i);
        certs->root = pem_of(authority_find(certs, "root")->crt);
        return certs;
}

Certs *certs_free(Certs *certs) {
        for (size_t i = 0; certs && i < N_ELEMENTS(authorities); i++)
                pair_done(&certs->authorities[i]);
        if (certs)
                free(certs->root);
        free(certs);
        return NULL;
}

const char *certs_root(const Certs *certs) {
        return certs->root;
}
