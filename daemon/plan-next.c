/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The planner's later rounds: only where a configured target fails or is unwise, what else may be right.
 *
 * Alternatives run without the secret; the best that works is then proved with the one login that a service has.  A
 * second login is spent only where the form of the user name is the question.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "match.h"
#include "plan-round.h"
#include "proposal.h"
#include "text.h"

#define SLOW_MS 3000u           /* silence after which alternatives begin, before the verdict is in */

/* ---- when ---- */

enum {
        TRY_SECURITY = 1 << 0,
        TRY_PROTOCOL = 1 << 1,
        TRY_NAME = 1 << 2,
        TRY_USERNAME = 1 << 3,
        TRY_USUAL_NAME = 1 << 4,
        TRY_WEB = 1 << 5,
        TRY_CONTROL = 1 << 6,
        TRY_AGAIN = 1 << 7,
        TRY_DISCOVERY = 1 << 8,
        TRY_SIMILAR_NAME = 1 << 9,
        TRY_MECHANISM = 1 << 10,
};

#define TRY_ELSEWHERE (TRY_DISCOVERY | TRY_SIMILAR_NAME)

/* What a finding of a configured target makes worth trying.  A code ending in '.' stands for all errors that begin so: a
 * warning is no reason to look elsewhere, unless it is named. */
static const struct {
        const char *code;
        unsigned tries;
} triggers[] = {
        { "port.other-protocol", TRY_SECURITY | TRY_PROTOCOL | TRY_DISCOVERY },
        { "port.http", TRY_CONTROL },
        { "port.", TRY_SECURITY | TRY_DISCOVERY },
        { "dns.no-such-name", TRY_USUAL_NAME | TRY_ELSEWHERE },
        { "dns.no-address", TRY_USUAL_NAME | TRY_ELSEWHERE },
        { "dns.", TRY_CONTROL },
        { "net.no-route", TRY_CONTROL },
        { "tcp.", TRY_SECURITY | TRY_USUAL_NAME | TRY_WEB | TRY_CONTROL | TRY_ELSEWHERE },
        { "greeting.", TRY_SECURITY | TRY_DISCOVERY },
        { "tls.", TRY_SECURITY | TRY_DISCOVERY },
        { "cert.", TRY_CONTROL | TRY_AGAIN | TRY_ELSEWHERE },
        { "server.rejects-client", TRY_SECURITY },
        { "security.", TRY_SECURITY | TRY_DISCOVERY },
        { "security.cleartext", TRY_SECURITY | TRY_DISCOVERY },
        { "protocol.", TRY_SECURITY | TRY_DISCOVERY },
        { "auth.not-offered", TRY_SECURITY | TRY_USUAL_NAME | TRY_DISCOVERY },
        { "auth.not-possible-without-tls", TRY_SECURITY | TRY_DISCOVERY },
        { "auth.encryption-required", TRY_SECURITY | TRY_DISCOVERY },
        { "smtp.relay-denied", TRY_SECURITY | TRY_USUAL_NAME | TRY_DISCOVERY },
        { "smtp.use-submission-port", TRY_SECURITY | TRY_USUAL_NAME | TRY_DISCOVERY },
        { "smtp.no-starttls", TRY_SECURITY | TRY_DISCOVERY },
        { "cert.wrong-host", TRY_NAME },
        { "cert.no-san", TRY_NAME },
        { "tls.sni-refused", TRY_NAME },
        { "auth.rejected", TRY_USERNAME | TRY_DISCOVERY },
        { "auth.address-as-username", TRY_USERNAME | TRY_DISCOVERY },
        { "auth.no-common-mechanism", TRY_MECHANISM | TRY_DISCOVERY },
};

static bool is_error(const Registry *registry, const char *code) {
        const MdFindingInfo *info = registry_finding(registry, code, NULL);
        return info && info->severity == MD_SEVERITY_ERROR;
}

static unsigned tries_of_code(const Registry *registry, const char *code) {
        unsigned tries = 0;
        for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++)
                if (!strcmp(code, triggers[i].code) ||
                    (code_matches(code, triggers[i].code) && is_error(registry, code)))
                        tries |= triggers[i].tries;
        return tries;
}

