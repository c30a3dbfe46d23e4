/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From records to candidates: merged, compared with each other, joined with their trials, put in order. */

#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "match.h"
#include "own.h"
#include "text.h"

static const char *const trusts[] = {
        [TRUST_INSECURE] = "insecure",
        [TRUST_TABLE] = "table",
        [TRUST_HTTPS] = "https",
        [TRUST_DNSSEC] = "dnssec",
};

const char *trust_to_string(Trust trust) {
        return trusts[trust];
}

const char *trial_to_string(Trial trial) {
        static const char *const words[] = {
                [TRIAL_NONE] = "unknown",
                [TRIAL_WORKS] = "works",
                [TRIAL_FAILS] = "fails",
        };
        return words[trial];
}

/* A log lets nothing else in. */
static Trust trust_from_string(const char *word) {
        for (size_t i = 0; i < ELEMENTS(trusts); i++)
                if (!strcmp(trusts[i], word))
                        return (Trust) i;
        return TRUST_INSECURE;
}

/* ---- one from several ---- */

static bool is_same(const Candidate *a, const Candidate *b) {
        return !strcmp(a->protocol, b->protocol) && !strcmp(a->host, b->host) && a->port == b->port &&
               a->security == b->security && texts_equal(a->until, b->until);
}

static Candidate *find_same(Candidates *candidates, const Candidate *like) {
        for (size_t i = 0; i < candidates->n; i++)
                if (is_same(&candidates->items[i], like))
                        return &candidates->items[i];
        return NULL;
}

/* What speaks for it most first; the order in which the plugins were asked decides nothing. */
static int compare_origins(const void *a, const void *b) {
        const CandidateOrigin *x = a, *y = b;
        int plugin = strcmp(x->plugin, y->plugin);

        if (x->trust != y->trust)
                return (int) y->trust - (int) x->trust;
        if (x->disputed != y->disputed)
                return x->disputed ? 1 : -1;
        if (x->priority != y->priority)
                return x->priority < y->priority ? -1 : 1;
        return plugin != 0 ? plugin : strcmp(x->text, y->text);
}

static bool has_origin(const Candidate *candidate, const CandidateOrigin *origin) {
        for (size_t i = 0; i < candidate->n_origins; i++)
                if (!strcmp(candidate->origins[i].plugin, origin->plugin) &&
                    !strcmp(candidate->origins[i].text, origin->text))
                        return true;
        return false;
}

static void add_origin(Candidate *candidate, const CandidateOrigin *origin) {
        if (has_origin(candidate, origin) || candidate->n_origins == CANDIDATE_ORIGINS_MAX)
                return;
        candidate->origins[candidate->n_origins++] = *origin;
        candidate->disputed = candidate->disputed && origin->disputed;
        if (origin->trust > candidate->trust)
                candidate->trust = origin->trust;
}

/* What the better source says of user name and login wins; where it says nothing, the other one does. */
static void take_login(Candidate *candidate, const Candidate *more, bool better) {
        bool known = strcmp(candidate->form, "unknown"), more_known = strcmp(more->form, "unknown");

        candidate->username_conflict = candidate->username_conflict ||
                                       (known && more_known && strcmp(candidate->form, more->form));
        if (more_known && (better || !known)) {
                candidate->form = more->form;
                candidate->username = more->username;
        }
        if (more->auth && (better || !candidate->auth))
                candidate->auth = more->auth;
}

static void add(Candidates *candidates, const Candidate *candidate, const CandidateOrigin *origin) {
        Candidate *same = find_same(candidates, candidate);

        if (!same && candidates->n < CANDIDATES_MAX) {
                candidates->items[candidates->n] = *candidate;
                add_origin(&candidates->items[candidates->n++], origin);
        } else if (same) {
                take_login(same, candidate, origin->trust > same->trust);
                add_origin(same, origin);
        }
}

