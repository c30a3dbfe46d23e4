/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * maildiag account add|edit|remove ID: the account files of maildiag's own configuration.
 *
 * What is to be written is judged by the daemon first, which is the one that reads it afterwards; and then it is written
 * whole, or not at all.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account-draft.h"
#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "report.h"
#include "text-file.h"
#include "verb.h"

typedef struct Work {
        const Settings *settings;
        Call *call;
        const char *id;
        char folder[4096];              /* where the files are */
        char name[128];                 /* of the file */
        char path[4352];
} Work;

/* ---- what they share ---- */

static int find_folder(Work *work) {
        json_t *document, *source;
        size_t i;

        int status = call_describe(work->call, &document);
        if (status != 0)
                return status;
        json_array_foreach(json_object_get(document, "sources"), i, source)
                if (!strcmp(report_text(source, "source"), "maildiag"))
                        snprintf(work->folder, sizeof(work->folder), "%s", report_text(source, "path"));
        json_decref(document);
        if (!*work->folder)
                return complain(STATUS_NO_INPUT, _("account: the daemon has no configuration directory"));
        snprintf(work->path, sizeof(work->path), "%s/%s", work->folder, work->name);
        return 0;
}

/* A daemon for this call alone reads it the next time anyway. */
static int reload(const Work *work) {
        return work->settings->instance == INSTANCE_PRIVATE ? 0 : call_reload(work->call);
}

static int write_file(const Work *work, const char *text, const struct stat *info) {
        int status = call_validate_account(work->call, work->id, text);
        if (status == 0)
                status = text_file_replace(work->folder, work->name, text, info);
        return status == 0 ? reload(work) : status;
}

/* ---- add ---- */

static int add(Work *work) {
        char *text = strdup("");
        int status = text ? 0 : complain_oom();

        if (status == 0 && work->settings->n_services == 0)
                status = complain(STATUS_USAGE, _("account add: no server is named; add the ones of the account: --imap "
                                                  "HOST[:PORT] or --pop3 HOST[:PORT], and --smtp HOST[:PORT]"));
        if (status == 0)
                status = draft_apply(work->settings, &text);
        if (status == 0)
                status = write_file(work, text, NULL);
        free(text);
        return status;
}

/* ---- edit ---- */

static int edit_by_hand(Work *work, char **text, const struct stat *info) {
        int status;

        do {
                char *before = strdup(*text);
                if (!before)
                        return complain_oom();
                status = draft_edit(work->id, text);
                bool changed = strcmp(before, *text);
                free(before);
                if (status != 0 || !changed)
                        return status;
                status = write_file(work, *text, info);
        } while (status == STATUS_USAGE && draft_again());
        return status;
}

static int edit(Work *work) {
        struct stat info;
        char *text;

        int status = text_file_read(work->path, &text, &info);
        if (status != 0)
                return status;
        if (!draft_is_wanted(work->settings))
                status = edit_by_hand(work, &text, &info);
        else {
                status = draft_apply(work->settings, &text);
                if (status == 0)
                        status = write_file(work, text, &info);
        }
        free(text);
        return status;
}

/* ---- remove ---- */

static int remove_account(Work *work) {
        if (draft_is_wanted(work->settings))
                return complain(STATUS_USAGE, _("account remove: takes no settings"));
        if (unlink(work->path) < 0)
                return complain(errno == ENOENT ? STATUS_NO_INPUT : STATUS_NOT_ALLOWED, "%s: %s", work->path,
                                strerror(errno));
        return reload(work);
}

/* ---- the verb ---- */

static const struct {
        const char *action;
        int (*run)(Work *work);
} actions[] = {
        { "add", add },
        { "edit", edit },
        { "remove", remove_account },
};

static int run_action(const Settings *settings, int (*action)(Work *work)) {
        Work work = { .settings = settings, .id = settings->words[1] };

        /* The daemon says what else is wrong with it. */
        if (strchr(work.id, '/') || strlen(work.id) > 64)
                return complain(STATUS_USAGE, _("account: '%s' cannot be the id of an account"), work.id);
        snprintf(work.name, sizeof(work.name), "%s.conf", work.id);
        int status = call_new(settings, &work.call);
        if (status != 0)
                return status;
        status = find_folder(&work);
        if (status == 0)
                status = action(&work);
        call_free(work.call);
        return status;
}

static int run(Settings *settings) {
        if (settings->host || settings->machine)
                return complain(STATUS_USAGE, _("account: the files of another computer are written there: run maildiag on it"));
        if (settings->n_words < 2)
                return complain(STATUS_USAGE, _("account: what is to be done with which account? As in: maildiag account add "
                                                "work --imap HOST --smtp HOST"));
        for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
                if (!strcmp(settings->words[0], actions[i].action))
                        return run_action(settings, actions[i].run);
        return complain(STATUS_USAGE, _("account: there is no '%s'; there are add, edit and remove"), settings->words[0]);
}

const Verb verb_account = {
        .name = "account",
        .bit = VERB_ACCOUNT,
        .n_words = 2,
        .synopsis = N_("add|edit|remove ID [OPTION…]"),
        .summary = N_("Add, change or remove an account that the daemon checks by itself"),
        .description = N_("Writes the file of an account that the daemon checks by itself, after the daemon has found it in order; "
                "then has it read. edit changes what the options say, and without any lets you edit the file ($VISUAL, "
                "$EDITOR). A password never stands in it: --credential names one of the service."),
        .run = run,
};
