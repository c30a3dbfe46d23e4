/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a session has to say: its record "tls", what is weak about it, and which finding a handshake that
 * failed is. */

#include <stdio.h>
#include <string.h>

#include "tls-private.h"

#define PRIME_BITS_MIN 2048u

const char *md_tls_outcome_to_string(MdTlsOutcome outcome) {
        static const char *const words[] = {
                [MD_TLS_UP] = "up",
                [MD_TLS_TIMEOUT] = "timeout",
                [MD_TLS_CLOSED] = "closed",
                [MD_TLS_RESET] = "reset",
                [MD_TLS_NOT_TLS] = "not-tls",
                [MD_TLS_ALERT] = "alert",
                [MD_TLS_NO_COMMON] = "no-common",
                [MD_TLS_FLOOD] = "flood",
                [MD_TLS_TOO_LARGE] = "too-large",
                [MD_TLS_BAD_CERTIFICATE] = "bad-certificate",
                [MD_TLS_BROKEN] = "broken",
        };
        return words[outcome];
}

const char *md_tls_version(const MdTls *tls) {
        switch (gnutls_protocol_get_version(tls->session)) {
        case GNUTLS_SSL3:
                return "SSL 3.0";
        case GNUTLS_TLS1_0:
                return "TLS 1.0";
        case GNUTLS_TLS1_1:
                return "TLS 1.1";
        case GNUTLS_TLS1_2:
                return "TLS 1.2";
        case GNUTLS_TLS1_3:
                return "TLS 1.3";
        default:
                return NULL;
        }
}

/* ---- weakness ---- */

static bool is_diffie_hellman(gnutls_kx_algorithm_t kx) {
        return kx == GNUTLS_KX_DHE_RSA || kx == GNUTLS_KX_DHE_DSS || kx == GNUTLS_KX_ANON_DH;
}

static void add_words(char *buffer, size_t size, const char *words) {
        size_t used = strlen(buffer);
        snprintf(buffer + used, size - used, "%s%s", used ? ", " : "", words);
}

static const char *weak_cipher(gnutls_cipher_algorithm_t cipher) {
        switch (cipher) {
        case GNUTLS_CIPHER_NULL:
                return N_("no cipher at all");
        case GNUTLS_CIPHER_ARCFOUR_128:
                return N_("RC4 cipher");
        case GNUTLS_CIPHER_3DES_CBC:
                return N_("3DES cipher");
        default:
                return NULL;
        }
}

static bool is_weak_signature(int signature) {
        if (signature <= 0)
                return false;
        gnutls_digest_algorithm_t hash = gnutls_sign_get_hash_algorithm((gnutls_sign_algorithm_t) signature);
        return hash == GNUTLS_DIG_SHA1 || hash == GNUTLS_DIG_MD5;
}

bool md_tls_weakness(const MdTls *tls, char *buffer, size_t size) {
        gnutls_kx_algorithm_t kx = gnutls_kx_get(tls->session);
        const char *cipher = weak_cipher(gnutls_cipher_get(tls->session));
        unsigned prime_bits = is_diffie_hellman(kx) ? (unsigned) gnutls_dh_get_prime_bits(tls->session) : 0;
        int signature = gnutls_sign_algorithm_get(tls->session);

        buffer[0] = '\0';
        if (cipher)
                add_words(buffer, size, cipher);
        if (kx == GNUTLS_KX_RSA)
                add_words(buffer, size, N_("key exchange without forward secrecy (RSA)"));
        if (prime_bits > 0 && prime_bits < PRIME_BITS_MIN) {
                char words[48];
                snprintf(words, sizeof(words), "Diffie-Hellman with %u bits", prime_bits);
                add_words(buffer, size, words);
        }
        if (is_weak_signature(signature))
                add_words(buffer, size, N_("SHA-1 or MD5 signature"));
        return buffer[0] != '\0';
}

/* ---- the record ---- */

static const char *group_name(const MdTls *tls, char *buffer, size_t size) {
        gnutls_group_t group = gnutls_group_get(tls->session);
        if (group != GNUTLS_GROUP_INVALID)
                return gnutls_group_get_name(group);
        if (!is_diffie_hellman(gnutls_kx_get(tls->session)))
                return NULL;
        snprintf(buffer, size, "DH %d", gnutls_dh_get_prime_bits(tls->session));
        return buffer;
}

void md_tls_observe(const MdTls *tls, MdProbe *probe, bool verified) {
        bool up = tls->outcome == MD_TLS_UP;
        const char *alert = NULL;
        char group[16];
        int signature = gnutls_sign_algorithm_get(tls->session);
        md_tls_alert(tls, &alert);

        md_observe(probe, "tls",
                   MD_TEXT("outcome", md_tls_outcome_to_string(tls->outcome)),
                   MD_TEXT("version", up ? md_tls_version(tls) : NULL),
                   MD_TEXT("cipher", up ? gnutls_cipher_get_name(gnutls_cipher_get(tls->session)) : NULL),
                   MD_TEXT("group", up ? group_name(tls, group, sizeof(group)) : NULL),
                   MD_TEXT("signature", up && signature > 0 ?
                           gnutls_sign_get_name((gnutls_sign_algorithm_t) signature) : NULL),
                   MD_TEXT("sni", tls->name_is_address ? NULL : tls->name),
                   MD_TRUTH("verified", verified),
                   MD_TEXT("alert", alert));
}

/* ---- a handshake that failed ---- */

/* Alerts (RFC 8446 section 6.2) that have a finding of their own; a certificate may be what the server
 * misses. */
