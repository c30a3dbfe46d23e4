/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Explain and ExplainText of the manager: what a finding means, and what an error means that somebody pasted. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bouncer.h"
#include "bus-private.h"
#include "dbus/names.h"
#include "explain-apart.h"
#include "explain.h"
#include "language.h"
#include "own.h"
#include "target.h"

/* One more that answers this call. */
typedef int (*Append)(sd_bus_message *reply, const void *what, Language *language);

static int answer(sd_bus_message *call, Append append, const void *what, const char *locale) {
        Language *language = language_new(locale);
        sd_bus_message *reply = NULL;

        int r = language ? sd_bus_message_new_method_return(call, &reply) : -ENOMEM;
        if (r >= 0)
                r = append(reply, what, language);
        if (r >= 0)
                r = sd_bus_send(NULL, reply, NULL);
        sd_bus_message_unref(reply);
        language_free(language);
        return r < 0 ? r : 1;
}

/* Who asks, and the two arguments that both methods have. */
static int read_question(sd_bus_message *call, const Manager *manager, const char **ret_text, const char **ret_locale,
                         sd_bus_error *error) {
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r >= 0)
                r = sd_bus_message_read(call, "ss", ret_text, ret_locale);
        if (r < 0)
                return r;
        if (!language_name_is_valid(*ret_locale))
                return bus_error_from(error, -EINVAL, "argument 'locale' is not the name of a locale");
        return 0;
}

/* ---- a finding ---- */

typedef struct Entry {
        const MdFindingInfo *info;
        const char *owner;
} Entry;

static int append_texts(sd_bus_message *reply, const Entry *entry, Language *language) {
        const MdFindingInfo *info = entry->info;
        const struct {
                const char *key, *text;
        } texts[] = {
                { "code", info->id },
                { "title", language_say(language, info->title) },
                { "meaning", language_say(language, info->meaning) },
                { "remedy", language_say(language, info->remedy) },
                { "severity", md_severity_to_string(info->severity) },
                { "actor", md_actor_to_string(info->actor) },
                { "stage", md_stage_to_string(info->stage) },
                { "setting", info->setting },
                { "standard", info->standard },
                { "since", info->since },
                { "owner", entry->owner },
        };
        int r = 0;
        for (size_t i = 0; r >= 0 && i < ELEMENTS(texts); i++)
                r = bus_append_text(reply, texts[i].key, texts[i].text);
        return r;
}

static int append_entry(sd_bus_message *reply, const void *what, Language *language) {
        int r = sd_bus_message_open_container(reply, 'a', "{sv}");
        if (r >= 0)
                r = append_texts(reply, what, language);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

int bus_method_explain(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Manager *manager = userdata;
        const char *code, *locale;
        Entry entry = { 0 };

        int r = read_question(call, manager, &code, &locale, error);
        if (r < 0)
                return r;
        if (manager_registry(manager))
                entry.info = registry_finding(manager_registry(manager), code, &entry.owner);
        if (!entry.info && (r = bus_when_all_are_known(call, manager, bus_method_explain, error)) != 0)
                return r;
        if (!entry.info) {
                sd_bus_error_set(error, MAILDIAG_ERROR_NO_SUCH_CODE, "no finding has this code; ListFindings has all");
                return -ENOENT;
        }
        return answer(call, append_entry, &entry, locale);
}

/* ---- a text ---- */

typedef struct Answer {
        const Registry *registry;
        const Explanation *explanation;
} Answer;

/* Whose words they are belongs to the finding that they name, not to what looks the same. */
static int append_likely(sd_bus_message *reply, const Explanation *explanation, size_t i, const Entry *entry,
                         Language *language) {
        const char *apart = explain_apart(entry->info->id);
        _cleanup_free_ char *command = explain_command(entry->info, explanation->protocol);

        int r = append_texts(reply, entry, language);
        if (r >= 0)
                r = bus_append_text(reply, "apart", apart ? language_say(language, apart) : NULL);
        if (r >= 0)
                r = bus_append_text(reply, "command", command);
        if (r >= 0)
                r = bus_append_text(reply, "protocol", explanation->protocol);
        if (r >= 0 && i == 0)
                r = bus_append_text(reply, "provider", explanation->rule->provider);
        return r;
}

static int append_explanations(sd_bus_message *reply, const void *what, Language *language) {
        const Answer *given = what;
        const Explanation *explanation = given->explanation;

        int r = sd_bus_message_open_container(reply, 'a', "a{sv}");
        for (size_t i = 0; r >= 0 && i < explanation->n_ids; i++) {
                Entry entry = { 0 };
                entry.info = registry_finding(given->registry, explanation->ids[i], &entry.owner);
                if (!entry.info)        /* of a plugin that is not loaded */
                        continue;
                r = sd_bus_message_open_container(reply, 'a', "{sv}");
                if (r >= 0)
                        r = append_likely(reply, explanation, i, &entry, language);
                if (r >= 0)
                        r = sd_bus_message_close_container(reply);
        }
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static size_t tables_of(const Registry *registry, ExplainTable ret[static REGISTRY_ALL_MAX]) {
        const PluginInfo *plugin;
        size_t n = 0;

        for (size_t i = 0; (plugin = registry_plugin_at(registry, i)); i++)
                if (plugin->loaded)
                        ret[n++] = (ExplainTable) { plugin->name, plugin->rules, plugin->n_rules };
        return n;
}

int bus_method_explain_text(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const Manager *manager = userdata;
        const char *text, *locale;
        ExplainTable tables[REGISTRY_ALL_MAX];
        Explanation explanation;

        int r = read_question(call, manager, &text, &locale, error);
        if (r < 0)
                return r;
        if (strlen(text) > EXPLAIN_TEXT_MAX)
                return bus_error_from(error, -EINVAL, "argument 'text' is longer than 4096 bytes");
        if (!manager_registry(manager))
                return bus_error_from(error, -EHOSTDOWN, NULL);
        r = explain_text(tables, tables_of(manager_registry(manager), tables), text, NULL, &explanation);
        if (r < 0)
                return bus_error_from(error, r, NULL);
        return answer(call, append_explanations, &(Answer) { manager_registry(manager), &explanation }, locale);
}
