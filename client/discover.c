/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag discover ADDRESS: which settings the address should have. */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "diagnose.h"
#include "endpoint.h"
#include "i18n.h"
#include "render.h"
#include "verb.h"

static int run(Settings *settings) {
        if (settings->n_words == 0)
                return complain(STATUS_USAGE, _("discover: the mail address is missing, as in: maildiag discover "
                                                "you@example.org"));
        const char *problem = address_problem(settings->words[0]);
        if (problem)
                return complain(STATUS_USAGE, _("discover: '%s' is not a mail address: %s"), settings->words[0], _(problem));
        settings->address = settings->words[0];
        settings->discover = true;
        return diagnose(settings);
}

const Verb verb_discover = {
        .name = "discover",
        .bit = VERB_DISCOVER,
        .n_words = 1,
        .synopsis = N_("ADDRESS [OPTION…]"),
        .summary = N_("Find the settings that an address should have, and try them"),
        .description = N_("Finds the servers and settings that a mail address should have: in a table of providers, in the "
                "domain name system, in what its domain publishes for mail apps and in the databases of such. It shows each "
                "with its origin and age and what speaks for it, tries them without login, marks where the sources disagree, "
                "and says what has to be done in the account first."),
        .run = run,
};
