/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The autodiscover plugin: what Outlook would be told about an address.  Only what is told without a login is read, and no
 * login is ever sent: a name such as "autodiscover" below a top-level domain can belong to anybody, and is not asked.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "autodiscover.h"

#define MICROSOFT "https://outlook.office365.com"
#define V2 "/autodiscover/autodiscover.json/v1.0/%s?Protocol=AutodiscoverV1"
#define ROUNDS_MAX 2u                   /* redirects that a document may name, one after the other */

enum {
        REQUEST_DOMAIN,                 /* XML, from the domain itself */
        REQUEST_HOST,                   /* XML, from its host "autodiscover" */
        REQUEST_V2,
        REQUEST_MICROSOFT,              /* version 2, from Microsoft: only for a domain that is with them */
        _REQUEST_MAX,
};

typedef struct AutodiscoverState {
        bool microsoft;                 /* the host "autodiscover" of the domain is one of Microsoft's */
} AutodiscoverState;

/* ---- whose host it is ---- */

static int alias_ask(MdProbe *probe, Dns *dns, AutodiscoverState *autodiscover) {
        char name[300];
        DnsQuestion question = { .name = name, .type = DNS_CNAME };

        snprintf(name, sizeof(name), "autodiscover.%s", md_probe_domain(probe));
        int r = dns_ask(dns, &question, 1, 2);
        if (r == 0 && question.records.n > 0) {
                autodiscover_read_alias(probe, &question);
                autodiscover->microsoft = autodiscover_is_microsoft(question.records.list[0].name);
        }
        dns_question_done(&question);
        return r;
}

static int step_alias(MdProbe *probe, void *state) {
        Dns *dns;

        if (!web_site(md_probe_domain(probe)))
                return MD_SKIP;
        int r = dns_new(probe, &dns);
        if (r < 0)
                return r;
        r = alias_ask(probe, dns, state);
        dns_free(dns);
        return r < 0 ? r : MD_NEXT;
}

/* ---- documents ---- */

typedef struct Questions {
        char *urls[_REQUEST_MAX];
        char *body;
        WebRequest requests[_REQUEST_MAX];
} Questions;

static int questions_make(MdProbe *probe, const AutodiscoverState *autodiscover, Questions *ret) {
        const char *domain = md_probe_domain(probe);
        char *address = web_url_escape(md_probe_address(probe));

        *ret = (Questions) { .body = autodiscover_request(md_probe_address(probe)) };
        int r = address && ret->body ? 0 : -ENOMEM;
        if (r == 0 && asprintf(&ret->urls[REQUEST_DOMAIN], "https://%s/autodiscover/autodiscover.xml", domain) < 0)
                r = -ENOMEM;
        if (r == 0 && asprintf(&ret->urls[REQUEST_HOST], "https://autodiscover.%s/autodiscover/autodiscover.xml", domain) < 0)
                r = -ENOMEM;
        if (r == 0 && asprintf(&ret->urls[REQUEST_V2], "https://autodiscover.%s" V2, domain, address) < 0)
                r = -ENOMEM;
        if (r == 0 && autodiscover->microsoft && asprintf(&ret->urls[REQUEST_MICROSOFT], MICROSOFT V2, address) < 0)
                r = -ENOMEM;
        free(address);
        for (size_t i = 0; r == 0 && i < _REQUEST_MAX; i++)
                ret->requests[i] = (WebRequest) {
                        .url = ret->urls[i],
                        .post = i <= REQUEST_HOST ? ret->body : NULL,
                };
        return r;
}

static void questions_done(Questions *questions) {
        for (size_t i = 0; i < _REQUEST_MAX; i++) {
                web_request_done(&questions->requests[i]);
                free(questions->urls[i]);
        }
        free(questions->body);
}

/* Asks where a document leads, as often as that is usual. */
static int follow(MdProbe *probe, const char *body, WebUrl *next) {
        int r = 1;

        for (unsigned round = 0; r == 1 && round < ROUNDS_MAX; round++) {
                WebRequest request = { .url = next->text, .post = body };
                WebUrl after = { 0 };
                r = web_fetch(probe, &request, 1);
                if (r == 0 && web_report(probe, &request))
                        r = autodiscover_read_xml(probe, &request, &after);
                web_request_done(&request);
                web_url_done(next);
                *next = after;
        }
        return r < 0 ? r : 0;
}

static int read_answer(MdProbe *probe, const Questions *questions, size_t i) {
        WebUrl next = { 0 };
        int r = 0;

        if (!web_report(probe, &questions->requests[i]))
                return 0;
        if (i > REQUEST_HOST)
                autodiscover_read_json(probe, &questions->requests[i]);
        else
                r = autodiscover_read_xml(probe, &questions->requests[i], &next);
        if (r == 1)
                r = follow(probe, questions->body, &next);
        web_url_done(&next);
        return r;
}

static int step_documents(MdProbe *probe, void *state) {
        const AutodiscoverState *autodiscover = state;
        Questions questions;

        if (!web_site(md_probe_domain(probe)))
                return MD_SKIP;
        size_t n = autodiscover->microsoft ? _REQUEST_MAX : REQUEST_MICROSOFT;
        int r = questions_make(probe, autodiscover, &questions);
        if (r == 0)
                r = web_fetch(probe, questions.requests, n);
        if (r == 0)
                web_report_network(probe, questions.requests, n);
        for (size_t i = 0; r == 0 && i < n; i++)
                r = read_answer(probe, &questions, i);
        questions_done(&questions);
        return r < 0 ? r : MD_NEXT;
}

static const MdStep steps[] = {
        { "alias",     MD_STAGE_DNS,    MD_DEPTH_CONNECT, 0, step_alias     },
        { "documents", MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_documents },
};

MD_PLUGIN_EXPORT("autodiscover") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_DISCOVERY,
        .name = "autodiscover",
        .version = "0.1",
        .summary = N_("What Outlook would be told: Microsoft Autodiscover"),
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_WEB,
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = autodiscover_findings,
        .n_findings = AUTODISCOVER_N_FINDINGS,
        .state_size = sizeof(AutodiscoverState),
};
