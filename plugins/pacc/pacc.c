/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The pacc plugin: the configuration document of draft-ietf-mailmaint-pacc, which a digest in the domain name system vouches
 * for.  A document without one is shown as broken and its settings are not used, as the draft demands.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "document.h"
#include "report.h"
#include "url.h"

#define HOST "ua-auto-config"

static const MdFindingInfo findings[] = {
        {
                .id = "pacc.not-vouched", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_CONFIG,
                .title = N_("Nothing vouches for {origin}"),
                .meaning = N_("Apps compare the document with a digest that {name} publishes. {reason} They leave the document "
                        "aside, as it was left aside here."),
                .remedy = N_("Whoever runs the domain has to publish the digest again, of the document as it is served now."),
                .standard = "draft-ietf-mailmaint-pacc",
                .since = "0.1",
        },
        {
                .id = "pacc.oauth-only", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG,
                .title = N_("{domain} takes no password from mail apps"),
                .meaning = N_("Its servers let apps in only by a login with the browser (OAuth 2.0) at {issuer}."),
                .remedy = N_("Use an app that can log in with the browser."),
                .standard = "draft-ietf-mailmaint-pacc",
                .since = "0.1",
        },
};

/* ---- the digest ---- */

/* Whether one of the records vouches for the body; what is wrong otherwise. */
static bool is_vouched(const DnsRecords *records, const char *digest, const char **ret_why) {
        char published[PACC_DIGEST_SIZE];

        *ret_why = N_("There is none.");
        for (size_t i = 0; i < records->n; i++) {
                if (pacc_digest_parse(records->list[i].data, records->list[i].size, published) < 0)
                        continue;
                if (!strcmp(published, digest))
                        return true;
                *ret_why = N_("It is that of another document.");
        }
        return false;
}

/* Returns 1 when it is vouched for, 0 when not, -errno; what proves the record goes to `ret_assurance`. */
static int vouch(MdProbe *probe, const WebRequest *request, MdAssurance *ret_assurance) {
        char name[300], digest[MD_DIGEST_TEXT_SIZE];
        DnsQuestion question = { .name = name, .type = DNS_TXT };
        const char *why;
        Dns *dns;

        snprintf(name, sizeof(name), "_" HOST ".%s", md_probe_domain(probe));
        int r = md_digest_text(request->body, request->size, digest);
        if (r == 0)
                r = dns_new(probe, &dns);
        if (r < 0)
                return r;
        r = dns_ask(dns, &question, 1, 1);
        if (r == 0) {
                r = is_vouched(&question.records, digest, &why);
                *ret_assurance = question.secure ? MD_ASSURANCE_DNSSEC : MD_ASSURANCE_HTTPS;
                if (question.outcome == DNS_BOGUS)
                        md_find(probe, "dns.bogus", question.why, MD_TEXT("name", name));
                else if (r == 0)
                        md_find(probe, "pacc.not-vouched", why, MD_TEXT("origin", web_origin(request)), MD_TEXT("name", name),
                                MD_TEXT("reason", why));
        }
        dns_question_done(&question);
        dns_free(dns);
        return r;
}

/* ---- the document ---- */

/* Direct TLS at the port that belongs to it is all that the draft knows; the address is the user name. */
static const struct {
        const char *protocol;
        uint32_t port;
} services[_PACC_PROTOCOL_MAX] = {
        [PACC_IMAP] = { "imap", 993 },
        [PACC_POP3] = { "pop3", 995 },
        [PACC_SUBMIT] = { "smtp", 465 },
};

static void report(MdProbe *probe, const char *origin, MdAssurance assurance, const PaccDocument *document) {
        const char *auth[3] = { NULL };
        size_t n = 0;

        if (document->oauth_issuer)
                auth[n++] = "oauth2";
        if (document->password)
                auth[n++] = "password";
        for (size_t i = 0; i < _PACC_PROTOCOL_MAX; i++) {
                const MdCandidate candidate = {
                        .protocol = services[i].protocol,
                        .host = document->hosts[i],
                        .port = services[i].port,
                        .security = MD_SECURITY_TLS,
                        .username_form = MD_USERNAME_ADDRESS,
                        .auth = n > 0 ? auth : NULL,
                        .origin = origin,
                        .assurance = assurance,
                };
                if (document->hosts[i])
                        md_candidate(probe, &candidate);
        }
        if (document->oauth_issuer && !document->password)
                md_find(probe, "pacc.oauth-only", document->oauth_issuer, MD_TEXT("domain", md_probe_domain_text(probe)),
                        MD_TEXT("issuer", document->oauth_issuer));
        md_fact(probe, "provider-name", document->provider);
        md_fact(probe, "documentation", document->documentation);
}

static int read_document(MdProbe *probe, const WebRequest *request) {
        MdAssurance assurance;
        PaccDocument document;
        JsonFault fault;

        int r = pacc_document_parse(request->body ? request->body : "", request->size, &document, &fault);
        if (r < 0)
                web_report_fault(probe, request, "autoconf.bad-json", fault.what, fault.line);
        else
                r = vouch(probe, request, &assurance);
        if (r > 0)
                report(probe, web_origin(request), assurance, &document);
        if (r >= 0)
                web_report_read(probe, request, r > 0);
        pacc_document_done(&document);
        return 0;
}

static int step_document(MdProbe *probe, void *state) {
        char url[400];
        WebRequest request = { .url = url };

        snprintf(url, sizeof(url), "https://" HOST ".%s/.well-known/user-agent-configuration.json", md_probe_domain(probe));
        int r = web_fetch(probe, &request, 1);
        if (r == 0 && web_report(probe, &request))
                r = read_document(probe, &request);
        if (r == 0)
                web_report_network(probe, &request, 1);
        web_request_done(&request);
        return r < 0 ? r : MD_NEXT;
}

static const MdStep steps[] = {
        { "document", MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_document },
};

MD_PLUGIN_EXPORT("pacc") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_DISCOVERY,
        .name = "pacc",
        .version = "0.1",
        .summary = N_("Settings that a digest in the domain name system vouches for: PACC"),
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_WEB,
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = findings,
        .n_findings = sizeof(findings) / sizeof(findings[0]),
};
