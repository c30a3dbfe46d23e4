/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag status: how all accounts are, as the daemon knows it, without a check. */

#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "known.h"
#include "nagios.h"
#include "render-account.h"
#include "report.h"
#include "verb.h"

/* What monitoring wants of the daemon's document. */
static json_t *pick(const json_t *document) {
        static const char *const keys[] = {
                "version", "instance", "status", "network", "accounts-total", "accounts-broken", "last-check-usec",
                "next-check-usec", "sources", "accounts", "faults",
        };
        json_t *status = json_pack("{s:s}", "schema", "maildiag-status/1");

        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
                json_t *value = json_object_get(document, keys[i]);
                if (value)
                        json_object_set(status, keys[i], value);
        }
        return status;
}

static void print_json(const json_t *document) {
        json_t *status = pick(document);
        known_print(status);
        json_decref(status);
}

static int run(Settings *settings) {
        json_t *document;
        Page page;

        if (settings->nagios && settings->json)
                return complain(STATUS_USAGE, _("--nagios and --json exclude each other"));
        int status = known_fetch(settings, &document);
        if (settings->nagios) {
                int failure = status;
                status = nagios_print(failure == 0 ? document : NULL, failure);
                if (failure == 0)
                        json_decref(document);
                return status;
        }
        if (status != 0)
                return status;
        if (settings->json)
                print_json(document);
        else {
                page_init(&page, stdout, settings->colour);
                render_summary(&page, document);
                render_status(&page, json_object_get(document, "accounts"));
                render_faults(&page, json_object_get(document, "faults"));
        }
        status = exit_status_of(report_text(document, "status"));
        json_decref(document);
        return status;
}

const Verb verb_status = {
        .name = "status",
        .bit = VERB_STATUS,
        .n_words = 0,
        .synopsis = N_("[OPTION…]"),
        .summary = N_("Show how all accounts are that the daemon knows, without a check"),
        .description = N_("Shows how all accounts are that the daemon knows, as their last checks found them. No server is asked. "
                "With --json as maildiag-status/1. With --nagios as a plugin of Nagios and Icinga, which end with 0, 1, 2 or 3."),
        .run = run,
};
