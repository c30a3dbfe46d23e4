/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's question about what is published for the address. */

#include <stdio.h>

#include "candidates.h"
#include "judge-rules.h"
#include "match.h"
#include "own.h"
#include "proposal.h"

/* What was tried for the service because somebody published it, and works. */
static const ProbeLog *find_working(const Scene *scene) {
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                if (log->service == scene->log->service && log->why == PROBE_DISCOVERED &&
                    probe_log_works(log, scene->registry))
                        return log;
        }
        return NULL;
}

static const Candidate *find_candidate(const Candidates *candidates, const MdTarget *target) {
        for (size_t i = 0; i < candidates->n; i++) {
                const Candidate *candidate = &candidates->items[i];
                if (!strcmp(candidate->protocol, target->plugin) && !strcmp(candidate->host, target->host) &&
                    candidate->port == target->port && candidate->security == target->security)
                        return candidate;
        }
        return NULL;
}

bool scene_is_published_otherwise(Scene *scene) {
        const ProbeLog *works = find_working(scene);
        _cleanup_free_ Candidates *candidates = works ? candidates_new(scene->report, scene->registry) : NULL;
        const Candidate *candidate = candidates ? find_candidate(candidates, &works->target) : NULL;

        if (!candidate)
                return false;
        snprintf(scene->named, sizeof(scene->named), "%s port %u, %s", candidate->host, candidate->port,
                 md_security_to_string(candidate->security));
        scene->other = scene->named;
        for (size_t i = 0; i < candidate->n_origins; i++)
                scene_note(scene, "%s", candidate->origins[i].text);
        return true;
}
