/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag: the command line client.  A verb, its options, and one question to the daemon. */

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "config.h"
#include "i18n.h"
#include "options.h"
#include "translate.h"
#include "verb.h"

static int run(Settings *settings, const Verb *verb) {
        if (settings->help && verb)
                options_help_verb(verb);
        else if (settings->help)
                options_help(all_verbs);
        else if (settings->version)
                printf("maildiag %s\n", MAILDIAG_VERSION);
        else if (!verb)
                return complain(STATUS_USAGE, _("no verb is given: check, test, status and others; see maildiag --help"));
        else
                return verb->run(settings);
        return STATUS_FINE;
}

int main(int argc, char *argv[]) {
        Settings settings;
        const Verb *verb;

        translate_init();
        int status = options_parse(argc, argv, all_verbs, &settings, &verb);
        if (status == 0)
                status = run(&settings, verb);
        settings_done(&settings);
        if (fflush(stdout) != 0 || ferror(stdout))
                return complain(STATUS_UNKNOWN, _("cannot write the output"));
        return status;
}
