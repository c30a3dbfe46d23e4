/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The autoconfig plugin: the settings that a provider publishes for mail apps (draft-ietf-mailmaint-autoconfig).  The
 * domain's own document, the central database, and both for who takes the mail of the domain: all are read, since one of them
 * is often older than the others, or put there by a web host that has nothing to do with the mail.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "autoconfig.h"
#include "sources.h"

typedef struct AutoconfigState {
        char *exchanger;                /* the first mail exchanger; NULL: not known */
        bool exchanger_proved;
} AutoconfigState;

/* ---- who takes the mail ---- */

static const DnsRecord *first_exchanger(const DnsRecords *records) {
        const DnsRecord *first = NULL;

        for (size_t i = 0; i < records->n; i++) {
                const DnsRecord *record = &records->list[i];
                if (strchr(record->name, '.') && !strchr(record->name, '\\') && strcmp(record->name, ".") &&
                    (!first || record->priority < first->priority))
                        first = record;
        }
        return first;
}

static int exchanger_ask(MdProbe *probe, AutoconfigState *autoconfig) {
        DnsQuestion question = { .name = md_probe_domain(probe), .type = DNS_MX };
        Dns *dns;

        int r = dns_new(probe, &dns);
        if (r < 0)
                return r;
        r = dns_ask(dns, &question, 1, 2);
        const DnsRecord *first = first_exchanger(&question.records);
        if (r == 0 && first) {
                autoconfig->exchanger = strdup(first->name);
                autoconfig->exchanger_proved = question.secure;
        }
        dns_question_done(&question);
        dns_free(dns);
        return r;
}

static int step_exchanger(MdProbe *probe, void *state) {
        AutoconfigState *autoconfig = state;
        const char *known = md_probe_mx(probe)[0];

        if (known) {
                autoconfig->exchanger = strdup(known);
                return MD_NEXT;
        }
        int r = exchanger_ask(probe, autoconfig);
        return r < 0 ? r : MD_NEXT;
}

/* ---- documents ---- */

static int read_document(MdProbe *probe, const AutoconfigState *autoconfig, const AutoconfigSource *source,
                         const WebRequest *request) {
        bool proved = source->place != AUTOCONFIG_EXCHANGER || autoconfig->exchanger_proved;
        AutoconfigDocument document;
        XmlFault fault;

        int r = autoconfig_document_parse(request->body ? request->body : "", request->size, &document, &fault);
        if (r == -EBADMSG) {
                web_report_fault(probe, request, "autoconf.bad-xml", fault.what, fault.line);
        } else if (r == 0) {
                const AutoconfigReport report = {
                        .probe = probe,
                        .document = &document,
                        .origin = web_origin(request),
                        .assurance = proved ? MD_ASSURANCE_HTTPS : MD_ASSURANCE_NONE,
                };
                web_report_read(probe, request, true);
                autoconfig_report(&report);
        }
        autoconfig_document_done(&document);
        return r == -EBADMSG ? 0 : r;
}

static int fetch_documents(MdProbe *probe, const AutoconfigState *autoconfig, const AutoconfigSources *sources) {
        WebRequest requests[AUTOCONFIG_SOURCES_MAX] = { 0 };

        for (size_t i = 0; i < sources->n; i++)
                requests[i] = (WebRequest) {
                        .url = sources->list[i].url,
                        .sure = sources->list[i].place == AUTOCONFIG_CENTRAL,
                };
        int r = web_fetch(probe, requests, sources->n);
        for (size_t i = 0; r == 0 && i < sources->n; i++)
                if (web_report(probe, &requests[i]))
                        r = read_document(probe, autoconfig, &sources->list[i], &requests[i]);
        if (r == 0)
                web_report_network(probe, requests, sources->n);
        for (size_t i = 0; i < sources->n; i++)
                web_request_done(&requests[i]);
        return r;
}

static int step_documents(MdProbe *probe, void *state) {
        AutoconfigState *autoconfig = state;
        const AutoconfigQuery query = {
                .address = md_probe_address(probe),
                .domain = md_probe_domain(probe),
                .exchanger = autoconfig->exchanger,
                .ispdb = md_probe_ispdb(probe),
        };
        AutoconfigSources sources;

        int r = autoconfig_sources_list(&query, &sources);
        if (r == 0)
                r = fetch_documents(probe, autoconfig, &sources);
        autoconfig_sources_done(&sources);
        return r < 0 ? r : MD_NEXT;
}

static const MdStep steps[] = {
        { "exchanger", MD_STAGE_DNS,    MD_DEPTH_CONNECT, 0, step_exchanger },
        { "documents", MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_documents },
};

static void state_done(void *state) {
        AutoconfigState *autoconfig = state;
        free(autoconfig->exchanger);
}

MD_PLUGIN_EXPORT("autoconfig") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_DISCOVERY,
        .name = "autoconfig",
        .version = "0.1",
        .summary = N_("Settings that the provider or the central database publish for mail apps"),
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_WEB,
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .state_size = sizeof(AutoconfigState),
        .state_done = state_done,
};
