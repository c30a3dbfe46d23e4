/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Answers become candidates, facts and findings. */

#include <stdio.h>
#include <string.h>

#include "srv.h"

#define ORIGIN_SIZE 320u

/* ---- what every answer has ---- */

static void find_bogus(MdProbe *probe, const DnsQuestion *question) {
        md_find(probe, "dns.bogus", question->why, MD_TEXT("name", question->name));
}

static MdAssurance assurance_of(const DnsQuestion *question) {
        return question->secure ? MD_ASSURANCE_DNSSEC : MD_ASSURANCE_NONE;
}

static void tell_source(MdProbe *probe, const char *origin, const DnsQuestion *question) {
        static const struct {
                MdSourceOutcome outcome;
                const char *detail;
        } words[] = {
                [DNS_FOUND] = { MD_SOURCE_FOUND, NULL },
                [DNS_NOTHING] = { MD_SOURCE_NOTHING, NULL },
                [DNS_BOGUS] = { MD_SOURCE_FAILED, "its signatures do not fit" },
                [DNS_FAILED] = { MD_SOURCE_FAILED, "the name servers cannot tell" },
                [DNS_SILENT] = { MD_SOURCE_FAILED, "no answer in time" },
                [DNS_BROKEN] = { MD_SOURCE_FAILED, "the answer cannot be read" },
        };
        md_source(probe, origin, words[question->outcome].outcome, assurance_of(question), words[question->outcome].detail);
        if (question->outcome == DNS_BOGUS)
                find_bogus(probe, question);
}

/* ---- services ---- */

static void find_bad(MdProbe *probe, const char *origin, const SrvChoice *choice) {
        char evidence[DNS_NAME_SIZE + 32];

        if (choice->bad) {
                snprintf(evidence, sizeof(evidence), "%u %u %u %s", choice->bad->priority, choice->bad->weight,
                         choice->bad->port, choice->bad->name);
                md_find(probe, "autoconf.bad-record", evidence, MD_TEXT("origin", origin), MD_TEXT("reason", choice->why));
        }
        if (choice->n_fine > SRV_CHOICES_MAX)
                md_find(probe, "autoconf.too-many", origin, MD_TEXT("origin", origin), MD_NUMBER("most", SRV_CHOICES_MAX));
}

static void remember(SrvState *srv, const DnsRecord *record) {
        if (srv->n_endpoints < SRV_ENDPOINTS_MAX && strlen(record->name) < 256) {
                SrvEndpoint *endpoint = &srv->endpoints[srv->n_endpoints++];
                snprintf(endpoint->name, sizeof(endpoint->name), "_%u._tcp.%s", record->port, record->name);
        }
}

static void hand_out(MdProbe *probe, SrvState *srv, const SrvService *service, const DnsQuestion *question, const char *origin,
                     const SrvChoice *choice) {
        for (size_t i = 0; i < choice->n; i++) {
                const DnsRecord *record = choice->list[i];
                const MdCandidate candidate = {
                        .protocol = service->protocol,
                        .host = record->name,
                        .port = record->port,
                        .security = service->security,
                        .origin = origin,
                        .assurance = assurance_of(question),
                        .priority = (uint32_t) i,
                };
                if (!md_candidate(probe, &candidate))
                        continue;
                if (question->secure)
                        remember(srv, record);
                else if (!md_host_is_within(record->name, md_probe_domain(probe)))
                        md_find(probe, "autoconf.foreign-host", record->name, MD_TEXT("domain", md_probe_domain_text(probe)),
                                MD_TEXT("found", record->name), MD_TEXT("origin", origin));
        }
}

/* A service of which the one form is not there and the other is, is there. */
typedef struct Offer {
        const char *protocol;
        bool absent, present;
} Offer;

static void note_offer(Offer offers[static 3], const char *protocol, const SrvChoice *choice) {
        size_t i = 0;

        while (i < 2 && offers[i].protocol && strcmp(offers[i].protocol, protocol))
                i++;
        offers[i].protocol = protocol;
        offers[i].absent |= choice->absent;
        offers[i].present |= choice->n > 0;
}

