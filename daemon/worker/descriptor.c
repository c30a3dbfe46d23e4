/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules of a descriptor.  The first one that is broken is what the plugin's author reads. */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "descriptor.h"
#include "landlock.h"
#include "profile.h"
#include "refusal.h"
#include "reply.h"
#include "target.h"
#include "text.h"

/* The first version of the structure ends here; members are only added. */
#define PLUGIN_SIZE_MIN (offsetof(MdPlugin, state_done) + sizeof(((MdPlugin *) NULL)->state_done))

#define STEPS_MAX 64u
#define ENDPOINTS_MAX 16u
#define FINDINGS_MAX 512u
#define REPLIES_MAX 256u
#define STATE_MAX (1024u * 1024u)
#define TEXT_MAX 1024u
#define RULE_TEXT_MAX 255u
#define NAME_MAX_LENGTH 31u
#define PATH_TEXT_MAX 255u

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

int descriptor_check_note(const Note *note, char **ret_why) {
        if (note->abi_major < MD_ABI_MAJOR)
                return refuse(ret_why, "is too old: built for ABI %u.%u, this is %u.%u", note->abi_major,
                              note->abi_minor, MD_ABI_MAJOR, MD_ABI_MINOR);
        if (note->abi_major > MD_ABI_MAJOR || note->abi_minor > MD_ABI_MINOR)
                return refuse(ret_why, "is too new: built for ABI %u.%u, this is %u.%u", note->abi_major,
                              note->abi_minor, MD_ABI_MAJOR, MD_ABI_MINOR);
        if (note->plugin_size < PLUGIN_SIZE_MIN || note->plugin_size > sizeof(MdPlugin))
                return refuse(ret_why, "has a descriptor of %u bytes, ABI %u.%u has %zu", note->plugin_size,
                              MD_ABI_MAJOR, MD_ABI_MINOR, sizeof(MdPlugin));
        return 0;
}

static bool name_is_valid(const char *name) {
        size_t length = name ? strnlen(name, NAME_MAX_LENGTH + 1) : 0;
        return length > 0 && length <= NAME_MAX_LENGTH && strspn(name, LOWER DIGITS "-") == length;
}

/* Two words with a dot between. */
static bool id_is_valid(const char *id) {
        const size_t max = 2 * NAME_MAX_LENGTH + 1;
        size_t length = id ? strnlen(id, max + 1) : 0;
        size_t first = length > 0 ? strspn(id, LOWER DIGITS "-") : 0;
        return first > 0 && length <= max && id[first] == '.' && first + 1 < length &&
               first + 1 + strspn(id + first + 1, LOWER DIGITS "-") == length;
}

static bool text_is_valid(const char *text) {
        size_t length = text ? strnlen(text, TEXT_MAX + 1) : 0;
        return length > 0 && length <= TEXT_MAX && md_text_is_clean(text, length);
}

static bool setting_is_valid(const char *setting) {
        static const char *const settings[] = {
                "host", "port", "security", "username", "password", "auth", "address",
        };

        for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
                if (!strcmp(setting, settings[i]))
                        return true;
        return false;
}

static bool stage_is_valid(MdStage stage) {
        return strcmp(md_stage_to_string(stage), "unknown");
}

static int head_check(const MdPlugin *plugin, const Note *note, char **ret_why) {
        if (!plugin->name || strncmp(plugin->name, note->name, sizeof(note->name)))
                return refuse(ret_why, "is named otherwise in its note (%s) than in its descriptor",
                              note->name);
        if (plugin->kind < MD_KIND_PROTOCOL || plugin->kind > MD_KIND_SOURCE)
                return refuse(ret_why, "is of kind %d, which this worker cannot run", plugin->kind);
        if (!text_is_valid(plugin->version))
                return refuse(ret_why, "has no proper version");
        if (!text_is_valid(plugin->summary))
                return refuse(ret_why, "has no proper summary");
        if (plugin->purpose > MD_PURPOSE_OTHER)
                return refuse(ret_why, "has purpose %u, which is unknown", plugin->purpose);
        if (plugin->sasl_service && !name_is_valid(plugin->sasl_service))
                return refuse(ret_why, "has no proper SASL service name");
        if (plugin->state_size > STATE_MAX)
                return refuse(ret_why, "wants %zu bytes of state, at most %u are given", plugin->state_size,
                              STATE_MAX);
        return 0;
}

