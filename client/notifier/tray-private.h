/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files tray*.c share. */

#include <systemd/sd-event.h>

#include "tray.h"

#define TRAY_PATH "/StatusNotifierItem"
#define TRAY_MENU_PATH "/MenuBar"
#define TRAY_ITEM "org.kde.StatusNotifierItem"
#define TRAY_MENU "com.canonical.dbusmenu"

struct Tray {
        sd_bus *bus;
        TrayHooks hooks;
        TrayState state;
        Menu menu;
        uint32_t revision;              /* of the menu */
        char name[64];                  /* on the bus, as the watcher of the icons gets it */
        char *token;                    /* of the compositor, for what a click opens */
        sd_bus_slot *item, *menu_slot, *match, *call;
        sd_event_source *nudge;
};

extern const sd_bus_vtable tray_item_vtable[];
extern const sd_bus_vtable tray_menu_vtable[];
