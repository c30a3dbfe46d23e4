/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What operating systems and libraries say about names and connections.
 */

#include "explain-rules.h"

#define RULE(...) { __VA_ARGS__, .date = "2026-11" }

static const MdReplyRule network[] = {
        /* ---- names ---- */

        RULE(.id = "dns.timeout", .also = "dns.server-failure",
             .pattern = "temporary failure in name resolution|eai_again|(dns|resolver|name "
                        "server)\\b.{0,20}(timed? ?out|timeout|not respond)|no[- ]?name[- ]?servers",
             .provider = "C library, Node", .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "dns.server-failure", .also = "dns.timeout",
             .pattern = "servfail|non-recoverable failure in name resolution|eai_fail\\b",
             .provider = "C library", .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "dns.no-address", .also = "dns.no-such-name",
             .pattern = "no address associated|eai_nodata|no data record", .provider = "C library",
             .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "dns.no-such-name", .also = "dns.timeout",
             .pattern = "name or service not known|nodename nor servname|nxdomain|enotfound|eai_noname|"
                        "unknown ?host|no such host|khong tim thay (may chu|ten mien)|ten may chu khong "
                        "(dung|ton tai|chinh xac)|(host|server|name)( name)? (\\S+ )?(could not be|cannot "
                        "be|was not|is not|not|unable to be) (found|resolved|located)|(could not|cannot|"
                        "can.t|unable to|failed to) (resolve|find|locate|look ?up) (the )?(host|server|name|"
                        "address)|name resolution (failed|error)|getaddrinfo",
             .provider = "C library, Node, curl, Java", .source = "errno(3), gai_strerror(3)"),

        /* ---- connections ---- */

        RULE(.id = "net.no-route", .also = "tcp.rejected-by-firewall net.ipv6-broken",
             .pattern = "network is (unreachable|down)|enetunreach|no route to host|ehostunreach|host is "
                        "(down|unreachable)|err_(internet_disconnected|network_changed|address_unreachable)|"
                        "not connected to the internet|no internet|offline|khong co (ket noi )?(mang|"
                        "internet)", .provider = "C library, Node", .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "tcp.rejected-by-firewall",
             .pattern = "administratively prohibited|permission denied.{0,30}connect|"
                        "connect\\w*.{0,30}permission denied|eacces", .provider = "C library",
             .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "tcp.refused",
             .pattern = "connection (was |has been )?(actively )?refused|econnrefused|actively refused|"
                        "refused (the |a |to allow a )?connection|connection rejected|10061\\b",
             .provider = "C library, Node, Windows", .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "protocol.reset-mid-reply", .also = "greeting.reset tls.closed",
             .pattern = "connection (\\S+ ){0,6}(was |has been )?reset|econnreset|reset by peer|10054\\b|"
                        "forcibly closed", .provider = "C library, Node, Windows",
             .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "protocol.closed", .also = "greeting.closed server.closed-session server.idle-timeout",
             .pattern = "connection (\\S+ ){0,6}(was |is )?(closed|lost|dropped|aborted|interrupted|broken)|"
                        "unexpected(ly)? (eof|closed|end of)|broken pipe|epipe|server (has )?(closed|"
                        "dropped|disconnected|terminated)|10053\\b", .provider = "C library, mail apps",
             .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "tcp.timeout",
             .also = "port.expects-implicit-tls tcp.rejected-by-firewall protocol.timeout",
             .pattern = "timed?[- ]?out|etimedout|time-?out|10060\\b|deadline exceeded|(server|"
                        "host)\\b.{0,60}\\bnot respond|did not respond|khong phan hoi",
             .provider = "C library, mail apps", .source = "errno(3), gai_strerror(3)"),
        RULE(.id = "local.clock-wrong", .also = "auth.oauth-expired",
             .pattern = "issued at time|(clock|time) (skew|differ)|minutes before or after the current time|"
                        "iat\\b.{0,20}future", .provider = "OAuth libraries",
             .source = "https://github.com/M66B/FairEmail FAQ 22"),
        RULE(.id = "port.http", .pattern = "\\bhttp/1\\.[01]\\b|captive portal|<html",
             .provider = "web servers", .source = "RFC 9112 section 4"),
        RULE(.id = "port.other-protocol", .also = "port.expects-implicit-tls",
             .pattern = "invalid greeting|not an? (imap4?(rev1)?|pop3?|smtp|mail) server|unexpected "
                        "(greeting|banner)|bad greeting|protocol error.{0,20}greeting",
             .provider = "mail libraries", .source = "Python imaplib, MailKit, mutt"),
        RULE(.id = "port.expects-implicit-tls", .also = "tcp.timeout",
             .pattern = "did not greet|no greeting|(waiting for|read\\w*) (the )?(greeting|banner)",
             .provider = "Postfix, mail libraries", .source = "swaks, MailKit"),
};

const ExplainRules explain_network = { network, sizeof(network) / sizeof(network[0]) };
