/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A thin client of org.maildiag.Diag1.
 *
 * The list of accounts comes once, then signals say what changed.  They carry no details: those of accounts that are not well,
 * and of the first few for their names, are asked for, a few at a time.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call-private.h"
#include "dbus/names.h"
#include "watch-private.h"
#include "own.h"
#include "report.h"

#define RETRY_USEC (60 * 1000000ull)
#define ASKED_AT_ONCE 8u
#define DETAILED_MAX 100u               /* accounts that details are kept of */
#define NAMED_MAX 20u                   /* of these always: their names stand in a menu */

#define PROPERTIES "org.freedesktop.DBus.Properties"
#define OBJECTS "org.freedesktop.DBus.ObjectManager"

int watch_call_new(Watch *watch, const char *path, const char *interface, const char *member,
                      sd_bus_message **ret) {
        int r = sd_bus_message_new_method_call(watch->bus, ret, MAILDIAG_BUS_NAME, path, interface, member);
        return r < 0 ? r : sd_bus_message_set_auto_start(*ret, !watch->system);
}

/* ---- details ---- */

static void describe_some(Watch *watch);

/* An answer that may come when its account is no more. */
typedef struct Question {
        Watch *watch;
        char *path;
} Question;

static void question_free(void *userdata) {
        Question *question = userdata;
        if (question)
                free(question->path);
        free(question);
}

/* NULL: what came is no description. */
static json_t *read_details(sd_bus_message *reply) {
        const char *text;

        if (sd_bus_message_is_method_error(reply, NULL) || sd_bus_message_read(reply, "s", &text) <= 0)
                return NULL;
        json_t *details = json_loads(text, 0, NULL);
        if (json_is_object(details))
                return details;
        json_decref(details);
        return NULL;
}

static int on_described(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Question *question = userdata;
        Watch *watch = question->watch;
        Watched *watched = watch_list_find(watch->list, watch->system, question->path);

        watch->n_asked--;
        if (watched)
                watched_describe(watched, read_details(reply));
        describe_some(watch);
        return 0;
}

static int describe(Watch *watch, Watched *watched) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        sd_bus_slot *slot = NULL;
        Question *question = calloc(1, sizeof(*question));
        if (!question)
                return -ENOMEM;
        question->watch = watch;
        question->path = strdup(watched->path);

        int r = question->path ? watch_call_new(watch, watched->path, MAILDIAG_INTERFACE_ACCOUNT, "Describe", &message)
                               : -ENOMEM;
        if (r >= 0)
                r = sd_bus_call_async(watch->bus, &slot, message, on_described, question, 0);
        if (r < 0) {
                question_free(question);
                return r;
        }
        sd_bus_slot_set_destroy_callback(slot, question_free);
        sd_bus_slot_set_floating(slot, true);
        sd_bus_slot_unref(slot);
        watched->asked = true;
        watched->stale = false;         /* what changes from here on makes it so again */
        watch->n_asked++;
        return 0;
}

/* Asks for as many as may be under way; with none left, what is known is known. */
static void describe_some(Watch *watch) {
        const WatchList *list = watch->list;
        size_t n = 0, detailed = 0;

        for (size_t i = 0; i < list->n && watch->owner && watch->n_asked < ASKED_AT_ONCE; i++) {
                Watched *watched = list->list[i];
                if (watched->system != watch->system)
                        continue;
                bool ill = watched->status == WATCHED_ERROR || watched->status == WATCHED_WARNING;
                bool wanted = ill ? detailed++ < DETAILED_MAX : n < NAMED_MAX;
                n++;
                if (!wanted)
                        watched->stale = false;
                else if (watched->stale && !watched->asked && describe(watch, watched) < 0)
                        watched->stale = false;
        }
        if (watch->n_asked == 0)
                watch->hooks.changed(watch->hooks.userdata);
}

/* ---- accounts ---- */

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
        if (!watch->owner || call_read_value(reply, &objects) < 0)
                return 0;
        json_object_foreach(objects, path, interfaces)
                take_object(watch, path, interfaces);
        json_decref(objects);
        watch_list_sweep(watch->list, watch->system);
        watch->known = true;
        describe_some(watch);
        return 0;
}

static int ask_objects(Watch *watch) {
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
                watch->hooks.changed(watch->hooks.userdata);
        }
        json_decref(properties);
        return 0;
}

static int ask_manager(Watch *watch) {
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

static int on_signal(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
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
                        describe_some(userdata);
                        return 0;
                }
        return 0;
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
        ask_manager(watch);
        ask_objects(watch);
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
                                     on_signal, watch);
        return r;
}

/* The first question starts the user's instance; the answer says that it is there. */
static int begin(Watch *watch) {
        int r = subscribe(watch);
        if (r < 0)
                return r;
        watch->owner = true;
        r = ask_manager(watch);
        return r < 0 ? r : ask_objects(watch);
}

static void leave(Watch *watch) {
        for (size_t i = 0; i < ELEMENTS(watch->matches); i++)
                watch->matches[i] = sd_bus_slot_unref(watch->matches[i]);
        watch->question = sd_bus_slot_unref(watch->question);
        watch->manager = sd_bus_slot_unref(watch->manager);
        if (watch->system && watch->bus)
                sd_bus_detach_event(watch->bus);
        watch->bus = sd_bus_unref(watch->bus);
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
        int r = join(watch);
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
        sd_event_source_disable_unref(watch->retry);
        sd_event_unref(watch->event);
        free(watch);
        return NULL;
}

bool watch_is_known(const Watch *watch) {
        return watch->known;
}

bool watch_is_offline(const Watch *watch) {
        return watch->offline;
}
