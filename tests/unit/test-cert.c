/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The judgement of certificates, by real handshakes with a server that has one of each kind: which findings
 * are raised, that no other is, and whether a secret might be sent.
 */

#include <assert.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certs.h"
#include "cert.h"
#include "log-probe.h"
#include "harness.h"
#include "tls-peer.h"

static Certs *certs;

static MdTrust *trust_of(const char *pem) {
        MdTrust *trust;
        int fds[2];
        ck_assert_int_ge(md_trust_new(&trust), 0);
        ck_assert_int_eq(pipe(fds), 0);
        ck_assert_int_eq(write(fds[1], pem, strlen(pem)), (int) strlen(pem));
        close(fds[1]);
        ck_assert_int_eq(md_trust_add_fd(trust, fds[0]), 1);
        close(fds[0]);
        return trust;
}

/* One connection to a server with that bundle; the session is left open. */
static MdTls *connect_to(TlsPeer *peer, MdTrust *trust, const char *host, bool old_versions) {
        MdTls *tls;
        tls_peer_start(peer);
        MdTlsIo io = tls_peer_io(peer);
        MdTlsOptions options = {
                .name = host, .certificate_fd = -1, .key_fd = -1, .old_versions = old_versions,
        };
        ck_assert_int_eq(md_tls_new(trust, &options, &io, &tls), 0);
        md_tls_handshake(tls);
        return tls;
}

/* Shakes hands with a server of that kind and judges it, as a runner does: once more with old versions
 * if need be. */
static bool judge(const char *kind, const char *host, const char *priorities, MdProbe *probe) {
        CertBundle bundle;
        certs_make(certs, kind, &bundle);
        MdTrust *trust = trust_of(certs_root(certs));
        TlsPeer peer = { .bundle = &bundle, .priorities = priorities }, old_peer = peer;
        MdTls *tls = connect_to(&peer, trust, host, false), *old = NULL;
        bool verified = false;

        if (md_tls_outcome(tls) == MD_TLS_UP) {
                verified = md_tls_verify(tls, probe);
        } else {
                if (md_tls_wants_old(tls))
                        old = connect_to(&old_peer, trust, host, true);
                md_tls_report_failure(tls, old, probe);
        }

        md_tls_free(tls);
        tls_peer_stop(&peer);
        if (old)
                tls_peer_stop(&old_peer);
        md_tls_free(old);
        md_trust_free(trust);
        cert_bundle_done(&bundle);
        return verified;
}

