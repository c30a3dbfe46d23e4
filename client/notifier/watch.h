/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One maildiagd as the notifier sees it: its accounts are kept up to date in a list, and what can be asked of it. */

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "watched.h"

typedef struct Watch Watch;

typedef struct WatchHooks {
        /* Accounts or the network are other than before, and all that was asked has been answered. */
        void (*changed)(void *userdata);
        /* A check that was asked for is over; the accounts show its outcome.  `keys` NULL: it could not be made. */
        void (*checked)(void *userdata, const char *const *keys, size_t n);
        /* The instance does not keep mutes: the caller has to. */
        void (*mute_refused)(void *userdata, const char *key, uint64_t until_usec);
        void *userdata;
} WatchHooks;

/* The user's own instance is started by the bus when it is not there; the system's is left to its administrator.  Returns 0 or
 * a negative errno; a system bus that is not there is tried again later. */
int watch_new(bool system, sd_bus *session, sd_event *event, WatchList *list, const WatchHooks *hooks, Watch **ret);
Watch *watch_free(Watch *watch);

/* It has said which accounts there are. */
bool watch_is_known(const Watch *watch);
/* It has, or it cannot be had. */
bool watch_has_answered(const Watch *watch);
/* It says that there is no network, or one that wants a sign-in first. */
bool watch_is_offline(const Watch *watch);
/* Checks that were asked for still run. */
bool watch_is_checking(const Watch *watch);

/* Checks the accounts with these keys that are its own; none of them is fine. */
int watch_check(Watch *watch, const char *const *keys, size_t n);
/* Nobody is told about the account until then; 0: again. */
int watch_mute(Watch *watch, const Watched *watched, uint64_t until_usec);
