/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Plugins, endpoints, findings and rules about replies as records. */

#include <errno.h>
#include <stdlib.h>

#include "announce.h"
#include "batch.h"
#include "reply.h"
#include "target.h"

static const char *const kinds[] = {
        [MD_KIND_PROTOCOL] = "protocol",
        [MD_KIND_DISCOVERY] = "discovery",
        [MD_KIND_SOURCE] = "source",
};

static const char *const purposes[] = {
        [MD_PURPOSE_RECEIVE] = "receive",
        [MD_PURPOSE_SEND] = "send",
        [MD_PURPOSE_OTHER] = "other",
};

static int add_fields(MdBatch *batch, const char *kind, const MdField *fields) {
        MdRecord record;

        md_record_init(&record, kind);
        int r = md_record_add_all(&record, fields);
        if (r == 0)
                r = md_batch_add(batch, &record);
        md_record_done(&record);
        return r;
}

#define TELL(batch, kind, ...) add_fields((batch), (kind), (const MdField[]) { __VA_ARGS__, { 0 } })

/* What a refused file calls itself may be the name of another. */
static int announce_refused(MdBatch *batch, const Plugin *plugin) {
        return TELL(batch, "plugin",
                    MD_TEXT("name", plugin->file),
                    MD_TEXT("file", plugin->file),
                    MD_TEXT("state", "failed"),
                    MD_TEXT("error", plugin->why));
}

static int announce_endpoints(MdBatch *batch, const MdPlugin *plugin) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < plugin->n_endpoints; i++)
                r = TELL(batch, "endpoint",
                         MD_TEXT("plugin", plugin->name),
                         MD_NUMBER("port", plugin->endpoints[i].port),
                         MD_TEXT("security", md_security_to_string(plugin->endpoints[i].security)),
                         MD_TEXT("service", plugin->endpoints[i].service));
        return r;
}

static int announce_paths(MdBatch *batch, const MdPlugin *plugin) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < plugin->n_paths; i++)
                r = TELL(batch, "path", MD_TEXT("plugin", plugin->name), MD_TEXT("path", plugin->paths[i]));
        return r;
}

static int announce_findings(MdBatch *batch, const MdPlugin *plugin) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < plugin->n_findings; i++) {
                const MdFindingInfo *info = &plugin->findings[i];
                r = TELL(batch, "finding",
                         MD_TEXT("plugin", plugin->name),
                         MD_TEXT("code", info->id),
                         MD_TEXT("severity", md_severity_to_string(info->severity)),
                         MD_TEXT("actor", md_actor_to_string(info->actor)),
                         MD_TEXT("stage", md_stage_to_string(info->stage)),
                         MD_TEXT("setting", info->setting),
                         MD_TEXT("title", info->title),
                         MD_TEXT("meaning", info->meaning),
                         MD_TEXT("remedy", info->remedy),
                         MD_TEXT("standard", info->standard),
                         MD_TEXT("since", info->since));
        }
        return r;
}

static int announce_rules(MdBatch *batch, const MdPlugin *plugin) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < plugin->n_replies; i++) {
                const MdReplyRule *rule = &plugin->replies[i];
                r = TELL(batch, "rule",
                         MD_TEXT("plugin", plugin->name),
                         MD_TEXT("code", rule->id),
                         MD_TEXT("also", rule->also),
                         MD_TEXT("stages", rule->stages),
                         MD_TEXT("reply-code", rule->code),
                         MD_TEXT("enhanced", rule->enhanced),
                         MD_TEXT("pattern", rule->pattern),
                         MD_NUMBER("when", rule->when),
                         MD_TEXT("provider", rule->provider),
                         MD_TEXT("source", rule->source),
                         MD_TEXT("date", rule->date));
        }
        return r;
}

static int announce_loaded(MdBatch *batch, const Plugin *entry) {
        const MdPlugin *plugin = &entry->descriptor;

        int r = TELL(batch, "plugin",
                     MD_TEXT("name", plugin->name),
                     MD_TEXT("file", entry->file),
                     MD_TEXT("state", "loaded"),
                     MD_TEXT("version", plugin->version),
                     MD_TEXT("summary", plugin->summary),
                     MD_NUMBER("abi", entry->note.abi_major),
                     MD_TEXT("kind", kinds[plugin->kind]),
                     MD_TEXT("purpose", purposes[plugin->purpose]),
                     MD_TRUTH("network", plugin->profile != MD_PROFILE_TABLE && plugin->profile != MD_PROFILE_SOURCE));
        if (r == 0)
                r = announce_endpoints(batch, plugin);
        if (r == 0)
                r = announce_paths(batch, plugin);
        if (r == 0)
                r = announce_findings(batch, plugin);
        if (r == 0)
                r = announce_rules(batch, plugin);
        return r;
}

static int announce_all(MdBatch *batch, const Plugins *plugins, int landlock_abi) {
        size_t loaded = 0;
        int r = 0;

        for (size_t i = 0; r == 0 && i < plugins->n; i++) {
                const Plugin *plugin = &plugins->items[i];
                r = plugin->loaded ? announce_loaded(batch, plugin) : announce_refused(batch, plugin);
                loaded += plugin->loaded;
        }
        if (r == 0)
                r = TELL(batch, "ready", MD_NUMBER("plugins", loaded),
                         MD_NUMBER("landlock", (uint64_t) landlock_abi));
        return r == 0 ? md_batch_send(batch) : r;
}

int announce(int socket, const Plugins *plugins, int landlock_abi) {
        MdBatch *batch = malloc(sizeof(*batch));
        if (!batch)
                return -ENOMEM;
        batch->socket = socket;
        batch->size = 0;
        int r = announce_all(batch, plugins, landlock_abi);
        free(batch);
        return r;
}