static void add_record(Candidates *candidates, const ProbeLog *log, const MdRecord *record) {
        const Candidate candidate = {
                .protocol = md_record_text(record, "protocol"),
                .host = md_record_text(record, "host"),
                .port = (uint16_t) md_record_number(record, "port", 0),
                .security = (MdSecurity) md_security_from_string(md_record_text(record, "security")),
                .username = md_record_text(record, "username"),
                .form = md_record_text(record, "username-form"),
                .auth = md_record_list(record, "auth"),
                .foreign = md_record_truth(record, "foreign"),
                .disputed = true,
                .until = md_record_text(record, "until"),
                .probe = SIZE_MAX,
        };
        const CandidateOrigin origin = {
                .plugin = log->target.plugin,
                .text = md_record_text(record, "origin"),
                .asof = md_record_text(record, "asof"),
                .trust = trust_from_string(md_record_text(record, "trust")),
                .priority = md_record_number(record, "priority", 0),
                .disputed = md_record_truth(record, "disputed"),
        };
        add(candidates, &candidate, &origin);
}

/* ---- what they are to each other ---- */

/* Two that could both be used, and do not lead to one host. */
static bool are_in_conflict(const Candidate *a, const Candidate *b) {
        return !strcmp(a->protocol, b->protocol) && strcmp(a->host, b->host) && !a->until && !b->until;
}

static bool share_origin(const Candidate *a, const Candidate *b) {
        for (size_t i = 0; i < a->n_origins; i++)
                if (has_origin(b, &a->origins[i]))
                        return true;
        return false;
}

/* One source that names several hosts leaves the choice to the app. */
static void find_conflicts(Candidates *candidates) {
        for (size_t i = 0; i < candidates->n; i++)
                for (size_t k = 0; k < candidates->n; k++) {
                        Candidate *one = &candidates->items[i], *other = &candidates->items[k];
                        if (i != k && are_in_conflict(one, other) && !share_origin(one, other))
                                one->conflict = true;
                }
}

/* ---- their trials ---- */

static const char *fault_of(const ProbeLog *log, const Registry *registry) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));) {
                const MdFindingInfo *info = registry_finding(registry, md_record_text(record, "code"), NULL);
                if (info && info->severity == MD_SEVERITY_ERROR)
                        return info->id;
        }
        return NULL;
}

static bool is_trial_of(const ProbeLog *log, const Candidate *candidate) {
        const MdTarget *target = &log->target;
        return log->end != PROBE_RUNNING && !target->connect_to && !strcmp(target->plugin, candidate->protocol) &&
               !strcmp(target->host, candidate->host) && target->port == candidate->port &&
               target->security == candidate->security;
}

/* A refused login is no fault of the server. */
static void join_trial(Candidate *candidate, const Report *report, const Registry *registry) {
        for (size_t i = 0; i < report->n_logs; i++) {
                const ProbeLog *log = report->logs[i];
                if (!is_trial_of(log, candidate) || log->why == PROBE_CONTROL)
                        continue;
                const char *fault = fault_of(log, registry);
                candidate->probe = i;
                candidate->trial = log->end != PROBE_ENDED ? TRIAL_NONE :
                                   !fault || code_matches(fault, "auth.") ? TRIAL_WORKS : TRIAL_FAILS;
                candidate->code = candidate->trial == TRIAL_FAILS ? fault : NULL;
                return;
        }
}

/* ---- order ---- */

bool candidate_is_sound(const Candidate *candidate) {
        return !candidate->until && candidate->security != MD_SECURITY_NONE &&
               (candidate->trust > TRUST_INSECURE || !candidate->foreign);
}

static unsigned protocol_rank(const char *protocol) {
        static const char *const order[] = { "imap", "pop3", "smtp" };
        unsigned rank = 0;
        while (rank < ELEMENTS(order) && strcmp(order[rank], protocol))
                rank++;
        return rank;
}

static unsigned trial_rank(Trial trial) {
        static const unsigned ranks[] = { [TRIAL_WORKS] = 0, [TRIAL_NONE] = 1, [TRIAL_FAILS] = 2 };
        return ranks[trial];
}

/* RFC 6409 section 3.1: the port between servers is not for apps, even where a source has it. */
static bool is_between_servers(const Candidate *candidate) {
        return !strcmp(candidate->protocol, "smtp") && candidate->port == 25;
}

