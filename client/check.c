/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag check ADDRESS: a whole account, all its services in one report. */

#include <string.h>

#include "complain.h"
#include "diagnose.h"
#include "endpoint.h"
#include "i18n.h"
#include "services.h"
#include "verb.h"

/* What a file of accounts says itself. */
static int run_accounts(Settings *settings) {
        if (settings->n_words > 0 || settings->n_services > 0 || settings->security)
                return complain(STATUS_USAGE, _("--accounts: addresses, servers and their security stand in the file"));
        int status = services_secure(settings);
        return status != 0 ? status : diagnose(settings);
}

/* Accounts that the daemon knows have their settings. */
static int run_known(Settings *settings) {
        for (size_t i = 0; i < settings->n_words; i++)
                if (strchr(settings->words[i], '@'))
                        return complain(STATUS_USAGE, _("check: the argument '%s' is one too many; a call takes one mail "
                                                        "address, or ids of accounts"), settings->words[i > 0 ? i : 1]);
        if (settings->n_services > 0)
                return complain(STATUS_USAGE, _("check: '%s' is the id of an account, which has servers of its own; to check "
                                                "other servers, give the mail address"), settings->words[0]);
        settings->known = true;
        int status = services_secure(settings);
        return status != 0 ? status : diagnose(settings);
}

static bool is_known(const Settings *settings) {
        return settings->n_words > 1 || (settings->n_words == 1 && !strchr(settings->words[0], '@')) ||
               (settings->n_words == 0 && settings->n_services == 0);
}

static int run(Settings *settings) {
        if (settings->accounts_file)
                return run_accounts(settings);
        if (is_known(settings))
                return run_known(settings);
        if (settings->n_words == 0)
                return complain(STATUS_USAGE, _("check: the mail address is missing, as in: maildiag check "
                                                "you@example.org --imap HOST --smtp HOST"));
        const char *problem = address_problem(settings->words[0]);
        if (problem)
                return complain(STATUS_USAGE, _("check: '%s' is not a mail address: %s"), settings->words[0], _(problem));
        settings->address = settings->words[0];

        int status = services_secure(settings);
        return status != 0 ? status : diagnose(settings);
}

const Verb verb_check = {
        .name = "check",
        .bit = VERB_CHECK,
        .n_words = WORDS_MAX,
        .synopsis = N_("ADDRESS | [ID…] [OPTION…]"),
        .summary = N_("Diagnose a mail account: can it receive, can it send, and if not, why"),
        .description = N_("Diagnoses the account of a mail address with the servers and settings that a mail app uses: "
                "can it receive, can it send, and if not, which setting is wrong and what it should be. With a "
                "password it logs in once per server and does what a mail app does next; it sends no message and "
                "deletes none. Where no server is named it finds those that the address should have, and checks them. With --accounts it diagnoses many accounts and says first what several of them share. ID is an account that "
                "the daemon knows (maildiag list); without any word all of those are diagnosed."),
        .run = run,
};
