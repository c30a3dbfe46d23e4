/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The instance as one document, for tools that read JSON. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bouncer.h"
#include "config.h"
#include "dbus/names.h"
#include "describe.h"
#include "monitor.h"
#include "options.h"
#include "own.h"
#include "target.h"

/* What is no option, but may come and go between versions. */
static const char *const abilities[] = { "accounts", "job", "known-accounts", "report-1", "reports-1" };

static int compare(const void *a, const void *b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

const char **describe_features(void) {
        size_t n = 0;
        while (option_key_at(n))
                n++;

        const char **features = calloc(n + ELEMENTS(abilities) + 1, sizeof(char *));
        if (!features)
                return NULL;
        for (size_t i = 0; i < n; i++)
                features[i] = option_key_at(i);
        for (size_t i = 0; i < ELEMENTS(abilities); i++)
                features[n + i] = abilities[i];
        qsort(features, n + ELEMENTS(abilities), sizeof(char *), compare);
        return features;
}

static json_t *describe_feature_list(void) {
        const char **features = describe_features();
        json_t *list = json_array();

        for (size_t i = 0; features && features[i]; i++)
                json_array_append_new(list, json_string(features[i]));
        free(features);
        return list;
}

static json_t *describe_ports(const PluginInfo *plugin) {
        json_t *list = json_array();
        for (size_t i = 0; i < plugin->n_endpoints; i++) {
                const MdEndpoint *endpoint = &plugin->endpoints[i];
                json_array_append_new(list, json_pack("{s:i, s:s, s:s}", "port", (int) endpoint->port, "security",
                                                      md_security_to_string(endpoint->security), "service",
                                                      endpoint->service));
        }
        return list;
}

static json_t *describe_codes(const PluginInfo *plugin) {
        json_t *list = json_array();
        for (size_t i = 0; i < plugin->n_findings; i++)
                json_array_append_new(list, json_string(plugin->findings[i].id));
        return list;
}

static json_t *describe_plugin(const PluginInfo *plugin) {
        json_t *protocols = json_array();
        if (plugin->loaded && plugin->kind == MD_KIND_PROTOCOL)
                json_array_append_new(protocols, json_string(plugin->name));
        return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:o, s:o}",
                         "name", plugin->name,
                         "file", plugin->file,
                         "version", plugin->version,
                         "summary", plugin->summary,
                         "state", plugin->loaded ? "loaded" : "failed",
                         "error", plugin->error,
                         "abi", (int) plugin->abi,
                         "protocols", protocols,
                         "ports", describe_ports(plugin),
                         "findings", describe_codes(plugin));
}

static json_t *describe_plugins(const Registry *registry) {
        json_t *list = json_array();
        for (size_t i = 0; registry && i < registry_n_plugins(registry); i++)
                json_array_append_new(list, describe_plugin(registry_plugin_at(registry, i)));
        return list;
}

static json_t *describe_job_briefly(const Job *job) {
        char path[sizeof(MAILDIAG_PATH_JOB) + 24];

        snprintf(path, sizeof(path), MAILDIAG_PATH_JOB "/%" PRIu64, job->id);
        return json_pack("{s:s, s:s, s:I, s:I, s:I}", "path", path, "state", job_state_to_string(job->state),
                         "uid", (json_int_t) job->uid, "started-usec", (json_int_t) job->started_usec,
                         "ended-usec", (json_int_t) job->ended_usec);
}

static json_t *describe_jobs(const Manager *manager, uid_t uid) {
        json_t *list = json_array();
        const Job *job;
        TAILQ_FOREACH(job, &manager->jobs, entry)
                if (bouncer_may_see(uid, job->uid))
                        json_array_append_new(list, describe_job_briefly(job));
        return list;
}

/* ---- accounts ---- */

static json_t *describe_fault(const char *program, const char *path, unsigned line, const char *text) {
        json_t *object = json_pack("{s:s, s:s, s:s}", "source", program, "file", path, "text", text);
        if (line > 0)
                json_object_set_new(object, "line", json_integer(line));
        return object;
}

static json_t *describe_faults(const Manager *manager) {
        const Accounts *accounts = manager->accounts;
        const ConfFault *conf = &manager->conf_fault;
        json_t *list = json_array();

        if (conf->path)
                json_array_append_new(list, describe_fault("maildiag", conf->path, conf->line, conf->text));
        for (size_t i = 0; i < accounts_n_faults(accounts); i++) {
                const AccountsFault *fault = accounts_fault_at(accounts, i);
                json_array_append_new(list, describe_fault(fault->source->program, fault->path, fault->line,
                                                           fault->text));
        }
        return list;
}

static json_t *describe_sources(const Accounts *accounts) {
        json_t *list = json_array();
        for (size_t i = 0; i < accounts_n_sources(accounts); i++) {
                const char *path;
                size_t n;
                const Source *source = accounts_source_at(accounts, i, &path, &n);
                json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:s}", "source", source->program, "title",
                                                      source->title, "accounts", (int) n, "path", path));
        }
        return list;
}

static json_t *describe_accounts(const Manager *manager, bool details) {
        json_t *list = json_array();
        for (size_t i = 0; i < accounts_n(manager->accounts); i++)
                json_array_append_new(list, describe_account(accounts_at(manager->accounts, i), manager_registry(manager),
                                                             details));
        return list;
}

json_t *describe_instance(const Manager *manager, uid_t uid, bool details) {
        json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:I, s:I, s:o, s:o, s:o, s:o, s:o}",
                                   "version", MAILDIAG_VERSION,
                                   "instance", instance_to_string(manager->instance),
                                   "status", verdict_to_string(manager_verdict(manager)),
                                   "network", network_state_to_string(monitor_network(manager->monitor)),
                                   "accounts-total", (int) accounts_n(manager->accounts),
                                   "accounts-broken", (int) manager_n_broken(manager),
                                   "last-check-usec", (json_int_t) manager_last_check_usec(manager),
                                   "next-check-usec", (json_int_t) monitor_next_usec(manager->monitor),
                                   "features", describe_feature_list(),
                                   "plugins", describe_plugins(manager_registry(manager)),
                                   "sources", describe_sources(manager->accounts),
                                   "accounts", describe_accounts(manager, details),
                                   "jobs", describe_jobs(manager, uid));
        if (object && details)
                json_object_set_new(object, "faults", describe_faults(manager));
        return object;
}
