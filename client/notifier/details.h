/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Showing the report: a private page in the session's own folder, opened with the program that the user has for pages. */

#include <systemd/sd-event.h>

#include "watched.h"

typedef struct DetailsHooks {
        /* There is no program that opens it. */
        void (*failed)(void *userdata);
        void *userdata;
} DetailsHooks;

typedef struct Details Details;

Details *details_new(sd_event *event, const DetailsHooks *hooks);
Details *details_free(Details *details);

/* Opens the page about these accounts.  `token` is the compositor's for the new window; "" when there is none.  Returns 0 or a
 * negative errno; what goes wrong later is told to the hook. */
int details_open(Details *details, Watched *const *accounts, size_t n, const char *token);
