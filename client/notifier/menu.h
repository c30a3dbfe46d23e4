/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What stands in the tray: its menu, its icon and what it says, as data. */

#include "memory.h"
#include "watched.h"

#define MENU_ACCOUNTS_MAX 20u

typedef enum MenuAction {
        MENU_NOTHING,                   /* a separator, or a line that only says something */
        MENU_ACCOUNT,                   /* the details of one */
        MENU_CHECK,
        MENU_DETAILS,
        MENU_MUTE,
        MENU_UNMUTE,
        MENU_QUIT,
} MenuAction;

typedef struct MenuItem {
        int32_t id;                     /* the same for as long as it means the same */
        MenuAction action;
        char *label;                    /* NULL: a separator */
        const char *icon;               /* NULL: none */
        bool disabled;
} MenuItem;

typedef struct Menu {
        MenuItem *list;
        size_t n;
} Menu;

/* What the tray shows. */
typedef struct TrayState {
        const char *status;             /* "Passive", "Active", "NeedsAttention" */
        const char *icon;               /* name in the theme */
        WatchedStatus worst;
        char *title;                    /* one line: how everything is */
        char *text;                     /* a line for each account that is not well */
} TrayState;

typedef struct MenuScene {
        const WatchList *list;
        const Memory *memory;
        uint64_t now_usec;              /* CLOCK_REALTIME */
        bool checking;
} MenuScene;

/* Both return 0 or -ENOMEM. */
int menu_make(const MenuScene *scene, Menu *ret);
int tray_state_make(const MenuScene *scene, TrayState *ret);

void menu_done(Menu *menu);
void tray_state_done(TrayState *state);
bool menu_equal(const Menu *a, const Menu *b);
bool tray_state_equal(const TrayState *a, const TrayState *b);

/* What an item of this id means, also if it stands in the menu no more; the account's serial for MENU_ACCOUNT. */
MenuAction menu_action(int32_t id, unsigned *ret_serial);
