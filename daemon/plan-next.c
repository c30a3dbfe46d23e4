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

#include "plan-private.h"
#include "proposal.h"
#include "text.h"

#define NAMES_MAX 4             /* other names that are tried per service */
#define SLOW_MS 3000u           /* silence after which alternatives begin, before the verdict is in */

/* ---- when ---- */

enum {
        TRY_SECURITY = 1 << 0,
        TRY_PROTOCOL = 1 << 1,
        TRY_NAME = 1 << 2,
        TRY_USERNAME = 1 << 3,
};

/* What a finding of a configured target makes worth trying.  A code ending in '.' stands for all that begin so. */
static const struct {
        const char *code;
        unsigned tries;
} triggers[] = {
        { "port.other-protocol", TRY_SECURITY | TRY_PROTOCOL },
        { "port.", TRY_SECURITY },
        { "tcp.", TRY_SECURITY },
        { "greeting.", TRY_SECURITY },
        { "tls.", TRY_SECURITY },
        { "server.rejects-client", TRY_SECURITY },
        { "security.", TRY_SECURITY },
        { "protocol.", TRY_SECURITY },
        { "auth.not-offered", TRY_SECURITY },
        { "auth.not-possible-without-tls", TRY_SECURITY },
        { "auth.encryption-required", TRY_SECURITY },
        { "smtp.relay-denied", TRY_SECURITY },
        { "smtp.use-submission-port", TRY_SECURITY },
        { "smtp.no-starttls", TRY_SECURITY },
        { "cert.wrong-host", TRY_NAME },
        { "cert.no-san", TRY_NAME },
        { "tls.sni-refused", TRY_NAME },
        { "auth.rejected", TRY_USERNAME },
        { "auth.address-as-username", TRY_USERNAME },
};

static bool code_matches(const char *code, const char *pattern) {
        size_t length = strlen(pattern);
        return pattern[length - 1] == '.' ? !strncmp(code, pattern, length) : !strcmp(code, pattern);
}

static unsigned tries_of_log(const ProbeLog *log) {
        unsigned tries = 0;
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));)
                for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++)
                        if (code_matches(md_record_text(record, "code"), triggers[i].code))
                                tries |= triggers[i].tries;
        return tries;
}

typedef struct Round {
        Frame frame;
        const Report *report;
        uint32_t elapsed_ms;
        Plan plan;
} Round;

/* Nothing has answered for so long that waiting for the verdict would waste the time that is left. */
static bool is_slow(const Round *round, const ProbeLog *log) {
        return log->end == PROBE_RUNNING && !probe_log_address(log) &&
               round->elapsed_ms >= SLOW_MS / round->frame.time_scale;
}

static unsigned tries_of_service(const Round *round, size_t service) {
        unsigned tries = 0;
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->service == service && probe_why_is_configured(log->why))
                        tries |= tries_of_log(log) | (is_slow(round, log) ? TRY_SECURITY : 0);
        }
        return tries;
}

/* ---- what ---- */

static bool same_text(const char *a, const char *b) {
        return !strcmp(a ? a : "", b ? b : "");
}

static bool target_is_draft(const MdTarget *target, const MdTarget *other) {
        return target->port == other->port && target->security == other->security &&
               same_text(target->plugin, other->plugin) && md_word_equal(target->host, other->host) &&
               same_text(target->username, other->username);
}

/* Whether the last probe of the plan repeats one that ran, or that is planned. */
static bool is_repeated(const Round *round, bool with_login) {
        const PlannedProbe *last = &round->plan.probes[round->plan.n_probes - 1];
        for (size_t i = 0; !with_login && i < round->report->n_logs; i++)
                if (round->report->logs[i]->service == last->service &&
                    target_is_draft(&round->report->logs[i]->target, &last->target))
                        return true;
        for (size_t i = 0; i + 1 < round->plan.n_probes; i++)
                if (round->plan.probes[i].service == last->service &&
                    target_is_draft(&round->plan.probes[i].target, &last->target))
                        return true;
        return false;
}

