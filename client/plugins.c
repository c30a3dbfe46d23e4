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

static void write_loaded(const json_t *plugin, char *line, size_t size) {
        char *protocols = report_join(json_object_get(plugin, "protocols"), ", ");
        size_t n = json_array_size(json_object_get(plugin, "checks"));

        if (protocols && *protocols)
                snprintf(line, size, _("%.40s, speaks %.200s, %zu findings of its own"), report_text(plugin, "version"), protocols, n);
        else
                snprintf(line, size, _("%.40s, finds settings, %zu findings of its own"), report_text(plugin, "version"), n);
        free(protocols);
}

static void print_plugin(Page *page, const json_t *plugin) {
        bool loaded = !strcmp(report_text(plugin, "state"), "loaded");
        char line[512];

        if (loaded)
                write_loaded(plugin, line, sizeof(line));
        else
                snprintf(line, sizeof(line), _("refused: %.400s"), report_text(plugin, "error"));
        page_entry(page, 0, loaded ? TONE_GOOD : TONE_BAD, report_text(plugin, "name"), COLUMN, line);
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
