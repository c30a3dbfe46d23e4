/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag reload: has the daemon read its configuration again. */

#include "call.h"
#include "i18n.h"
#include "verb.h"

static int run(Settings *settings) {
        Call *call;

        int status = call_new(settings, &call);
        if (status != 0)
                return status;
        status = call_reload(call);
        call_free(call);
        return status;
}

const Verb verb_reload = {
        .name = "reload",
        .bit = VERB_RELOAD,
        .n_words = 0,
        .synopsis = N_("[OPTION…]"),
        .summary = N_("Have the daemon read its accounts again"),
        .description = N_("Has the daemon read its configuration and accounts again. What is broken is named, and stays as "
                "it was; the exit status is 1 then."),
        .run = run,
};
