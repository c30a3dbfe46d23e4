/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Rules that most programs let pass and strict ones do not: Apple's mail app wants a purpose and at most
 * 825 days, Python's strict mode and some libraries the key identifiers of RFC 5280.  They make no
 * certificate bad, but explain why one app refuses what another takes.
 */

#include <string.h>

#include "cert.h"

#define DAY (24 * 60 * 60)
#define LIFETIME_DAYS_MAX 825
#define SERIAL_MAX 20u

static bool has_extension(gnutls_x509_crt_t crt, const char *oid, unsigned *ret_critical) {
        gnutls_datum_t data;
        if (gnutls_x509_crt_get_extension_by_oid2(crt, oid, 0, &data, ret_critical) < 0)
                return false;
        gnutls_free(data.data);
        return true;
}

static bool has_subject(gnutls_x509_crt_t crt) {
        gnutls_datum_t dn;
        if (gnutls_x509_crt_get_raw_dn(crt, &dn) < 0)
                return false;
        bool any = dn.size > 2;         /* more than an empty SEQUENCE */
        gnutls_free(dn.data);
        return any;
}

/* ---- the server's own ---- */

/* None, or any; one that is for something else only is worse, and told by another rule. */
static bool lacks_purpose(gnutls_x509_crt_t crt) {
        char oid[128];
        size_t size = sizeof(oid);
        bool lacks = true;
        for (unsigned i = 0; gnutls_x509_crt_get_key_purpose_oid(crt, i, oid, &size, NULL) >= 0;
             i++, size = sizeof(oid)) {
                if (!strcmp(oid, GNUTLS_KP_TLS_WWW_SERVER))
                        return false;
                lacks = !strcmp(oid, GNUTLS_KP_ANY);
        }
        return lacks;
}

static bool lives_long(gnutls_x509_crt_t crt) {
        time_t from = gnutls_x509_crt_get_activation_time(crt), to = gnutls_x509_crt_get_expiration_time(crt);
        return (to - from) / DAY > LIFETIME_DAYS_MAX;
}

static bool is_authority(gnutls_x509_crt_t crt) {
        unsigned is_ca = 0;
        return gnutls_x509_crt_get_basic_constraints(crt, NULL, &is_ca, NULL) >= 0 && is_ca;
}

static bool confines_names(gnutls_x509_crt_t crt) {
        return has_extension(crt, GNUTLS_X509EXT_OID_NAME_CONSTRAINTS, NULL);
}

/* RFC 5280 section 4.2.1.6: the names are critical if, and only if, there is no subject. */
static bool has_odd_names(gnutls_x509_crt_t crt) {
        unsigned critical = 0;
        return has_extension(crt, GNUTLS_X509EXT_OID_SAN, &critical) && (critical != 0) == has_subject(crt);
}

static bool has_bad_name(gnutls_x509_crt_t crt) {
        MdNames names;
        uint8_t tag;
        MdDer name;
        bool bad = false;
        for (bool any = md_names_begin(crt, &names); any && !bad && md_names_next(&names, &tag, &name);) {
                size_t size = (size_t) (name.end - name.at);
                if (tag == MD_NAME_DNS)
                        bad = !md_dns_name_is_valid((const char *) name.at, size);
                else if (tag == MD_NAME_ADDRESS)
                        bad = size != 4 && size != 16;
        }
        md_names_end(&names);
        return bad;
}

/* ---- any ---- */

static bool has_odd_serial(gnutls_x509_crt_t crt) {
        uint8_t serial[64];
        size_t size = sizeof(serial);
        if (gnutls_x509_crt_get_serial(crt, serial, &size) < 0 || size > SERIAL_MAX)
                return true;
        return size == 0 || serial[0] & 0x80 || (size == 1 && serial[0] == 0);
}

static bool has_odd_key(gnutls_x509_crt_t crt) {
        unsigned bits = 0;
        int algorithm = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
        return (algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS) && bits % 8 != 0;
}

static bool lacks_issuer_key(gnutls_x509_crt_t crt) {
        return !md_cert_is_self_issued(crt) && !has_extension(crt, GNUTLS_X509EXT_OID_AUTHORITY_KEY_ID, NULL);
}

/* ---- authorities ---- */

static bool lacks_key(gnutls_x509_crt_t crt) {
        return !has_extension(crt, GNUTLS_X509EXT_OID_SUBJECT_KEY_ID, NULL);
}

static bool is_shy_authority(gnutls_x509_crt_t crt) {
        unsigned critical = 0;
        return has_extension(crt, GNUTLS_X509EXT_OID_BASIC_CONSTRAINTS, &critical) && !critical;
}

static bool is_shy_about_names(gnutls_x509_crt_t crt) {
        unsigned critical = 0;
        return has_extension(crt, GNUTLS_X509EXT_OID_NAME_CONSTRAINTS, &critical) && !critical;
}

static bool lacks_subject(gnutls_x509_crt_t crt) {
        return !has_subject(crt);
}

enum {
        OWN = 1 << 0,                   /* the server's certificate */
        SENT = 1 << 1,                  /* authorities that the server sends */
        ROOT = 1 << 2,                  /* the one that is trusted */
};

static const struct {
        unsigned about;
        bool (*breaks)(gnutls_x509_crt_t crt);
        const char *rule;
} rules[] = {
        { OWN, lacks_purpose, N_("it does not say that it is made for servers") },
        { OWN, lives_long, N_("it is valid for more than 825 days") },
        { OWN, is_authority, N_("it is an authority at the same time") },
        { OWN, confines_names, N_("it confines names though it is no authority") },
        { OWN, has_bad_name, N_("one of its names is no host name or address") },
        { OWN, has_odd_names, N_("its names and its subject do not go together") },
        { OWN | SENT, has_odd_serial, N_("a serial number is not a positive number of at most 20 bytes") },
        { OWN | SENT, has_odd_key, N_("the length of an RSA key is not a multiple of 8") },
        { OWN | SENT, lacks_issuer_key, N_("it is not said which key signed (authority key identifier)") },
        { SENT | ROOT, lacks_key, N_("an authority does not name its key (subject key identifier)") },
        { SENT | ROOT, lacks_subject, N_("an authority has no name") },
        { SENT | ROOT, is_shy_authority, N_("an authority does not insist on being one (basic constraints)") },
        { SENT | ROOT, is_shy_about_names, N_("an authority does not insist on the names it is confined to") },
};

static bool path_breaks(const MdPath *path, unsigned about, bool (*breaks)(gnutls_x509_crt_t crt)) {
        for (size_t i = 0; i < path->n; i++)
                if ((about & (i == 0 ? OWN : SENT)) && breaks(path->links[i]))
                        return true;
        return (about & ROOT) && path->anchor && breaks(path->anchor);
}

void md_judge_strictly(MdJudgement *judgement) {
        MdWords words = { 0 };
        for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
                if (path_breaks(&judgement->path, rules[i].about, rules[i].breaks))
                        md_words_add(&words, rules[i].rule);
        if (words.used > 0)
                md_judge(judgement, "cert.unusual", NULL, MD_TEXT("rule", words.text));
}
