/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* libunbound through its event interface: one thread, no child, and a deadline, which its other interfaces do not have. */

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound-event.h>
#include <unbound.h>

#include "ask.h"
#include "config.h"

#define RCODE_NXDOMAIN 3
#define SECURE 2                        /* as libunbound calls it back */
#define BOGUS 1
#define TRIAL_MS 3000u                  /* for finding out whether signatures come through from the name servers */
#define ROOT_TRIAL_MS 1500u             /* from the root, which is either near or kept away */

struct Dns {
        MdProbe *probe;
        struct event_base *base;
        struct ub_ctx *context;
        DnsMode mode;
};

/* Questions that are under way. */
typedef struct Round {
        struct event_base *base;
        size_t left;
        int error;
} Round;

typedef struct Pending {
        Round *round;
        DnsQuestion *question;
} Pending;

/* ---- the library ---- */

typedef struct Setting {
        const char *option, *value;
} Setting;

/* A tame resolver: no log, small caches. */
static const Setting settings[] = {
        { "use-syslog:", "no" },
        { "outgoing-range:", "48" },
        { "msg-cache-size:", "1m" },
        { "rrset-cache-size:", "2m" },
        { "key-cache-size:", "256k" },
        { "neg-cache-size:", "128k" },
        { "outgoing-num-tcp:", "8" },
        { "val-log-level:", "0" },
};

/* The name server of this computer may be on it. */
static const Setting of_forwarding[] = {
        { "do-not-query-localhost:", "no" },
};

/* Which servers a domain has is a stranger's word. */
static const Setting from_root[] = {
        { "do-not-query-localhost:", "yes" },
        { "do-not-query-address:", "169.254.0.0/16" },
        { "do-not-query-address:", "fe80::/10" },
};

static int settings_apply(struct ub_ctx *context, const Setting *list, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (ub_ctx_set_option(context, list[i].option, list[i].value) != 0)
                        return -EINVAL;
        return 0;
}

#define APPLY(context, list) settings_apply((context), (list), sizeof(list) / sizeof((list)[0]))

static int context_new(Dns *dns, DnsMode mode) {
        dns->context = ub_ctx_create_event(dns->base);
        if (!dns->context)
                return -ENOMEM;
        int r = APPLY(dns->context, settings);
        if (r == 0)
                r = mode == DNS_FROM_ROOT ? APPLY(dns->context, from_root) : APPLY(dns->context, of_forwarding);
        if (r < 0)
                return r;
        /* Without the file, the C library asks this computer. */
        if (mode != DNS_FROM_ROOT && ub_ctx_resolvconf(dns->context, NULL) != 0 &&
            ub_ctx_set_fwd(dns->context, "127.0.0.1") != 0)
                return -EINVAL;
        if (mode != DNS_UNCHECKED && ub_ctx_add_ta_file(dns->context, MAILDIAG_ROOT_ANCHOR) != 0)
                return -ENOENT;
        /* The library knows by itself that nothing is below "test"; it removes that once all is set. */
        if (ub_ctx_zone_remove(dns->context, "test.") != 0)
                return -ENOMEM;
        dns->mode = mode;
        return 0;
}

static void context_drop(Dns *dns) {
        if (dns->context)
                ub_ctx_delete(dns->context);
        dns->context = NULL;
}

/* ---- answers ---- */

static int take_records(DnsQuestion *question, const void *packet, int size) {
        int rcode = dns_rcode(packet, (size_t) size);
        int r = rcode < 0 ? rcode : dns_records_parse(packet, (size_t) size, question->type, &question->records);

        /* Behind an alias to a name that does not exist, the answer holds the alias all the same. */
        bool found = r == 0 && question->records.n_seen > 0;
        question->no_name = rcode == RCODE_NXDOMAIN && !found;
        question->outcome = found ? DNS_FOUND :
                            r < 0 ? DNS_BROKEN :
                            rcode == 0 || rcode == RCODE_NXDOMAIN ? DNS_NOTHING : DNS_FAILED;
        return r == -EBADMSG ? 0 : r;
}

static int take(DnsQuestion *question, int rcode, const void *packet, int size, int security, const char *why) {
        question->secure = security == SECURE;
        if (security == BOGUS) {
                snprintf(question->why, sizeof(question->why), "%s", why ? why : "");
                question->outcome = DNS_BOGUS;
                return 0;
        }
        if (rcode == 0)
                return take_records(question, packet, size);
        question->no_name = rcode == RCODE_NXDOMAIN;
        question->outcome = question->no_name ? DNS_NOTHING : DNS_FAILED;
        return 0;
}

