/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judgement of certificates against x509-limbo, a collection of chains with the verdict that RFC 5280
 * and the rules of public authorities give them.  The file is read from the path in argv[1]; exit code 77
 * when it is not there.  What limbo wants refused and this program accepts has to stand in the table below,
 * with the reason.
 */

#include <check.h>
#include <errno.h>
#include <gnutls/x509.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cert.h"
#include "log-probe.h"

#define SKIPPED 77

/* GnuTLS 3.7 loses the prefix of a name constraint of a kind that it does not know, in its own verification, too. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void) {
        return "leak:gnutls_x509_ext_import_name_constraints\n";
}

static time_t test_now;

static time_t now(time_t *ret) {
        time_t t = test_now ? test_now : time(NULL);
        if (ret)
                *ret = t;
        return t;
}

static const char *text_of(const json_t *test, const char *key) {
        return json_string_value(json_object_get(test, key));
}

static gnutls_datum_t der_of(const char *pem) {
        gnutls_datum_t text = { (unsigned char *) pem, (unsigned) strlen(pem) }, der = { 0 };
        gnutls_pem_base64_decode2("CERTIFICATE", &text, &der);
        return der;
}

static time_t time_of(const char *text) {
        struct tm tm = { 0 };
        return text && strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) ? timegm(&tm) : 0;
}

/* Where this program does not say what limbo says.  A case that is not here, or is and need not be,
 * fails the test. */
typedef enum Exception {
        WARNED = 1,                     /* accepted, with a warning that names the rule */
        ACCEPTED,                       /* accepted in silence */
        REFUSED,                        /* refused though it is valid */
} Exception;

static const struct {
        const char *id;
        Exception exception;
        const char *reason;             /* WARNED: stands in the warning */
} exceptions[] = {
        { "rfc5280::aki::intermediate-missing-aki", WARNED, "authority key identifier" },
        { "rfc5280::ski::intermediate-missing-ski", WARNED, "subject key identifier" },
        { "rfc5280::nc::nc-permits-invalid-dns-san", WARNED, "no host name" },
        { "rfc5280::eku::ee-eku-empty", WARNED, "made for servers" },
        { "webpki::eku::ee-without-eku", WARNED, "made for servers" },
        { "rfc5280::root-non-critical-basic-constraints", WARNED, "basic constraints" },
        { "rfc5280::nc::permitted-dns-match-noncritical", WARNED, "names it is confined to" },
        { "rfc5280::nc::not-allowed-in-ee-critical", WARNED, "confines names though" },
        { "webpki::ee-basicconstraints-ca", WARNED, "authority at the same time" },
        { "rfc5280::serial::negative", WARNED, "serial number" },
        { "rfc5280::serial::too-long", WARNED, "serial number" },
        { "webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf", WARNED, "multiple of 8" },
        { "webpki::san::san-critical-with-nonempty-subject", WARNED, "do not go together" },
        { "rfc5280::san::noncritical-with-empty-subject", WARNED, "do not go together" },
        { "rfc5280::ca-empty-subject", WARNED, "has no name" },

        { "crl::crlnumber-missing", ACCEPTED, "revocation lists are not fetched" },
        { "crl::crlnumber-critical", ACCEPTED, "revocation lists are not fetched" },
        { "crl::issuer-missing-crlsign", ACCEPTED, "revocation lists are not fetched" },
        { "pathlen::max-chain-depth-0-exhausted", ACCEPTED,
          "the depth is the caller's wish; here it is always 16" },
        { "pathlen::max-chain-depth-1-exhausted", ACCEPTED,
          "the depth is the caller's wish; here it is always 16" },
        { "webpki::cn::punycode-not-in-san", ACCEPTED, "the common name is not read" },
        { "webpki::cn::case-mismatch", ACCEPTED, "the common name is not read" },
        { "webpki::cn::utf8-vs-punycode-mismatch", ACCEPTED, "the common name is not read" },
        { "webpki::cn::ipv4-hex-mismatch", ACCEPTED, "the common name is not read" },
        { "webpki::cn::ipv6-uppercase-mismatch", ACCEPTED, "the common name is not read" },
        { "webpki::cn::ipv6-uncompressed-mismatch", ACCEPTED, "the common name is not read" },
        { "webpki::san::public-suffix-private-namespace-wildcard-san", ACCEPTED,
          "the public suffix list is not read" },
        { "webpki::san::public-suffix-multi-label-wildcard-san", ACCEPTED,
          "the public suffix list is not read" },
        { "webpki::eku::ee-anyeku", ACCEPTED,
          "any purpose beside the right one; only public authorities are told not to" },
        { "webpki::eku::root-has-eku", ACCEPTED,
          "a rule for public roots; the owner of a private one may do so" },
        { "webpki::eku::ee-critical-eku", ACCEPTED,
          "only public authorities are told not to; RFC 5280 allows it" },
        { "rfc5280::aki::cross-signed-root-missing-aki", ACCEPTED,
          "a trusted root is not asked who signed it" },
        { "webpki::aki::root-with-aki-missing-keyidentifier", ACCEPTED,
          "a trusted root is not asked who signed it" },
        { "webpki::aki::root-with-aki-authoritycertissuer", ACCEPTED,
          "a trusted root is not asked who signed it" },
        { "webpki::aki::root-with-aki-all-fields", ACCEPTED, "a trusted root is not asked who signed it" },
        { "webpki::aki::root-with-aki-ski-mismatch", ACCEPTED, "a trusted root is not asked who signed it" },
        { "rfc5280::nc::invalid-dnsname-leading-period", ACCEPTED,
          "constraints with a leading period are common" },
        { "webpki::nc::intermediate-permitted-excluded-subtrees-both-null", ACCEPTED,
          "constraints that confine nothing" },
        { "rfc5280::pc::ica-noncritical-pc", ACCEPTED, "policies are not evaluated, as no mail app does" },

        { "rfc5280::nc::nc-forbids-othername-noop", REFUSED,
          "the library refuses constraints that it cannot compare" },
        { "rfc5280::nc::nc-forbids-alternate-chain-ica", REFUSED,
          "the library tries one way through the chain" },
        { "pathlen::self-issued-certs-pathlen", REFUSED, "the library counts self-issued authorities" },
        { "rfc5280::ca-as-leaf", REFUSED, "its key usage does not allow a handshake" },
        { "pathlen::validation-ignores-pathlen-in-leaf", REFUSED,
          "its key usage does not allow a handshake" },
};

