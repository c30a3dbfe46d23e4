/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Callers who may leave the bus while something is done for them.
 *
 * All share one match of NameOwnerChanged, which is there while there are any: a bus allows a connection a few hundred
 * matches, and ends one that wants more.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "bus-private.h"
#include "own.h"

struct BusCaller {
        LIST_ENTRY(BusCaller) entry;
        BusCallers *callers;
        char *name;
        void (*left)(void *userdata);
        void *userdata;
};

struct BusCallers {
        sd_bus *bus;                    /* borrowed */
        sd_bus_slot *match;             /* NULL: nobody is watched */
        LIST_HEAD(, BusCaller) list;
};

BusCallers *bus_callers_new(sd_bus *bus) {
        BusCallers *callers = calloc(1, sizeof(*callers));
        if (!callers)
                return NULL;
        callers->bus = bus;
        LIST_INIT(&callers->list);
        return callers;
}

BusCallers *bus_callers_free(BusCallers *callers) {
        if (!callers)
                return NULL;
        while (!LIST_EMPTY(&callers->list))
                bus_caller_forget(LIST_FIRST(&callers->list));
        sd_bus_slot_unref(callers->match);
        free(callers);
        return NULL;
}

BusCaller *bus_caller_forget(BusCaller *caller) {
        if (!caller)
                return NULL;
        BusCallers *callers = caller->callers;
        LIST_REMOVE(caller, entry);
        if (LIST_EMPTY(&callers->list))
                callers->match = sd_bus_slot_unref(callers->match);
        free(caller->name);
        free(caller);
        return NULL;
}

/* Whoever is told may forget himself and others, so the list is looked through from its start after each. */
static BusCaller *find(const BusCallers *callers, const char *name) {
        BusCaller *caller;
        LIST_FOREACH(caller, &callers->list, entry)
                if (!strcmp(caller->name, name))
                        return caller;
        return NULL;
}

static int on_owner_changed(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        BusCallers *callers = userdata;
        const char *name, *before, *after;
        BusCaller *caller;

        if (sd_bus_message_read(signal, "sss", &name, &before, &after) < 0 || *after)
                return 0;
        while ((caller = find(callers, name))) {
                void (*left)(void *userdata) = caller->left;
                void *owner = caller->userdata;
                bus_caller_forget(caller);
                left(owner);
        }
        return 0;
}

static int watch(BusCallers *callers) {
        if (callers->match)
                return 0;
        return sd_bus_match_signal(callers->bus, &callers->match, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                   "org.freedesktop.DBus", "NameOwnerChanged", on_owner_changed, callers);
}

/* From the match on, whoever leaves is heard of; so it is enough that he is still there now. */
static int is_there(BusCallers *callers, const char *name) {
        sd_bus_creds *creds = NULL;
        int r = sd_bus_get_name_creds(callers->bus, name, 0, &creds);
        sd_bus_creds_unref(creds);
        return r;
}

int bus_caller_watch(BusCallers *callers, const char *name, void (*left)(void *userdata), void *userdata, BusCaller **ret) {
        BusCaller *caller = calloc(1, sizeof(*caller));

        if (!caller)
                return -ENOMEM;
        *caller = (BusCaller) { .callers = callers, .name = strdup(name), .left = left, .userdata = userdata };
        LIST_INSERT_HEAD(&callers->list, caller, entry);
        int r = caller->name ? watch(callers) : -ENOMEM;
        if (r >= 0)
                r = is_there(callers, name);
        if (r < 0) {
                bus_caller_forget(caller);
                return r;
        }
        *ret = caller;
        return 0;
}
