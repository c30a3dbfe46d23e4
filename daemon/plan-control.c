/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The planner's chapter of comparisons: connections that say nothing about the settings, and everything about the network.
 * Nothing of the account is said on them.
 */

#include "match.h"
#include "plan-round.h"
#include "text.h"

#define CONTROL_PLUGIN "control"

int round_try_web(Round *round, size_t service) {
        const PluginInfo *plugin = registry_plugin(round->frame.registry, CONTROL_PLUGIN);
        int r = 0;
        for (size_t i = 0; r >= 0 && plugin && i < plugin->n_endpoints; i++)
                r = round_add(round, &(Draft) { .service = service, .why = PROBE_CONTROL, .plugin = CONTROL_PLUGIN,
                                                .port = plugin->endpoints[i].port,
                                                .security = plugin->endpoints[i].security, .connect_only = true });
        return r;
}

/* What speaks at a port: a host for comparison that shows greeting and certificate tells more. */
static Draft draft_of_point(const Registry *registry, const ControlPoint *point) {
        for (size_t i = 0; i < registry_n_plugins(registry); i++) {
                const PluginInfo *plugin = registry_plugin_at(registry, i);
                for (size_t k = 0; plugin->loaded && k < plugin->n_endpoints; k++)
                        if (plugin->endpoints[k].port == point->port)
                                return (Draft) { .plugin = plugin->name, .security = plugin->endpoints[k].security };
        }
        return (Draft) { .plugin = CONTROL_PLUGIN, .security = MD_SECURITY_TLS };
}

int round_try_control(Round *round, size_t service, const ProbeLog *log) {
        int r = 0;
        for (size_t i = 0; r >= 0 && round->control && i < round->control->n; i++) {
                const ControlPoint *point = &round->control->points[i];
                Draft draft = draft_of_point(round->frame.registry, point);
                if (md_word_equal(point->host, log->target.host) || !registry_plugin(round->frame.registry, draft.plugin))
                        continue;
                draft.service = service;
                draft.why = PROBE_CONTROL;
                draft.host = point->host;
                draft.port = point->port;
                draft.connect_only = true;
                r = round_add(round, &draft);
        }
        return r;
}
