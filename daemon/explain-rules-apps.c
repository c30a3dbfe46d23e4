/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What mail apps say, in English and Vietnamese.
 *
 * Accents are off in the text that these patterns see.  A pattern holds the words that carry the meaning,
 * since names stand in between and sentences change from version to version.
 */

#include "explain-rules.h"

#define RULE(...) { __VA_ARGS__, .date = "2026-11" }

#define REACH "tcp.timeout dns.no-such-name port.expects-implicit-tls"
#define CERTS "cert.expired cert.wrong-host cert.unknown-issuer cert.self-signed"

static const MdReplyRule apps[] = {
        /* ---- the login ---- */

        RULE(.id = "auth.kerberos", .also = "auth.no-common-mechanism",
             .pattern = "(kerberos|gssapi).{0,40}(not accepted|khong duoc|rejected|failed)|ticket was not "
                        "accepted", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "auth.encryption-required", .also = "auth.no-common-mechanism",
             .pattern = "does not allow plain-?text passwords|khong cho phep mat khau van ban",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "auth.no-common-mechanism", .also = "auth.not-offered",
             .pattern = "does not (seem to )?support (the selected|encrypted) (auth|pass)|authentication "
                        "methods? (\\S+ ){0,4}supported|khong ho tro (phuong thuc|mat khau)|phuong thuc xac "
                        "thuc khong|no (supported|suitable|compatible) auth|no auth\\w* mechanism",
             .provider = "Thunderbird, AOSP Email, mail libraries",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "auth.oauth-expired", .also = "auth.oauth-scope auth.oauth",
             .pattern = "authentication failure while connecting|xac thuc trong khi ket noi",
             .provider = "Thunderbird (only with OAuth2)",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "auth.username-form", .also = "auth.rejected",
             .pattern = "sending of user ?name did not succeed|that bai khi gui ten nguoi dung",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "auth.policy", .also = "auth.access-disabled",
             .pattern = "permission to sync|khong duoc phep dong bo|requires security features|yeu cau cac "
                        "tinh nang bao mat", .provider = "AOSP Email",
             .source = "Android Open Source Project, packages/apps/Email"),

        /* ---- the connection security ---- */

        RULE(.id = "tls.starttls-missing", .also = "security.starttls-masked port.expects-implicit-tls",
             .pattern = "advertise that feature|connection encryption type|khong su dung tinh nang do|(tls|"
                        "starttls) required but not|tls duoc yeu cau nhung|(server|host)\\b.{0,30}\\b(not|"
                        "n.t) support (tls|starttls|ssl)|(starttls|tls|ssl)( support)? (is )?(not "
                        "(supported|available|offered)|unsupported)|missing (this )?(server )?capability|"
                        "may chu khong co kha nang",
             .provider = "Thunderbird, AOSP Email, Thunderbird Android",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "tls.no-common-cipher", .also = "tls.version-too-old cert.refused",
             .pattern = "non-overridable tls error|loi tls khong the", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "tls.starttls-missing", .also = "tls.starttls-refused port.expects-starttls cert.refused",
             .pattern = "unable to establish (a )?(tls|secure)|khong the thiet lap (ket noi tls|lien ket an "
                        "toan)", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "tls.client-certificate-required",
             .pattern = "client certificate is required|can chung chi ung dung khach",
             .provider = "AOSP Email", .source = "Android Open Source Project, packages/apps/Email"),
        RULE(.id = "settings.bad-client-certificate",
             .pattern = "certificate is invalid or inaccessible|client certificate couldn.t|chung chi may "
                        "kha?(nh|ch) khong|chung chi khong hop le hoac",
             .provider = "AOSP Email, Thunderbird Android",
             .source = "Android Open Source Project, packages/apps/Email"),

        /* ---- sending ---- */

        RULE(.id = "smtp.too-many-recipients",
             .pattern = "exceeding the allowed number of recipients|vuot qua so luong nguoi nhan",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "smtp.message-too-large",
             .pattern = "exceeds the global size limit|vuot qua gioi han kich thuoc",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "smtp.auth-required", .also = "smtp.relay-denied",
             .pattern = "does not allow relaying|may chu .{0,20}yeu cau xac thuc", .provider = "Apple Mail",
             .source = "Apple Mail"),
        RULE(.id = "dns.no-such-name", .also = "dns.timeout",
             .pattern = "server .{0,80}is unknown|may chu .{0,80}khong xac dinh", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),

        /* ---- servers and connections ---- */

        RULE(.id = "imap.alert", .pattern = "^alert (for|from) account|^thong bao (cho|tu) tai khoan",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "server.too-many-connections", .also = "tcp.refused protocol.closed",
             .pattern = "exceeded the maximum number of connections|vuot qua so luong ket noi|unable to "
                        "connect to .{0,80}try again later", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "pop3.no-uidl", .pattern = "not support uidl|khong ho tro uidl", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "protocol.command-unknown", .also = "pop3.no-uidl",
             .pattern = "not support the top command|khong ho tro lenh top", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "server.temporarily-unavailable", .also = "mailbox.in-use",
             .pattern = "^temporary error from|^loi tam thoi", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "mailbox.in-use", .pattern = "account .{0,80}is being processed|dang duoc xu ly",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "protocol.client-fault",
             .pattern = "internal state error|unexpected error in the application", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "protocol.reset-mid-reply", .also = "greeting.reset",
             .pattern = "ket noi .{0,80}da duoc dat lai", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "protocol.closed", .also = "greeting.closed",
             .pattern = "(ket noi .{0,80}|bi )(gian doan|mat khi)", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "tcp.timeout", .also = "port.expects-implicit-tls", .pattern = "het thoi gian",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "tcp.refused",
             .pattern = "connection .{0,20}was refused|ket noi .{0,20}bi tu choi|refusing smtp connections|"
                        "tu choi ket noi", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "dns.no-such-name", .also = "tcp.timeout tcp.refused port.expects-implicit-tls",
             .pattern = "^failed to connect to server|^khong the ket noi voi may chu \\S+\\.$",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "port.other-protocol", .also = "dns.no-such-name",
             .pattern = "typed an incorrect server address|nhap dia chi may chu khong chinh xac",
             .provider = "AOSP Email", .source = "Android Open Source Project, packages/apps/Email"),

        /* ---- the settings themselves ---- */

        RULE(.id = "settings.bad-host",
             .pattern = "invalid ip or host|(ip|ten may chu) .{0,20}khong hop le|invalid (host ?name|server "
                        "(name|address))", .provider = "Thunderbird Android",
             .source = "https://github.com/thunderbird/thunderbird-android"),
        RULE(.id = "settings.incomplete",
             .pattern = "(server( name)?|port|user ?name|password|prefix)\\b.{0,12} (is required|must|can.t "
                        "be blank|is invalid)|(ten may chu|cong|ten nguoi dung|mat khau|tien to)\\b.{0,12} "
                        "(la bat buoc|khong hop le|khong duoc de trong)|not supplied a user ?name|chua cung "
                        "cap ten", .provider = "Thunderbird, Thunderbird Android",
             .source = "https://github.com/thunderbird/thunderbird-android"),
};

