/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a document offers becomes candidates; what cannot be meant is said. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "autoconfig.h"

#define PROTOCOLS 3u

static const struct {
        const char *type, *label;
        bool outgoing;
} protocols[PROTOCOLS] = {
        { "imap", "IMAP", false },
        { "pop3", "POP3", false },
        { "smtp", "SMTP", true },
};

static size_t protocol_of(const AutoconfigServer *server) {
        size_t i = 0;

        while (i < PROTOCOLS && (!server->type || strcasecmp(server->type, protocols[i].type) ||
                                 server->outgoing != protocols[i].outgoing))
                i++;
        return i;
}

/* ---- values ---- */

static void find_bad(const AutoconfigReport *report, const char *part, const char *value) {
        md_find(report->probe, "autoconf.bad-value", value, MD_TEXT("part", part), MD_TEXT("found", value ? value : ""),
                MD_TEXT("origin", report->origin));
}

/* Digits only; 0 for anything else, which no port is. */
static uint32_t port_of(const char *text) {
        size_t length = text ? strlen(text) : 0;
        bool good = length > 0 && length <= 5 && strspn(text, "0123456789") == length;
        return good ? (uint32_t) strtoul(text, NULL, 10) : 0;
}

/* A new string for a value that can be used; NULL with `ret_asks` for one that the person has to complete, else what is wrong is
 * said. */
static char *fill(const AutoconfigReport *report, const char *part, const char *value, bool *ret_asks) {
        const AutoconfigPerson person = {
                .address = md_probe_address(report->probe),
                .local_part = md_probe_local_part(report->probe),
                .domain = md_probe_domain_text(report->probe),
        };
        char *text = NULL;

        int r = autoconfig_expand(report->document, &person, value, &text);
        *ret_asks = r == AUTOCONFIG_ASKS;
        if (r == AUTOCONFIG_BAD || r == AUTOCONFIG_TOO_LONG)
                find_bad(report, part, value);
        return text;
}

static void take_auths(const AutoconfigServer *server, const char *ret[static AUTOCONFIG_AUTHS_MAX + 1]) {
        size_t n = 0;

        for (size_t i = 0; i < server->n_auths; i++) {
                const char *word = autoconfig_auth(server->auths[i]);
                bool known = !word;
                for (size_t j = 0; j < n; j++)
                        known = known || !strcmp(ret[j], word);
                if (!known)
                        ret[n++] = word;
        }
        ret[n] = NULL;
}

/* ---- servers ---- */

/* `username` is the value of the document, filled in or NULL; `asks`: the person has to complete it. */
static bool hand_out(const AutoconfigReport *report, const AutoconfigServer *server, size_t index, const char *host,
                     const char *username, bool asks) {
        const char *auth[AUTOCONFIG_AUTHS_MAX + 1];
        int security = server->socket_type ? autoconfig_security(server->socket_type) : -1;
        uint32_t port = port_of(server->port);

        if (security < 0 || port == 0) {
                find_bad(report, security < 0 ? "security" : "port", security < 0 ? server->socket_type : server->port);
                return false;
        }
        take_auths(server, auth);
        const MdCandidate candidate = {
                .protocol = protocols[protocol_of(server)].type,
                .host = host,
                .port = port,
                .security = (MdSecurity) security,
                .username_form = asks ? MD_USERNAME_OTHER : username ? autoconfig_username_form(server->username) :
                                 MD_USERNAME_UNKNOWN,
                .username = username,
                .auth = auth[0] ? auth : NULL,
                .origin = report->origin,
                .assurance = report->assurance,
                .priority = (uint32_t) index,
        };
        return md_candidate(report->probe, &candidate);
}

static bool report_server(const AutoconfigReport *report, const AutoconfigServer *server, size_t index) {
        bool asks = false, host_asks = false;
        char *username = server->username ? fill(report, "username", server->username, &asks) : NULL;
        char *host = fill(report, "host", server->hostname ? server->hostname : "", &host_asks);
        bool good = host && (username || asks || !server->username);

        if (host_asks)
                find_bad(report, "host", server->hostname);
        good = good && hand_out(report, server, index, host, username, asks);
        free(username);
        free(host);
        return good;
}

static void report_servers(const AutoconfigReport *report) {
        const AutoconfigDocument *document = report->document;
        bool clear[PROTOCOLS] = { false }, encrypted[PROTOCOLS] = { false };

        for (size_t i = 0; i < document->n_servers; i++) {
                const AutoconfigServer *server = &document->servers[i];
                size_t protocol = protocol_of(server);
                if (protocol == PROTOCOLS || !report_server(report, server, i))
                        continue;
                bool is_clear = autoconfig_security(server->socket_type) == MD_SECURITY_NONE;
                *(is_clear ? &clear[protocol] : &encrypted[protocol]) = true;
        }
        for (size_t i = 0; i < PROTOCOLS; i++)
                if (clear[i] && !encrypted[i])
                        md_find(report->probe, "autoconf.insecure-only", report->origin, MD_TEXT("origin", report->origin),
                                MD_TEXT("protocol", protocols[i].label));
        if (document->n_servers_seen > document->n_servers)
                md_find(report->probe, "autoconf.too-many", report->origin, MD_TEXT("origin", report->origin),
                        MD_NUMBER("most", AUTOCONFIG_SERVERS_MAX));
}

/* ---- the rest ---- */

static bool is_page(const char *url) {
        return url && (!strncmp(url, "https://", 8) || !strncmp(url, "http://", 7));
}

static void report_enables(const AutoconfigReport *report) {
        for (size_t i = 0; i < report->document->n_enables; i++) {
                const AutoconfigPage *page = &report->document->enables[i];
                const MdPrecondition precondition = {
                        .kind = MD_PRECONDITION_SERVICE_OFF,
                        .text = page->text,
                        .url = page->url,
                        .origin = report->origin,
                };
                if (page->url && !is_page(page->url))
                        find_bad(report, "page", page->url);
                md_precondition(report->probe, &precondition);
        }
}

static void report_documentation(const AutoconfigReport *report) {
        const char *urls[AUTOCONFIG_PAGES_MAX + 1];
        size_t n = 0;

        for (size_t i = 0; i < report->document->n_documentation; i++) {
                const char *url = report->document->documentation[i].url;
                if (is_page(url))
                        urls[n++] = url;
                else if (url)
                        find_bad(report, "page", url);
        }
        urls[n] = NULL;
        if (n > 0)
                md_observe(report->probe, "fact", MD_TEXT("name", "documentation"), MD_LIST("value", urls));
}

/* What the person is asked for in place of a user name that could be made from the address. */
static void report_questions(const AutoconfigReport *report) {
        for (size_t i = 0; i < report->document->n_servers; i++) {
                const char *username = report->document->servers[i].username;
                const char *label = username ? autoconfig_asks_for(report->document, username) : NULL;
                if (label) {
                        md_fact(report->probe, "username-is", label);
                        return;
                }
        }
}

void autoconfig_report(const AutoconfigReport *report) {
        md_fact(report->probe, "provider-name", report->document->display_name);
        md_fact(report->probe, "oauth-issuer", report->document->oauth_issuer);
        report_servers(report);
        report_enables(report);
        report_documentation(report);
        report_questions(report);
}
