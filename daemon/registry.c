/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The registry: plugins as the worker announced them, and one look-up over all catalogues of findings. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "judge.h"
#include "registry.h"
#include "registry-rule.h"
#include "target.h"
#include "text.h"

#define TEXT_MAX 4096u

struct Registry {
        unsigned n_owners;
        size_t n_plugins;
        PluginInfo *plugins[REGISTRY_ALL_MAX];
        Registry *parts[2];             /* whose plugins these are; NULL: its own */
};

/* ---- plugins ---- */

static void finding_done(MdFindingInfo *info) {
        free((char *) info->id);
        free((char *) info->setting);
        free((char *) info->title);
        free((char *) info->meaning);
        free((char *) info->remedy);
        free((char *) info->standard);
        free((char *) info->since);
}

static PluginInfo *plugin_free(PluginInfo *plugin) {
        if (!plugin)
                return NULL;
        for (size_t i = 0; i < plugin->n_findings; i++)
                finding_done(&plugin->findings[i]);
        free(plugin->findings);
        for (size_t i = 0; i < plugin->n_rules; i++)
                registry_rule_done(&plugin->rules[i]);
        free(plugin->rules);
        for (size_t i = 0; i < plugin->n_endpoints; i++)
                free((char *) plugin->endpoints[i].service);
        for (size_t i = 0; i < plugin->n_paths; i++)
                free(plugin->paths[i]);
        free(plugin->name);
        free(plugin->file);
        free(plugin->version);
        free(plugin->summary);
        free(plugin->error);
        free(plugin);
        return NULL;
}

Registry *registry_new(void) {
        Registry *registry = calloc(1, sizeof(Registry));
        if (registry)
                registry->n_owners = 1;
        return registry;
}

Registry *registry_ref(Registry *registry) {
        registry->n_owners++;
        return registry;
}

Registry *registry_free(Registry *registry) {
        if (!registry || --registry->n_owners > 0)
                return NULL;
        for (size_t i = 0; !registry->parts[0] && i < registry->n_plugins; i++)
                plugin_free(registry->plugins[i]);
        registry_free(registry->parts[0]);
        registry_free(registry->parts[1]);
        free(registry);
        return NULL;
}

static PluginInfo *find_plugin(const Registry *registry, const char *name) {
        for (size_t i = 0; name && i < registry->n_plugins; i++)
                if (registry->plugins[i]->loaded && !strcmp(registry->plugins[i]->name, name))
                        return registry->plugins[i];
        return NULL;
}

/* ---- records of the worker ---- */

/* A copy of a text; a missing one is "" when `fallback` says so.  NULL: missing, unclean or out of memory. */
static char *take_text(const MdRecord *record, const char *key, const char *fallback) {
        const char *text = md_record_text(record, key);
        if (!text)
                text = fallback;
        if (!text || strlen(text) > TEXT_MAX)
                return NULL;
        return md_text_clean(text, strlen(text), TEXT_MAX);
}

