/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an instance tells of itself: the list of its accounts, whether there is a network, and what has changed. */

#include <errno.h>
#include <string.h>

#include "call-private.h"
#include "dbus/names.h"
#include "own.h"
#include "report.h"
#include "watch-private.h"

#define PROPERTIES "org.freedesktop.DBus.Properties"
#define OBJECTS "org.freedesktop.DBus.ObjectManager"

static uint64_t read_muted(const json_t *properties, uint64_t otherwise) {
        const json_t *muted = json_object_get(properties, "MutedUntilUSec");
        return json_is_integer(muted) ? (uint64_t) json_integer_value(muted) : otherwise;
}

static void take_properties(Watched *watched, const json_t *properties) {
        const char *status = report_text(properties, "Status");
        if (*status)
                watched->status = watched_status_from_string(status);
        watched->muted_usec = read_muted(properties, watched->muted_usec);
        watched->stale = true;
}

static void take_network(Watch *watch, const json_t *properties) {
        const char *network = report_text(properties, "Network");
        if (*network)
                watch->offline = !strcmp(network, "offline") || !strcmp(network, "portal");
}

/* An object as the object manager tells of it. */
static int take_object(Watch *watch, const char *path, const json_t *interfaces) {
        const json_t *account = json_object_get(interfaces, MAILDIAG_INTERFACE_ACCOUNT);
        Watched *watched;

        take_network(watch, json_object_get(interfaces, MAILDIAG_INTERFACE_MANAGER));
        if (!account)
                return 0;
        int r = watch_list_add(watch->list, watch->system, path, &watched);
        if (r < 0)
                return r;
        watched->seen = true;
        take_properties(watched, account);
        return 0;
}

static int on_objects(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        json_t *objects = NULL, *interfaces;
        const char *path;

        watch->question = sd_bus_slot_unref(watch->question);
        watch->owner = !sd_bus_message_is_method_error(reply, NULL);
        watch->answered = true;
        if (!watch->owner || call_read_value(reply, &objects) < 0) {
                watch->hooks.changed(watch->hooks.userdata);
                return 0;
        }
        json_object_foreach(objects, path, interfaces)
                take_object(watch, path, interfaces);
        json_decref(objects);
        watch_list_sweep(watch->list, watch->system);
        watch->known = true;
        watch_go_on(watch);
        return 0;
}

int watch_ask_objects(Watch *watch) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

        watch->question = sd_bus_slot_unref(watch->question);
        int r = watch_call_new(watch, MAILDIAG_PATH, OBJECTS, "GetManagedObjects", &message);
        return r < 0 ? r : sd_bus_call_async(watch->bus, &watch->question, message, on_objects, watch, 0);
}

/* ---- the manager's properties ---- */

static int on_manager(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        json_t *properties = NULL;

        watch->manager = sd_bus_slot_unref(watch->manager);
        if (!sd_bus_message_is_method_error(reply, NULL) && call_read_value(reply, &properties) >= 0) {
                take_network(watch, properties);
                watch_go_on(watch);
        }
        json_decref(properties);
        return 0;
}

int watch_ask_manager(Watch *watch) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

        watch->manager = sd_bus_slot_unref(watch->manager);
        int r = watch_call_new(watch, MAILDIAG_PATH, PROPERTIES, "GetAll", &message);
        if (r >= 0)
                r = sd_bus_message_append(message, "s", MAILDIAG_INTERFACE_MANAGER);
        return r < 0 ? r : sd_bus_call_async(watch->bus, &watch->manager, message, on_manager, watch, 0);
}

/* ---- signals ---- */

static int on_properties(Watch *watch, sd_bus_message *signal) {
        const char *path = sd_bus_message_get_path(signal), *interface;
        json_t *properties = NULL;

        int r = sd_bus_message_read(signal, "s", &interface);
        if (r >= 0)
                r = call_read_value(signal, &properties);
        Watched *watched = r < 0 ? NULL : watch_list_find(watch->list, watch->system, path);
        if (watched && !strcmp(interface, MAILDIAG_INTERFACE_ACCOUNT))
                take_properties(watched, properties);
        else if (r >= 0 && !strcmp(interface, MAILDIAG_INTERFACE_MANAGER))
                take_network(watch, properties);
        json_decref(properties);
        return r;
}

static int on_status(Watch *watch, sd_bus_message *signal) {
        const char *path, *old, *new;
        int r = sd_bus_message_read(signal, "oss", &path, &old, &new);
        Watched *watched = r < 0 ? NULL : watch_list_find(watch->list, watch->system, path);
        if (watched) {
                watched->status = watched_status_from_string(new);
                watched->stale = true;
        }
        return r;
}

static int on_added(Watch *watch, sd_bus_message *signal) {
        json_t *interfaces = NULL;
        const char *path;
        int r = sd_bus_message_read(signal, "o", &path);
        if (r >= 0)
                r = call_read_value(signal, &interfaces);
        if (r >= 0)
                r = take_object(watch, path, interfaces);
        json_decref(interfaces);
        return r;
}

static int on_removed(Watch *watch, sd_bus_message *signal) {
        const char *path;
        int r = sd_bus_message_read(signal, "o", &path);
        Watched *watched = r < 0 ? NULL : watch_list_find(watch->list, watch->system, path);
        if (watched)
                watch_list_remove(watch->list, watched);
        return r;
}

int watch_on_signal(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        static const struct {
                const char *interface, *member;
                int (*handler)(Watch *watch, sd_bus_message *signal);
        } signals[] = {
                { PROPERTIES, "PropertiesChanged", on_properties },
                { MAILDIAG_INTERFACE_MANAGER, "AccountStatusChanged", on_status },
                { OBJECTS, "InterfacesAdded", on_added },
                { OBJECTS, "InterfacesRemoved", on_removed },
                { MAILDIAG_INTERFACE_JOB, "Finished", watch_check_finished },
        };
        for (size_t i = 0; i < ELEMENTS(signals); i++)
                if (sd_bus_message_is_signal(signal, signals[i].interface, signals[i].member)) {
                        signals[i].handler(userdata, signal);
                        watch_go_on(userdata);
                        return 0;
                }
        return 0;
}
