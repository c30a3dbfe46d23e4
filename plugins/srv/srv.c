/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The srv plugin: which servers the domain of an address names in the domain name system (RFC 6186, 8314), who takes its
 * mail, and which certificates it vouches for (RFC 6698, 7673), each with the word whether DNSSEC proves it.
 */

#include <stdio.h>

#include "srv.h"

_Static_assert(SRV_SERVICES == 6, "one question for each of srv_services");

static int step_resolver(MdProbe *probe, void *state) {
        static const char *const modes[] = {
                [DNS_CHECKED] = "checked", [DNS_FROM_ROOT] = "from-root", [DNS_UNCHECKED] = "not-available",
        };
        SrvState *srv = state;

        int r = dns_new(probe, &srv->dns);
        if (r < 0)
                return r;
        md_fact(probe, "dnssec", modes[dns_mode(srv->dns)]);
        return MD_NEXT;
}

static int step_services(MdProbe *probe, void *state) {
        SrvState *srv = state;
        char names[SRV_SERVICES][300];
        DnsQuestion questions[SRV_SERVICES + 1] = { 0 };

        for (size_t i = 0; i < SRV_SERVICES; i++) {
                snprintf(names[i], sizeof(names[i]), "%s.%s", srv_services[i].label, md_probe_domain(probe));
                questions[i] = (DnsQuestion) { .name = names[i], .type = DNS_SRV };
        }
        questions[SRV_SERVICES] = (DnsQuestion) { .name = md_probe_domain(probe), .type = DNS_MX };
        int r = dns_ask(srv->dns, questions, SRV_SERVICES + 1, 1);
        if (r >= 0) {
                srv_report_exchangers(probe, &questions[SRV_SERVICES]);
                srv_report_services(probe, srv, questions);
        }
        for (size_t i = 0; i <= SRV_SERVICES; i++)
                dns_question_done(&questions[i]);
        return r < 0 ? r : MD_NEXT;
}

/* Only where the way to the server was proved: otherwise it would be somebody else's word for somebody else. */
static int step_certificates(MdProbe *probe, void *state) {
        SrvState *srv = state;
        DnsQuestion questions[SRV_ENDPOINTS_MAX] = { 0 };

        if (srv->n_endpoints == 0)
                return MD_SKIP;
        for (size_t i = 0; i < srv->n_endpoints; i++)
                questions[i] = (DnsQuestion) { .name = srv->endpoints[i].name, .type = DNS_TLSA };
        int r = dns_ask(srv->dns, questions, srv->n_endpoints, 1);
        if (r >= 0)
                srv_report_certificates(probe, questions, srv->n_endpoints);
        for (size_t i = 0; i < srv->n_endpoints; i++)
                dns_question_done(&questions[i]);
        return r < 0 ? r : MD_NEXT;
}

static const MdStep steps[] = {
        { "resolver",     MD_STAGE_DNS, MD_DEPTH_CONNECT, 0, step_resolver     },
        { "services",     MD_STAGE_DNS, MD_DEPTH_CONNECT, 0, step_services     },
        { "certificates", MD_STAGE_DNS, MD_DEPTH_CONNECT, 0, step_certificates },
};

static void state_done(void *state) {
        SrvState *srv = state;
        dns_free(srv->dns);
}

MD_PLUGIN_EXPORT("srv") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_DISCOVERY,
        .name = "srv",
        .version = "0.1",
        .summary = N_("Servers that the domain names in the domain name system"),
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_DNS,
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = srv_findings,
        .n_findings = SRV_N_FINDINGS,
        .state_size = sizeof(SrvState),
        .state_done = state_done,
};
