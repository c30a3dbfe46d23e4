/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The planner's chapter of discovery: who is asked what the settings of the address should be, and what of it is tried.
 *
 * Tables that need no network are asked in the first round, so that what they know comes before a login is wasted.  Others are asked
 * where that is the question, where no service was given, and where one fails.  What speaks against a candidate never
 * reaches a service: see candidate_is_sound().
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "form.h"
#include "match.h"
#include "own.h"
#include "plan-round.h"
#include "text.h"

#define TRIALS_MAX 8u                   /* candidates of one protocol that are tried */
#define SHARE 3 / 5                     /* of the time, for those that are asked, where the answer is all that counts */
#define ASIDE_MS 6000u                  /* for them where a service fails */
#define LOGIN_MS 5000u                  /* that is left for a login which waits for them */

/* ---- the address ---- */

static const char *usable(const char *address) {
        return address && !form_fault_search(address) ? address : NULL;
}

/* A user name may be one, and often is. */
const char *plan_search_address(const Settings *settings) {
        const char *address = usable(settings->address);

        for (size_t i = 0; !address && i < settings->n_services; i++) {
                address = usable(settings->services[i].address);
                if (!address)
                        address = usable(settings->services[i].username);
        }
        return address;
}

/* What stands before the "@", without its quotes. */
static char *local_part_of(const char *address) {
        const char *at = strrchr(address, '@');
        char *local = strndup(address, (size_t) (at - address)), *to = local;

        if (!local || *local != '"')
                return local;
        for (const char *from = local + 1; *from && *from != '"'; from++) {
                from += *from == '\\' && from[1];
                *to++ = *from;
        }
        *to = '\0';
        return local;
}

/* ---- who is asked ---- */

static bool is_asked_for(const Settings *settings, const PluginInfo *plugin) {
        char *const *name = settings->search.origins;

        if (!name)
                return true;
        for (; *name; name++)
                if (!strcmp(*name, plugin->name))
                        return true;
        return false;
}

/* Names as md_probe_hosts() promises them. */
static char *name_of_host(const char *host) {
        char *name = strdup(host);
        for (char *c = name; c && *c; c++)
                *c = (char) (*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
        return name;
}

static char **hosts_of(const Settings *settings) {
        char **hosts = calloc(settings->n_services + 1, sizeof(char *));
        for (size_t i = 0; hosts && i < settings->n_services; i++)
                if (!(hosts[i] = name_of_host(settings->services[i].host)))
                        return hosts;
        return hosts;
}

static char **copy_names(const char *const *names) {
        size_t n = 0;
        while (names[n])
                n++;
        char **copy = calloc(n + 1, sizeof(char *));
        for (size_t i = 0; copy && i < n; i++)
                if (!(copy[i] = strdup(names[i])))
                        return copy;
        return copy;
}

static int fill_target(const Frame *frame, const PluginInfo *plugin, const char *address, const char *const *mx,
                       MdTarget *ret) {
        uint32_t limit = frame->settings->search.only || frame->settings->n_services == 0 ?
                         frame->settings->timeout_ms * SHARE : ASIDE_MS;

        *ret = (MdTarget) {
                .plugin = strdup(plugin->name),
                .host = strdup(strrchr(address, '@') + 1),
                .address = strdup(address),
                .local_part = local_part_of(address),
                .data_dir = frame->data_dir ? strdup(frame->data_dir) : NULL,
                .proxy = frame->proxy ? strdup(frame->proxy) : NULL,
                .ispdb = frame->ispdb ? strdup(frame->ispdb) : NULL,
                .hosts = hosts_of(frame->settings),
                .mx = mx ? copy_names(mx) : NULL,
                .depth = MD_DEPTH_CONNECT,
                .timeout_ms = frame->timeout_ms < limit ? frame->timeout_ms : limit,
                .time_scale = frame->time_scale,
        };
        return ret->plugin && ret->host && ret->address && ret->local_part && ret->hosts ? 0 : -ENOMEM;
}

static PlannedProbe *append(Plan *plan, ProbeWhy why, int ca_fd) {
        PlannedProbe *larger = reallocarray(plan->probes, plan->n_probes + 1, sizeof(PlannedProbe));
        if (!larger)
                return NULL;
        plan->probes = larger;
        plan->probes[plan->n_probes] = (PlannedProbe) {
                .service = SERVICE_NONE,
                .why = why,
                .fds = { -1, -1, ca_fd, -1, -1 },
        };
        return &plan->probes[plan->n_probes++];
}

static int ask(Plan *plan, const Frame *frame, const PluginInfo *plugin, const char *address, const char *const *mx) {
        PlannedProbe *probe = append(plan, PROBE_FINDER, frame->settings->ca_fd);
        return probe ? fill_target(frame, plugin, address, mx, &probe->target) : -ENOMEM;
}

int plan_ask_tables(Plan *plan, const Frame *frame, const char *const *mx) {
        const char *address = plan_search_address(frame->settings);
        const PluginInfo *plugin;
        size_t at = 0;
        int r = 0;

        while (r >= 0 && address && (plugin = registry_next_discovery(frame->registry, &at)))
                if (!plugin->network && is_asked_for(frame->settings, plugin))
                        r = ask(plan, frame, plugin, address, mx);
        return r;
}

/* ---- later rounds ---- */

static const ProbeLog *find_finder(const Round *round, const char *plugin, bool with_mx) {
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->why == PROBE_FINDER && !strcmp(log->target.plugin, plugin) && (log->target.mx || !with_mx))
                        return log;
        }
        return NULL;
}

