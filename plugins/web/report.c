/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <stdio.h>
#include <string.h>

#include "page.h"
#include "report.h"

/* What an outcome is for the list of sources, and which finding.  `detail` NULL: what the request says. */
static const struct {
        MdSourceOutcome source;
        const char *detail;
        const char *finding;
        bool network;                   /* nobody was reached */
} outcomes[] = {
        [WEB_ABSENT] = { MD_SOURCE_NOTHING, NULL, NULL, false },
        [WEB_NO_HOST] = { MD_SOURCE_NOTHING, N_("there is no such host"), NULL, false },
        [WEB_LOCAL_HOST] = { MD_SOURCE_FAILED, N_("its name leads to this computer"), NULL, false },
        [WEB_NO_NAMES] = { MD_SOURCE_FAILED, N_("no name server tells"), NULL, true },
        [WEB_UNREACHABLE] = { MD_SOURCE_FAILED, NULL, NULL, true },
        [WEB_TIMEOUT] = { MD_SOURCE_FAILED, N_("no answer in time"), NULL, true },
        [WEB_NO_TLS] = { MD_SOURCE_FAILED, N_("no TLS"), NULL, false },
        [WEB_BAD_CERTIFICATE] = { MD_SOURCE_FAILED, NULL, "autoconf.bad-certificate", false },
        [WEB_BAD_REDIRECT] = { MD_SOURCE_FAILED, NULL, "autoconf.bad-redirect", false },
        [WEB_TOO_LARGE] = { MD_SOURCE_FAILED, N_("too large"), "autoconf.too-large", false },
        [WEB_LOGIN] = { MD_SOURCE_FAILED, N_("it wants a login"), "autoconf.login-demanded", false },
        [WEB_PORTAL] = { MD_SOURCE_FAILED, N_("the network wants a login"), "net.captive-portal", false },
        [WEB_PROXY_FAILED] = { MD_SOURCE_FAILED, NULL, "net.proxy-failed", false },
        [WEB_BROKEN] = { MD_SOURCE_FAILED, NULL, NULL, false },
};

const char *web_origin(const WebRequest *request) {
        return request->final ? request->final : request->url;
}

static void tell_source(MdProbe *probe, const WebRequest *request, MdSourceOutcome outcome, const char *detail) {
        MdAssurance assurance = outcome == MD_SOURCE_FAILED || request->status == 0 ? MD_ASSURANCE_NONE : MD_ASSURANCE_HTTPS;
        md_source(probe, web_origin(request), outcome, assurance, detail);
}

/* The first line of a document that has something on it. */
static void print_line(const WebRequest *request, char *text, size_t size) {
        const char *line = request->body ? request->body : "";

        line += strspn(line, " \t\r\n");
        snprintf(text, size, "%.*s", (int) strcspn(line, "\r\n"), line);
}

/* The host of an URL. */
static void print_host(const char *url, char *text, size_t size) {
        const char *host = strstr(url, "//");
        host = host ? host + 2 : url;
        snprintf(text, size, "%.*s", (int) strcspn(host, "/?"), host);
}

/* `evidence` NULL: what the request says of it. */
static void find(MdProbe *probe, const WebRequest *request, const char *id, const char *evidence) {
        char host[256];
        const char *where = request->detail;

        if (request->outcome == WEB_BAD_CERTIFICATE) {
                print_host(web_origin(request), host, sizeof(host));
                where = host;
        }
        md_find(probe, id, evidence ? evidence : request->detail, MD_TEXT("origin", web_origin(request)),
                MD_TEXT("where", where), MD_TEXT("reason", request->detail), MD_TEXT("proxy", md_probe_proxy(probe)));
}

static bool report_page(MdProbe *probe, const WebRequest *request, bool portal) {
        char line[128];

        print_line(request, line, sizeof(line));
        tell_source(probe, request, portal ? MD_SOURCE_FAILED : MD_SOURCE_NOTHING,
                    portal ? "a page of the network" : "a web page");
        find(probe, request, portal ? "net.captive-portal" : "autoconf.web-page", line);
        return false;
}

bool web_report(MdProbe *probe, const WebRequest *request) {
        if (request->outcome == WEB_FETCHED) {
                WebPage page = web_page(request->body ? request->body : "", request->size);
                return page == WEB_PAGE_NONE || report_page(probe, request, page == WEB_PAGE_PORTAL);
        }
        const char *detail = outcomes[request->outcome].detail;
        tell_source(probe, request, outcomes[request->outcome].source, detail ? detail : request->detail);
        if (request->sure && request->outcome == WEB_BAD_CERTIFICATE)
                find(probe, request, "autoconf.intercepted", NULL);
        else if (outcomes[request->outcome].finding)
                find(probe, request, outcomes[request->outcome].finding, NULL);
        return false;
}

void web_report_read(MdProbe *probe, const WebRequest *request, bool found) {
        tell_source(probe, request, found ? MD_SOURCE_FOUND : MD_SOURCE_NOTHING, NULL);
}

void web_report_fault(MdProbe *probe, const WebRequest *request, const char *id, const char *what, unsigned long line) {
        char text[256];

        snprintf(text, sizeof(text), line > 0 ? "%s (line %lu)" : "%s", what, line);
        tell_source(probe, request, MD_SOURCE_FAILED, text);
        md_find(probe, id, text, MD_TEXT("origin", web_origin(request)), MD_TEXT("what", text));
}

void web_report_network(MdProbe *probe, const WebRequest *requests, size_t n) {
        const WebRequest *failed = NULL;

        for (size_t i = 0; i < n; i++) {
                if (requests[i].outcome != WEB_NO_HOST && !outcomes[requests[i].outcome].network)
                        return;
                if (outcomes[requests[i].outcome].network && !failed)
                        failed = &requests[i];
        }
        if (!failed)
                return;
        const char *reason = outcomes[failed->outcome].detail ? outcomes[failed->outcome].detail : failed->detail;
        md_find(probe, "autoconf.unreachable", reason, MD_TEXT("reason", reason));
}
