/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Rules that a chain has to keep (RFC 5280 sections 4 and 6), looked at link by link: strength, purpose,
 * the right to sign, names that an authority is confined to, extensions that nobody knows.  Read only; the
 * library has decided already.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"

#define RSA_BITS_MIN 2048u
#define CURVE_BITS_MIN 256u
#define OID_SIZE 128u

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

/* ---- strength ---- */

static void weak_key(gnutls_x509_crt_t crt, MdWords *words) {
        unsigned bits = 0;
        char key[64];
        int algorithm = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
        bool strong = true;
        switch (algorithm) {
        case GNUTLS_PK_RSA:
        case GNUTLS_PK_RSA_PSS:
                strong = bits >= RSA_BITS_MIN;
                break;
        case GNUTLS_PK_DSA:
                strong = false;
                break;
        case GNUTLS_PK_ECDSA:
                strong = bits >= CURVE_BITS_MIN;
                break;
        }
        if (strong)
                return;
        md_cert_key(crt, key, sizeof(key));
        md_words_add(words, key);
}

static void weak_signature(gnutls_x509_crt_t crt, MdWords *words) {
        int algorithm = gnutls_x509_crt_get_signature_algorithm(crt);
        if (algorithm <= 0 || md_cert_is_self_issued(crt) ||
            gnutls_sign_is_secure2((gnutls_sign_algorithm_t) algorithm, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS))
                return;
        char word[64];
        snprintf(word, sizeof(word), "%s signature",
                 gnutls_sign_get_name((gnutls_sign_algorithm_t) algorithm));
        md_words_add(words, word);
}

static bool is_key_readable(gnutls_x509_crt_t crt) {
        unsigned bits = 0;
        return gnutls_x509_crt_get_pk_algorithm(crt, &bits) >= 0 && bits > 0;
}

static void judge_keys(MdJudgement *judgement) {
        const MdPath *path = &judgement->path;
        bool readable = !path->anchor || is_key_readable(path->anchor);
        for (size_t i = 0; i < path->n; i++)
                readable = readable && is_key_readable(path->links[i]);
        if (!readable)
                md_judge(judgement, "cert.malformed", NULL,
                         MD_TEXT("what", N_("a key in its chain is of no known form")));
}

static void judge_strength(MdJudgement *judgement) {
        const MdPath *path = &judgement->path;
        MdWords words = { 0 };
        for (size_t i = 0; i < path->n; i++) {
                weak_key(path->links[i], &words);
                weak_signature(path->links[i], &words);
        }
        if (path->anchor)
                weak_key(path->anchor, &words);
        if (words.used > 0)
                md_judge(judgement, "cert.weak", NULL, MD_TEXT("what", words.text));
}

/* ---- purpose ---- */

static const struct {
        const char *oid;
        const char *word;
} purposes[] = {
        { GNUTLS_KP_TLS_WWW_CLIENT, N_("clients") },
        { GNUTLS_KP_CODE_SIGNING, N_("signing programs") },
        { GNUTLS_KP_EMAIL_PROTECTION, N_("mail encryption") },
        { GNUTLS_KP_TIME_STAMPING, N_("time stamps") },
        { GNUTLS_KP_OCSP_SIGNING, N_("OCSP responses") },
};

static const char *purpose_word(const char *oid) {
        for (size_t i = 0; i < N_ELEMENTS(purposes); i++)
                if (!strcmp(purposes[i].oid, oid))
                        return purposes[i].word;
        return oid;
}

/* Whether the extended key usage lets it be used for servers; an absent one does.  Collects what else it
 * is for. */
static bool is_for_servers(gnutls_x509_crt_t crt, MdWords *words) {
        bool any = false, fits = false;
        for (unsigned i = 0; ; i++) {
                char oid[OID_SIZE];
                size_t size = sizeof(oid);
                if (gnutls_x509_crt_get_key_purpose_oid(crt, i, oid, &size, NULL) < 0)
                        break;
                any = true;
                if (!strcmp(oid, GNUTLS_KP_TLS_WWW_SERVER) || !strcmp(oid, GNUTLS_KP_ANY))
                        fits = true;
                else
                        md_words_add(words, purpose_word(oid));
        }
        return fits || !any;
}