static size_t find_exception(const char *id) {
        size_t i = 0;
        while (i < sizeof(exceptions) / sizeof(exceptions[0]) && strcmp(exceptions[i].id, id))
                i++;
        return i;
}

/* What was made of a chain. */
typedef struct Verdict {
        bool verified;
        char findings[1024];
        char warning[1024];             /* the line of "cert.unusual" */
} Verdict;

static void judge_chain(const json_t *test, const MdChain *chain, Verdict *ret) {
        const json_t *peer = json_object_get(test, "expected_peer_name");
        const json_t *roots = json_object_get(test, "trusted_certs");
        MdTrust *trust = md_trust_new_empty();
        gnutls_x509_trust_list_t anchors;
        size_t i;
        json_t *root;
        json_array_foreach(roots, i, root)
                md_trust_add_text(trust, json_string_value(root), strlen(json_string_value(root)));
        gnutls_x509_trust_list_init(&anchors, 4);
        md_trust_select(trust, chain->ders, chain->n, anchors);

        MdProbe *probe = log_probe_new();
        MdJudgement judgement = {
                .chain = chain,
                .trust = trust,
                .name = text_of(peer, "value"),
                .name_is_address = !strcmp(text_of(peer, "kind"), "IP"),
                .now = now(NULL),
                .probe = probe,
        };
        gnutls_typed_vdata_st data[] = {
                { .type = GNUTLS_DT_DNS_HOSTNAME, .data = (unsigned char *) judgement.name },
                { .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *) GNUTLS_KP_TLS_WWW_SERVER },
        };
        unsigned flags = GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM);
        if (gnutls_x509_trust_list_verify_crt2(anchors, (gnutls_x509_crt_t *) chain->crts, chain->n, data, 2,
                                               flags, &judgement.status, NULL) < 0)
                judgement.status = GNUTLS_CERT_INVALID;
        md_path_find(chain, anchors, &judgement.path);
        ret->verified = md_chain_judge(&judgement);
        snprintf(ret->findings, sizeof(ret->findings), "%s", log_findings(probe));
        snprintf(ret->warning, sizeof(ret->warning), "%s", log_line(probe, "finding cert.unusual"));
        log_probe_free(probe);
        gnutls_x509_trust_list_deinit(anchors, 1);
        md_trust_free(trust);
}

