/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag watch: a line whenever an account becomes another, until somebody ends it. */

#include <string.h>

#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "page.h"
#include "verb.h"
#include "words.h"

typedef struct Watcher {
        Page page;
        bool json;
} Watcher;

static int flush(void) {
        return fflush(stdout) != 0 ? complain(STATUS_UNKNOWN, _("cannot write the output")) : 0;
}

static int begun(void *userdata) {
        Watcher *watcher = userdata;
        if (!watcher->json)
                page_text(&watcher->page, TONE_FAINT, _("Watching; Ctrl-C ends it."));
        return flush();
}

static void print_json(const char *id, const char *old, const char *new) {
        json_t *line = json_pack("{s:s, s:s?, s:s?}", "id", id, "old", old, "new", new);
        json_dumpf(line, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
        putchar('\n');
        json_decref(line);
}

static int tell(void *userdata, const char *id, const char *old, const char *new) {
        Watcher *watcher = userdata;

        if (watcher->json)
                print_json(id, old, new);
        else if (!old)
                page_textf(&watcher->page, TONE_PLAIN, _("%s: a new account"), id);
        else if (!new)
                page_textf(&watcher->page, TONE_PLAIN, _("%s: no longer there"), id);
        else
                page_textf(&watcher->page, status_tone(new), _("%s%s: %s, was %s"),
                           page_mark(&watcher->page, status_tone(new)), id, status_text(new), status_text(old));
        return flush();
}

static int run(Settings *settings) {
        Watcher watcher = { .json = settings->json };
        Call *call;

        int status = call_new(settings, &call);
        if (status != 0)
                return status;
        page_init(&watcher.page, stdout, settings->colour);
        status = call_watch(call, begun, tell, &watcher);
        call_free(call);
        return status;
}

const Verb verb_watch = {
        .name = "watch",
        .bit = VERB_WATCH,
        .n_words = 0,
        .synopsis = N_("[OPTION…]"),
        .summary = N_("Tell of each account that becomes broken or works again, until it is ended"),
        .description = N_("Writes a line whenever an account that the daemon knows becomes broken or works again, comes or "
                "goes, until it is ended. With --json a line is an object with id, old and new; null means that the "
                "account was not there or is no more."),
        .run = run,
};
