/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Signals and one property.  The bus vouches for who sends what: a match by a name lets only its owner through. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "own.h"
#include "bus-neighbours.h"

#define NM_NAME "org.freedesktop.NetworkManager"
#define NM_PATH "/org/freedesktop/NetworkManager"
#define LOGIND_NAME "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"
#define AGAIN_USEC (30u * 1000u * 1000u)        /* until a lost bus is tried again */

struct Neighbours {
        sd_event *event;
        sd_bus *bus;                    /* NULL: there is none now */
        bool own;                       /* the connection */
        Monitor *monitor;
        sd_event_source *again;
        sd_bus_slot *slots[5];
        size_t n_slots;
};

/* ---- NetworkManager ---- */

static void take_connectivity(Neighbours *neighbours, uint32_t connectivity) {
        monitor_connectivity(neighbours->monitor, network_state_from_connectivity(connectivity));
}

static int on_answer(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Neighbours *neighbours = userdata;
        uint32_t connectivity;

        if (!sd_bus_message_is_method_error(reply, NULL) && sd_bus_message_enter_container(reply, 'v', "u") > 0 &&
            sd_bus_message_read(reply, "u", &connectivity) > 0)
                take_connectivity(neighbours, connectivity);
        return 0;
}

/* Of one that runs; nobody is started. */
static void ask(Neighbours *neighbours) {
        sd_bus_message *call = NULL;

        int r = sd_bus_message_new_method_call(neighbours->bus, &call, NM_NAME, NM_PATH, "org.freedesktop.DBus.Properties",
                                               "Get");
        if (r >= 0)
                r = sd_bus_message_set_auto_start(call, false);
        if (r >= 0)
                r = sd_bus_message_append(call, "ss", NM_NAME, "Connectivity");
        if (r >= 0)
                sd_bus_call_async(neighbours->bus, NULL, call, on_answer, neighbours, 0);
        sd_bus_message_unref(call);
}

static int on_properties(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Neighbours *neighbours = userdata;
        const char *interface, *key;
        uint32_t connectivity;

        if (sd_bus_message_read(signal, "s", &interface) <= 0 || strcmp(interface, NM_NAME) ||
            sd_bus_message_enter_container(signal, 'a', "{sv}") <= 0)
                return 0;
        while (sd_bus_message_enter_container(signal, 'e', "sv") > 0) {
                if (sd_bus_message_read(signal, "s", &key) <= 0)
                        return 0;
                if (!strcmp(key, "Connectivity") && sd_bus_message_read(signal, "v", "u", &connectivity) > 0)
                        take_connectivity(neighbours, connectivity);
                else if (strcmp(key, "Connectivity"))
                        sd_bus_message_skip(signal, "v");
                if (sd_bus_message_exit_container(signal) < 0)
                        return 0;
        }
        return 0;
}

static int on_owner(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Neighbours *neighbours = userdata;
        const char *name, *old, *new;

        if (sd_bus_message_read(signal, "sss", &name, &old, &new) <= 0)
                return 0;
        if (*new)
                ask(neighbours);
        else
                monitor_connectivity(neighbours->monitor, NETWORK_UNKNOWN);
        return 0;
}

/* ---- logind ---- */

static int on_sleep(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Neighbours *neighbours = userdata;
        int begins;

        if (sd_bus_message_read(signal, "b", &begins) > 0 && !begins)
                monitor_resumed(neighbours->monitor);
        return 0;
}

/* ---- the connection ---- */

static void close_connection(Neighbours *neighbours) {
        while (neighbours->n_slots > 0)
                sd_bus_slot_unref(neighbours->slots[--neighbours->n_slots]);
        if (neighbours->own)
                sd_bus_close(neighbours->bus);
        neighbours->bus = sd_bus_unref(neighbours->bus);
}

static int on_disconnected(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Neighbours *neighbours = userdata;

        monitor_connectivity(neighbours->monitor, NETWORK_UNKNOWN);
        sd_event_source_set_time_relative(neighbours->again, AGAIN_USEC);
        sd_event_source_set_enabled(neighbours->again, SD_EVENT_ONESHOT);
        return 0;
}

static int listen_for(Neighbours *neighbours) {
        const struct {
                const char *sender, *path, *interface, *member;
                sd_bus_message_handler_t handler;
        } signals[] = {
                { NM_NAME, NM_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged", on_properties },
                { LOGIND_NAME, LOGIND_PATH, LOGIND_MANAGER, "PrepareForSleep", on_sleep },
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < ELEMENTS(signals); i++) {
                r = sd_bus_match_signal_async(neighbours->bus, &neighbours->slots[neighbours->n_slots], signals[i].sender, signals[i].path,
                                              signals[i].interface, signals[i].member, signals[i].handler, NULL, neighbours);
                neighbours->n_slots += r >= 0;
        }
        if (r >= 0) {
                r = sd_bus_add_match_async(neighbours->bus, &neighbours->slots[neighbours->n_slots],
                                           "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
                                           "arg0='" NM_NAME "'", on_owner, NULL, neighbours);
                neighbours->n_slots += r >= 0;
        }
        if (r >= 0 && neighbours->own) {
                r = sd_bus_match_signal(neighbours->bus, &neighbours->slots[neighbours->n_slots], "org.freedesktop.DBus.Local",
                                        "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", "Disconnected",
                                        on_disconnected, neighbours);
                neighbours->n_slots += r >= 0;
        }
        return r;
}

static void connect_again(Neighbours *neighbours) {
        if (neighbours->own) {
                close_connection(neighbours);
                if (sd_bus_open_system_with_description(&neighbours->bus, "maildiagd") < 0)
                        return;         /* a computer without one has nobody who knows */
                if (sd_bus_attach_event(neighbours->bus, neighbours->event, SD_EVENT_PRIORITY_NORMAL) < 0) {
                        close_connection(neighbours);
                        return;
                }
        }
        if (listen_for(neighbours) >= 0)
                ask(neighbours);
}

static int on_again(sd_event_source *source, uint64_t usec, void *userdata) {
        connect_again(userdata);
        return 0;
}

/* ---- life ---- */

int neighbours_new(sd_event *event, sd_bus *bus, Monitor *monitor, Neighbours **ret) {
        Neighbours *neighbours = calloc(1, sizeof(*neighbours));
        if (!neighbours)
                return -ENOMEM;
        neighbours->event = sd_event_ref(event);
        neighbours->own = !bus;
        neighbours->bus = sd_bus_ref(bus);
        neighbours->monitor = monitor;
        int r = sd_event_add_time(event, &neighbours->again, CLOCK_BOOTTIME, 0, 1000000, on_again, neighbours);
        if (r >= 0)
                r = sd_event_source_set_enabled(neighbours->again, SD_EVENT_OFF);
        if (r < 0) {
                neighbours_free(neighbours);
                return r;
        }
        connect_again(neighbours);
        *ret = neighbours;
        return 0;
}

Neighbours *neighbours_free(Neighbours *neighbours) {
        if (!neighbours)
                return NULL;
        close_connection(neighbours);
        sd_event_source_disable_unref(neighbours->again);
        sd_event_unref(neighbours->event);
        free(neighbours);
        return NULL;
}
