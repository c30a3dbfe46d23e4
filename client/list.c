/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag list: the accounts that the daemon knows. */

#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "known.h"
#include "render-account.h"
#include "verb.h"

static int run(Settings *settings) {
        json_t *document;
        Page page;

        int status = known_fetch(settings, &document);
        if (status != 0)
                return status;
        if (settings->json)
                known_print(json_object_get(document, "accounts"));
        else {
                page_init(&page, stdout, settings->colour);
                render_accounts(&page, json_object_get(document, "accounts"));
                render_faults(&page, json_object_get(document, "faults"));
        }
        json_decref(document);
        return STATUS_FINE;
}

const Verb verb_list = {
        .name = "list",
        .bit = VERB_LIST,
        .n_words = 0,
        .synopsis = N_("[OPTION…]"),
        .summary = N_("List the accounts that the daemon knows"),
        .description = N_("Lists the accounts that the daemon knows: id, status, whose configuration it comes from, last "
                "check, name."),
        .run = run,
};