static void on_answer(void *userdata, int rcode, void *packet, int size, int security, char *why, int limited) {
        Pending *pending = userdata;
        Round *round = pending->round;

        int r = take(pending->question, rcode, packet, size, security, why);
        if (r < 0)
                round->error = r;
        if (--round->left == 0 || r < 0)
                event_base_loopbreak(round->base);
}

static void on_deadline(int fd, short events, void *userdata) {
        event_base_loopbreak(userdata);
}

/* ---- a round of questions ---- */

/* Runs the library until all is answered or the time is over. */
static int loop(Dns *dns, Round *round, uint32_t ms) {
        const struct timeval until = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
        struct event *deadline = evtimer_new(dns->base, on_deadline, dns->base);

        if (!deadline)
                return -ENOMEM;
        int r = evtimer_add(deadline, &until) < 0 ? -ENOMEM : 0;
        if (r == 0 && round->left > 0 && event_base_dispatch(dns->base) < 0)
                r = -EIO;
        event_free(deadline);
        return r < 0 ? r : round->error;
}

static int ask_within(Dns *dns, DnsQuestion *questions, size_t n, uint32_t ms) {
        Round round = { .base = dns->base, .left = n };
        Pending *pending = calloc(n > 0 ? n : 1, sizeof(*pending));
        int *ids = calloc(n > 0 ? n : 1, sizeof(*ids));
        int r = pending && ids ? 0 : -ENOMEM;

        for (size_t i = 0; r == 0 && i < n; i++) {
                pending[i] = (Pending) { &round, &questions[i] };
                questions[i].outcome = DNS_SILENT;
                if (ub_resolve_event(dns->context, questions[i].name, questions[i].type, 1, &pending[i], on_answer,
                                     &ids[i]) != 0) {
                        questions[i].outcome = DNS_FAILED;
                        round.left--;
                }
        }
        if (r == 0)
                r = loop(dns, &round, ms);
        /* What is still under way must not be called back: its memory goes. */
        for (size_t i = 0; pending && ids && i < n; i++)
                if (pending[i].question && questions[i].outcome == DNS_SILENT)
                        ub_cancel(dns->context, ids[i]);
        free(pending);
        free(ids);
        return r;
}

int dns_ask(Dns *dns, DnsQuestion *questions, size_t n, unsigned share) {
        return ask_within(dns, questions, n, md_probe_left_ms(dns->probe) / share);
}

void dns_question_done(DnsQuestion *question) {
        dns_records_done(&question->records);
}

/* ---- how to ask ---- */

/* Whether the keys of the root come through, with proof.  Returns 1, 0, -errno. */
static int try_mode(Dns *dns, DnsMode mode, uint32_t ms) {
        DnsQuestion question = { .name = ".", .type = DNS_DNSKEY };
        uint32_t left = md_probe_left_ms(dns->probe);

        int r = context_new(dns, mode);
        if (r == 0)
                r = ask_within(dns, &question, 1, left / 3 < ms ? left / 3 : ms);
        dns_question_done(&question);
        if (r < 0 && r != -ENOENT)
                return r;
        if (r == 0 && question.outcome == DNS_FOUND && question.secure)
                return 1;
        context_drop(dns);
        return 0;
}

/* Names that networks give themselves: nothing below the root can prove them, and the root says that they do not exist. */
static bool is_own_name(const char *domain) {
        static const char *const zones[] = {
                "corp", "home", "home.arpa", "internal", "intranet", "lan", "local", "private", "test",
        };
        for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
                if (md_host_is_within(domain, zones[i]))
                        return true;
        return false;
}

static int find_mode(Dns *dns) {
        if (is_own_name(md_probe_domain(dns->probe)))
                return context_new(dns, DNS_UNCHECKED);
        int r = try_mode(dns, DNS_CHECKED, TRIAL_MS);
        if (r == 0)
                r = try_mode(dns, DNS_FROM_ROOT, ROOT_TRIAL_MS);
        if (r != 0)
                return r < 0 ? r : 0;
        return context_new(dns, DNS_UNCHECKED);
}

int dns_new(MdProbe *probe, Dns **ret) {
        Dns *dns = calloc(1, sizeof(*dns));
        int r = dns ? 0 : -ENOMEM;

        if (r == 0) {
                *dns = (Dns) { .probe = probe, .base = event_base_new() };
                r = dns->base ? find_mode(dns) : -ENOMEM;
        }
        if (r < 0) {
                dns_free(dns);
                return r;
        }
        *ret = dns;
        return 0;
}

Dns *dns_free(Dns *dns) {
        if (!dns)
                return NULL;
        context_drop(dns);
        if (dns->base)
                event_base_free(dns->base);
        free(dns);
        return NULL;
}

DnsMode dns_mode(const Dns *dns) {
        return dns->mode;
}