const ExplainRules explain_apps = { apps, sizeof(apps) / sizeof(apps[0]) };

/* Words that say little: they count when those of a server say nothing. */
static const MdReplyRule vague[] = {
        RULE(.id = "auth.rejected", .also = MD_REPLY_LOGIN_ALIKE,
             .pattern = "login to (server|account) .{0,80}failed|(unable to|could not|cannot|can.t|failed "
                        "to) (log ?in|authenticate)|authori[sz]ation (failed|failure)|authentication (error|"
                        "failed!?)$|(user ?name|password)s?\\b.{0,30}\\b(incorrect|wrong|invalid)|check "
                        "your user ?name and password|confirm user ?name, password",
             .provider = "Thunderbird, Thunderbird Android, AOSP Email, Apple Mail",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "auth.rejected", .also = MD_REPLY_LOGIN_ALIKE,
             .pattern = "khong the (dang nhap|xac thuc)|xac thuc (khong thanh cong|that bai)|^loi xac thuc|"
                        "ten nguoi dung hoac mat khau|sai (ten dang nhap|mat khau)|dang nhap (that bai|"
                        "khong thanh cong)|(kiem tra|xac nhan) ten nguoi dung",
             .provider = "Thunderbird, Thunderbird Android, AOSP Email",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "cert.refused", .also = CERTS,
             .pattern = "certificate error|loi chung chi|can.t safely connect|khong the ket noi an toan|"
                        "potential security threat|lo hong bao mat|verify the identity|verify server "
                        "identity|security error|loi bao mat|security exception|cannot verify the server|"
                        "xac minh danh tinh", .provider = "Thunderbird Android, AOSP Email, Apple Mail",
             .source = "https://github.com/thunderbird/thunderbird-android"),
        RULE(.id = "tcp.refused", .also = REACH,
             .pattern = "(can.t|cannot|couldn.t|could not|unable to|failed to) (open (a )?connection|"
                        "connect|be contacted|contact)\\b|connection to the server failed|khong the (mo "
                        ")?ket noi|network error|^loi mang",
             .provider = "AOSP Email, Thunderbird Android, Apple Mail",
             .source = "Android Open Source Project, packages/apps/Email"),
        RULE(.id = "server.fault", .also = "server.temporarily-unavailable mailbox.not-available",
             .pattern = "^server error|^loi may chu|error occurred with the pop3|loi voi may chu thu pop3|"
                        "server responded with an error|responded with an error|phan hoi voi loi|tra ve loi",
             .provider = "Thunderbird, Thunderbird Android",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "cert.refused",
             .also = "cert.wrong-host cert.expired cert.unknown-issuer cert.chain-incomplete "
                     "cert.self-signed",
             .pattern = "certificate verif(y|ication) (failed|error)|verify failed|certificate[_ ]?(unknown|"
                        "invalid)|bad[_ ]certificate|unsupported[_ ]certificate|invalid (peer |server "
                        ")?certificate|certificate (could not|cannot) be verified|peer certificate|"
                        "certificate (is )?not (trusted|valid)|certificate .{0,20}rejected|certificate "
                        "(\\S+ ){0,5}(is )?(invalid|not valid)|certificate has an invalid",
             .provider = "OpenSSL, GnuTLS, Python, TLS alert",
             .source = "OpenSSL ssl/ssl_err.c, crypto/x509/x509_txt.c"),
        RULE(.id = "tls.refused", .also = "tls.no-common-cipher",
             .pattern = "tls(v1)? alert|ssl alert|alert (number|received|internal)|\\b(access_denied|"
                        "internal_error|decode_error|illegal_parameter|missing_extension|user_canceled|"
                        "unsupported_extension)\\b|handshake (failed|error)|ssl handshake",
             .provider = "TLS alert, any library", .source = "RFC 8446 section 6.2"),
};

