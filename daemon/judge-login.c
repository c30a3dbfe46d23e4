/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's questions about logins, and about ports that take none. */

#include "judge-rules.h"
#include "match.h"

#define PORT_BETWEEN_SERVERS 25u

bool scene_is_between_servers(Scene *scene) {
        return !strcmp(scene->log->target.plugin, "smtp") && scene->log->target.port == PORT_BETWEEN_SERVERS;
}

bool scene_is_one_sided(Scene *scene) {
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                if (log->service == scene->log->service || strcmp(probe_log_login(log), "ok") ||
                    !texts_equal(log->target.username, scene->log->target.username) ||
                    !hosts_are_related(log->target.host, scene->log->target.host))
                        continue;
                scene->other = log->target.host;
                if (scene->seen->evidence)
                        scene_note(scene, "%s", scene->seen->evidence);
                return true;
        }
        return false;
}
