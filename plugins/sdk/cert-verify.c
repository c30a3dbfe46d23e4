/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Why a certificate is refused: dates, names, trust, revocation, each as a finding of its own.  The library
 * decides; a refusal of its is never overridden, and one that no rule here can name is told as such.
 */

#include <gnutls/ocsp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "cert.h"
#include "config.h"

#define DAY (24 * 60 * 60)
#define SOON_DAYS 14

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

/* "mail.example.org, issued by Example CA, 2026-01-01 to 2026-04-01" */
static char *describe(gnutls_x509_crt_t crt) {
        char *subject = md_cert_short_subject(crt), *issuer = md_cert_short_issuer(crt), *text = NULL;
        char from[32], to[32];

        md_date(gnutls_x509_crt_get_activation_time(crt), from, sizeof(from));
        md_date(gnutls_x509_crt_get_expiration_time(crt), to, sizeof(to));
        if (asprintf(&text, "%s, issued by %s, %s to %s", subject ? subject : "?", issuer ? issuer : "?", from, to) < 0)
                text = NULL;
        free(subject);
        free(issuer);
        return text;
}

void md_judge_raise(MdJudgement *judgement, const char *id, const char *evidence, const MdField *params) {
        const MdFindingInfo *info = md_catalog_find(md_catalog, md_catalog_size, id);
        char *own = evidence || judgement->chain->n == 0 ? NULL : describe(judgement->chain->crts[0]);
        md_find_fields(judgement->probe, id, evidence ? evidence : own, params);
        free(own);
        if (info && info->severity == MD_SEVERITY_ERROR)
                judgement->refused = true;
        for (size_t i = 0; i < judgement->n_reasons; i++)
                if (!strcmp(judgement->reasons[i], id))
                        return;
        if (judgement->n_reasons + 1 < N_ELEMENTS(judgement->reasons))
                judgement->reasons[judgement->n_reasons++] = id;
}

/* ---- dates ---- */

static bool is_expired(gnutls_x509_crt_t crt, time_t now) {
        return gnutls_x509_crt_get_expiration_time(crt) < now;
}

static bool is_future(gnutls_x509_crt_t crt, time_t now) {
        return gnutls_x509_crt_get_activation_time(crt) > now;
}

/* How many certificates of the path and above are out of date in this way. */
static size_t count_links(const MdJudgement *judgement, bool (*is)(gnutls_x509_crt_t, time_t)) {
        const MdPath *path = &judgement->path;
        size_t n = 0;
        for (size_t i = 0; i < path->n; i++)
                n += is(path->links[i], judgement->now);
        return n + (path->anchor && is(path->anchor, judgement->now));
}

/* The clock is the likelier cause when it stands before the time at which this program was made, or when
 * several certificates, made years apart, are all out of date in the same direction: all not yet valid,
 * or the root expired, too. */
static void judge_clock(MdJudgement *judgement) {
        const MdPath *path = &judgement->path;
        bool too_early = judgement->now < MAILDIAG_RELEASE_TIME || count_links(judgement, is_future) > 1;
        bool too_late = path->anchor && is_expired(path->anchor, judgement->now);
        if (!too_early && !too_late)
                return;
        char now[32];
        md_date(judgement->now, now, sizeof(now));
        md_judge(judgement, "local.clock-wrong", NULL, MD_TEXT("now", now));
}

/* The link whose dates are the reason: the server's own, or another when the library stumbled over it. */
static gnutls_x509_crt_t link_out_of_date(const MdJudgement *judgement, unsigned flag,
                                          bool (*is)(gnutls_x509_crt_t, time_t)) {
        const MdPath *path = &judgement->path;
        for (size_t i = 0; i < path->n; i++)
                if (is(path->links[i], judgement->now) && (i == 0 || (judgement->status & flag)))
                        return path->links[i];
        return NULL;
}

static void raise_date(MdJudgement *judgement, const char *id, gnutls_x509_crt_t crt, time_t when) {
        char date[32];
        long long days = (llabs((long long) judgement->now - (long long) when) + DAY / 2) / DAY;
        char *subject = md_cert_subject(crt);
        md_date(when, date, sizeof(date));
        md_judge(judgement, id, subject, MD_TEXT("date", date), MD_NUMBER("days", (uint64_t) days));
        free(subject);
}

