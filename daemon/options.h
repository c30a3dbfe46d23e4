/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Options: the named values (a{sv}) in which callers say what to check, as one table.
 *
 * The table knows nothing of the bus: bus-options.c reads a message with it.  A dictionary is read key by key:
 * option_find() says which option a key is, or why it is refused, before its value is looked at; option_apply() puts
 * the value into the settings.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings.h"

/* The dictionary in which keys stand. */
typedef enum OptionPlace {
        OPTION_PLACE_CHECK,             /* the options of a check: of the run, and defaults for its services */
        OPTION_PLACE_ACCOUNT,           /* an account of StartCheckAccounts: defaults for its services */
        OPTION_PLACE_SERVICE,           /* a service of CheckSettings, or of an account */
        OPTION_PLACE_SEARCH,            /* the options of Discover */
        OPTION_PLACE_KNOWN,             /* the options of a check of accounts that the daemon knows */
} OptionPlace;

typedef struct OptionValue {
        union {
                const char *text;               /* "s" */
                uint32_t number;                /* "u", "q" */
                bool truth;                     /* "b" */
                const char *const *list;        /* "as" */
                int fd;                         /* "h", borrowed */
        };
} OptionValue;

typedef struct Option Option;

/* Keys that a dictionary has shown so far; starts as all zero. */
typedef struct OptionsSeen {
        uint64_t keys;
} OptionsSeen;

/* The option of a key whose value has this D-Bus signature.  Returns 0, or -EINVAL with one line in ret_error (the
 * caller frees it): not known, not here, twice, of the wrong type, or a secret as a value; -ENOMEM. */
int option_find(OptionPlace place, const char *key, const char *signature, OptionsSeen *seen, const Option **ret,
                char **ret_error);
/* Type of its value: "s", "u", "q", "b", "as" or "h". */
const char *option_type(const Option *option);
/* Puts a value into the settings.  Returns 0, -EINVAL with one line in ret_error, -EMFILE, -ENOMEM. */
int option_apply(const Option *option, const OptionValue *value, Settings *settings, ServiceSettings *service,
                 char **ret_error);

/* The same for an argument of a method that means what an option means; `key` is that option's. */
int option_apply_argument(const char *key, const OptionValue *value, ServiceSettings *service, char **ret_error);

/* Name of the i-th option of the table; NULL after the last. */
const char *option_key_at(size_t i);