static int add(Round *round, const Draft *draft) {
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
                r = add(round, &draft);
        }
        for (size_t i = 0; r >= 0 && i < sizeof(encrypted) / sizeof(encrypted[0]); i++) {
                draft.port = from->port;
                draft.security = encrypted[i];
                r = add(round, &draft);
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

static bool is_host_name(const char *name, size_t length) {
        static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
        return length > 3 && length < 254 && strspn(name, allowed) >= length && memchr(name, '.', length) &&
               name[0] != '.' && name[0] != '-' && name[length - 1] != '.' && strspn(name, "0123456789.") < length;
}

static int try_name(Round *round, size_t service, const MdTarget *from, const char *name, size_t length,
                    size_t *used) {
        char host[256];
        if (*used == NAMES_MAX || !is_host_name(name, length))
                return 0;
        memcpy(host, name, length);
        host[length] = '\0';
        if (md_word_equal(host, from->host))
                return 0;
        (*used)++;
        return add(round, &(Draft) { .service = service, .why = PROBE_OTHER_NAME, .host = host, .port = from->port,
                                     .security = from->security });
}

static int try_name_list(Round *round, size_t service, const MdTarget *from, const char *const *names, size_t *used) {
        int r = 0;
        for (size_t i = 0; r >= 0 && names && names[i]; i++)
                r = try_name(round, service, from, names[i], strlen(names[i]), used);
        return r;
}

/* Names in the words of a greeting: "220 mail.hoster.example ESMTP". */
static int try_greeting(Round *round, size_t service, const MdTarget *from, const char *text, size_t *used) {
        int r = 0;
        for (const char *word = text; r >= 0 && *word;) {
                size_t length = strcspn(word, " \t<>()[],;:");
                r = try_name(round, service, from, word, length, used);
                word += length;
                word += strspn(word, " \t<>()[],;:");
        }
        return r;
}

/* Names that the host itself, or the name service, gives it. */
static int try_names(Round *round, size_t service, const ProbeLog *log) {
        static const char *const facts[] = { "reverse-names", "mail-hosts" };
        const MdRecord *certificate = probe_log_next(log, NULL, "certificate");
        const MdRecord *greeting = probe_log_next(log, NULL, "greeting");
        size_t used = 0;
        int r = 0;

        if (greeting)
                r = try_greeting(round, service, &log->target, md_record_text(greeting, "text"), &used);
        for (size_t i = 0; r >= 0 && i < sizeof(facts) / sizeof(facts[0]); i++) {
                const MdField *names = probe_log_fact(log, facts[i]);
                if (names && names->type == 'l')
                        r = try_name_list(round, service, &log->target, names->list, &used);
        }
        if (r >= 0 && certificate)
                r = try_name_list(round, service, &log->target, md_record_list(certificate, "names"), &used);
        return r;
}

/* ---- logins ---- */

static bool has_secret(const Round *round, size_t service) {
        const ServiceSettings *settings = &round->frame.settings->services[service];
        return settings->secret_fd >= 0 && settings_depth(round->frame.settings, settings) >= MD_DEPTH_AUTH;
}

static bool any_login_tried(const Round *round, size_t service) {
        for (size_t i = 0; i < round->report->n_logs; i++)
                if (round->report->logs[i]->service == service && strcmp(probe_log_login(round->report->logs[i]), "not-tried"))
                        return true;
        return false;
}

static bool any_tried_for(const Round *round, size_t service, ProbeWhy why) {
        for (size_t i = 0; i < round->report->n_logs; i++)
                if (round->report->logs[i]->service == service && round->report->logs[i]->why == why)
                        return true;
        return false;
}

static bool any_runs(const Round *round, size_t service) {
        for (size_t i = 0; i < round->report->n_logs; i++)
                if (round->report->logs[i]->service == service && round->report->logs[i]->end == PROBE_RUNNING)
                        return true;
        for (size_t i = 0; i < round->plan.n_probes; i++)
                if (round->plan.probes[i].service == service)
                        return true;
        return false;
}

/* How the other form of the user name did: tried by one service at a time, so that an account is not locked. */
typedef enum FormOutcome {
        FORM_UNTRIED,
        FORM_RUNNING,
        FORM_WORKS,
        FORM_FAILS,
} FormOutcome;

static FormOutcome form_outcome(const Round *round) {
        FormOutcome outcome = FORM_UNTRIED;
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->why != PROBE_OTHER_USERNAME)
                        continue;
                if (log->end == PROBE_RUNNING)
                        return FORM_RUNNING;
                outcome = !strcmp(probe_log_login(log), "ok") ? FORM_WORKS : FORM_FAILS;
                if (outcome == FORM_WORKS)
                        return outcome;
        }
        for (size_t i = 0; i < round->plan.n_probes; i++)
                if (round->plan.probes[i].why == PROBE_OTHER_USERNAME)
                        return FORM_RUNNING;
        return outcome;
}

/* The other form: the part before the @, or the whole address. Empty: there is none. */
static void other_form(const Round *round, const ProbeLog *log, char *ret, size_t size) {
        const char *user = log->target.username, *at = user ? strchr(user, '@') : NULL;
        const char *address = log->target.address ? log->target.address : round->frame.settings->address;
        size_t length = at ? (size_t) (at - user) : address ? strlen(address) : 0;

        ret[0] = '\0';
        if (!user || length == 0 || length >= size || (!at && !strchr(address, '@')))
                return;
        memcpy(ret, at ? user : address, length);
        ret[length] = '\0';
}