/* By protocol; what may be used before what may not; what works first; then what speaks for it: trust, agreement, the
 * stronger security (RFC 8314 section 3), the order of its source.  The rest only makes the order the same every time. */
static int compare(const void *a, const void *b) {
        const Candidate *x = a, *y = b;
        const struct {
                int64_t x, y;           /* the less the better */
        } keys[] = {
                { protocol_rank(x->protocol), protocol_rank(y->protocol) },
                { strcmp(x->protocol, y->protocol), 0 },
                { !candidate_is_sound(x), !candidate_is_sound(y) },
                { trial_rank(x->trial), trial_rank(y->trial) },
                { x->disputed, y->disputed },
                { -(int64_t) x->trust, -(int64_t) y->trust },
                { -(int64_t) x->n_origins, -(int64_t) y->n_origins },
                { is_between_servers(x), is_between_servers(y) },
                { -(int64_t) x->security, -(int64_t) y->security },
                { (int64_t) x->origins[0].priority, (int64_t) y->origins[0].priority },
                { strcmp(x->host, y->host), 0 },
                { x->port, y->port },
                { x->until ? strcmp(x->until, y->until ? y->until : "") : 0, 0 },
        };
        for (size_t i = 0; i < ELEMENTS(keys); i++)
                if (keys[i].x != keys[i].y)
                        return keys[i].x < keys[i].y ? -1 : 1;
        return 0;
}

static void choose(Candidates *candidates) {
        for (size_t i = 0; i < candidates->n; i++) {
                Candidate *candidate = &candidates->items[i];
                bool first = i == 0 || strcmp(candidate->protocol, candidates->items[i - 1].protocol);
                candidate->chosen = first && candidate_is_sound(candidate) && candidate->trial != TRIAL_FAILS;
        }
}

const Candidate *candidates_best(const Candidates *candidates, const char *protocol) {
        for (size_t i = 0; i < candidates->n; i++)
                if (candidates->items[i].chosen && !strcmp(candidates->items[i].protocol, protocol))
                        return &candidates->items[i];
        return NULL;
}

const Candidate *candidates_find(const Candidates *candidates, const MdTarget *target) {
        for (size_t i = 0; i < candidates->n; i++) {
                const Candidate *candidate = &candidates->items[i];
                if (!strcmp(candidate->protocol, target->plugin) && md_word_equal(candidate->host, target->host) &&
                    candidate->port == target->port && candidate->security == target->security &&
                    candidate_is_sound(candidate))
                        return candidate;
        }
        return NULL;
}

static bool says_username(const Candidate *candidate, const MdTarget *target) {
        return !strcmp(candidate->protocol, target->plugin) && md_word_equal(candidate->host, target->host) &&
               candidate_is_sound(candidate) && !candidate->disputed && candidate->username &&
               strcmp(candidate->form, "unknown");
}

const Candidate *candidates_username(const Candidates *candidates, const MdTarget *target) {
        const Candidate *found = NULL;

        for (size_t i = 0; i < candidates->n; i++) {
                const Candidate *candidate = &candidates->items[i];
                if (!says_username(candidate, target))
                        continue;
                if (candidate->username_conflict || (found && strcmp(found->username, candidate->username)))
                        return NULL;
                if (!found)
                        found = candidate;
        }
        return found;
}

/* ---- all of it ---- */

Candidates *candidates_new(const Report *report, const Registry *registry) {
        Candidates *candidates = calloc(1, sizeof(*candidates));
        if (!candidates)
                return NULL;
        for (size_t i = 0; i < report->n_logs; i++)
                for (const MdRecord *record = NULL; (record = probe_log_next(report->logs[i], record, "candidate"));)
                        add_record(candidates, report->logs[i], record);
        for (size_t i = 0; i < candidates->n; i++) {
                Candidate *candidate = &candidates->items[i];
                qsort(candidate->origins, candidate->n_origins, sizeof(CandidateOrigin), compare_origins);
                join_trial(candidate, report, registry);
        }
        find_conflicts(candidates);
        qsort(candidates->items, candidates->n, sizeof(Candidate), compare);
        choose(candidates);
        return candidates;
}
