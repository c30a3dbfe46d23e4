/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What TLS libraries say, the names of TLS alerts among it.
 *
 * The same handshake fails in the words of OpenSSL, GnuTLS, NSS, Go, Java or rustls; what they mean is the
 * same.
 */

#include "explain-rules.h"

#define RULE(...) { __VA_ARGS__, .date = "2026-11" }

static const MdReplyRule tls[] = {
        /* ---- said by a server about its client ---- */

        RULE(.id = "tls.app-too-old",
             .pattern = "(accept\\S*|client_?hello)\\s?:? ?.{0,30}(wrong version number|unsupported "
                        "protocol)", .provider = "OpenSSL at a server",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "cert.unknown-issuer", .also = "cert.chain-incomplete cert.self-signed",
             .pattern = "ssl_accept.{0,80}unknown ca", .provider = "OpenSSL at a server",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),

        /* ---- the wrong kind of port ---- */

        RULE(.id = "port.expects-starttls", .also = "port.other-protocol",
             .pattern = "wrong version number|packet length (is )?too long|record layer failure|http "
                        "request|unexpected message|record[_ ]overflow|unexpected tls packet|plain ?text "
                        "connection\\?|first record does not look like a tls handshake|invalidcontenttype|"
                        "corrupt message|not an ssl/tls record|ssl_error_rx_record_too_long|"
                        "server_hello.{0,3}unknown protocol",
             .provider = "OpenSSL, GnuTLS, Go, Java, NSS, rustls",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),

        /* ---- versions, ciphers, keys ---- */

        RULE(.id = "tls.version-too-old", .also = "tls.app-too-old",
             .pattern = "unsupported protocol|protocol_version|(alert|tls:?|ssl) protocol version|version "
                        "too (low|old)|(tls|ssl) version (is )?not supported|inappropriate[_ ]fallback|no "
                        "protocols available|ssl_error_unsupported_version|only (supports )?(tls|ssl) "
                        "?v?1\\.[01]", .provider = "OpenSSL, GnuTLS, Java, NSS",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "tls.weak", .also = "tls.version-too-old",
             .pattern = "(dh|ee|ca) (key|md) too (small|weak)|dh_key_too_small|weak (server )?(dh|ephemeral|"
                        "key)|prime .{0,20}not acceptable|ssl_error_weak", .provider = "OpenSSL, GnuTLS, NSS",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "tls.no-common-cipher", .also = "tls.version-too-old",
             .pattern = "no shared cipher|no[_ ]cipher|handshake[_ ]?failure|insufficient[_ ]security|no[_ "
                        "](common|suitable)[_ ]cipher|cipher suites .{0,20}(match|common|found)|"
                        "ssl_error_no_cypher_overlap|could not negotiate",
             .provider = "OpenSSL, GnuTLS, Java, NSS, rustls", .source = "RFC 8446 section 6.2"),
        RULE(.id = "tls.sni-refused", .also = "cert.wrong-host", .pattern = "unrecogni[sz]ed[_ ]?name",
             .provider = "TLS alert", .source = "RFC 8446 section 6.2"),
        RULE(.id = "tls.refused", .pattern = "no[_ ]application[_ ]protocol", .provider = "TLS alert",
             .source = "RFC 8446 section 6.2"),
        RULE(.id = "tls.client-certificate-required",
             .pattern = "certificate[_ ]required|peer did not return a certificate|client certificate (is "
                        ")?(required|needed|requested)", .provider = "TLS alert, OpenSSL",
             .source = "RFC 8446 section 6.2"),
        RULE(.id = "settings.bad-client-certificate",
             .pattern = "client certificate .{0,25}(no longer|expired|invalid|not valid|access)",
             .provider = "mail apps", .source = "https://github.com/thunderbird/thunderbird-android"),

        /* ---- certificates: names ---- */

        RULE(.id = "cert.wrong-host",
             .pattern = "host ?name (mismatch|.{0,15}(not|n.t) match)|altname|did not match expected cn|"
                        "does ?n[o.]t match (the )?(host|server|target|certificate|expected)|certificate "
                        "(name|subject|common name) .{0,30}match|notvalidforname|certificate is (not "
                        ")?valid for|ssl_error_bad_cert_domain|err_cert_common_name|owner does not match|is "
                        "not the name|certificate .{0,30}(different|another) (host|name|site)|unable to "
                        "verify .{0,20}hostname", .provider = "OpenSSL, Node, Go, rustls, NSS, GnuTLS, PHP",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),

        /* ---- certificates: time ---- */

        RULE(.id = "cert.expired", .also = "local.clock-wrong",
             .pattern = "certificate (has |is )?(been )?expired|cert(ificate)?[_ ](has[_ ])?expired|"
                        "expired[_ ]certificate|certificate .{0,40}(no longer valid|out of date)|notafter|"
                        "certificate_expired|chung chi .{0,20}het han",
             .provider = "OpenSSL, GnuTLS, NSS, Node, TLS alert",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "cert.not-yet-valid", .also = "local.clock-wrong",
             .pattern = "not yet (valid|active|activated)|certificate_not_yet_valid|sec_error_\\w*not_yet",
             .provider = "OpenSSL, GnuTLS, NSS", .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "cert.revoked",
             .pattern = "(certificate|cert)[_ ](has been |was |is )?revoked|revoked[_ ]cert",
             .provider = "OpenSSL, NSS, TLS alert",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),

        /* ---- certificates: trust ---- */

        RULE(.id = "cert.self-signed", .also = "cert.unknown-issuer",
             .pattern = "self[- _]?signed|depth_zero", .provider = "OpenSSL, Node, GnuTLS",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "cert.chain-incomplete", .also = "cert.unknown-issuer",
             .pattern = "unable to (get local issuer|verify the first) certificate|unable_to_(get_issuer|"
                        "verify_leaf)|(missing|incomplete) (intermediate|chain)|unable to find valid "
                        "certification path|unable_to_get_issuer_cert", .provider = "OpenSSL, Node, Java",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "cert.unknown-issuer", .also = "cert.chain-incomplete cert.self-signed",
             .pattern = "unknown[_ ]?(ca|issuer|authority)|issuer (is |of .{0,40})?(unknown|not (known|"
                        "trusted))|not (issued|signed) by a trusted|(not|un) ?trusted (root|issuer|ca|cert)|"
                        "trust anchor|sec_error_(unknown|untrusted)|signed by unknown authority|authority "
                        "(that )?(is )?(invalid|not trusted)",
             .provider = "OpenSSL, GnuTLS, NSS, Go, Java, TLS alert", .source = "RFC 8446 section 6.2"),
        RULE(.id = "cert.weak",
             .pattern = "signature algorithm .{0,20}(weak|insecure|disabled)|insecure algorithm|"
                        "sec_error_cert_signature_algorithm", .provider = "GnuTLS, NSS",
             .source = "NSS errors, shown by Thunderbird and Firefox"),

        /* ---- the rest of a handshake ---- */

        RULE(.id = "tls.broken-record",
             .pattern = "bad[_ ]record[_ ]mac|decrypt(ion)?[_ ](error|failed)|bad decrypt",
             .provider = "OpenSSL, TLS alert", .source = "RFC 8446 section 6.2"),
        RULE(.id = "tls.truncated", .also = "tls.closed",
             .pattern = "(not|non|im|was)[- ]?properly terminated|without (a )?close_notify|unexpected eof "
                        "while reading", .provider = "GnuTLS, OpenSSL",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "tls.closed", .also = "port.other-protocol tls.no-common-cipher",
             .pattern = "(connection|socket|remote host|server|peer) (was |has )?(closed|reset|terminated|"
                        "disconnected) .{0,30}handshake|handshake .{0,40}(closed|reset|terminated|eof)|"
                        "ssl_error_syscall", .provider = "OpenSSL, Java, curl",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
};

const ExplainRules explain_tls = { tls, sizeof(tls) / sizeof(tls[0]) };