/* What each kind has to raise, all of it and nothing else. */
static const struct {
        const char *kind;
        bool verified;
        const char *findings;
        const char *priorities;         /* of the server */
        const char *says;               /* must stand in the line of the first finding; NULL: no matter */
} table[] = {
        { "good", true, "", NULL, NULL },
        { "good-rsa", true, "", NULL, NULL },
        { "good-with-root", true, "", NULL, NULL },
        { "good-staple", true, "", NULL, NULL },
        { "wildcard", true, "", NULL, NULL },
        { "ip", true, "", NULL, NULL },
        { "idn", true, "", NULL, NULL },
        { "name-constraint-kept", true, "", NULL, NULL },
        { "shouting", true, "", NULL, NULL },
        { "no-purpose", true, "cert.unusual", NULL, "rule=it does not say that it is made for servers" },
        { "long-lived", true, "cert.unusual", NULL, "rule=it is valid for more than 825 days" },
        { "wildcard-too-short", false, "cert.wrong-host cert.unusual", NULL, "names=*.org, *" },
        { "wildcard-two-labels", false, "cert.wrong-host", NULL, NULL },
        { "ip-missing", false, "cert.wrong-host", NULL, NULL },
        { "expired", false, "cert.expired", NULL, "days=10" },
        { "expired-issuer", false, "cert.expired", NULL, "days=20" },
        { "not-yet-valid", false, "cert.not-yet-valid", NULL, "days=20" },
        { "clock", false, "cert.not-yet-valid local.clock-wrong", NULL, NULL },
        { "expires-soon", true, "cert.expires-soon", NULL, "days=7" },
        { "self-signed", false, "cert.self-signed", NULL, NULL },
        { "unknown-ca", false, "cert.unknown-issuer", NULL, "issuer=Test Authority (stranger)" },
        { "unknown-ca-unsent", false, "cert.unknown-issuer", NULL, "issuer=Test Authority (stranger)" },
        { "scanned", false, "cert.unknown-issuer", NULL, "issuer=avast! Web/Mail Shield Root" },
        { "chain-incomplete", false, "cert.chain-incomplete", NULL, "issuer=Test Authority (intermediate)" },
        { "chain-incomplete-no-address", false, "cert.chain-incomplete", NULL, NULL },
        { "cross-signed", true, "", NULL, NULL },
        { "untidy-chain", true, "cert.untidy-chain", NULL, NULL },
        { "wrong-host", false, "cert.wrong-host", NULL, "names=shared.example.net, www.example.net" },
        { "no-san", false, "cert.no-san", NULL, NULL },
        { "expired-wrong-host", false, "cert.expired cert.wrong-host", NULL, NULL },
        { "self-signed-wrong-host", false, "cert.wrong-host cert.self-signed", NULL, NULL },
        { "weak-key", false, "cert.weak", NULL, "what=RSA 1024" },
        { "weak-curve", false, "cert.weak tls.no-common-cipher", "NORMAL:+GROUP-SECP192R1",
          "what=ECDSA P-192" },
        { "sha1", false, "cert.weak", NULL, "SHA1" },
        { "wrong-purpose", false, "cert.wrong-purpose", NULL, "purposes=clients" },
        { "wrong-usage", false, "cert.wrong-purpose", NULL, "purposes=signing certificates" },
        { "bad-ca", false, "cert.bad-ca", NULL, "is no authority" },
        { "bad-ca-usage", false, "cert.bad-ca", NULL, "may not sign" },
        { "path-length", false, "cert.bad-ca", NULL, "longer than it allows" },
        { "name-constraint", false, "cert.bad-ca", NULL, "name constraints" },
        { "must-staple", false, "cert.staple-missing", NULL, NULL },
        { "revoked", false, "cert.revoked", NULL, "date=20" },
        { "old-staple", false, "cert.bad-staple", NULL, "too old" },
        { "foreign-staple", false, "cert.bad-staple", NULL, "not about this certificate" },
        { "nul-name", false, "cert.wrong-host cert.unusual", NULL, NULL },
        { "u-label", false, "cert.wrong-host cert.unusual", NULL, "names=b\xc3\xbc" "cher.example" },
        { "names-1000", true, "", NULL, NULL },
        { "names-4000", false, "tls.too-large", NULL, NULL },
        { "unknown-critical", false, "cert.unknown-critical", NULL, "oid=1.2.3.4.5.6.7.8.9" },
};

START_TEST(kinds) {
        MdProbe *probe = log_probe_new();
        const char *kind = table[_i].kind;
        bool verified = judge(kind, cert_kind_host(kind), table[_i].priorities, probe);
        if (strcmp(log_findings(probe), table[_i].findings) || verified != table[_i].verified)
                ck_abort_msg("%s: verified %d, findings \"%s\"\n%s", kind, verified, log_findings(probe),
                             log_text(probe));
        if (table[_i].says && !strstr(log_line(probe, "finding"), table[_i].says))
                ck_abort_msg("%s: \"%s\" does not say \"%s\"", kind, log_line(probe, "finding"),
                             table[_i].says);
        ck_assert(strstr(log_line(probe, "tls"), verified ? "verified=yes" : "verified=no"));
        log_probe_free(probe);
}
END_TEST

/* ---- the judgement by itself ---- */

typedef struct Bench {
        MdTrust *trust;
        gnutls_datum_t ders[2];         /* of the kind "good" */
        MdProbe *probe;
} Bench;

static void bench_init(Bench *bench) {
        CertBundle bundle;
        certs_make(certs, "good", &bundle);
        const char *pem = bundle.chain;
        for (size_t i = 0; i < 2; i++, pem = strstr(pem + 1, "-----BEGIN")) {
                gnutls_datum_t text = { (unsigned char *) pem, (unsigned) strlen(pem) };
                ck_assert_int_ge(gnutls_pem_base64_decode2("CERTIFICATE", &text, &bench->ders[i]), 0);
        }
        cert_bundle_done(&bundle);
        bench->trust = trust_of(certs_root(certs));
        bench->probe = log_probe_new();
}

static void bench_done(Bench *bench) {
        md_trust_free(bench->trust);
        log_probe_free(bench->probe);
        for (size_t i = 0; i < 2; i++)
                gnutls_free(bench->ders[i].data);
}

static time_t bench_offset;

static time_t bench_time(time_t *ret) {
        time_t now = time(NULL) + bench_offset;
        if (ret)
                *ret = now;
        return now;
}

