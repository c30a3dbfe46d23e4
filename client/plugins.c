/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag plugins: what the daemon can speak, and which files it refused. */

#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "page.h"
#include "report.h"
#include "verb.h"

#define COLUMN 16

static void print_plugin(Page *page, const json_t *plugin) {
        char *protocols = report_join(json_object_get(plugin, "protocols"), ", "), line[512];
        const char *name = report_text(plugin, "name");

        if (strcmp(report_text(plugin, "state"), "loaded"))
                snprintf(line, sizeof(line), _("refused: %.400s"), report_text(plugin, "error"));
        else
                snprintf(line, sizeof(line), _("%.40s, speaks %.200s, %zu findings of its own"),
                         report_text(plugin, "version"), protocols ?: "",
                         json_array_size(json_object_get(plugin, "checks")));
        page_entry(page, 0, strcmp(report_text(plugin, "state"), "loaded") ? TONE_BAD : TONE_GOOD, name, COLUMN, line);
        free(protocols);
}

static int run(Settings *settings) {
        json_t *plugins, *plugin;
        size_t i;
        Call *call;

        int status = call_new(settings, &call);
        if (status != 0)
                return status;
        status = call_list_plugins(call, &plugins);
        call_free(call);
        if (status != 0)
                return status;

        if (settings->json) {
                json_dumpf(plugins, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
                putchar('\n');
        } else {
                Page page;
                page_init(&page, stdout, settings->colour);
                json_array_foreach(plugins, i, plugin)
                        print_plugin(&page, plugin);
        }
        json_decref(plugins);
        return STATUS_FINE;
}

const Verb verb_plugins = {
        .name = "plugins",
        .bit = VERB_PLUGINS,
        .n_words = 0,
        .synopsis = N_("[OPTION…]"),
        .summary = N_("List the plugins of the daemon, and why one was refused"),
        .description = N_("Lists the plugins that the daemon found, what they speak, and why one was refused."),
        .run = run,
};
