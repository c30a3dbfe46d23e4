/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's question about what is published for the address. */

#include <stdio.h>

#include "candidates.h"
#include "judge-rules.h"
#include "match.h"
#include "own.h"
#include "proposal.h"

/* What was tried for the service, works, and is what somebody publishes. */
static const Candidate *find_working(const Scene *scene, const Candidates *candidates) {
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                const Candidate *candidate = candidates_find(candidates, &log->target);
                if (log->service == scene->log->service && log->why != PROBE_CONFIGURED && candidate &&
                    probe_log_works(log, scene->registry))
                        return candidate;
        }
        return NULL;
}

bool scene_is_published_otherwise(Scene *scene) {
        _cleanup_free_ Candidates *candidates = candidates_new(scene->report, scene->registry);
        const Candidate *candidate = candidates ? find_working(scene, candidates) : NULL;

        if (!candidate)
                return false;
        snprintf(scene->named, sizeof(scene->named), "%s port %u, %s", candidate->host, candidate->port,
                 md_security_to_string(candidate->security));
        scene->other = scene->named;
        for (size_t i = 0; i < candidate->n_origins; i++)
                scene_note(scene, "%s", candidate->origins[i].text);
        return true;
}
