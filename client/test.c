/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag test PROTOCOL HOST[:PORT]: one service. */

#include <errno.h>
#include <string.h>

#include "complain.h"
#include "diagnose.h"
#include "endpoint.h"
#include "i18n.h"
#include "verb.h"

/* Which protocols there are is for the plugins of the daemon to say; this is how a name of one looks. */
static bool is_protocol(const char *word) {
        return strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(word) && strlen(word) <= 31;
}

static int add_service(Settings *settings, const char *protocol, const char *endpoint) {
        Service service = { .protocol = protocol };
        const char *problem;

        int r = endpoint_parse(endpoint, &service.host, &service.port, &problem);
        if (r == -EINVAL)
                return complain(STATUS_USAGE, _("test: '%s': %s"), endpoint, _(problem));
        if (r < 0)
                return complain_oom();
        settings->services[settings->n_services++] = service;
        return 0;
}

static int run(Settings *settings) {
        if (settings->n_words < 2)
                return complain(STATUS_USAGE, settings->n_words == 0
                                ? _("test: protocol and server are missing, as in: maildiag test imap HOST[:PORT]")
                                : _("test: the server is missing, as in: maildiag test imap HOST[:PORT]"));
        if (!is_protocol(settings->words[0]))
                return complain(STATUS_USAGE, _("test: '%s' is not a protocol; imap, pop3 and smtp are some"),
                                settings->words[0]);

        /* Who logs in with an address sends from it. */
        if (!settings->address && settings->user && strchr(settings->user, '@'))
                settings->address = settings->user;
        int status = add_service(settings, settings->words[0], settings->words[1]);
        return status != 0 ? status : diagnose(settings);
}

const Verb verb_test = {
        .name = "test",
        .bit = VERB_TEST,
        .n_words = 2,
        .synopsis = N_("PROTOCOL HOST[:PORT] [OPTION…]"),
        .summary = N_("Diagnose one server: imap, pop3, smtp or what other plugins speak"),
        .description = N_("Diagnoses one server. PROTOCOL is imap, pop3, smtp, or what another plugin speaks (see "
                "maildiag plugins). An IPv6 address stands in brackets: [2001:db8::1]:993."),
        .run = run,
};
