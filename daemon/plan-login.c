/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The planner's chapter of logins.  A service has one; a second is spent only where the form of the user name is the
 * question.  Whoever is still asked what the settings should be is waited for, as far as there is time: it is for the best.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "match.h"
#include "own.h"
#include "plan-round.h"
#include "proposal.h"
#include "text.h"

/* Whether the account had no login left. */
static bool is_denied(const Round *round, size_t service) {
        for (size_t i = 0; i < round->report->n_logs; i++)
                if (round->report->logs[i]->service == service && round->report->logs[i]->denial.reason != DENIAL_NONE)
                        return true;
        return false;
}

static bool has_secret(const Round *round, size_t service) {
        const ServiceSettings *settings = &round->frame.settings->services[service];
        return settings->secret_fd >= 0 && settings_depth(round->frame.settings, settings) >= MD_DEPTH_AUTH &&
               !is_denied(round, service);
}

bool round_login_tried(const Round *round, size_t service) {
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

/* What is published for the server, copied; NULL: nothing. */
static char *published_username(const Round *round, const MdTarget *target) {
        _cleanup_free_ Candidates *candidates = candidates_new(round->report, round->frame.registry);
        const Candidate *candidate = candidates ? candidates_username(candidates, target) : NULL;
        return candidate ? strdup(candidate->username) : NULL;
}

/* The other form: the one that is published for the server, else the part before the @ or the whole address, whichever was
 * not used.  Empty: there is none, or the one that is published was used. */
static void other_form(const Round *round, const ProbeLog *log, char *ret, size_t size) {
        _cleanup_free_ char *published = published_username(round, &log->target);
        const char *user = log->target.username, *at = user ? strchr(user, '@') : NULL;
        const char *address = log->target.address ? log->target.address : round->frame.settings->address;
        size_t length = at ? (size_t) (at - user) : address ? strlen(address) : 0;

        ret[0] = '\0';
        if (published) {
                if (strlen(published) < size && !texts_equal(published, user))
                        snprintf(ret, size, "%s", published);
                return;
        }
        if (!user || length == 0 || length >= size || (!at && !strchr(address, '@')))
                return;
        memcpy(ret, at ? user : address, length);
        ret[length] = '\0';
}

/* Words of a refusal that say the password is not the question, or that another try would do harm. */
static bool must_not_try_again(const ProbeLog *log) {
        static const char *const codes[] = { "auth.rate-limited", "auth.web-login-required", "auth.account-disabled",
                                             "auth.password-expired", "server.auth-temporarily-down",
                                             "settings.suspicious-secret" };
        for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
                if (probe_log_found(log, codes[i]))
                        return true;
        return false;
}

/* Another service of the provider took this form, so it is not the question here; or one is about to show it. */
static bool form_may_be_right(const Round *round, const ProbeLog *refused) {
        for (size_t i = 0; i < round->report->n_logs; i++) {
                const ProbeLog *log = round->report->logs[i];
                bool runs = log->end == PROBE_RUNNING && probe_why_is_configured(log->why);
                if ((runs || !strcmp(probe_log_login(log), "ok")) &&
                    texts_equal(log->target.username, refused->target.username) &&
                    hosts_are_related(log->target.host, refused->target.host))
                        return true;
        }
        return false;
}

int round_try_username(Round *round, size_t service, const ProbeLog *log) {
        char other[256];
        FormOutcome outcome = form_outcome(round);
        if (!has_secret(round, service) || strcmp(probe_log_login(log), "refused") || must_not_try_again(log) ||
            form_may_be_right(round, log) ||
            any_tried_for(round, service, PROBE_OTHER_USERNAME) || outcome == FORM_RUNNING || outcome == FORM_FAILS ||
            round_awaits_finders(round))
                return 0;
        other_form(round, log, other, sizeof(other));
        if (!*other)
                return 0;
        return round_add(round, &(Draft) { .service = service, .why = PROBE_OTHER_USERNAME, .port = log->target.port,
                                     .security = log->target.security, .username = other, .with_login = true });
}

int round_try_mechanism(Round *round, size_t service, const ProbeLog *log) {
        if (!has_secret(round, service) || !round->frame.settings->services[service].mechanisms ||
            round_login_tried(round, service) || any_tried_for(round, service, PROBE_OTHER_MECHANISM) ||
            any_runs(round, service))
                return 0;
        return round_add(round, &(Draft) { .service = service, .why = PROBE_OTHER_MECHANISM, .port = log->target.port,
                                     .security = log->target.security, .any_mechanism = true, .with_login = true });
}

static bool is_below(const char *host, const char *domain) {
        size_t length = strlen(host), tail = domain ? strlen(domain) : 0;
        if (tail == 0 || length < tail || !md_word_equal(host + length - tail, domain))
                return false;
        return length == tail || host[length - tail - 1] == '.';
}

static bool is_published(const Round *round, const MdTarget *target) {
        _cleanup_free_ Candidates *candidates = candidates_new(round->report, round->frame.registry);
        return candidates && candidates_find(candidates, target);
}

/*
 * The secret goes only to hosts that the settings name, that a sound source names for the address, that a table knows, or
 * that are below the domain of the mail address or below the configured host: their certificate is the domain owner's.
 * Any other name may be an attacker's, whose certificate is in order, too.
 */
static bool may_have_secret(const Round *round, const ProbeLog *best, const ProbeLog *configured) {
        const MdTarget *target = &best->target;
        const char *address = configured->target.address, *at = address ? strrchr(address, '@') : NULL;
        return texts_equal(target->host, configured->target.host) || is_below(target->host, at ? at + 1 : NULL) ||
               is_below(target->host, configured->target.host) || best->why == PROBE_SIMILAR_NAME ||
               is_published(round, target);
}

int round_prove(Round *round, size_t service) {
        if (!has_secret(round, service) || round_login_tried(round, service) ||
            any_tried_for(round, service, PROBE_PROOF) || any_runs(round, service) || round_awaits_finders(round))
                return 0;
        const ProbeLog *best = proposal_best(round->report, round->frame.registry, service);
        const ProbeLog *configured = proposal_configured(round->report, service);
        if (!best || !configured || probe_log_works(configured, round->frame.registry) ||
            !may_have_secret(round, best, configured))
                return 0;
        bool moves = !texts_equal(best->target.host, configured->target.host);
        _cleanup_free_ char *username = moves ? published_username(round, &best->target) : NULL;
        return round_add(round, &(Draft) { .service = service, .why = PROBE_PROOF, .plugin = best->target.plugin,
                                     .host = moves ? best->target.host : NULL,
                                     .port = best->target.port, .security = best->target.security,
                                     .username = username, .with_login = true });
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

int round_try_auto_login(Round *round, size_t service) {
        if (!has_secret(round, service) || round_login_tried(round, service) ||
            any_tried_for(round, service, PROBE_AUTO_LOGIN))
                return 0;
        const ProbeLog *log = candidate_for_login(round, service);
        if (!log)
                return 0;
        return round_add(round, &(Draft) { .service = service, .why = PROBE_AUTO_LOGIN, .port = log->target.port,
                                     .security = log->target.security, .with_login = true });
}