static unsigned tries_of_log(const Registry *registry, const ProbeLog *log) {
        unsigned tries = 0;
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));)
                tries |= tries_of_code(registry, md_record_text(record, "code"));
        return tries;
}

/* Nothing has answered for so long that waiting for the verdict would waste the time that is left. */
#define TRY_WHEN_SILENT (TRY_SECURITY | TRY_USUAL_NAME | TRY_WEB | TRY_CONTROL | TRY_ELSEWHERE)

static bool is_slow(const Round *round, const ProbeLog *log) {
        return log->end == PROBE_RUNNING && !log->waits && !probe_log_address(log) &&
               round->elapsed_ms >= SLOW_MS / round->frame.time_scale;
}

/* A candidate of an open security that works, or may yet: what the others found is no fault then. */
static bool any_candidate_left(const Round *round, size_t service) {
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->service != service || log->why != PROBE_AUTO)
                        continue;
                if (probe_log_works(log, round->frame.registry) || (log->end == PROBE_RUNNING && !is_slow(round, log)))
                        return true;
        }
        return false;
}

/* Whether a log speaks for its service: the settings as they are, the login on an open security, or a candidate when
 * none came to a login and none is left. */
static bool speaks(const Round *round, const ProbeLog *log) {
        if (!probe_why_is_configured(log->why))
                return false;
        return log->why == PROBE_CONFIGURED || strcmp(probe_log_login(log), "not-tried") ||
               (!round_login_tried(round, log->service) && !any_candidate_left(round, log->service));
}

static unsigned tries_of_service(const Round *round, size_t service) {
        unsigned tries = 0;
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->service == service && speaks(round, log))
                        tries |= tries_of_log(round->frame.registry, log) | (is_slow(round, log) ? TRY_WHEN_SILENT : 0);
        }
        return tries;
}

/* ---- what ---- */

static bool target_is_draft(const MdTarget *target, const MdTarget *other) {
        return target->port == other->port && target->security == other->security &&
               texts_equal(target->plugin, other->plugin) && md_word_equal(target->host, other->host) &&
               texts_equal(target->username, other->username);
}

/* Whether the last probe of the plan repeats one that ran, or that is planned.  Comparisons serve all services. */
static bool is_repeated(const Round *round, bool with_login) {
        const PlannedProbe *last = &round->plan.probes[round->plan.n_probes - 1];
        bool any = last->why == PROBE_CONTROL;
        for (size_t i = 0; !with_login && i < round->report->n_logs; i++)
                if ((any || round->report->logs[i]->service == last->service) &&
                    target_is_draft(&round->report->logs[i]->target, &last->target))
                        return true;
        for (size_t i = 0; i + 1 < round->plan.n_probes; i++)
                if ((any || round->plan.probes[i].service == last->service) &&
                    target_is_draft(&round->plan.probes[i].target, &last->target))
                        return true;
        return false;
}

int round_add(Round *round, const Draft *draft) {
        int r = plan_add(&round->plan, &round->frame, draft);
        if (r >= 0 && is_repeated(round, draft->with_login))
                md_target_done(&round->plan.probes[--round->plan.n_probes].target);
        return r;
}

/* Other ports with the security that belongs to them, and the same port with another security.  Port 25 is between
 * servers (RFC 6409 section 3.1), and clear text is never proposed. */
static int try_security(Round *round, size_t service, const MdTarget *from, const char *protocol, ProbeWhy why) {
        static const MdSecurity encrypted[] = { MD_SECURITY_TLS, MD_SECURITY_STARTTLS };
        const PluginInfo *plugin = registry_plugin(round->frame.registry, protocol);
        Draft draft = { .service = service, .why = why, .plugin = protocol };
        int r = 0;

        for (size_t i = 0; r >= 0 && plugin && i < plugin->n_endpoints; i++) {
                if (plugin->endpoints[i].security == MD_SECURITY_NONE || !strcmp(plugin->endpoints[i].service, "smtp"))
                        continue;
                draft.port = plugin->endpoints[i].port;
                draft.security = plugin->endpoints[i].security;
                r = round_add(round, &draft);
        }
        for (size_t i = 0; r >= 0 && i < sizeof(encrypted) / sizeof(encrypted[0]); i++) {
                draft.port = from->port;
                draft.security = encrypted[i];
                r = round_add(round, &draft);
        }
        return r;
}

