/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag help [VERB]: the same as --help, for those who look for it as a verb. */

#include <string.h>

#include "complain.h"
#include "i18n.h"
#include "options.h"
#include "verb.h"

static int run(Settings *settings) {
        if (settings->n_words == 0) {
                options_help(all_verbs);
                return STATUS_FINE;
        }
        for (const Verb *const *verb = all_verbs; *verb; verb++)
                if (!strcmp((*verb)->name, settings->words[0])) {
                        options_help_verb(*verb);
                        return STATUS_FINE;
                }
        return complain(STATUS_USAGE, _("there is no verb '%s'; see maildiag --help"), settings->words[0]);
}

const Verb verb_help = {
        .name = "help",
        .bit = VERB_HELP,
        .n_words = 1,
        .synopsis = N_("[VERB]"),
        .summary = N_("Show the verbs, or the options of one"),
        .description = N_("Shows the verbs, or what one does and its options, as VERB --help does."),
        .run = run,
};