/* Words of a refusal that say the password is not the question, or that another try would do harm. */
static bool must_not_try_again(const ProbeLog *log) {
        static const char *const codes[] = { "auth.rate-limited", "auth.web-login-required", "auth.account-disabled",
                                             "auth.password-expired", "server.auth-temporarily-down" };
        for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
                if (probe_log_found(log, codes[i]))
                        return true;
        return false;
}

static int try_username(Round *round, size_t service, const ProbeLog *log) {
        char other[256];
        FormOutcome outcome = form_outcome(round);
        if (!has_secret(round, service) || strcmp(probe_log_login(log), "refused") || must_not_try_again(log) ||
            any_tried_for(round, service, PROBE_OTHER_USERNAME) || outcome == FORM_RUNNING || outcome == FORM_FAILS)
                return 0;
        other_form(round, log, other, sizeof(other));
        if (!*other)
                return 0;
        return add(round, &(Draft) { .service = service, .why = PROBE_OTHER_USERNAME, .port = log->target.port,
                                     .security = log->target.security, .username = other, .with_login = true });
}

/* The one login of a service whose configured target never came to it: on the best of what works. */
static int prove(Round *round, size_t service) {
        if (!has_secret(round, service) || any_login_tried(round, service) ||
            any_tried_for(round, service, PROBE_PROOF) || any_runs(round, service))
                return 0;
        const ProbeLog *best = proposal_best(round->report, round->frame.registry, service);
        const ProbeLog *configured = proposal_configured(round->report, service);
        if (!best || !configured || probe_log_works(configured, round->frame.registry))
                return 0;
        return add(round, &(Draft) { .service = service, .why = PROBE_PROOF, .plugin = best->target.plugin,
                                     .host = same_text(best->target.host, configured->target.host) ? NULL
                                                                                                  : best->target.host,
                                     .port = best->target.port, .security = best->target.security,
                                     .with_login = true });
}

/* The candidate of an open security that works, when none came to a login; NULL: none, or not all have ended. */
static const ProbeLog *candidate_for_login(const Round *round, size_t service) {
        const ProbeLog *works = NULL;
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->service != service || log->why != PROBE_AUTO)
                        continue;
                if (log->end == PROBE_RUNNING)
                        return NULL;
                if (!works && probe_log_works(log, round->frame.registry))
                        works = log;
        }
        return works;
}

static int try_auto_login(Round *round, size_t service) {
        if (!has_secret(round, service) || any_login_tried(round, service) ||
            any_tried_for(round, service, PROBE_AUTO_LOGIN))
                return 0;
        const ProbeLog *log = candidate_for_login(round, service);
        if (!log)
                return 0;
        return add(round, &(Draft) { .service = service, .why = PROBE_AUTO_LOGIN, .port = log->target.port,
                                     .security = log->target.security, .with_login = true });
}

/* ---- the round ---- */

static bool candidate_works(const Round *round, size_t service) {
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->service == service && log->why == PROBE_AUTO && probe_log_works(log, round->frame.registry))
                        return true;
        }
        return false;
}

static int plan_log(Round *round, size_t service, const ProbeLog *log, unsigned tries) {
        int r = 0;
        if (tries & TRY_SECURITY)
                r = try_security(round, service, &log->target, log->target.plugin, PROBE_OTHER_SECURITY);
        if (r >= 0 && tries & TRY_PROTOCOL)
                r = try_protocol(round, service, log);
        if (r >= 0 && tries & TRY_NAME)
                r = try_names(round, service, log);
        if (r >= 0 && tries & TRY_USERNAME)
                r = try_username(round, service, log);
        return r;
}

static int plan_service(Round *round, size_t service) {
        unsigned tries = candidate_works(round, service) ? 0 : tries_of_service(round, service);
        int r = try_auto_login(round, service);

        /* Plans may grow the report's own logs later; what is read here are those of earlier rounds. */
        for (size_t i = 0; r >= 0 && tries && i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                if (log->service == service && probe_why_is_configured(log->why))
                        r = plan_log(round, service, log, tries);
        }
        return r < 0 ? r : prove(round, service);
}

int plan_next(const Settings *settings, const Registry *registry, const Report *report, uint32_t left_ms,
              uint32_t time_scale, Plan *ret) {
        Round round = {
                .frame = { settings, registry, left_ms, time_scale },
                .report = report,
                .elapsed_ms = settings->timeout_ms > left_ms ? settings->timeout_ms - left_ms : 0,
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < settings->n_services && left_ms >= PLAN_LEAST_MS; i++)
                r = plan_service(&round, i);
        if (r < 0)
                plan_done(&round.plan);
        else
                *ret = round.plan;
        return r;
}
