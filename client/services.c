/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* --imap-security and its like. */

#include <string.h>

#include "complain.h"
#include "i18n.h"
#include "services.h"

int services_secure(Settings *settings) {
        const struct {
                const char *protocol;
                const char *security;
        } of[] = {
                { "imap", settings->security_imap },
                { "pop3", settings->security_pop3 },
                { "smtp", settings->security_smtp },
        };
        for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
                bool used = !of[i].security;
                for (size_t j = 0; of[i].security && j < settings->n_services; j++)
                        if (!strcmp(settings->services[j].protocol, of[i].protocol)) {
                                settings->services[j].security = of[i].security;
                                used = true;
                        }
                if (!used)
                        return complain(STATUS_USAGE, _("--%s-security: there is no --%s that it could be for"),
                                        of[i].protocol, of[i].protocol);
        }
        return 0;
}