static void judge_dates(MdJudgement *judgement) {
        gnutls_x509_crt_t own = judgement->path.links[0];
        gnutls_x509_crt_t expired = link_out_of_date(judgement, GNUTLS_CERT_EXPIRED, is_expired);
        gnutls_x509_crt_t future = link_out_of_date(judgement, GNUTLS_CERT_NOT_ACTIVATED, is_future);
        if (expired)
                raise_date(judgement, "cert.expired", expired, gnutls_x509_crt_get_expiration_time(expired));
        if (future)
                raise_date(judgement, "cert.not-yet-valid", future,
                           gnutls_x509_crt_get_activation_time(future));
        if (expired || future)
                judge_clock(judgement);
        else if (gnutls_x509_crt_get_expiration_time(own) < judgement->now + SOON_DAYS * DAY)
                raise_date(judgement, "cert.expires-soon", own, gnutls_x509_crt_get_expiration_time(own));
}

/* ---- names ---- */

/* "a.example, b.example and 7 more" */
static void join_names(char **names, size_t total, char *buffer, size_t size) {
        size_t used = 0, shown = 0;
        buffer[0] = '\0';
        for (size_t i = 0; names && names[i] && shown < 5; i++, shown++) {
                int n = snprintf(buffer + used, size - used, "%s%s", shown ? ", " : "", names[i]);
                if (n < 0 || (size_t) n >= size - used)
                        break;
                used += (size_t) n;
        }
        if (total > shown)
                snprintf(buffer + used, size - used, " and %zu more", total - shown);
}

static void judge_name(MdJudgement *judgement) {
        gnutls_x509_crt_t own = judgement->path.links[0];
        MdNameFit fit = md_cert_fits(own, judgement->name, judgement->name_is_address);
        char *subject = md_cert_subject(own);
        if (fit == MD_NAME_NONE)
                md_judge(judgement, "cert.no-san", subject);
        if (fit == MD_NAME_OTHER) {
                char text[1024];
                size_t total;
                char **names = md_cert_names(own, &total);
                join_names(names, total, text, sizeof(text));
                md_texts_free(names);
                md_judge(judgement, "cert.wrong-host", subject, MD_TEXT("names", text));
        }
        free(subject);
}

/* ---- trust ---- */

