/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <stdlib.h>
#include <string.h>

#include "choice.h"

/* Implicit TLS first: RFC 8314 section 3.3. */
const SrvService srv_services[] = {
        { "_imaps._tcp",       "imap", MD_SECURITY_TLS      },
        { "_imap._tcp",        "imap", MD_SECURITY_STARTTLS },
        { "_pop3s._tcp",       "pop3", MD_SECURITY_TLS      },
        { "_pop3._tcp",        "pop3", MD_SECURITY_STARTTLS },
        { "_submissions._tcp", "smtp", MD_SECURITY_TLS      },
        { "_submission._tcp",  "smtp", MD_SECURITY_STARTTLS },
};

const size_t srv_n_services = sizeof(srv_services) / sizeof(srv_services[0]);

static bool is_root(const DnsRecord *record) {
        return !strcmp(record->name, ".");
}

/* A well-known port of something else: whoever publishes it wants connections made there. */
static const char *port_trouble(uint16_t port) {
        static const uint16_t mail[] = { 25, 110, 143, 443, 465, 587, 993, 995 };

        if (port == 0)
                return N_("its port is 0");
        if (port == UINT16_MAX)
                return N_("its port is reserved");
        for (size_t i = 0; i < sizeof(mail) / sizeof(mail[0]); i++)
                if (mail[i] == port)
                        return NULL;
        return port < 1024 ? N_("its port belongs to another service") : NULL;
}

static const char *name_trouble(const DnsRecord *record) {
        if (strchr(record->name, '\\'))
                return N_("its target has characters that no host name has");
        return strchr(record->name, '.') ? NULL : N_("its target is no full name");
}


static const char *srv_trouble(const DnsRecord *record) {
        const char *why = port_trouble(record->port);
        return why ? why : name_trouble(record);
}

static bool is_before(const DnsRecord *a, const DnsRecord *b) {
        if (a->priority != b->priority)
                return a->priority < b->priority;
        if (a->weight != b->weight)
                return a->weight > b->weight;
        return strcmp(a->name, b->name) < 0;
}

/* Into its place among the best; the last one falls out when there are too many. */
static void insert(SrvChoice *choice, const DnsRecord *record) {
        size_t at = choice->n;

        choice->n_fine++;
        while (at > 0 && is_before(record, choice->list[at - 1]))
                at--;
        if (at == SRV_CHOICES_MAX)
                return;
        if (choice->n < SRV_CHOICES_MAX)
                choice->n++;
        memmove(&choice->list[at + 1], &choice->list[at], (choice->n - 1 - at) * sizeof(choice->list[0]));
        choice->list[at] = record;
}

static void choose(const DnsRecords *records, const char *(*trouble)(const DnsRecord *), SrvChoice *ret) {
        *ret = (SrvChoice) { 0 };
        for (size_t i = 0; i < records->n; i++) {
                const DnsRecord *record = &records->list[i];
                const char *why = is_root(record) ? NULL : trouble(record);
                if (why && !ret->bad) {
                        ret->bad = record;
                        ret->why = why;
                }
                if (is_root(record))
                        ret->absent = true;
                else if (!why)
                        insert(ret, record);
        }
        /* RFC 2782: "." stands alone. */
        ret->absent = ret->absent && ret->n == 0;
}

void srv_choose(const DnsRecords *records, SrvChoice *ret) {
        choose(records, srv_trouble, ret);
}

void srv_choose_exchangers(const DnsRecords *records, SrvChoice *ret) {
        choose(records, name_trouble, ret);
}