static bool name_is_valid(const char *name) {
        size_t length = name ? strlen(name) : 0;
        return length > 0 && length < 32 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static int purpose_from_string(const char *word) {
        static const char *const words[] = {
                [MD_PURPOSE_RECEIVE] = "receive",
                [MD_PURPOSE_SEND] = "send",
                [MD_PURPOSE_OTHER] = "other",
        };
        for (size_t i = 0; word && i < sizeof(words) / sizeof(words[0]); i++)
                if (!strcmp(words[i], word))
                        return (int) i;
        return -EBADMSG;
}

static int kind_from_string(const char *word) {
        static const char *const words[] = { [MD_KIND_PROTOCOL] = "protocol", [MD_KIND_DISCOVERY] = "discovery",
                                             [MD_KIND_SOURCE] = "source" };
        for (size_t i = 0; word && i < sizeof(words) / sizeof(words[0]); i++)
                if (words[i] && !strcmp(words[i], word))
                        return (int) i;
        return -EBADMSG;
}

static int add_plugin(Registry *registry, const MdRecord *record) {
        const char *name = md_record_text(record, "name"), *state = md_record_text(record, "state");
        bool loaded = state && !strcmp(state, "loaded");
        int purpose = purpose_from_string(md_record_text(record, "purpose"));
        const char *word = md_record_text(record, "kind");
        int kind = word ? kind_from_string(word) : MD_KIND_PROTOCOL;
        if (registry->n_plugins == REGISTRY_PLUGINS_MAX || !name || !state)
                return -EBADMSG;
        if (loaded && (!name_is_valid(name) || purpose < 0 || kind < 0 || find_plugin(registry, name)))
                return -EBADMSG;

        PluginInfo *plugin = calloc(1, sizeof(*plugin));
        if (!plugin)
                return -ENOMEM;
        plugin->loaded = loaded;
        plugin->kind = kind < 0 ? MD_KIND_PROTOCOL : kind;
        plugin->network = md_record_truth(record, "network");
        plugin->purpose = purpose < 0 ? MD_PURPOSE_OTHER : purpose;
        plugin->abi = md_record_number(record, "abi", 0);
        plugin->name = take_text(record, "name", NULL);
        plugin->file = take_text(record, "file", "");
        plugin->version = take_text(record, "version", "");
        plugin->summary = take_text(record, "summary", "");
        plugin->error = take_text(record, "error", "");
        if (!plugin->name || !plugin->file || !plugin->version || !plugin->summary || !plugin->error) {
                plugin_free(plugin);
                return -EBADMSG;
        }
        registry->plugins[registry->n_plugins++] = plugin;
        return 0;
}

static int add_endpoint(Registry *registry, const MdRecord *record) {
        PluginInfo *plugin = find_plugin(registry, md_record_text(record, "plugin"));
        uint64_t port = md_record_number(record, "port", 0);
        int security = md_security_from_string(md_record_text(record, "security"));
        if (!plugin || plugin->n_endpoints == REGISTRY_ENDPOINTS_MAX || port == 0 || port > UINT16_MAX || security < 0)
                return -EBADMSG;

        char *service = take_text(record, "service", "");
        if (!service)
                return -EBADMSG;
        plugin->endpoints[plugin->n_endpoints++] =
                (MdEndpoint) { .port = port, .security = security, .service = service };
        return 0;
}

/* It is watched, so it has to lie below the home directory. */
static bool path_is_valid(const char *path) {
        return path && *path && path[0] != '/' && strlen(path) < 256 && strcmp(path, "..") && strncmp(path, "../", 3) &&
               !strstr(path, "/..");
}

static int add_path(Registry *registry, const MdRecord *record) {
        PluginInfo *plugin = find_plugin(registry, md_record_text(record, "plugin"));

        if (!plugin || plugin->kind != MD_KIND_SOURCE || plugin->n_paths == REGISTRY_PATHS_MAX ||
            !path_is_valid(md_record_text(record, "path")))
                return -EBADMSG;
        char *path = take_text(record, "path", NULL);
        if (!path)
                return -EBADMSG;
        plugin->paths[plugin->n_paths++] = path;
        return 0;
}

static bool code_is_valid(const char *code) {
        const char *dot = code ? strchr(code, '.') : NULL;
        return dot && dot != code && dot[1] && !strchr(dot + 1, '.') && strlen(code) < 64 &&
               strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-.") == strlen(code);
}

static int add_finding(Registry *registry, const MdRecord *record) {
        PluginInfo *plugin = find_plugin(registry, md_record_text(record, "plugin"));
        const char *code = md_record_text(record, "code");
        int severity = md_severity_from_string(md_record_text(record, "severity"));
        int actor = md_actor_from_string(md_record_text(record, "actor"));
        int stage = md_stage_from_string(md_record_text(record, "stage"));
        if (!plugin || plugin->n_findings == REGISTRY_FINDINGS_MAX || !code_is_valid(code) || severity < 0 ||
            actor < 0 || stage < 0 || registry_finding(registry, code, NULL))
                return -EBADMSG;

        MdFindingInfo info = {
                .id = take_text(record, "code", NULL),
                .severity = severity,
                .actor = actor,
                .stage = stage,
                .setting = take_text(record, "setting", NULL),
                .title = take_text(record, "title", NULL),
                .meaning = take_text(record, "meaning", NULL),
                .remedy = take_text(record, "remedy", NULL),
                .standard = take_text(record, "standard", NULL),
                .since = take_text(record, "since", NULL),
        };
        MdFindingInfo *larger = reallocarray(plugin->findings, plugin->n_findings + 1, sizeof(info));
        if (larger)
                plugin->findings = larger;
        if (!larger || !info.id || !info.title || !info.meaning || !info.remedy) {
                finding_done(&info);
                return larger ? -EBADMSG : -ENOMEM;
        }
        plugin->findings[plugin->n_findings++] = info;
        return 0;
}

/* It may only name a finding of the SDK, or one that its plugin has announced. */
static int add_rule(Registry *registry, const MdRecord *record) {
        PluginInfo *plugin = find_plugin(registry, md_record_text(record, "plugin"));
        const char *code = md_record_text(record, "code");
        MdReplyRule rule;

        if (!plugin || !code || plugin->n_rules == REGISTRY_RULES_MAX || !registry_finding(registry, code, NULL))
                return -EBADMSG;
        MdReplyRule *larger = reallocarray(plugin->rules, plugin->n_rules + 1, sizeof(rule));
        if (!larger)
                return -ENOMEM;
        plugin->rules = larger;
        int r = registry_rule_read(record, &rule);
        if (r == 0)
                plugin->rules[plugin->n_rules++] = rule;
        return r;
}

int registry_add(Registry *registry, const MdRecord *record) {
        static const struct {
                const char *kind;
                int (*add)(Registry *registry, const MdRecord *record);
        } kinds[] = {
                { "plugin", add_plugin },
                { "endpoint", add_endpoint },
                { "path", add_path },
                { "finding", add_finding },
                { "rule", add_rule },
        };
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (!strcmp(kinds[i].kind, record->kind))
                        return kinds[i].add(registry, record);
        return -EBADMSG;
}

/* ---- two as one ---- */

static const char *find_clash(const Registry *first, const PluginInfo *plugin) {
        if (find_plugin(first, plugin->name))
                return "has the name of another plugin";
        for (size_t i = 0; i < plugin->n_findings; i++)
                if (registry_finding(first, plugin->findings[i].id, NULL))
                        return "has a finding that another plugin has";
        return NULL;
}

static int refuse_clash(const Registry *first, PluginInfo *plugin) {
        const char *clash = plugin->loaded ? find_clash(first, plugin) : NULL;
        if (!clash)
                return 0;
        char *error = strdup(clash);
        if (!error)
                return -ENOMEM;
        free(plugin->error);
        plugin->error = error;
        plugin->loaded = false;
        return 0;
}

Registry *registry_merge(Registry *first, Registry *second) {
        Registry *merged = registry_new();
        if (!merged)
                return NULL;
        merged->parts[0] = registry_ref(first);
        merged->parts[1] = registry_ref(second);
        for (size_t i = 0; i < second->n_plugins; i++)
                if (refuse_clash(first, second->plugins[i]) < 0)
                        return registry_free(merged);
        for (size_t k = 0; k < 2; k++)
                for (size_t i = 0; i < merged->parts[k]->n_plugins; i++)
                        merged->plugins[merged->n_plugins++] = merged->parts[k]->plugins[i];
        return merged;
}

/* ---- look-ups ---- */

size_t registry_n_plugins(const Registry *registry) {
        return registry->n_plugins;
}

const PluginInfo *registry_plugin_at(const Registry *registry, size_t i) {
        return i < registry->n_plugins ? registry->plugins[i] : NULL;
}

bool registry_has(const Registry *registry, const char *name) {
        return find_plugin(registry, name) != NULL;
}

const PluginInfo *registry_plugin(const Registry *registry, const char *name) {
        const PluginInfo *plugin = find_plugin(registry, name);
        return plugin && plugin->kind == MD_KIND_PROTOCOL ? plugin : NULL;
}

const PluginInfo *registry_finder(const Registry *registry, const char *name) {
        const PluginInfo *plugin = find_plugin(registry, name);
        return plugin && plugin->kind == MD_KIND_DISCOVERY ? plugin : NULL;
}

static const PluginInfo *next_of_kind(const Registry *registry, MdKind kind, size_t *at) {
        while (*at < registry->n_plugins) {
                const PluginInfo *plugin = registry->plugins[(*at)++];
                if (plugin->loaded && plugin->kind == kind)
                        return plugin;
        }
        return NULL;
}

const PluginInfo *registry_next_discovery(const Registry *registry, size_t *at) {
        return next_of_kind(registry, MD_KIND_DISCOVERY, at);
}

const PluginInfo *registry_next_source(const Registry *registry, size_t *at) {
        return next_of_kind(registry, MD_KIND_SOURCE, at);
}

const MdFindingInfo *registry_finding(const Registry *registry, const char *code, const char **ret_owner) {
        const MdFindingInfo *info = md_catalog_find(md_catalog, md_catalog_size, code);
        const char *owner = NULL;
        if (!info)
                info = md_catalog_find(judge_catalog, judge_catalog_size, code);
        for (size_t i = 0; !info && i < registry->n_plugins; i++) {
                if (!registry->plugins[i]->loaded)
                        continue;
                info = md_catalog_find(registry->plugins[i]->findings, registry->plugins[i]->n_findings, code);
                owner = registry->plugins[i]->name;
        }
        if (info && ret_owner)
                *ret_owner = owner;
        return info;
}

static int compare_codes(const void *a, const void *b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static size_t put_codes(const char **codes, size_t used, const MdFindingInfo *table, size_t n) {
        for (size_t i = 0; i < n; i++)
                codes[used++] = table[i].id;
        return used;
}

const char **registry_codes(const Registry *registry) {
        size_t n = md_catalog_size + judge_catalog_size, used = 0;
        for (size_t i = 0; i < registry->n_plugins; i++)
                n += registry->plugins[i]->n_findings;

        const char **codes = calloc(n + 1, sizeof(char *));
        if (!codes)
                return NULL;
        used = put_codes(codes, used, md_catalog, md_catalog_size);
        used = put_codes(codes, used, judge_catalog, judge_catalog_size);
        for (size_t i = 0; i < registry->n_plugins; i++)
                if (registry->plugins[i]->loaded)
                        used = put_codes(codes, used, registry->plugins[i]->findings,
                                         registry->plugins[i]->n_findings);
        qsort(codes, used, sizeof(char *), compare_codes);
        return codes;
}

uint16_t registry_usual_port(const PluginInfo *plugin, MdSecurity security) {
        for (size_t i = 0; i < plugin->n_endpoints; i++)
                if (plugin->endpoints[i].security == security)
                        return plugin->endpoints[i].port;
        return security == MD_SECURITY_NONE ? registry_usual_port(plugin, MD_SECURITY_STARTTLS) : 0;
}