static bool has_issuer_address(gnutls_x509_crt_t crt) {
        gnutls_datum_t uri;
        for (unsigned i = 0; ; i++) {
                int r = gnutls_x509_crt_get_authority_info_access(crt, i, GNUTLS_IA_CAISSUERS_URI, &uri,
                                                                  NULL);
                if (r == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
                        return false;
                if (r >= 0) {
                        gnutls_free(uri.data);
                        return true;
                }
                if (r != GNUTLS_E_UNKNOWN_ALGORITHM)
                        return false;
        }
}

static bool sounds_intermediate(const char *name) {
        static const char *const words[] = { "intermediate", "issuing", "sub ca", "subca", "subordinate" };
        for (size_t i = 0; name && i < N_ELEMENTS(words); i++)
                if (strcasestr(name, words[i]))
                        return true;
        return false;
}

/* Whether the issuer that is missing is a link that the server should have sent, and not a root that is
 * unknown here.  Public authorities say in a server's certificate where that link can be fetched; roots
 * need none. */
static bool is_link_missing(const MdJudgement *judgement, gnutls_x509_crt_t last, const char *issuer) {
        if (judgement->path.n == 1 && has_issuer_address(last))
                return true;
        char *organisation = md_cert_issuer_organisation(last);
        bool known = organisation && md_trust_mentions(judgement->trust, organisation);
        free(organisation);
        return known || sounds_intermediate(issuer);
}

static bool is_reason(const MdJudgement *judgement, const char *id) {
        for (size_t i = 0; i < judgement->n_reasons; i++)
                if (!strcmp(judgement->reasons[i], id))
                        return true;
        return false;
}

/* The library says "no issuer found", too, of one that is there but cannot have signed. */
static bool is_chain_faulty(const MdJudgement *judgement) {
        return judgement->path.end == MD_PATH_ANCHORED &&
               (is_reason(judgement, "cert.malformed") || is_reason(judgement, "cert.bad-ca"));
}

static void judge_trust(MdJudgement *judgement) {
        const MdPath *path = &judgement->path;
        gnutls_x509_crt_t last = path->links[path->n - 1];
        if (!(judgement->status & GNUTLS_CERT_SIGNER_NOT_FOUND) || is_chain_faulty(judgement))
                return;

        char *issuer = md_cert_short_issuer(last);
        const char *id = "cert.unknown-issuer";
        if (path->end == MD_PATH_SELF_SIGNED && path->n == 1)
                id = "cert.self-signed";
        else if (path->end == MD_PATH_MISSING && is_link_missing(judgement, last, issuer))
                id = "cert.chain-incomplete";
        md_judge(judgement, id, NULL, MD_TEXT("issuer", issuer));
        free(issuer);
}

/* ---- revocation ---- */

static time_t revocation_time(const gnutls_datum_t *staple) {
        gnutls_ocsp_resp_t response;
        time_t when = -1;
        if (!staple || gnutls_ocsp_resp_init(&response) < 0)
                return when;
        if (gnutls_ocsp_resp_import(response, staple) >= 0)
                gnutls_ocsp_resp_get_single(response, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &when,
                                            NULL);
        gnutls_ocsp_resp_deinit(response);
        return when;
}

static void judge_revocation(MdJudgement *judgement) {
        static const struct {
                unsigned flag;
                const char *what;
        } bad_staples[] = {
                { GNUTLS_CERT_INVALID_OCSP_STATUS, N_("it is not about this certificate, or not signed by its authority") },
                { GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, N_("it is too old") },
                { GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE, N_("it lies in the future") },
        };

        if (judgement->status & GNUTLS_CERT_REVOKED) {
                char date[32];
                md_date(revocation_time(judgement->staple), date, sizeof(date));
                md_judge(judgement, "cert.revoked", NULL, MD_TEXT("date", date));
        }
        if (judgement->status & GNUTLS_CERT_MISSING_OCSP_STATUS)
                md_judge(judgement, "cert.staple-missing", NULL);
        for (size_t i = 0; i < N_ELEMENTS(bad_staples); i++)
                if (judgement->status & bad_staples[i].flag)
                        md_judge(judgement, "cert.bad-staple", NULL, MD_TEXT("what", bad_staples[i].what));
}

/* ---- the rest ---- */

/* A refusal without a reason would leave a person with nothing; these are the library's bits in words. */
static void judge_rest(MdJudgement *judgement) {
        static const struct {
                unsigned flag;
                const char *reason;
        } bits[] = {
                { GNUTLS_CERT_SIGNATURE_FAILURE, N_("a signature in the chain is false") },
                { GNUTLS_CERT_SIGNER_NOT_CA, N_("a certificate in the chain is signed by one that is no authority") },
                { GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, N_("an authority signed more than it may") },
                { GNUTLS_CERT_INSECURE_ALGORITHM, N_("a key or signature in the chain is too weak") },
                { GNUTLS_CERT_PURPOSE_MISMATCH, N_("a certificate in the chain is made for another purpose") },
                { GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, N_("a certificate demands something unknown") },
                { GNUTLS_CERT_EXPIRED, N_("a certificate in the chain, or its root, has expired") },
                { GNUTLS_CERT_NOT_ACTIVATED, N_("a certificate in the chain, or its root, is not valid yet") },
                { GNUTLS_CERT_UNEXPECTED_OWNER, N_("the name does not fit") },
                { GNUTLS_CERT_INVALID, N_("the chain does not lead to a trusted authority") },
        };

        for (size_t i = 0; i < N_ELEMENTS(bits); i++)
                if (judgement->status & bits[i].flag) {
                        md_judge(judgement, "cert.refused", NULL, MD_TEXT("reason", bits[i].reason));
                        return;
                }
        md_judge(judgement, "cert.refused", NULL, MD_TEXT("reason", N_("the TLS library gives no reason")));
}

bool md_chain_judge(MdJudgement *judgement) {
        judge_dates(judgement);
        judge_name(judgement);
        md_judge_rules(judgement);
        judge_trust(judgement);
        judge_revocation(judgement);
        if (judgement->status != 0 && !judgement->refused)
                judge_rest(judgement);
        return judgement->status == 0 && !judgement->refused;
}