/* Whether the key may do its part of the handshake (RFC 5246 section 7.4.2, RFC 8446 section 4.4.2.2). */
static bool may_shake_hands(const MdJudgement *judgement, MdWords *words) {
        unsigned usage;
        if (gnutls_x509_crt_get_key_usage(judgement->path.links[0], &usage, NULL) < 0)
                return true;
        if (usage & (judgement->static_rsa ? GNUTLS_KEY_KEY_ENCIPHERMENT : GNUTLS_KEY_DIGITAL_SIGNATURE))
                return true;
        if (usage & (GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN))
                md_words_add(words, N_("signing certificates"));
        if (usage & (GNUTLS_KEY_KEY_ENCIPHERMENT | GNUTLS_KEY_DATA_ENCIPHERMENT))
                md_words_add(words, N_("encryption"));
        if (usage & (GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION))
                md_words_add(words, N_("signatures"));
        return false;
}

static void judge_purpose(MdJudgement *judgement) {
        MdWords eku = { 0 }, usage = { 0 };
        if (!is_for_servers(judgement->path.links[0], &eku))
                md_judge(judgement, "cert.wrong-purpose", NULL, MD_TEXT("purposes", eku.text));
        else if (!may_shake_hands(judgement, &usage))
                md_judge(judgement, "cert.wrong-purpose", NULL,
                         MD_TEXT("purposes", usage.used ? usage.text : N_("nothing that a server does")));
}

/* ---- the right to sign ---- */

/* Authorities in the path below link `i` that count for its path length: not the server's own, not those
 * that an authority issued to itself (RFC 5280 section 4.2.1.9). */
static unsigned links_below(const MdPath *path, size_t i) {
        unsigned n = 0;
        for (size_t j = 1; j < i; j++)
                n += !md_cert_is_self_issued(path->links[j]);
        return n;
}

static const char *authority_breaks(const MdPath *path, gnutls_x509_crt_t crt, size_t below) {
        unsigned is_ca = 0, usage;
        int path_length = -1;
        if (gnutls_x509_crt_get_basic_constraints(crt, NULL, &is_ca, &path_length) < 0 || !is_ca)
                return "\"%s\" is no authority but signed another certificate";
        if (gnutls_x509_crt_get_key_usage(crt, &usage, NULL) >= 0 && !(usage & GNUTLS_KEY_KEY_CERT_SIGN))
                return "\"%s\" may not sign certificates but did";
        if (path_length >= 0 && links_below(path, below) > (unsigned) path_length)
                return "the chain below \"%s\" is longer than it allows";
        return NULL;
}

/* Whether one certificate keeps to names that an authority above it is confined to. */
static bool names_are_allowed(gnutls_x509_name_constraints_t constraints, gnutls_x509_crt_t crt) {
        static const gnutls_x509_subject_alt_name_t types[] = {
                GNUTLS_SAN_DNSNAME, GNUTLS_SAN_IPADDRESS, GNUTLS_SAN_RFC822NAME,
        };
        for (size_t i = 0; i < N_ELEMENTS(types); i++)
                if (!gnutls_x509_name_constraints_check_crt(constraints, types[i], crt))
                        return false;
        return true;
}

/* A wildcard keeps to the names, and may still stand for one that is excluded; so the name asked for is
 * looked at, too. */
static bool host_is_allowed(const MdJudgement *judgement, gnutls_x509_name_constraints_t constraints) {
        gnutls_datum_t name = { (unsigned char *) judgement->name, (unsigned) strlen(judgement->name) };
        return judgement->name_is_address ||
               gnutls_x509_name_constraints_check(constraints, GNUTLS_SAN_DNSNAME, &name);
}

/* Whether an authority may sign for the names of every certificate below it (RFC 5280 section 4.2.1.10). */
static bool keeps_name_constraints(const MdJudgement *judgement, gnutls_x509_crt_t authority, size_t below) {
        const MdPath *path = &judgement->path;
        gnutls_x509_name_constraints_t constraints;
        if (gnutls_x509_name_constraints_init(&constraints) < 0)
                return true;
        int r = gnutls_x509_crt_get_name_constraints(authority, constraints, 0, NULL);
        bool keeps = r >= 0 ? host_is_allowed(judgement, constraints) :
                r == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
        for (size_t i = 0; r >= 0 && keeps && i < below; i++)
                if (i == 0 || !md_cert_is_self_issued(path->links[i]))
                        keeps = names_are_allowed(constraints, path->links[i]);
        /* What the library says of kinds of names that cannot be compared here. */
        if (r >= 0 && (judgement->status & GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE) && !judgement->refused)
                keeps = false;
        gnutls_x509_name_constraints_deinit(constraints);
        return keeps;
}

