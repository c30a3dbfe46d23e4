/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The choice among what works. */

#include <string.h>

#include "match.h"
#include "proposal.h"

bool probe_log_works(const ProbeLog *log, const Registry *registry) {
        if (log->end != PROBE_ENDED)
                return false;
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));) {
                const MdFindingInfo *info = registry_finding(registry, md_record_text(record, "code"), NULL);
                if (info && info->severity == MD_SEVERITY_ERROR)
                        return false;
        }
        return true;
}

static size_t steps_done(const ProbeLog *log) {
        size_t n = 0;
        for (const MdRecord *step = NULL; (step = probe_log_next(log, step, "step"));)
                n += !strcmp(md_record_text(step, "outcome"), "ok");
        return n;
}

const ProbeLog *proposal_configured(const Report *report, size_t service) {
        const ProbeLog *best = NULL;
        for (size_t i = 0; i < report->n_logs; i++) {
                const ProbeLog *log = report->logs[i];
                if (log->service != service || !probe_why_is_configured(log->why))
                        continue;
                if (!best || steps_done(log) > steps_done(best))
                        best = log;
        }
        return best;
}

static unsigned cost(const MdTarget *from, const MdTarget *to) {
        return 16 * !texts_equal(from->host, to->host) + 8 * !texts_equal(from->plugin, to->plugin) +
               4 * !texts_equal(from->username, to->username) + 2 * (from->port != to->port) +
               2 * (from->security != to->security) + (to->security != MD_SECURITY_TLS);
}

static bool is_better(const ProbeLog *log, const ProbeLog *than, const MdTarget *from) {
        bool login = !strcmp(probe_log_login(log), "ok"), than_login = !strcmp(probe_log_login(than), "ok");
        if (login != than_login)
                return login;
        return cost(from, &log->target) < cost(from, &than->target);
}

/* What certificate and greeting say is the peer's word, and a name is this host's only if it leads to it. */
static bool is_eligible(const ProbeLog *log, const ProbeLog *configured, const Registry *registry) {
        if (probe_why_is_configured(log->why) || log->why == PROBE_CONTROL || log->why == PROBE_AGAIN ||
            log->target.security == MD_SECURITY_NONE)
                return false;
        if (log->why == PROBE_OTHER_NAME && !probe_log_shares_address(log, configured))
                return false;
        return probe_log_works(log, registry);
}

const ProbeLog *proposal_best(const Report *report, const Registry *registry, size_t service) {
        const ProbeLog *configured = proposal_configured(report, service), *best = NULL;
        for (size_t i = 0; configured && i < report->n_logs; i++) {
                const ProbeLog *log = report->logs[i];
                if (log->service != service || !is_eligible(log, configured, registry))
                        continue;
                if (!best || is_better(log, best, &configured->target))
                        best = log;
        }
        return best;
}
