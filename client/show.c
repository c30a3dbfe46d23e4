/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag show ID…: accounts in full. */

#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "known.h"
#include "render-account.h"
#include "verb.h"

static int show_one(const Settings *settings, Page *page, const char *id, bool first) {
        json_t *account;

        int status = known_fetch_account(settings, id, &account);
        if (status != 0)
                return status;
        if (settings->json)
                known_print(account);
        else {
                if (!first)
                        page_blank(page);
                render_account(page, account);
        }
        json_decref(account);
        return STATUS_FINE;
}

static int run(Settings *settings) {
        int status = STATUS_FINE;
        Page page;

        if (settings->n_words == 0)
                return complain(STATUS_USAGE, _("show: which account? maildiag list shows their ids"));
        page_init(&page, stdout, settings->colour);
        for (size_t i = 0; status == STATUS_FINE && i < settings->n_words; i++)
                status = show_one(settings, &page, settings->words[i], i == 0);
        return status;
}

const Verb verb_show = {
        .name = "show",
        .bit = VERB_SHOW,
        .n_words = WORDS_MAX,
        .synopsis = N_("ID… [OPTION…]"),
        .summary = N_("Show accounts: their settings, where each stands, and their status"),
        .description = N_("Shows accounts that the daemon knows: each value with the file and line where it stands, or that it is "
                "assumed, and what the last checks found."),
        .run = run,
};
