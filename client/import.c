/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag import [SOURCE]: has the daemon read the accounts of other programs now. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "known.h"
#include "own.h"
#include "render-account.h"
#include "report.h"
#include "verb.h"

static bool has_id(const json_t *ids, const char *id) {
        size_t i;
        json_t *item;

        json_array_foreach((json_t *) ids, i, item)
                if (!strcmp(json_string_value(item), id))
                        return true;
        return false;
}

/* Those of the accounts that are among the ids, and the ids that are no account yet. */
static void divide(const json_t *ids, const json_t *accounts, json_t *known, json_t *others) {
        size_t i;
        json_t *item, *account;

        json_array_foreach((json_t *) accounts, i, account)
                if (has_id(ids, report_text(account, "id")))
                        json_array_append(known, account);
        json_array_foreach((json_t *) ids, i, item) {
                size_t k;
                bool found = false;
                json_array_foreach((json_t *) accounts, k, account)
                        found = found || !strcmp(report_text(account, "id"), json_string_value(item));
                if (!found)
                        json_array_append(others, item);
        }
}

static void show(const Settings *settings, const json_t *ids, const json_t *document) {
        json_t *known = json_array(), *others = json_array(), *id;
        size_t i;
        Page page;

        page_init(&page, stdout, settings->colour);
        divide(ids, json_object_get(document, "accounts"), known, others);
        render_accounts(&page, known);
        json_array_foreach(others, i, id)
                page_textf(&page, TONE_PLAIN, _("%s (new)"), json_string_value(id));
        if (json_array_size(ids) == 0)
                page_textf(&page, TONE_PLAIN, _("There are no accounts."));
        render_faults(&page, json_object_get(document, "faults"));
        json_decref(known);
        json_decref(others);
}

static int show_all(Call *call, const Settings *settings, const json_t *ids) {
        json_t *document;

        if (settings->json) {
                known_print(ids);
                return STATUS_FINE;
        }
        int status = call_describe(call, &document);
        if (status != 0)
                return status;
        show(settings, ids, document);
        json_decref(document);
        return STATUS_FINE;
}

/* The daemon has another working directory. */
static int find_path(const Settings *settings, char **ret) {
        *ret = NULL;
        if (!settings->import_path)
                return 0;
        if (settings->host || settings->machine)
                *ret = strdup(settings->import_path);
        else if (!(*ret = realpath(settings->import_path, NULL)))
                return complain(STATUS_NO_INPUT, "%s: %s", settings->import_path, strerror(errno));
        return *ret ? 0 : complain_oom();
}

static int run(Settings *settings) {
        const char *source = settings->n_words > 0 ? settings->words[0] : "all";
        _cleanup_free_ char *path = NULL;
        json_t *ids = NULL;
        Call *call;

        if (settings->import_path && settings->n_words == 0)
                return complain(STATUS_USAGE, _("import: --path needs the source that can read it, as in: maildiag import "
                                                "thunderbird --path DIRECTORY"));
        int status = find_path(settings, &path);
        if (status == 0)
                status = call_new(settings, &call);
        if (status != 0)
                return status;
        status = call_import(call, source, path, settings->dry_run, &ids);
        if (status == 0)
                status = show_all(call, settings, ids);
        json_decref(ids);
        call_free(call);
        return status;
}

const Verb verb_import = {
        .name = "import",
        .bit = VERB_IMPORT,
        .n_words = 1,
        .synopsis = N_("[SOURCE] [OPTION…]"),
        .summary = N_("Have the accounts of a program read now; of all, when none is named"),
        .description = N_("Has the daemon read the accounts of a program now (maildiag sources lists the programs), and lists them. "
                "Settings are read, passwords never. The daemon does so by itself when it starts and when a file of a mail client "
                "changes; --path names settings that lie somewhere else."),
        .run = run,
};