static const struct {
        gnutls_alert_description_t alert;
        bool certificate_missing;       /* only when the server asked for one and got none */
        const char *finding;
} refusals[] = {
        { GNUTLS_A_UNRECOGNIZED_NAME, false, "tls.sni-refused" },
        { GNUTLS_A_CERTIFICATE_REQUIRED, false, "tls.client-certificate-required" },
        { GNUTLS_A_HANDSHAKE_FAILURE, true, "tls.client-certificate-required" },
        { GNUTLS_A_BAD_CERTIFICATE, true, "tls.client-certificate-required" },
        { GNUTLS_A_ACCESS_DENIED, true, "tls.client-certificate-required" },
        { GNUTLS_A_CERTIFICATE_UNKNOWN, true, "tls.client-certificate-required" },
        { GNUTLS_A_DECODE_ERROR, true, "tls.client-certificate-required" },     /* of an empty list */
        { GNUTLS_A_HANDSHAKE_FAILURE, false, "tls.no-common-cipher" },
        { GNUTLS_A_PROTOCOL_VERSION, false, "tls.no-common-cipher" },
        { GNUTLS_A_INSUFFICIENT_SECURITY, false, "tls.no-common-cipher" },
};

static const char *finding_of_alert(const MdTls *tls) {
        bool certificate_missing = md_tls_certificate_requested(tls) && !tls->certificate_given;
        for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
                if ((int) refusals[i].alert == tls->alert &&
                    (!refusals[i].certificate_missing || certificate_missing))
                        return refusals[i].finding;
        return "tls.refused";
}

static const char *finding_of_outcome(const MdTls *tls) {
        switch (tls->outcome) {
        case MD_TLS_UP:
                return NULL;
        case MD_TLS_TIMEOUT:
                return "tls.timeout";
        case MD_TLS_CLOSED:
        case MD_TLS_RESET:
                return tls->was_up ? "tls.truncated" : "tls.closed";
        case MD_TLS_NOT_TLS:
                return "tls.not-tls";
        case MD_TLS_ALERT:
                return finding_of_alert(tls);
        case MD_TLS_NO_COMMON:
                return "tls.no-common-cipher";
        case MD_TLS_FLOOD:
                return "tls.flood";
        case MD_TLS_TOO_LARGE:
                return "tls.too-large";
        case MD_TLS_BAD_CERTIFICATE:
                return "cert.malformed";
        case MD_TLS_BROKEN:
                return "tls.broken-record";
        }
        return NULL;
}

bool md_tls_wants_old(const MdTls *tls) {
        if (tls->old_versions)
                return false;
        switch (tls->outcome) {
        case MD_TLS_NO_COMMON:
        case MD_TLS_CLOSED:
        case MD_TLS_RESET:
                return true;
        case MD_TLS_ALERT:
                return !strcmp(finding_of_alert(tls), "tls.no-common-cipher");
        case MD_TLS_UP:
        case MD_TLS_TIMEOUT:
        case MD_TLS_NOT_TLS:
        case MD_TLS_FLOOD:
        case MD_TLS_TOO_LARGE:
        case MD_TLS_BAD_CERTIFICATE:
        case MD_TLS_BROKEN:
                return false;
        }
        return false;
}

bool md_tls_is_old(const MdTls *tls) {
        char what[160];
        return tls->outcome == MD_TLS_UP &&
               (gnutls_protocol_get_version(tls->session) < GNUTLS_TLS1_2 || md_tls_weakness(tls, what, sizeof(what)));
}

bool md_tls_may_be_intolerant(const MdTls *tls) {
        switch (tls->outcome) {
        case MD_TLS_TIMEOUT:
        case MD_TLS_CLOSED:
        case MD_TLS_RESET:
        case MD_TLS_ALERT:
        case MD_TLS_BROKEN:
                return !tls->was_up && !md_tls_certificate_requested(tls);
        case MD_TLS_UP:
        case MD_TLS_NO_COMMON:
        case MD_TLS_NOT_TLS:
        case MD_TLS_FLOOD:
        case MD_TLS_TOO_LARGE:
        case MD_TLS_BAD_CERTIFICATE:
                return false;
        }
        return false;
}

/* What the second handshake needed is why the first one failed; its certificate may be a reason, too. */
static void report_old(MdTls *old, const char *finding, MdProbe *probe) {
        md_tls_verify(old, probe);
        if (gnutls_protocol_get_version(old->session) < GNUTLS_TLS1_2)
                md_find(probe, "tls.version-too-old", md_tls_version(old), MD_TEXT("version", md_tls_version(old)));
        else
                md_find(probe, finding, gnutls_cipher_get_name(gnutls_cipher_get(old->session)));
}

/* The library broke the handshake off over a certificate: one that it could parse is judged as usual. */
static void report_bad_certificate(MdTls *tls, MdProbe *probe) {
        unsigned n = 0;
        gnutls_certificate_get_peers(tls->session, &n);
        if (n > 0)
                md_tls_verify(tls, probe);
        else
                md_tls_observe(tls, probe, false);
        if (!md_found(probe, "cert.wrong-purpose"))
                md_find(probe, "cert.malformed", NULL, MD_TEXT("what", N_("it is not valid DER")));
}

void md_tls_report_failure(MdTls *tls, MdTls *old, MdProbe *probe) {
        if (tls->outcome == MD_TLS_BAD_CERTIFICATE) {
                report_bad_certificate(tls, probe);
                return;
        }

        const char *alert = NULL, *finding = finding_of_outcome(tls);
        md_tls_alert(tls, &alert);
        md_tls_observe(tls, probe, false);
        if (old && old->outcome == MD_TLS_UP)
                report_old(old, finding, probe);
        else if (finding)
                md_find(probe, finding, alert ? alert : md_tls_outcome_to_string(tls->outcome), MD_TEXT("alert", alert));
}