/* The same port, in the protocol that it was heard to speak. */
static int try_protocol(Round *round, size_t service, const ProbeLog *log) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));) {
                const char *found = md_record_text(record, "found");
                if (strcmp(md_record_text(record, "code"), "port.other-protocol") || !found)
                        continue;
                const PluginInfo *plugin = registry_plugin(round->frame.registry, found);
                if (plugin && plugin->purpose == log->purpose)
                        return try_security(round, service, &log->target, found, PROBE_OTHER_PROTOCOL);
        }
        return 0;
}

/* The same once more, however that repeats itself. */
static int try_again(Round *round, size_t service, const ProbeLog *log) {
        const Draft draft = { .service = service, .why = PROBE_AGAIN, .port = log->target.port,
                              .security = log->target.security };
        for (size_t i = 0; i < round->report->n_logs; i++)
                if (round->report->logs[i]->service == service && round->report->logs[i]->why == PROBE_AGAIN)
                        return 0;
        for (size_t i = 0; i < round->plan.n_probes; i++)
                if (round->plan.probes[i].service == service && round->plan.probes[i].why == PROBE_AGAIN)
                        return 0;
        return plan_add(&round->plan, &round->frame, &draft);
}

/* ---- the round ---- */

static int plan_log(Round *round, size_t service, const ProbeLog *log, unsigned tries) {
        int r = 0;
        if (tries & TRY_SECURITY)
                r = try_security(round, service, &log->target, log->target.plugin, PROBE_OTHER_SECURITY);
        if (r >= 0 && tries & TRY_PROTOCOL)
                r = try_protocol(round, service, log);
        if (r >= 0 && tries & TRY_NAME)
                r = round_try_names(round, service, log);
        if (r >= 0 && tries & TRY_USUAL_NAME)
                r = round_try_usual_names(round, service, log);
        if (r >= 0 && tries & TRY_SIMILAR_NAME)
                r = round_try_similar_names(round, service, log);
        if (r >= 0 && tries & TRY_WEB)
                r = round_try_web(round, service);
        if (r >= 0 && tries & TRY_CONTROL)
                r = round_try_control(round, service, log);
        if (r >= 0 && tries & TRY_AGAIN)
                r = try_again(round, service, log);
        if (r >= 0 && tries & TRY_MECHANISM)
                r = round_try_mechanism(round, service, log);
        if (r >= 0 && tries & TRY_USERNAME)
                r = round_try_username(round, service, log);
        return r;
}

static int plan_service(Round *round, size_t service) {
        unsigned tries = tries_of_service(round, service);
        int r = round_try_auto_login(round, service);

        if (r >= 0 && tries & TRY_DISCOVERY)
                r = round_ask_network(round);
        /* Plans may grow the report's own logs later; what is read here are those of earlier rounds. */
        for (size_t i = 0; r >= 0 && tries && i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->service == service && speaks(round, log))
                        r = plan_log(round, service, log, tries);
        }
        if (r >= 0 && tries & TRY_DISCOVERY)
                r = round_try_discovered(round, service);
        return r < 0 ? r : round_prove(round, service);
}

int plan_next(const Settings *settings, const PlanContext *context, const Report *report, uint32_t left_ms, Plan *ret) {
        Round round = {
                .frame = { settings, context->registry, left_ms, context->time_scale, context->data_dir, context->proxy,
                           context->ispdb },
                .control = context->control,
                .report = report,
                .offline = context->offline,
                .incomplete = context->incomplete,
                .elapsed_ms = settings->timeout_ms > left_ms ? settings->timeout_ms - left_ms : 0,
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < settings->n_services && left_ms >= PLAN_LEAST_MS; i++)
                r = plan_service(&round, i);
        if (r >= 0 && settings->n_services == 0 && left_ms >= PLAN_LEAST_MS)
                r = round_search(&round);
        if (r < 0)
                plan_done(&round.plan);
        else
                *ret = round.plan;
        return r;
}