/* Judges the chain, with bits added to what the library says of it. */
static bool bench_judge(Bench *bench, unsigned more_status) {
        MdChain chain;
        gnutls_x509_trust_list_t anchors;
        MdJudgement judgement = {
                .chain = &chain, .trust = bench->trust, .name = "mail.example.org", .now = bench_time(NULL),
                .probe = bench->probe,
        };
        bool verified = false;
        gnutls_x509_trust_list_init(&anchors, 1);
        if (md_chain_init(&chain, bench->ders, 2) == 0) {
                md_trust_select(bench->trust, chain.ders, chain.n, anchors);
                if (gnutls_x509_trust_list_verify_crt2(anchors, chain.crts, 2, NULL, 0, 0, &judgement.status,
                                                       NULL) < 0)
                        judgement.status = GNUTLS_CERT_INVALID;
                judgement.status |= more_status;
                md_path_find(&chain, anchors, &judgement.path);
                verified = md_chain_judge(&judgement);
                ck_assert(verified || judgement.n_reasons > 0);
        }
        md_chain_done(&chain);
        gnutls_x509_trust_list_deinit(anchors, 1);
        return verified;
}

/* What the library refuses is refused, with a reason, whatever the rules here find. */
START_TEST(refusal_is_final) {
        Bench bench;
        bench_init(&bench);
        ck_assert(bench_judge(&bench, 0));
        ck_assert_str_eq(log_findings(bench.probe), "");
        ck_assert(!bench_judge(&bench, 1u << _i));
        ck_assert_str_ne(log_findings(bench.probe), "");
        bench_done(&bench);
}
END_TEST

#define DAY (24 * 60 * 60)

/* The same good chain, seen by clocks that are right or wrong. */
static const struct {
        int days;                       /* from now */
        const char *findings;
} clocks[] = {
        { 0, "" },
        { 70, "cert.expires-soon" },
        { 100, "cert.expired" },
        { 365 * 12, "cert.expired local.clock-wrong" },         /* the root expired, too */
        { -365 * 1, "cert.not-yet-valid local.clock-wrong" },   /* before this program was made */
        { -365 * 4, "cert.not-yet-valid local.clock-wrong" },
};

START_TEST(clocks_right_and_wrong) {
        Bench bench;
        bench_init(&bench);
        bench_offset = (time_t) clocks[_i].days * DAY;
        gnutls_global_set_time_function(bench_time);
        bench_judge(&bench, 0);
        ck_assert_msg(!strcmp(log_findings(bench.probe), clocks[_i].findings), "%d days: %s", clocks[_i].days,
                      log_text(bench.probe));
        bench_done(&bench);
}
END_TEST

/* No bit of a good chain can be turned over without it being refused. */
START_TEST(damaged_at_every_byte) {
        Bench bench;
        bench_init(&bench);
        gnutls_datum_t *der = &bench.ders[_i];
        for (size_t i = 0; i < der->size; i++) {
                der->data[i] ^= (unsigned char) (1u << (i % 8));
                ck_assert_msg(!bench_judge(&bench, 0), "byte %zu", i);
                der->data[i] ^= (unsigned char) (1u << (i % 8));
        }
        ck_assert(bench_judge(&bench, 0));
        bench_done(&bench);
}
END_TEST

/* Every kind that can be made is in the table. */
START_TEST(table_is_complete) {
        for (size_t i = 0; cert_kind(i); i++) {
                bool found = false;
                for (size_t j = 0; j < sizeof(table) / sizeof(table[0]); j++)
                        found |= !strcmp(table[j].kind, cert_kind(i));
                ck_assert_msg(found, "%s is not tested", cert_kind(i));
        }
}
END_TEST

int main(void) {
        certs = certs_new();
        log_produced_begin("cert");
        Suite *suite = suite_create("cert");
        TCase *tcase = tcase_create("cert");
        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, kinds, 0, sizeof(table) / sizeof(table[0]));
        tcase_add_test(tcase, table_is_complete);
        tcase_add_loop_test(tcase, refusal_is_final, 0, 22);
        tcase_add_loop_test(tcase, clocks_right_and_wrong, 0, sizeof(clocks) / sizeof(clocks[0]));
        tcase_add_loop_test(tcase, damaged_at_every_byte, 0, 2);
        suite_add_tcase(suite, tcase);
        int r = run_suite(suite);
        certs_free(certs);
        return r;
}