/* The sandbox has to suit the kind, and the folder the sandbox. */
static int profile_check(const MdPlugin *plugin, bool discovery, char **ret_why) {
        const Profile *profile = profile_get(plugin->profile);

        if (!profile)
                return refuse(ret_why, "wants sandbox profile %u, which is unknown", plugin->profile);
        if (profile->kind != plugin->kind)
                return refuse(ret_why, "wants sandbox profile %u, which is not for plugins of its kind", plugin->profile);
        if (profile->discovery && !discovery)
                return refuse(ret_why, "needs more network than a dialogue: it belongs into the sub-folder \"discovery\"");
        if (!profile->discovery && discovery)
                return refuse(ret_why, "does not belong into the sub-folder \"discovery\", but into the one above");
        return 0;
}

static int endpoints_check(const MdPlugin *plugin, char **ret_why) {
        if (plugin->kind != MD_KIND_PROTOCOL)
                return plugin->n_endpoints > 0 ? refuse(ret_why, "has default ports, which only a protocol has") : 0;
        if (!plugin->endpoints || plugin->n_endpoints == 0 || plugin->n_endpoints > ENDPOINTS_MAX)
                return refuse(ret_why, "has %zu default ports, 1 to %u are possible", plugin->n_endpoints,
                              ENDPOINTS_MAX);
        for (size_t i = 0; i < plugin->n_endpoints; i++) {
                const MdEndpoint *endpoint = &plugin->endpoints[i];

                if (endpoint->port == 0 || endpoint->security > MD_SECURITY_TLS ||
                    !name_is_valid(endpoint->service))
                        return refuse(ret_why, "has an improper default port (number %zu)", i + 1);
                for (size_t j = 0; j < i; j++)
                        if (plugin->endpoints[j].port == endpoint->port &&
                            plugin->endpoints[j].security == endpoint->security)
                                return refuse(ret_why, "has default port %u twice", endpoint->port);
        }
        return 0;
}

/* Below the home directory, and not up again. */
static bool path_is_valid(const char *path) {
        if (!text_is_valid(path) || path[0] == '/' || strlen(path) > PATH_TEXT_MAX)
                return false;
        for (const char *part = path; part; part = strchr(part, '/')) {
                part += *part == '/';
                size_t length = strcspn(part, "/");
                if (length == 0 || (length == 1 && part[0] == '.') || (length == 2 && !strncmp(part, "..", 2)))
                        return false;
        }
        return true;
}

static int paths_check(const MdPlugin *plugin, char **ret_why) {
        if (plugin->kind != MD_KIND_SOURCE)
                return plugin->n_paths > 0 ? refuse(ret_why, "declares files of the user, which only a source reads") : 0;
        if (!plugin->paths || plugin->n_paths == 0 || plugin->n_paths > LANDLOCK_OWN_MAX)
                return refuse(ret_why, "declares %zu paths to read, 1 to %u are possible", plugin->n_paths,
                              LANDLOCK_OWN_MAX);
        for (size_t i = 0; i < plugin->n_paths; i++)
                if (!path_is_valid(plugin->paths[i]))
                        return refuse(ret_why, "declares a path (number %zu) that is none below the home directory", i + 1);
        return 0;
}

static int steps_check(const MdPlugin *plugin, char **ret_why) {
        if (!plugin->steps || plugin->n_steps == 0 || plugin->n_steps > STEPS_MAX)
                return refuse(ret_why, "has %zu steps, 1 to %u are possible", plugin->n_steps, STEPS_MAX);
        for (size_t i = 0; i < plugin->n_steps; i++) {
                const MdStep *step = &plugin->steps[i];

                if (!name_is_valid(step->name))
                        return refuse(ret_why, "has a step (number %zu) without a proper name", i + 1);
                if (!step->run || !stage_is_valid(step->stage) || step->depth > MD_DEPTH_FULL ||
                    (step->flags & ~MD_STEP_GOODBYE))
                        return refuse(ret_why, "has an improper step \"%s\"", step->name);
        }
        return 0;
}

