/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the worker said about its plugins, and every finding that can be given: the catalogues of the plugins, of the
 * SDK and of the judge.  The daemon never loads a plugin; all of this came as records, and is checked. */

#include <stdbool.h>
#include <stddef.h>

#include <maildiag/plugin.h>

#include "record.h"
#include "reply.h"

#define REGISTRY_PLUGINS_MAX 64u        /* of one worker */
#define REGISTRY_ALL_MAX (2 * REGISTRY_PLUGINS_MAX)
#define REGISTRY_ENDPOINTS_MAX 8u
#define REGISTRY_FINDINGS_MAX 256u      /* of one plugin */
#define REGISTRY_RULES_MAX 256u
#define REGISTRY_PATHS_MAX 16u

typedef struct PluginInfo {
        char *name;                     /* of the file, when it was refused */
        char *file;
        char *version;                  /* "" when refused */
        char *summary;
        char *error;                    /* "" when loaded */
        bool loaded;
        uint32_t abi;
        MdKind kind;                    /* of a loaded one */
        bool network;                   /* its probes have one */
        MdPurpose purpose;
        size_t n_endpoints;
        MdEndpoint endpoints[REGISTRY_ENDPOINTS_MAX];   /* owns the texts */
        size_t n_paths;
        char *paths[REGISTRY_PATHS_MAX];        /* that a source reads, below the home directory */
        size_t n_findings;
        MdFindingInfo *findings;        /* owns the texts */
        size_t n_rules;
        MdReplyRule *rules;             /* about replies; owns the texts */
} PluginInfo;

typedef struct Registry Registry;

Registry *registry_new(void);
/* One more owner: reports point into the registry that they were judged with, and outlive its worker. */
Registry *registry_ref(Registry *registry);
/* One owner less; the last frees it. Returns NULL. */
Registry *registry_free(Registry *registry);

/*
 * What two workers have announced, as one; the parts live as long as it does.  A plugin of the second whose name, or one of
 * whose findings, the first has already is refused in the second: an entry like one that was not loaded.  NULL when out of
 * memory.
 */
Registry *registry_merge(Registry *first, Registry *second);

/* Takes a record "plugin", "endpoint", "path", "finding" or "rule" of the worker.  Returns 0, -EBADMSG for one that breaks the rules
 * (it is left out), -ENOMEM. */
int registry_add(Registry *registry, const MdRecord *record);

size_t registry_n_plugins(const Registry *registry);
const PluginInfo *registry_plugin_at(const Registry *registry, size_t i);
/* Whether a plugin of that name is loaded, of whatever kind. */
bool registry_has(const Registry *registry, const char *name);
/* A loaded plugin of a protocol by name, or NULL. */
const PluginInfo *registry_plugin(const Registry *registry, const char *name);
/* A loaded plugin that finds settings, by name, or NULL. */
const PluginInfo *registry_finder(const Registry *registry, const char *name);
/* The first loaded plugin at or behind position *at that finds settings; *at is set behind it.  NULL: there is no more. */
const PluginInfo *registry_next_discovery(const Registry *registry, size_t *at);
/* The same for one that reads the settings of a mail client. */
const PluginInfo *registry_next_source(const Registry *registry, size_t *at);

/* The default port of a security; clear text uses that of STARTTLS.  0: there is none. */
uint16_t registry_usual_port(const PluginInfo *plugin, MdSecurity security);

/* The entry of a finding, whoever owns it; ret_owner (may be NULL) gets the plugin's name or NULL.  NULL: no such id. */
const MdFindingInfo *registry_finding(const Registry *registry, const char *code, const char **ret_owner);
/* All ids, sorted; NULL-terminated; the caller frees the array, not the texts. */
const char **registry_codes(const Registry *registry);