/* The chain as a server would send it.  One that a session does not take is not verified either. */
static void judge_test(const json_t *test, Verdict *ret) {
        const json_t *others = json_object_get(test, "untrusted_intermediates");
        size_t n = 1 + json_array_size(others);
        gnutls_datum_t *ders = calloc(n, sizeof(*ders));
        MdChain chain;
        ders[0] = der_of(text_of(test, "peer_certificate"));
        for (size_t i = 1; i < n; i++)
                ders[i] = der_of(json_string_value(json_array_get(others, i - 1)));

        test_now = time_of(text_of(test, "validation_time"));
        int r = md_chain_init(&chain, ders, n);
        *ret = (Verdict) { .verified = false };
        if (r == 0)
                judge_chain(test, &chain, ret);
        else
                snprintf(ret->findings, sizeof(ret->findings), "%s",
                         r == -E2BIG ? "tls.too-large" : "cert.malformed");
        md_chain_done(&chain);
        for (size_t i = 0; i < n; i++)
                gnutls_free(ders[i].data);
        free(ders);
}

typedef struct Counts {
        unsigned refused, accepted, without_name, exceptions[REFUSED + 1], failed;
} Counts;

/* Whether the verdict is the exception that the table says. */
static bool is_exception(const Verdict *verdict, bool want, size_t i) {
        if (i == sizeof(exceptions) / sizeof(exceptions[0]))
                return false;
        switch (exceptions[i].exception) {
        case WARNED:
                return !want && verdict->verified && strstr(verdict->warning, exceptions[i].reason);
        case ACCEPTED:
                return !want && verdict->verified;
        case REFUSED:
                return want && !verdict->verified;
        }
        return false;
}

/* A refusal always has a reason. */
static bool is_sane(const Verdict *verdict) {
        return verdict->verified || verdict->findings[0];
}

static void run_test(const json_t *test, Counts *counts) {
        const char *id = text_of(test, "id");
        bool want = !strcmp(text_of(test, "expected_result"), "SUCCESS");
        size_t i = find_exception(id);
        Verdict verdict;
        judge_test(test, &verdict);
        if (is_sane(&verdict) && verdict.verified == want && !is_exception(&verdict, want, i)) {
                counts->accepted += want;
                counts->refused += !want;
        } else if (is_sane(&verdict) && is_exception(&verdict, want, i)) {
                counts->exceptions[exceptions[i].exception]++;
        } else {
                counts->failed++;
                printf("FAIL: %s: %s, findings \"%s\" %s\n", id, verdict.verified ? "accepted" : "refused",
                       verdict.findings, verdict.warning);
        }
}

int main(int argc, char **argv) {
        json_error_t error;
        json_t *limbo = argc == 2 ? json_load_file(argv[1], 0, &error) : NULL, *test;
        if (!limbo) {
                printf("SKIP: the collection of chains is not at %s\n",
                       argc == 2 ? argv[1] : "(no path given)");
                return SKIPPED;
        }

        Counts counts = { 0 };
        size_t i;
        gnutls_global_set_time_function(now);
        json_array_foreach(json_object_get(limbo, "testcases"), i, test) {
                if (strcmp(text_of(test, "validation_kind"), "SERVER"))
                        continue;
                if (json_is_null(json_object_get(test, "expected_peer_name")))
                        counts.without_name++;
                else
                        run_test(test, &counts);
        }
        json_decref(limbo);
        printf("refused %u, accepted %u as they should be; accepted with a warning %u, without %u; "
               "refused though valid %u; not run for want of a name %u; failed %u\n",
               counts.refused, counts.accepted, counts.exceptions[WARNED], counts.exceptions[ACCEPTED],
               counts.exceptions[REFUSED], counts.without_name, counts.failed);
        unsigned expected = sizeof(exceptions) / sizeof(exceptions[0]);
        unsigned seen = counts.exceptions[WARNED] + counts.exceptions[ACCEPTED] + counts.exceptions[REFUSED];
        if (seen != expected)
                printf("FAIL: %u exceptions in the table, %u met\n", expected, seen);
        return counts.failed == 0 && seen == expected && counts.accepted > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