static int finding_check(const MdFindingInfo *info, char **ret_why) {
        if (md_catalog_find(md_catalog, md_catalog_size, info->id))
                return refuse(ret_why, "has finding \"%s\", which belongs to the SDK", info->id);
        if (info->severity > MD_SEVERITY_ERROR || info->actor > MD_ACTOR_COMPUTER ||
            !stage_is_valid(info->stage))
                return refuse(ret_why, "has finding \"%s\" with an unknown severity, actor or stage",
                              info->id);
        if (info->setting && !setting_is_valid(info->setting))
                return refuse(ret_why, "has finding \"%s\" about an unknown setting", info->id);
        if (!text_is_valid(info->title) || !text_is_valid(info->meaning) || !text_is_valid(info->remedy) ||
            !text_is_valid(info->since) || (info->standard && !text_is_valid(info->standard)))
                return refuse(ret_why, "has finding \"%s\" without a proper title, meaning, remedy, "
                              "standard or since", info->id);
        return 0;
}

static int findings_check(const MdPlugin *plugin, char **ret_why) {
        if (plugin->n_findings > FINDINGS_MAX || (plugin->n_findings > 0 && !plugin->findings))
                return refuse(ret_why, "has %zu findings, at most %u are possible", plugin->n_findings,
                              FINDINGS_MAX);
        for (size_t i = 0; i < plugin->n_findings; i++) {
                const MdFindingInfo *info = &plugin->findings[i];

                if (!id_is_valid(info->id))
                        return refuse(ret_why, "has a finding (number %zu) without a proper id", i + 1);
                if (md_catalog_find(plugin->findings, i, info->id))
                        return refuse(ret_why, "has finding \"%s\" twice", info->id);
                int r = finding_check(info, ret_why);
                if (r != 0)
                        return r;
        }
        return 0;
}

/* Texts of a rule are optional. */
static bool rule_text_is_valid(const char *text, size_t max) {
        return !text || !*text || (strnlen(text, max + 1) <= max && text_is_valid(text));
}

/* Whether a pattern can be compiled is left open: it takes time, and one that cannot never fits. */
static bool rule_is_valid(const MdReplyRule *rule) {
        const char *const texts[] = {
                rule->also, rule->stages, rule->code, rule->enhanced, rule->provider, rule->source,
                rule->date,
        };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                if (!rule_text_is_valid(texts[i], RULE_TEXT_MAX))
                        return false;
        return rule_text_is_valid(rule->pattern, MD_REPLY_PATTERN_MAX);
}

static bool has_finding(const MdPlugin *plugin, const char *id) {
        return md_catalog_find(plugin->findings, plugin->n_findings, id) ||
               md_catalog_find(md_catalog, md_catalog_size, id);
}

static int replies_check(const MdPlugin *plugin, char **ret_why) {
        if (plugin->n_replies > REPLIES_MAX || (plugin->n_replies > 0 && !plugin->replies))
                return refuse(ret_why, "has %zu rules for replies, at most %u are possible",
                              plugin->n_replies, REPLIES_MAX);
        for (size_t i = 0; i < plugin->n_replies; i++) {
                const MdReplyRule *rule = &plugin->replies[i];

                if (!id_is_valid(rule->id) || !has_finding(plugin, rule->id))
                        return refuse(ret_why, "has a rule for replies (number %zu) without a finding of its "
                                      "own or of the SDK", i + 1);
                if (!rule_is_valid(rule))
                        return refuse(ret_why, "has an improper rule for replies (number %zu, %s)", i + 1,
                                      rule->id);
        }
        return 0;
}

int descriptor_read(const MdPlugin *exported, const Note *note, bool discovery, MdPlugin *ret, char **ret_why) {
        MdPlugin plugin = { 0 };

        if (exported->size != note->plugin_size)
                return refuse(ret_why, "has a descriptor of %u bytes, its note says %u", exported->size,
                              note->plugin_size);
        memcpy(&plugin, exported, note->plugin_size);

        int (*const checks[])(const MdPlugin *, char **) = { endpoints_check, paths_check, steps_check, findings_check,
                                                            replies_check };
        int r = head_check(&plugin, note, ret_why);
        if (r == 0)
                r = profile_check(&plugin, discovery, ret_why);
        for (size_t i = 0; r == 0 && i < sizeof(checks) / sizeof(checks[0]); i++)
                r = checks[i](&plugin, ret_why);
        if (r == 0)
                *ret = plugin;
        return r;
}
