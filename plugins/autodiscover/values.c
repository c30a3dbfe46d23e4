/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "values.h"

const char *autodiscover_protocol(const char *type) {
        static const char *const protocols[] = { "imap", "pop3", "smtp" };

        for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
                if (!strcasecmp(protocols[i], type))
                        return protocols[i];
        return NULL;
}

unsigned autodiscover_port(const char *text) {
        size_t length = strlen(text);

        if (length == 0 || length > 5 || strspn(text, "0123456789") != length)
                return 0;
        unsigned long port = strtoul(text, NULL, 10);
        return port <= UINT16_MAX ? (unsigned) port : 0;
}

static MdSecurity security_of_port(unsigned port) {
        return port == 25 || port == 110 || port == 143 || port == 587 ? MD_SECURITY_STARTTLS : MD_SECURITY_TLS;
}

static bool is_tls_port(unsigned port) {
        return port == 465 || port == 993 || port == 995;
}

MdSecurity autodiscover_security(const AutodiscoverProtocol *protocol, unsigned port) {
        const char *encryption = protocol->encryption, *ssl = protocol->ssl;

        if (encryption && !strcasecmp(encryption, "SSL"))
                return MD_SECURITY_TLS;
        if (encryption && !strcasecmp(encryption, "TLS"))
                return is_tls_port(port) ? MD_SECURITY_TLS : MD_SECURITY_STARTTLS;
        if (encryption && !strcasecmp(encryption, "None"))
                return MD_SECURITY_NONE;
        if (!encryption && ssl && !strcasecmp(ssl, "off"))
                return MD_SECURITY_NONE;
        return security_of_port(port);
}

bool autodiscover_is_microsoft(const char *host) {
        static const char *const domains[] = {
                "outlook.com", "office365.com", "office.com", "office365.us", "outlook.de", "outlook.cn", "cloud.microsoft",
        };
        size_t length = strlen(host);

        for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
                size_t n = strlen(domains[i]);
                if (length >= n && !strcasecmp(host + length - n, domains[i]) &&
                    (length == n || host[length - n - 1] == '.'))
                        return true;
        }
        return false;
}
