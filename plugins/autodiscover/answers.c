/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Answers become candidates and findings. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "autodiscover.h"

/* The same for all customers (support.microsoft.com, "POP, IMAP and SMTP settings"). */
static const struct {
        const char *protocol, *host;
        uint32_t port;
        MdSecurity security;
} microsoft_365[] = {
        { "imap", "outlook.office365.com", 993, MD_SECURITY_TLS      },
        { "pop3", "outlook.office365.com", 995, MD_SECURITY_TLS      },
        { "smtp", "smtp.office365.com",    587, MD_SECURITY_STARTTLS },
};

static void find_microsoft(MdProbe *probe, const char *found, const char *origin, MdAssurance assurance) {
        static const char *const auth[] = { "oauth2", NULL };

        md_find(probe, "autodiscover.microsoft-365", found, MD_TEXT("domain", md_probe_domain_text(probe)),
                MD_TEXT("found", found));
        md_provider(probe, "microsoft-365", "Microsoft 365", "host", found);
        for (size_t i = 0; i < sizeof(microsoft_365) / sizeof(microsoft_365[0]); i++) {
                const MdCandidate candidate = {
                        .protocol = microsoft_365[i].protocol,
                        .host = microsoft_365[i].host,
                        .port = microsoft_365[i].port,
                        .security = microsoft_365[i].security,
                        .username_form = MD_USERNAME_ADDRESS,
                        .auth = auth,
                        .origin = origin,
                        .assurance = assurance,
                };
                md_candidate(probe, &candidate);
        }
}

static void find_exchange(MdProbe *probe, const char *found) {
        md_find(probe, "autodiscover.exchange", found, MD_TEXT("domain", md_probe_domain_text(probe)),
                MD_TEXT("found", found));
}

void autodiscover_read_alias(MdProbe *probe, const DnsQuestion *question) {
        MdAssurance assurance = question->secure ? MD_ASSURANCE_DNSSEC : MD_ASSURANCE_NONE;
        const char *host = question->records.list[0].name;
        bool microsoft = autodiscover_is_microsoft(host);
        char origin[320];

        snprintf(origin, sizeof(origin), "CNAME %s", question->name);
        md_source(probe, origin, microsoft ? MD_SOURCE_FOUND : MD_SOURCE_NOTHING, assurance, host);
        if (microsoft)
                find_microsoft(probe, host, origin, assurance);
}

/* ---- XML ---- */

static bool is_on(const char *text) {
        return text && !strcasecmp(text, "on");
}

static void read_protocol(MdProbe *probe, const char *origin, const AutodiscoverProtocol *protocol, size_t index) {
        const char *word = protocol->type ? autodiscover_protocol(protocol->type) : NULL;
        const char *const auth[] = { is_on(protocol->spa) ? "ntlm" : "password", NULL };
        unsigned port = protocol->port ? autodiscover_port(protocol->port) : 0;

        if (!word)
                return;
        const MdCandidate candidate = {
                .protocol = word,
                .host = protocol->server,
                .port = port,
                .security = autodiscover_security(protocol, port),
                .username_form = MD_USERNAME_UNKNOWN,
                .username = protocol->login,
                .auth = is_on(protocol->auth_required) || is_on(protocol->spa) ? auth : NULL,
                .origin = origin,
                .assurance = MD_ASSURANCE_HTTPS,
                .priority = (uint32_t) index,
        };
        if (md_candidate(probe, &candidate) && candidate.security == MD_SECURITY_NONE)
                md_find(probe, "autoconf.insecure-only", origin, MD_TEXT("origin", origin), MD_TEXT("protocol", protocol->type));
}

static void read_settings(MdProbe *probe, const WebRequest *request, const AutodiscoverDocument *document) {
        for (size_t i = 0; i < document->n_protocols; i++)
                read_protocol(probe, web_origin(request), &document->protocols[i], i);
        if (document->n_protocols_seen > document->n_protocols)
                md_find(probe, "autoconf.too-many", web_origin(request), MD_TEXT("origin", web_origin(request)),
                        MD_NUMBER("most", AUTODISCOVER_PROTOCOLS_MAX));
        if (document->exchange)
                find_exchange(probe, web_origin(request));
        web_report_read(probe, request, document->n_protocols > 0 || document->exchange);
}

static int read_redirect(MdProbe *probe, const WebRequest *request, const AutodiscoverDocument *document, WebUrl *ret_next) {
        char where[256];

        int r = web_redirect(web_origin(request), document->redirect, ret_next);
        if (r < 0 || r == WEB_REDIRECT_FINE)
                return r < 0 ? r : 1;
        snprintf(where, sizeof(where), "to another site: %s", document->redirect);
        md_source(probe, web_origin(request), MD_SOURCE_FAILED, MD_ASSURANCE_HTTPS, where);
        md_find(probe, "autoconf.bad-redirect", document->redirect, MD_TEXT("origin", web_origin(request)), MD_TEXT("where", where));
        return 0;
}

static int read_document(MdProbe *probe, const WebRequest *request, const AutodiscoverDocument *document, WebUrl *ret_next) {
        char detail[256];

        if (document->redirect && document->action && !strcasecmp(document->action, "redirectUrl"))
                return read_redirect(probe, request, document, ret_next);
        if (document->error || document->redirect) {
                snprintf(detail, sizeof(detail), "%s %s", document->error ? "error" : "leads to",
                         document->error ? document->error : document->redirect);
                md_source(probe, web_origin(request), MD_SOURCE_NOTHING, MD_ASSURANCE_HTTPS, detail);
                return 0;
        }
        read_settings(probe, request, document);
        return 0;
}

int autodiscover_read_xml(MdProbe *probe, const WebRequest *request, WebUrl *ret_next) {
        AutodiscoverDocument document;
        XmlFault fault;

        int r = autodiscover_document_parse(request->body ? request->body : "", request->size, &document, &fault);
        if (r == 0)
                r = read_document(probe, request, &document, ret_next);
        else if (r == -EBADMSG)
                web_report_fault(probe, request, "autoconf.bad-xml", fault.what, fault.line);
        autodiscover_document_done(&document);
        return r == -EBADMSG ? 0 : r;
}

/* ---- version 2 ---- */

static void read_url(MdProbe *probe, const WebRequest *request, const char *text) {
        WebUrl url;

        if (web_url_parse(text, &url) < 0)
                return;
        if (autodiscover_is_microsoft(url.host))
                find_microsoft(probe, url.host, web_origin(request), MD_ASSURANCE_HTTPS);
        else
                find_exchange(probe, url.host);
        web_url_done(&url);
}

void autodiscover_read_json(MdProbe *probe, const WebRequest *request) {
        char *url, *error;
        JsonFault fault;

        int r = autodiscover_json_parse(request->body ? request->body : "", request->size, &url, &error, &fault);
        if (r == -EBADMSG)
                web_report_fault(probe, request, "autoconf.bad-json", fault.what, fault.line);
        else if (r == 0)
                md_source(probe, web_origin(request), url ? MD_SOURCE_FOUND : MD_SOURCE_NOTHING, MD_ASSURANCE_HTTPS,
                          url ? url : error);
        if (r == 0 && url)
                read_url(probe, request, url);
        free(url);
        free(error);
}
