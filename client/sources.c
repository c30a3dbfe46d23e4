/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag sources: the configurations that accounts come from. */

#include <stdio.h>

#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "known.h"
#include "render-account.h"
#include "report.h"
#include "verb.h"

#define COLUMN 20u

static void render_sources(Page *page, const json_t *sources) {
        char row[512];
        size_t i;
        json_t *source;

        json_array_foreach((json_t *) sources, i, source) {
                snprintf(row, sizeof(row), "%4u  %.400s", (unsigned) report_number(source, "accounts"), report_text(source, "path"));
                page_row(page, 0, TONE_PLAIN, report_text(source, "source"), COLUMN, row);
        }
}

static int run(Settings *settings) {
        json_t *document;
        Page page;

        int status = known_fetch(settings, &document);
        if (status != 0)
                return status;
        if (settings->json)
                known_print(json_object_get(document, "sources"));
        else {
                page_init(&page, stdout, settings->colour);
                render_sources(&page, json_object_get(document, "sources"));
                render_faults(&page, json_object_get(document, "faults"));
        }
        json_decref(document);
        return STATUS_FINE;
}

const Verb verb_sources = {
        .name = "sources",
        .bit = VERB_SOURCES,
        .n_words = 0,
        .synopsis = N_("[OPTION…]"),
        .summary = N_("List the programs whose accounts the daemon knows"),
        .description = N_("Lists the programs that accounts come from: name, how many accounts there are, and the file or folder. "
                "A user's own daemon reads the mail clients of the user and notices when their files change; that of the "
                "system reads the files of the system only. What is broken in a file is named."),
        .run = run,
};