static void find_absent(MdProbe *probe, const Offer offers[static 3]) {
        static const char *const words[][2] = { { "imap", "IMAP" }, { "pop3", "POP3" }, { "smtp", "SMTP" } };
        char services[32] = "";

        for (size_t i = 0; i < 3; i++)
                for (size_t j = 0; offers[i].absent && !offers[i].present && j < 3; j++)
                        if (!strcmp(words[j][0], offers[i].protocol))
                                strcat(strcat(services, *services ? ", " : ""), words[j][1]);
        if (*services)
                md_find(probe, "autoconf.service-absent", services, MD_TEXT("domain", md_probe_domain_text(probe)),
                        MD_TEXT("services", services));
}

void srv_report_services(MdProbe *probe, SrvState *srv, const DnsQuestion services[static SRV_SERVICES]) {
        Offer offers[3] = { 0 };

        for (size_t i = 0; i < SRV_SERVICES; i++) {
                char origin[ORIGIN_SIZE];
                SrvChoice choice;
                snprintf(origin, sizeof(origin), "SRV %s", services[i].name);
                tell_source(probe, origin, &services[i]);
                srv_choose(&services[i].records, &choice);
                find_bad(probe, origin, &choice);
                hand_out(probe, srv, &srv_services[i], &services[i], origin, &choice);
                note_offer(offers, srv_services[i].protocol, &choice);
        }
        find_absent(probe, offers);
}

/* ---- mail exchangers ---- */

void srv_report_exchangers(MdProbe *probe, const DnsQuestion *question) {
        static const char *const failures[] = { [DNS_FAILED] = "dns.server-failure", [DNS_SILENT] = "dns.timeout" };
        const char *hosts[SRV_CHOICES_MAX + 1] = { NULL };
        char origin[ORIGIN_SIZE];
        SrvChoice choice;

        snprintf(origin, sizeof(origin), "MX %s", question->name);
        tell_source(probe, origin, question);
        srv_choose_exchangers(&question->records, &choice);
        for (size_t i = 0; i < choice.n; i++)
                hosts[i] = choice.list[i]->name;
        if (choice.n > 0) {
                md_observe(probe, "fact", MD_TEXT("name", "mx"), MD_LIST("value", hosts));
                md_fact_truth(probe, "mx-validated", question->secure);
        }
        /* Behind a proxy, name servers often know the names of the company only. */
        if (question->no_name && (question->secure || !md_probe_proxy(probe)))
                md_find(probe, "dns.no-such-domain", origin, MD_TEXT("domain", md_probe_domain_text(probe)));
        if (choice.absent)
                md_find(probe, "dns.no-mail", origin, MD_TEXT("domain", md_probe_domain_text(probe)));
        if (question->outcome == DNS_FAILED || question->outcome == DNS_SILENT)
                md_find(probe, failures[question->outcome], origin, MD_TEXT("host", md_probe_domain_text(probe)));
}

/* ---- certificates ---- */

/* "_993._tcp.imap.example.org 3 1 1 0123…", as in a zone file. */
static void print_association(const char *name, const DnsRecord *record, char *text, size_t size) {
        size_t used = (size_t) snprintf(text, size, "%s %u %u %u ", name, record->usage, record->selector, record->matching);

        for (size_t i = 0; i < record->size && used + 3 < size; i++)
                used += (size_t) snprintf(text + used, size - used, "%02x", (unsigned char) record->data[i]);
}

void srv_report_certificates(MdProbe *probe, const DnsQuestion *questions, size_t n) {
        static const size_t line_max = 512;
        char lines[2 * SRV_ENDPOINTS_MAX][512];
        const char *list[2 * SRV_ENDPOINTS_MAX + 1] = { NULL };
        size_t n_lines = 0;

        for (size_t i = 0; i < n; i++) {
                if (questions[i].outcome == DNS_BOGUS)
                        find_bogus(probe, &questions[i]);
                for (size_t j = 0; questions[i].secure && j < questions[i].records.n && n_lines < 2 * SRV_ENDPOINTS_MAX; j++) {
                        print_association(questions[i].name, &questions[i].records.list[j], lines[n_lines], line_max);
                        list[n_lines] = lines[n_lines];
                        n_lines++;
                }
        }
        if (n_lines > 0)
                md_observe(probe, "fact", MD_TEXT("name", "tlsa"), MD_LIST("value", list));
}