const ExplainRules explain_vague = { vague, sizeof(vague) / sizeof(vague[0]) };

static const MdReplyRule frames[] = {
        RULE(.id = "smtp.sender-refused", .also = "smtp.auth-required smtp.client-blocked",
             .pattern = "(mail server responded|may chu thu da phan hoi).{0,200}(email address is correct|"
                        "dia chi email cua ban la chinh xac)", .provider = "Thunderbird, after MAIL",
             .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "smtp.recipient-refused", .also = "smtp.auth-required smtp.relay-denied",
             .pattern = "check the message recipient|kiem tra nguoi nhan",
             .provider = "Thunderbird, after RCPT", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "smtp.message-refused", .also = "smtp.sender-refused smtp.sending-limit",
             .pattern = "check the message and try again|kiem tra thu va thu lai",
             .provider = "Thunderbird, after DATA", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "smtp.message-refused", .also = "smtp.auth-required smtp.sender-refused",
             .pattern = "outgoing server \\(smtp\\)( \\S+)? error|loi (o )?may chu gui thu",
             .provider = "Thunderbird", .source = "Thunderbird, comm-central/mail/locales"),
        RULE(.id = "mailbox.not-available", .also = "mailbox.in-use mailbox.full",
             .pattern = "(command|operation) (on .{0,80} )?did not succeed|(lenh|hoat dong) .{0,80}(da "
                        ")?khong thanh cong", .provider = "Thunderbird",
             .source = "Thunderbird, comm-central/mail/locales"),
};

const ExplainRules explain_frames = { frames, sizeof(frames) / sizeof(frames[0]) };
