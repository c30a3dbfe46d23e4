/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How dictionaries of options are read; bus-options.c and bus-accounts.c share it. */

#include "bus-private.h"

/* One dictionary, and where its values go. */
typedef struct Reader {
        sd_bus_message *message;
        OptionPlace place;
        size_t account;                 /* its number in a list, from 1; 0: there is no list */
        size_t number;                  /* of the service, from 1; 0: it is none */
        OptionsSeen seen;
        bool has_services;              /* the key of an account was there */
        Settings *settings;
        ServiceSettings *service;
} Reader;

/* Return 0, or -errno with the error set.  The entries of a container that was entered; a whole dictionary; and an array of
 * services, which are appended to the settings. */
int bus_read_entries(Reader *reader, sd_bus_error *error);
int bus_read_dictionary(Reader *reader, sd_bus_error *error);
int bus_read_services(sd_bus_message *call, const ServiceSettings *defaults, size_t account, Settings *settings,
                      sd_bus_error *error);
