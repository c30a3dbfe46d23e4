/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Secrets that a caller names instead of handing them over: scripts cannot pass a descriptor. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account-file.h"
#include "bouncer.h"
#include "bus-private.h"
#include "dbus/names.h"
#include "own.h"

static int open_secret(const Manager *manager, ServiceSettings *service, sd_bus_error *error) {
        const char *name = account_secret_name(service->secret_name);

        if (!name)                      /* "none" */
                return 0;
        int fd = credentials_open(manager->credentials, name);
        if (fd < 0) {
                sd_bus_error_setf(error, MAILDIAG_ERROR_SECRET_UNAVAILABLE,
                                  fd == -ENOENT ? "there is no credential \"%s\"" : "credential \"%s\" cannot be read", name);
                return fd;
        }
        service->secret_fd = fd;
        return 0;
}

static int open_secrets(const Manager *manager, uid_t uid, Settings *settings, sd_bus_error *error) {
        _cleanup_free_ char *text = NULL;
        bool named = false;
        int r = 0;

        for (size_t i = 0; r >= 0 && i < settings->n_services; i++) {
                if (!settings->services[i].secret_name)
                        continue;
                named = true;
                r = bouncer_may_use_credentials(manager->instance, uid, error);
                if (r >= 0)
                        r = open_secret(manager, &settings->services[i], error);
        }
        if (r < 0 || !named)
                return r;
        r = settings_validate(settings, &text);
        if (r >= 0)
                r = settings_fill_in(settings);
        return r < 0 ? bus_error_from(error, r, text) : 0;
}

int bus_open_secrets(const Manager *manager, uid_t uid, JobRequest *request, sd_bus_error *error) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < request->n_accounts; i++)
                r = open_secrets(manager, uid, &request->accounts[i], error);
        return r;
}
