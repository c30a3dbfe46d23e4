/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The icon in the tray: org.kde.StatusNotifierItem with its menu, com.canonical.dbusmenu. */

#include <systemd/sd-bus.h>

#include "menu.h"

typedef struct Tray Tray;

typedef struct TrayHooks {
        /* An item of the menu was chosen. */
        void (*chosen)(void *userdata, int32_t id);
        /* The icon itself was clicked. */
        void (*activated)(void *userdata, const char *token);
        void *userdata;
} TrayHooks;

/* Without a host for such icons it waits until there is one.  Returns 0 or a negative errno. */
int tray_new(sd_bus *bus, const TrayHooks *hooks, Tray **ret);
Tray *tray_free(Tray *tray);
/* Shows something else; takes over both. */
void tray_set(Tray *tray, TrayState *state, Menu *menu);
