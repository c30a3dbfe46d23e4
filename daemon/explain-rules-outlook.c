/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Codes that Outlook, Windows Mail and Schannel show in place of words.
 */

#include "explain-rules.h"

#define OUTLOOK(hex, finding, alike)                                                                    \
        { .id = (finding), .also = (alike), .pattern = "\\b(0x)?" hex "\\b",               \
          .provider = "Outlook, Windows Mail",                                                         \
          .source = "imnxport.h and mapicode.h of the Windows SDK", .date = "2026-11" }
#define SCHANNEL(hex, finding, alike)                                                                   \
        { .id = (finding), .also = (alike), .pattern = "\\b(0x)?" hex "\\b",               \
          .provider = "Windows",                                                                       \
          .source = "winerror.h and wininet.h of the Windows SDK", .date = "2026-11" }

static const MdReplyRule outlook[] = {
        OUTLOOK("800ccc01", "cert.refused", "cert.unknown-issuer cert.self-signed"),
        OUTLOOK("800ccc02", "cert.expired", "cert.not-yet-valid local.clock-wrong"),
        OUTLOOK("800ccc03", "mailbox.in-use", "server.too-many-connections"),
        OUTLOOK("800ccc05", "tcp.timeout", "tcp.refused net.no-route"),
        OUTLOOK("800ccc0a", "protocol.closed", "protocol.timeout"),
        OUTLOOK("800ccc0b", "server.temporarily-unavailable", "tcp.refused"),
        OUTLOOK("800ccc0d", "dns.no-such-name", "dns.timeout"),
        OUTLOOK("800ccc0e", "tcp.refused", "tcp.timeout dns.no-such-name port.expects-implicit-tls"),
        OUTLOOK("800ccc0f", "protocol.closed", "greeting.closed protocol.reset-mid-reply"),
        OUTLOOK("800ccc10", "smtp.recipient-refused", NULL),
        OUTLOOK("800ccc11", "smtp.recipient-refused", NULL),
        OUTLOOK("800ccc12", "tcp.timeout", "net.no-route"),
        OUTLOOK("800ccc13", "protocol.closed", "tcp.timeout"),
        OUTLOOK("800ccc14", "net.no-route", NULL),
        OUTLOOK("800ccc15", "net.no-route", "tcp.timeout"),
        OUTLOOK("800ccc16", "auth.rejected", "auth.username-form"),
        OUTLOOK("800ccc18", "auth.no-common-mechanism", "auth.rejected"),
        OUTLOOK("800ccc19", "protocol.timeout", "port.expects-implicit-tls tcp.timeout"),
        OUTLOOK("800ccc1a", "port.expects-starttls", "tls.no-common-cipher cert.refused"),
        OUTLOOK("800ccc60", "smtp.message-refused", "smtp.temporarily-refused"),
        OUTLOOK("800ccc61", "protocol.bad-reply", NULL),
        OUTLOOK("800ccc6[2-5]", "protocol.client-fault", "smtp.auth-required port.other-protocol"),
        OUTLOOK("800ccc66", "protocol.command-unknown", "auth.no-common-mechanism"),
        OUTLOOK("800ccc67", "server.temporarily-unavailable", "server.too-many-connections"),
        OUTLOOK("800ccc68", "smtp.temporarily-refused", "mailbox.in-use"),
        OUTLOOK("800ccc69", "smtp.recipient-refused", "smtp.auth-required smtp.relay-denied"),
        OUTLOOK("800ccc6a", "server.fault", "smtp.temporarily-refused"),
        OUTLOOK("800ccc6b", "smtp.relay-denied", "smtp.auth-required"),
        OUTLOOK("800ccc6c", "server.fault", "smtp.temporarily-refused"),
        OUTLOOK("800ccc6d", "mailbox.full", "smtp.message-too-large"),
        OUTLOOK("800ccc6e", "smtp.sender-malformed", "smtp.recipient-refused"),
        OUTLOOK("800ccc6f", "smtp.message-refused", "smtp.client-blocked smtp.auth-required"),
        OUTLOOK("800ccc78", "smtp.sender-refused", "smtp.auth-required"),
        OUTLOOK("800ccc79", "smtp.recipient-refused", "smtp.auth-required smtp.relay-denied"),
        OUTLOOK("800ccc7a", "smtp.sender-malformed", NULL),
        OUTLOOK("800ccc7b", "smtp.recipient-refused", NULL),
        OUTLOOK("800ccc7c", "auth.encryption-required", NULL),
        OUTLOOK("800ccc7d", "tls.starttls-missing", "port.expects-implicit-tls"),
        OUTLOOK("800ccc7e", "tls.starttls-refused", NULL),
        OUTLOOK("800ccc80", "auth.not-offered", "auth.no-common-mechanism"),
        OUTLOOK("800ccc90", "auth.rejected", "mailbox.not-available server.fault"),
        OUTLOOK("800ccc91", "auth.username-form", "auth.rejected auth.access-disabled"),
        OUTLOOK("800ccc92", "auth.rejected", MD_REPLY_LOGIN_ALIKE),
        OUTLOOK("800cccd1", "auth.rejected", MD_REPLY_LOGIN_ALIKE),
        OUTLOOK("800cccd2", "mailbox.not-available", "auth.rejected"),
        OUTLOOK("800cccd3", "protocol.bad-reply", "mailbox.not-available"),
        OUTLOOK("800cccd4", "protocol.client-fault", "port.other-protocol"),
        OUTLOOK("800cccd5", "port.other-protocol", "port.expects-implicit-tls"),
        OUTLOOK("800cccd6", "protocol.line-too-long", NULL),
        OUTLOOK("800cccd[78]", "protocol.closed", "protocol.reset-mid-reply"),
        OUTLOOK("800cccd9", "tcp.refused", NULL),
        OUTLOOK("800cccda", "protocol.bad-reply", "port.other-protocol"),
        OUTLOOK("800cccdd", "server.closed-session", "server.too-many-connections protocol.closed"),
        OUTLOOK("80042108", "tcp.refused", "tcp.timeout dns.no-such-name port.expects-implicit-tls"),
        OUTLOOK("80042109", "tcp.refused", "tcp.timeout dns.no-such-name port.expects-implicit-tls"),
        OUTLOOK("8004210[ab]", "tcp.timeout", "port.expects-implicit-tls protocol.timeout"),
        OUTLOOK("80040119", "server.fault", "mailbox.full"),
        OUTLOOK("800408fc", "tcp.timeout", "net.no-route dns.no-such-name"),
        SCHANNEL("80090308", "port.expects-starttls", "tls.broken-record"),
        SCHANNEL("80090326", "tls.no-common-cipher", "tls.version-too-old port.expects-starttls"),
        SCHANNEL("80090331", "tls.no-common-cipher", "tls.version-too-old"),
        SCHANNEL("80090325", "cert.unknown-issuer", "cert.self-signed cert.chain-incomplete"),
        SCHANNEL("80090328", "cert.expired", "local.clock-wrong"),
        SCHANNEL("80090322", "cert.wrong-host", NULL),
        SCHANNEL("80090302", "tls.no-common-cipher", "tls.version-too-old"),
        SCHANNEL("800b0109", "cert.unknown-issuer", "cert.self-signed"),
        SCHANNEL("800b010a", "cert.chain-incomplete", "cert.unknown-issuer"),
        SCHANNEL("800b010f", "cert.wrong-host", NULL),
        SCHANNEL("80072ee7", "dns.no-such-name", "dns.timeout"),
        SCHANNEL("80072ee2", "tcp.timeout", "port.expects-implicit-tls"),
        SCHANNEL("80072efd", "tcp.refused", "tcp.timeout"),
        SCHANNEL("80072efe", "protocol.closed", "greeting.closed"),
        SCHANNEL("80072f05", "cert.expired", "local.clock-wrong"),
        SCHANNEL("80072f06", "cert.wrong-host", NULL),
        SCHANNEL("80072f0d", "cert.unknown-issuer", "cert.self-signed"),
        SCHANNEL("80072f8f", "local.clock-wrong", "cert.expired cert.refused"),
        SCHANNEL("800b0101", "cert.expired", "cert.not-yet-valid local.clock-wrong"),
};

const ExplainRules explain_outlook = { outlook, sizeof(outlook) / sizeof(outlook[0]) };
