/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files call*.c share. */

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "call.h"
#include "own.h"


struct Call {
        sd_bus *bus;
        bool private;                   /* a daemon of our own behind a socketpair */
        bool system;                    /* else the system bus or the session bus */
        const char *place;              /* another computer, or a container; NULL: this computer */
};

/* Says what went wrong: the daemon's own line where it has one.  Returns the exit status that it stands for. */
int call_complain(const Call *call, const sd_bus_error *error, int r);

/* A call of the Manager.  Negative errno. */
int call_message_new(Call *call, const char *method, sd_bus_message **ret);
/* Sends it and waits.  Returns 0, or an exit status after having said what is wrong. */
int call_send(Call *call, sd_bus_message *message, sd_bus_message **ret_reply);
/* Both at once, with arguments as sd_bus_message_append() takes them; types NULL: none. */
int call_method(Call *call, const char *method, sd_bus_message **ret_reply, const char *types, ...);

/* The next value of a message as JSON: numbers, truths, texts, arrays, dictionaries with texts as keys, variants.
 * Returns 0, -EBADMSG for other types, or another negative errno. */
int call_read_value(sd_bus_message *message, json_t **ret);

/* Adds the options (a{sv}) and the services (aa{sv}) of the settings.  Negative errno. */
int call_append_options(sd_bus_message *message, const Settings *settings, const int fds[static _CALL_FD_MAX]);
int call_append_services(sd_bus_message *message, const Settings *settings);
/* Adds a list of accounts (aa{sv}).  Negative errno. */
int call_append_accounts(sd_bus_message *message, const json_t *accounts);