static void judge_authority(MdJudgement *judgement, gnutls_x509_crt_t crt, size_t below, MdWords *words) {
        const MdPath *path = &judgement->path;
        MdWords ignored = { 0 };
        const char *rule = authority_breaks(path, crt, below);
        if (!rule && !keeps_name_constraints(judgement, crt, below))
                rule = "name constraints: \"%s\" may not sign for this name";
        if (!rule && !is_for_servers(crt, &ignored))
                rule = "\"%s\" may not sign for servers";
        if (!rule)
                return;

        char *name = md_cert_short_subject(crt);
        char word[384];
        snprintf(word, sizeof(word), rule, name ? name : "?");
        md_words_add(words, word);
        free(name);
}

static void judge_authorities(MdJudgement *judgement) {
        const MdPath *path = &judgement->path;
        MdWords words = { 0 };
        for (size_t i = 1; i < path->n; i++)
                judge_authority(judgement, path->links[i], i, &words);
        if (path->anchor && !gnutls_x509_crt_equals(path->anchor, path->links[path->n - 1]))
                judge_authority(judgement, path->anchor, path->n, &words);
        if (judgement->status & GNUTLS_CERT_SIGNATURE_FAILURE)
                md_words_add(&words, N_("a signature does not fit the key of the issuer"));
        if (words.used > 0)
                md_judge(judgement, "cert.bad-ca", NULL, MD_TEXT("rule", words.text));
}

/* ---- extensions ---- */

/* Those that may be critical because the library, or a rule here, looks at them. */
static const char *const known_extensions[] = {
        "2.5.29.14",            /* subject key identifier */
        "2.5.29.15",            /* key usage */
        "2.5.29.17",            /* subject alternative name */
        "2.5.29.18",            /* issuer alternative name */
        "2.5.29.19",            /* basic constraints */
        "2.5.29.30",            /* name constraints */
        "2.5.29.31",            /* CRL distribution points */
        "2.5.29.32",            /* certificate policies */
        "2.5.29.35",            /* authority key identifier */
        "2.5.29.37",            /* extended key usage */
        "2.5.29.54",            /* inhibit any policy */
        "1.3.6.1.5.5.7.1.1",    /* authority information access */
        "1.3.6.1.5.5.7.1.14",   /* proxy certificate */
        "1.3.6.1.5.5.7.1.24",   /* TLS features */
};

static bool is_known_extension(const char *oid) {
        for (size_t i = 0; i < N_ELEMENTS(known_extensions); i++)
                if (!strcmp(known_extensions[i], oid))
                        return true;
        return false;
}

static void unknown_critical(gnutls_x509_crt_t crt, MdWords *words) {
        for (unsigned i = 0; ; i++) {
                char oid[OID_SIZE];
                size_t size = sizeof(oid);
                unsigned critical = 0;
                if (gnutls_x509_crt_get_extension_info(crt, i, oid, &size, &critical) < 0)
                        return;
                if (critical && !is_known_extension(oid))
                        md_words_add(words, oid);
        }
}

static void judge_extensions(MdJudgement *judgement) {
        const MdPath *path = &judgement->path;
        MdWords words = { 0 };
        for (size_t i = 0; i < path->n; i++)
                unknown_critical(path->links[i], &words);
        if (path->anchor)
                unknown_critical(path->anchor, &words);
        if (words.used > 0)
                md_judge(judgement, "cert.unknown-critical", NULL, MD_TEXT("oid", words.text));
}

/* ---- all of them ---- */

void md_judge_rules(MdJudgement *judgement) {
        judge_keys(judgement);
        judge_strength(judgement);
        judge_purpose(judgement);
        judge_authorities(judgement);
        judge_extensions(judgement);
        if (!judgement->path.tidy)
                md_judge(judgement, "cert.untidy-chain", NULL);
        md_judge_strictly(judgement);
}