/* Mail exchangers that somebody has found; NULL: none yet. */
static const char *const *known_mx(const Round *round) {
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const MdField *mx = probe_log_fact(round->report->logs[i], "mx");
                if (round->report->logs[i]->why == PROBE_FINDER && mx && mx->type == 'l' && mx->list[0])
                        return mx->list;
        }
        return NULL;
}

/* Who is behind the exchangers is for the tables to tell. */
static int ask_tables_again(Round *round) {
        const char *const *mx = known_mx(round);
        size_t at = 0;

        for (const PluginInfo *plugin; mx && (plugin = registry_next_discovery(round->frame.registry, &at));)
                if (!plugin->network && find_finder(round, plugin->name, true))
                        return 0;
        return mx ? plan_ask_tables(&round->plan, &round->frame, mx) : 0;
}

int round_ask_network(Round *round) {
        const char *address = plan_search_address(round->frame.settings);
        const PluginInfo *plugin;
        size_t at = 0;
        int r = 0;

        if (!address || round->offline || round->frame.settings->search.offline)
                return 0;
        round->plan.wants_finders = true;
        while (r >= 0 && (plugin = registry_next_discovery(round->frame.registry, &at)))
                if (plugin->network && is_asked_for(round->frame.settings, plugin) &&
                    !find_finder(round, plugin->name, false))
                        r = ask(&round->plan, &round->frame, plugin, address, NULL);
        return r < 0 ? r : ask_tables_again(round);
}

static bool any_finder_runs(const Report *report) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (report->logs[i]->why == PROBE_FINDER && report->logs[i]->end == PROBE_RUNNING)
                        return true;
        return false;
}

bool round_awaits_finders(const Round *round) {
        if (round->frame.timeout_ms < LOGIN_MS)
                return false;
        if (any_finder_runs(round->report) || (round->plan.wants_finders && round->incomplete))
                return true;
        for (size_t i = 0; i < round->plan.n_probes; i++)
                if (round->plan.probes[i].why == PROBE_FINDER)
                        return true;
        return false;
}

/* ---- what is found is tried ---- */

static bool was_tried(const Round *round, const Candidate *candidate) {
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const MdTarget *target = &round->report->logs[i]->target;
                if (round->report->logs[i]->why == PROBE_DISCOVERED && !strcmp(target->plugin, candidate->protocol) &&
                    !strcmp(target->host, candidate->host) && target->port == candidate->port &&
                    target->security == candidate->security)
                        return true;
        }
        return false;
}

