/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag mute [ID…]: nobody is told of these accounts for a while. */

#include "ago.h"
#include "call.h"
#include "complain.h"
#include "i18n.h"
#include "verb.h"

#define DAY_USEC (24 * 60 * 60 * UINT64_C(1000000))

static int run(Settings *settings) {
        uint64_t until = settings->mute_off ? 0 : ago_now() + (settings->mute_usec ?: DAY_USEC);
        Call *call;

        if (settings->mute_off && settings->mute_usec > 0)
                return complain(STATUS_USAGE, _("mute: --for and --off exclude each other"));
        int status = call_new(settings, &call);
        if (status != 0)
                return status;
        if (settings->n_words == 0)
                status = call_mute(call, "", until);
        for (size_t i = 0; status == 0 && i < settings->n_words; i++)
                status = call_mute(call, settings->words[i], until);
        call_free(call);
        return status;
}

const Verb verb_mute = {
        .name = "mute",
        .bit = VERB_MUTE,
        .n_words = WORDS_MAX,
        .synopsis = N_("[ID…] [OPTION…]"),
        .summary = N_("Have nobody told of accounts for a while; of all, when none is named"),
        .description = N_("Has nobody told of accounts for a while: no notification comes when they break. They are checked all the "
                "same. Only a user's own daemon tells anybody, and can be muted."),
        .run = run,
};
