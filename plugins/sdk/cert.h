/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The certificates of a server, looked at in the open: what they say, how they hang together, and by which
 * rule a chain is refused.  The library decides what is trusted; these files only name the reasons, and add
 * what the library lets pass.
 */

#include <time.h>

#include "der.h"
#include "tls-private.h"

/* Certificates as the server sent them, its own first. */
typedef struct MdChain {
        gnutls_x509_crt_t crts[MD_CHAIN_MAX];
        gnutls_datum_t ders[MD_CHAIN_MAX];      /* the same as they came; borrowed */
        size_t n;
} MdChain;

/* Parses DER, which has to stay where it is.  Returns 0, -EBADMSG when one cannot be parsed, -E2BIG, -ENOMEM; the chain is to be
 * released anyhow. */
int md_chain_init(MdChain *chain, const gnutls_datum_t *ders, size_t n);
void md_chain_done(MdChain *chain);

/* ---- cert-path.c: how the chain hangs together ---- */

typedef enum MdPathEnd {
        MD_PATH_ANCHORED,               /* the last link is trusted, or its issuer is */
        MD_PATH_SELF_SIGNED,            /* the last link signed itself and is not trusted */
        MD_PATH_MISSING,                /* the issuer of the last link is neither sent nor trusted */
} MdPathEnd;

typedef struct MdPath {
        gnutls_x509_crt_t links[MD_CHAIN_MAX];  /* the server's own and upwards; owned by the chain */
        size_t n;
        MdPathEnd end;
        gnutls_x509_crt_t anchor;       /* MD_PATH_ANCHORED: owned by the list; may be the last link's twin */
        bool tidy;                      /* every certificate sent is the issuer of the one before it */
} MdPath;

/* Whether subject and issuer are the same: a root, or an authority that renews its key (RFC 5280 section
 * 3.2). */
bool md_cert_is_self_issued(gnutls_x509_crt_t crt);
void md_path_find(const MdChain *chain, gnutls_x509_trust_list_t anchors, MdPath *ret);

/* ---- cert-name.c: whose it is (RFC 9525) ---- */

typedef enum MdNameFit {
        MD_NAME_FITS,
        MD_NAME_OTHER,                  /* it has names, and none fits */
        MD_NAME_NONE,                   /* it has no name of a host or address */
} MdNameFit;

enum {                                  /* GeneralName, RFC 5280 section 4.2.1.6 */
        MD_NAME_DNS = 0x82,
        MD_NAME_ADDRESS = 0x87,
};

/* Walks over the subject alternative names as they stand in the certificate. */
typedef struct MdNames {
        gnutls_datum_t extension;
        MdDer rest;
} MdNames;

/* Whether there are any; md_names_end() is called in any case. */
bool md_names_begin(gnutls_x509_crt_t crt, MdNames *ret);
bool md_names_next(MdNames *names, uint8_t *ret_tag, MdDer *ret_name);
void md_names_end(MdNames *names);

/* `name` as in MdTls. */
MdNameFit md_cert_fits(gnutls_x509_crt_t crt, const char *name, bool is_address);
/* Whether it is a host name (RFC 1123 section 2.1) at all, perhaps with a wildcard for its first label;
 * an address in text is none. */
bool md_dns_name_is_valid(const char *presented, size_t size);
/* Whether a presented DNS name, wildcard or not, stands for a host name. */
bool md_dns_name_fits(const char *presented, size_t size, const char *name);

/* ---- cert-text.c: what it says, in words ---- */

/* Texts are the caller's to free; NULL when there is nothing to say or memory is short. */
char *md_cert_subject(gnutls_x509_crt_t crt);
char *md_cert_issuer(gnutls_x509_crt_t crt);
/* Common name, else organisation, else the whole subject. */
char *md_cert_short_subject(gnutls_x509_crt_t crt);
char *md_cert_short_issuer(gnutls_x509_crt_t crt);
char *md_cert_issuer_organisation(gnutls_x509_crt_t crt);
/* Names of hosts and addresses, NULL-terminated, at most 256 and 24 KiB in all; ret_total: how many
 * there are. */
char **md_cert_names(gnutls_x509_crt_t crt, size_t *ret_total);
void md_texts_free(char **texts);
/* "RSA 2048", "ECDSA P-256" */
void md_cert_key(gnutls_x509_crt_t crt, char *buffer, size_t size);
/* Words in one text, each once: the same id is raised once, with all that it is about. */
typedef struct MdWords {
        char text[768];
        size_t used;
} MdWords;

void md_words_add(MdWords *words, const char *word);
/* "2031-04-30" */
void md_date(time_t when, char *buffer, size_t size);

/* ---- cert.c and cert-verify.c ---- */

/* What is known when a chain is judged. */
typedef struct MdJudgement {
        const MdChain *chain;
        MdPath path;
        const MdTrust *trust;
        const char *name;
        bool name_is_address;
        bool static_rsa;                /* the server's key deciphered, instead of signing */
        time_t now;                     /* CLOCK_REALTIME */
        unsigned status;                /* what the library found: gnutls_certificate_status_t */
        const gnutls_datum_t *staple;   /* stapled OCSP response, or NULL */
        MdProbe *probe;
        const char *reasons[24];        /* ids raised, NULL-terminated */
        size_t n_reasons;
        bool refused;                   /* one of them is an error */
} MdJudgement;

/* Raises every finding that applies; returns whether the certificate is good: the library trusts it and
 * nothing of severity error was raised. */
bool md_chain_judge(MdJudgement *judgement);
/* Raises one finding and keeps its id among the reasons. */
void md_judge_raise(MdJudgement *judgement, const char *id, const char *evidence, const MdField *params);
#define md_judge(judgement, id, evidence, ...) \
        md_judge_raise((judgement), (id), (evidence), (const MdField[]) { __VA_ARGS__ __VA_OPT__(,) { 0 } })

/* Rules of the chain (cert-rules.c): who may sign, for what, how strongly, in which form. */
void md_judge_rules(MdJudgement *judgement);
/* Rules that only strict programs insist on (cert-strict.c). */
void md_judge_strictly(MdJudgement *judgement);

/* Reports one "certificate" per certificate sent. */
void md_chain_observe(const MdChain *chain, const char *const *reasons, MdProbe *probe);
