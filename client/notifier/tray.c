/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Being in the tray: registered with the watcher of the icons once for each time that there is one, and telling what has changed.
 *
 * The names are those that are in use; the ones of the freedesktop.org text are served by nobody.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "own.h"
#include "tray-private.h"

#define WATCHER "org.kde.StatusNotifierWatcher"
#define NUDGE_USEC (1000 * 1000ull)

static void tell_item(Tray *tray) {
        static const char *const members[] = { "NewTitle", "NewIcon", "NewAttentionIcon", "NewToolTip" };

        for (size_t i = 0; i < ELEMENTS(members); i++)
                sd_bus_emit_signal(tray->bus, TRAY_PATH, TRAY_ITEM, members[i], NULL);
        sd_bus_emit_signal(tray->bus, TRAY_PATH, TRAY_ITEM, "NewStatus", "s", tray->state.status);
}

static int on_nudge(sd_event_source *source, uint64_t usec, void *userdata) {
        tell_item(userdata);
        return 0;
}

/* A host that is just starting may have asked before it could draw: waybar then shows nothing until something changes. */
static int on_registered(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Tray *tray = userdata;

        tray->call = sd_bus_slot_unref(tray->call);
        tray->nudge = sd_event_source_disable_unref(tray->nudge);
        if (sd_bus_message_is_method_error(reply, NULL))
                return 0;
        return sd_event_add_time_relative(sd_bus_get_event(tray->bus), &tray->nudge, CLOCK_MONOTONIC, NUDGE_USEC, 0, on_nudge,
                                          tray);
}

static int enlist(Tray *tray) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

        int r = sd_bus_message_new_method_call(tray->bus, &message, WATCHER, "/StatusNotifierWatcher", WATCHER,
                                               "RegisterStatusNotifierItem");
        if (r >= 0)
                r = sd_bus_message_set_auto_start(message, false);
        if (r >= 0)
                r = sd_bus_message_append(message, "s", tray->name);
        tray->call = sd_bus_slot_unref(tray->call);
        return r < 0 ? r : sd_bus_call_async(tray->bus, &tray->call, message, on_registered, tray, 0);
}

static int on_watcher(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        const char *name, *old, *new;
        if (sd_bus_message_read(signal, "sss", &name, &old, &new) > 0 && *new)
                enlist(userdata);
        return 0;
}

static int serve(Tray *tray) {
        snprintf(tray->name, sizeof(tray->name), TRAY_ITEM "-%d-1", (int) getpid());
        int r = sd_bus_add_object_vtable(tray->bus, &tray->item, TRAY_PATH, TRAY_ITEM, tray_item_vtable, tray);
        if (r >= 0)
                r = sd_bus_add_object_vtable(tray->bus, &tray->menu_slot, TRAY_MENU_PATH, TRAY_MENU, tray_menu_vtable, tray);
        if (r >= 0)
                r = sd_bus_request_name(tray->bus, tray->name, 0);
        if (r >= 0)
                r = sd_bus_add_match(tray->bus, &tray->match,
                                     "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
                                     "interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" WATCHER "'",
                                     on_watcher, tray);
        return r < 0 ? r : enlist(tray);
}

int tray_new(sd_bus *bus, const TrayHooks *hooks, Tray **ret) {
        Tray *tray = calloc(1, sizeof(*tray));
        if (!tray)
                return -ENOMEM;
        tray->bus = sd_bus_ref(bus);
        tray->hooks = *hooks;
        tray->state = (TrayState) { .status = "Passive", .icon = "org.maildiag.Notifier-unknown" };
        tray->revision = 1;
        int r = serve(tray);
        if (r < 0) {
                tray_free(tray);
                return r;
        }
        *ret = tray;
        return 0;
}

Tray *tray_free(Tray *tray) {
        if (!tray)
                return NULL;
        sd_bus_slot_unref(tray->item);
        sd_bus_slot_unref(tray->menu_slot);
        sd_bus_slot_unref(tray->match);
        sd_bus_slot_unref(tray->call);
        sd_event_source_disable_unref(tray->nudge);
        sd_bus_unref(tray->bus);
        tray_state_done(&tray->state);
        menu_done(&tray->menu);
        free(tray->token);
        free(tray);
        return NULL;
}

void tray_set(Tray *tray, TrayState *state, Menu *menu) {
        bool other_state = !tray_state_equal(&tray->state, state), other_menu = !menu_equal(&tray->menu, menu);

        tray_state_done(&tray->state);
        tray->state = *state;
        menu_done(&tray->menu);
        tray->menu = *menu;
        if (other_state)
                tell_item(tray);
        if (other_menu)
                sd_bus_emit_signal(tray->bus, TRAY_MENU_PATH, TRAY_MENU, "LayoutUpdated", "ui", ++tray->revision, 0);
}
