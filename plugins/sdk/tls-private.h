/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files behind tls.h share about a session. */

#include <gnutls/gnutls.h>

#include "tls-wire.h"
#include "trust.h"

#define MD_CHAIN_MAX 16u        /* most certificates taken from a server */

struct MdTls {
        gnutls_session_t session;
        gnutls_certificate_credentials_t credentials;
        gnutls_x509_trust_list_t anchors;       /* owned by the credentials; filled once the chain is known */
        MdTrust *trust;
        char *name;                     /* lower case, without a final dot */
        bool name_is_address;
        bool certificate_given;         /* a client certificate of ours */
        bool old_versions;
        bool without_newest, without_name;
        bool was_up;                    /* the handshake came to its end */
        MdTlsOutcome outcome;
        int alert;                      /* last alert of the peer, -1 */
        unsigned n_alerts;
        char alert_name[40];            /* "handshake_failure" */
        MdWire wire;
};

/* Version of the session for people, "TLS 1.3"; NULL when there is none yet. */
const char *md_tls_version(const MdTls *tls);
/* Writes what is weak about the encryption, "RC4 cipher, static RSA key exchange"; false when nothing is. */
bool md_tls_weakness(const MdTls *tls, char *buffer, size_t size);
/* Reports the record "tls". */
void md_tls_observe(const MdTls *tls, MdProbe *probe, bool verified);