/* Nothing of the account is said there. */
static int try_candidate(Round *round, const Candidate *candidate) {
        PlannedProbe *probe = append(&round->plan, PROBE_DISCOVERED, round->frame.settings->ca_fd);
        if (!probe)
                return -ENOMEM;
        probe->target = (MdTarget) {
                .plugin = strdup(candidate->protocol),
                .host = strdup(candidate->host),
                .port = candidate->port,
                .security = candidate->security,
                .depth = MD_DEPTH_TLS,
                .timeout_ms = round->frame.timeout_ms,
                .time_scale = round->frame.time_scale,
        };
        return probe->target.plugin && probe->target.host ? 0 : -ENOMEM;
}

/* Those that may be right: what is encrypted, and has not been given up.  Clear text is never proposed, so it need not be
 * tried. */
static bool is_worth_trying(const Round *round, const Candidate *candidate) {
        return candidate->security != MD_SECURITY_NONE && !candidate->until &&
               registry_plugin(round->frame.registry, candidate->protocol);
}

static int try_all(Round *round, const Candidates *candidates) {
        unsigned n = 0;
        int r = 0;

        for (size_t i = 0; r >= 0 && i < candidates->n; i++) {
                const Candidate *candidate = &candidates->items[i];
                if (i > 0 && strcmp(candidate->protocol, candidates->items[i - 1].protocol))
                        n = 0;
                if (!is_worth_trying(round, candidate) || n++ >= TRIALS_MAX || was_tried(round, candidate))
                        continue;
                r = try_candidate(round, candidate);
        }
        return r;
}

int round_search(Round *round) {
        _cleanup_free_ Candidates *candidates = candidates_new(round->report, round->frame.registry);

        if (!candidates)
                return -ENOMEM;
        int r = round_ask_network(round);
        if (r >= 0 && round->frame.settings->search.only && !round->offline && !round->frame.settings->search.offline &&
            !round->frame.settings->search.no_probe)
                r = try_all(round, candidates);
        return r;
}

/* ---- for a service that fails ---- */

int round_try_discovered(Round *round, size_t service) {
        const char *protocol = round->frame.settings->services[service].protocol;
        _cleanup_free_ Candidates *candidates = candidates_new(round->report, round->frame.registry);
        unsigned n = 0;
        int r = candidates ? 0 : -ENOMEM;

        for (size_t i = 0; r >= 0 && i < candidates->n && n < TRIALS_MAX; i++) {
                const Candidate *candidate = &candidates->items[i];
                if (strcmp(candidate->protocol, protocol) || !candidate_is_sound(candidate))
                        continue;
                n++;
                r = round_add(round, &(Draft) { .service = service, .why = PROBE_DISCOVERED, .host = candidate->host,
                                                .port = candidate->port, .security = candidate->security });
        }
        return r;
}

/* The names that a table knows, and the host of the settings nearly is. */
int round_try_similar_names(Round *round, size_t service, const ProbeLog *log) {
        int r = 0;

        for (size_t i = 0; r >= 0 && i < round->report->n_logs; i++)
                for (const MdRecord *record = NULL;
                     r >= 0 && (record = probe_log_next(round->report->logs[i], record, "resembles"));)
                        if (!strcmp(md_record_text(record, "setting"), "host") &&
                            md_word_equal(md_record_text(record, "value"), log->target.host))
                                r = round_try_host(round, service, log, md_record_text(record, "known"),
                                                   PROBE_SIMILAR_NAME);
        return r;
}

/* ---- where no service was given ---- */

bool plan_may_assume(const Settings *settings, const Report *report) {
        return settings->n_services == 0 && !settings->search.only && report->n_logs > 0 && !any_finder_runs(report);
}

static int assume(Settings *settings, const Candidate *candidate) {
        return settings_assume_service(settings, candidate->protocol, candidate->host, candidate->port,
                                       candidate->security, candidate->username, candidate->origins[0].text);
}

/* One service to receive with, and one to send. */
int plan_assume(Settings *settings, const Report *report, const Registry *registry) {
        _cleanup_free_ Candidates *candidates = candidates_new(report, registry);

        if (!candidates)
                return -ENOMEM;
        const Candidate *receive = candidates_best(candidates, "imap"), *send = candidates_best(candidates, "smtp");
        if (!receive)
                receive = candidates_best(candidates, "pop3");
        int r = receive ? assume(settings, receive) : 0;
        return r >= 0 && send ? assume(settings, send) : r;
}
