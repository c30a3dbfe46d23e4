/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A refusal becomes a finding: the rules of plugin and SDK say which. */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe-state.h"
#include "reply.h"

#define PARAMS_MAX 16u
#define ALSO_MAX 8u

static uint32_t what_is_known(MdProbe *probe) {
        return (md_is_encrypted(probe) ? 0 : MD_REPLY_IN_CLEAR) |
               (md_probe_is_logged_in(probe) ? 0 : MD_REPLY_NO_LOGIN);
}

/* NULL: none fits, or there is no memory, which ends the probe elsewhere. */
static const MdReplyRule *rule_of(MdProbe *probe, const MdReply *reply) {
        const MdPlugin *plugin = probe->plugin;
        MdReply known = *reply;

        char *text = md_reply_text(reply->text ? reply->text : "");
        known.text = text;
        known.when |= what_is_known(probe);
        const MdReplyRule *rule = md_reply_find(plugin->replies, plugin->n_replies, &known);
        free(text);
        return rule;
}

static const char *id_of(const MdReplyRule *rule) {
        return rule ? rule->id : "protocol.bad-reply";
}

const char *md_refusal_meaning(MdProbe *probe, const MdReply *reply) {
        return id_of(rule_of(probe, reply));
}

/* "535 5.7.8 text" */
static char *line_of(const MdReply *reply) {
        const char *parts[] = { reply->code, reply->enhanced, reply->text };
        char *line = NULL;
        size_t size;
        FILE *out = open_memstream(&line, &size);

        for (size_t i = 0; out && i < sizeof(parts) / sizeof(parts[0]); i++)
                if (parts[i] && *parts[i])
                        fprintf(out, "%s%s", ftell(out) > 0 ? " " : "", parts[i]);
        return out && fclose(out) == 0 ? line : NULL;
}

/* Splits words at spaces; the texts are those of `copy`. */
static void split(char *copy, const char *ret[static ALSO_MAX + 1]) {
        size_t n = 0;
        for (char *word = strtok_r(copy, " ", &copy); word && n < ALSO_MAX; word = strtok_r(NULL, " ", &copy))
                ret[n++] = word;
        ret[n] = NULL;
}

static void raise_finding(MdProbe *probe, const MdReplyRule *rule, const MdReply *reply, const char *line,
                          const MdField *extra) {
        char also[256];
        const char *list[ALSO_MAX + 1];
        char *url = md_reply_url(line);
        MdField params[PARAMS_MAX + 1] = {
                MD_TEXT("text", reply->text),
                MD_TEXT("username", md_probe_username(probe)),
                MD_TEXT("address", md_probe_address(probe)),
                MD_TEXT("url", url),
                MD_LIST("also", rule && rule->also ? list : NULL),
        };
        size_t n = 5;

        snprintf(also, sizeof(also), "%s", rule && rule->also ? rule->also : "");
        split(also, list);
        if (md_is_encrypted(probe) && !md_probe_is_verified(probe))
                params[n++] = MD_TRUTH("unproven", true);
        for (; extra && extra->key; extra++) {
                assert(n < PARAMS_MAX);
                params[n++] = *extra;
        }
        md_find_fields(probe, id_of(rule), line, params);
        free(url);
}

void md_refusal_fields(MdProbe *probe, const MdReply *reply, const MdField *params) {
        char *made = reply->line ? NULL : line_of(reply);
        const char *line = reply->line ? reply->line : made ? made : "";

        raise_finding(probe, rule_of(probe, reply), reply, line, params);
        free(made);
}
