/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A thin client of org.maildiag.Diag1: how an instance comes and goes.  The list of its accounts comes once, then signals say what
 * changed.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dbus/names.h"
#include "own.h"
#include "watch-private.h"

#define RETRY_USEC (60 * 1000000ull)

int watch_call_new(Watch *watch, const char *path, const char *interface, const char *member, sd_bus_message **ret) {
        int r = sd_bus_message_new_method_call(watch->bus, ret, MAILDIAG_BUS_NAME, path, interface, member);
        return r < 0 ? r : sd_bus_message_set_auto_start(*ret, !watch->system);
}

/* ---- coming and going ---- */

/* `owner`: whoever has the name now, "" for nobody. */
static void greet(Watch *watch, const char *owner) {
        watch->owner = *owner;
        watch->offline = false;
        if (!*owner) {
                watch_check_lost(watch);
                watch_list_unknow(watch->list, watch->system);
                watch->hooks.changed(watch->hooks.userdata);
                return;
        }
        watch_ask_manager(watch);
        watch_ask_objects(watch);
}

static int on_owner(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        const char *name, *old, *new;
        if (sd_bus_message_read(signal, "sss", &name, &old, &new) > 0)
                greet(userdata, new);
        return 0;
}

static int subscribe(Watch *watch) {
        int r = sd_bus_add_match(watch->bus, &watch->matches[0],
                                 "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
                                 "interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" MAILDIAG_BUS_NAME "'",
                                 on_owner, watch);
        if (r >= 0)
                r = sd_bus_add_match(watch->bus, &watch->matches[1],
                                     "type='signal',sender='" MAILDIAG_BUS_NAME "',path_namespace='" MAILDIAG_PATH "'",
                                     watch_on_signal, watch);
        return r;
}

/* The first question starts the user's instance; the answer says that it is there. */
static int begin(Watch *watch) {
        int r = subscribe(watch);
        if (r < 0)
                return r;
        watch->owner = true;
        r = watch_ask_manager(watch);
        return r < 0 ? r : watch_ask_objects(watch);
}

static void leave(Watch *watch) {
        for (size_t i = 0; i < ELEMENTS(watch->matches); i++)
                watch->matches[i] = sd_bus_slot_unref(watch->matches[i]);
        watch->question = sd_bus_slot_unref(watch->question);
        watch->manager = sd_bus_slot_unref(watch->manager);
        if (watch->system && watch->bus)
                sd_bus_detach_event(watch->bus);
        watch->bus = sd_bus_unref(watch->bus);
        watch->n_asked = 0;
}

static int join(Watch *watch);

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata) {
        join(userdata);
        return 0;
}

/* The system bus is not there, or was restarted. */
static int retry_later(Watch *watch) {
        watch->retry = sd_event_source_disable_unref(watch->retry);
        return sd_event_add_time_relative(watch->event, &watch->retry, CLOCK_BOOTTIME, RETRY_USEC, 0, on_retry, watch);
}

static int on_disconnected(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        greet(watch, "");
        leave(watch);
        return retry_later(watch);
}

static int join_system(Watch *watch) {
        int r = sd_bus_open_system(&watch->bus);
        if (r >= 0)
                r = sd_bus_attach_event(watch->bus, watch->event, SD_EVENT_PRIORITY_NORMAL);
        if (r >= 0)
                r = sd_bus_match_signal(watch->bus, &watch->matches[2], NULL, "/org/freedesktop/DBus/Local",
                                        "org.freedesktop.DBus.Local", "Disconnected", on_disconnected, watch);
        return r < 0 ? r : begin(watch);
}

static int join(Watch *watch) {
        if (!watch->system)
                return begin(watch);
        int r = join_system(watch);
        if (r < 0) {
                leave(watch);
                return r == -ENOMEM ? r : retry_later(watch);
        }
        return 0;
}

int watch_new(bool system, sd_bus *session, sd_event *event, WatchList *list, const WatchHooks *hooks,
                 Watch **ret) {
        Watch *watch = calloc(1, sizeof(*watch));
        if (!watch)
                return -ENOMEM;
        watch->system = system;
        watch->bus = system ? NULL : sd_bus_ref(session);
        watch->event = sd_event_ref(event);
        watch->list = list;
        watch->hooks = *hooks;
        watch->entries = json_object();
        int r = watch->entries ? join(watch) : -ENOMEM;
        if (r < 0) {
                watch_free(watch);
                return r;
        }
        *ret = watch;
        return 0;
}

Watch *watch_free(Watch *watch) {
        if (!watch)
                return NULL;
        watch_check_lost(watch);
        leave(watch);
        json_decref(watch->entries);
        sd_event_source_disable_unref(watch->retry);
        sd_event_unref(watch->event);
        free(watch);
        return NULL;
}

bool watch_is_known(const Watch *watch) {
        return watch->known;
}

bool watch_has_answered(const Watch *watch) {
        return watch->answered;
}

bool watch_is_offline(const Watch *watch) {
        return watch->offline;
}
