/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The menu as data.  Ids of items are fixed, those of accounts come from the account's serial number, so that a click on a menu
 * that has just changed means what its reader saw.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "menu-lines.h"
#include "own.h"
#include "telling.h"

#define ID_ACCOUNTS 1000                /* the first of the ids that mean an account */

enum { ID_MORE = 1, ID_NONE, ID_SEPARATOR, ID_CHECK, ID_DETAILS, ID_MUTE, ID_UNMUTE, ID_SEPARATOR_QUIT, ID_QUIT };

/* An underscore marks the letter for the keyboard; in names it is doubled. */
static char *escape_label(const char *text) {
        char *label = calloc(2 * strlen(text) + 1, 1), *end = label;
        for (; label && *text; text++) {
                if (*text == '_')
                        *end++ = '_';
                *end++ = *text;
        }
        return label;
}

/* Takes over the label. */
static int add_item(Menu *menu, const MenuItem *item) {
        MenuItem *larger = reallocarray(menu->list, menu->n + 1, sizeof(MenuItem));
        if (larger)
                menu->list = larger;
        if (!larger || (!item->label && item->action != MENU_NOTHING)) {
                free(item->label);
                return -ENOMEM;
        }
        menu->list[menu->n++] = *item;
        return 0;
}

static int add_account(Menu *menu, const MenuScene *scene, const Watched *watched) {
        _cleanup_free_ char *line = account_line(scene, watched);
        return add_item(menu, &(MenuItem) {
                .id = ID_ACCOUNTS + (int32_t) watched->serial,
                .action = MENU_ACCOUNT,
                .label = line ? escape_label(line) : NULL,
                .icon = status_icon(watched->status),
        });
}

/* Text that nobody can click. */
static int add_words(Menu *menu, int32_t id, char *label) {
        return label ? add_item(menu, &(MenuItem) { .id = id, .label = label, .disabled = true }) : -ENOMEM;
}

static int add_accounts(Menu *menu, const MenuScene *scene) {
        _cleanup_free_ Watched **sorted = accounts_worst_first(scene->list);
        size_t n = scene->list->n, more = n > MENU_ACCOUNTS_MAX ? n - MENU_ACCOUNTS_MAX : 0;
        char *label;

        int r = sorted ? 0 : -ENOMEM;
        for (size_t i = 0; r >= 0 && i < n - more; i++)
                r = add_account(menu, scene, sorted[i]);
        if (r >= 0 && n == 0)
                r = add_words(menu, ID_NONE, strdup(_("No mail accounts are known")));
        if (r >= 0 && more > 0)
                r = asprintf(&label, ngettext("and %zu more", "and %zu more", more), more) < 0 ? -ENOMEM
                        : add_words(menu, ID_MORE, label);
        return r;
}

static bool all_muted(const MenuScene *scene) {
        for (size_t i = 0; i < scene->list->n; i++)
                if (!telling_is_muted(scene->memory, scene->list->list[i], scene->now_usec))
                        return false;
        return scene->list->n > 0;
}

int menu_make(const MenuScene *scene, Menu *ret) {
        bool muted = all_muted(scene), none = scene->list->n == 0;
        const struct {
                int32_t id;
                MenuAction action;
                const char *label, *icon;
                bool disabled;
        } items[] = {
                { ID_SEPARATOR, MENU_NOTHING, NULL, NULL, false },
                { ID_CHECK, MENU_CHECK, scene->checking ? _("_Checking…") : _("_Check all now"), "view-refresh",
                  scene->checking || none },
                { ID_DETAILS, MENU_DETAILS, _("_Details…"), "document-properties", none },
                { muted ? ID_UNMUTE : ID_MUTE, muted ? MENU_UNMUTE : MENU_MUTE, muted ? _("Un_mute") : _("_Mute for a day"),
                  NULL, none },
                { ID_SEPARATOR_QUIT, MENU_NOTHING, NULL, NULL, false },
                { ID_QUIT, MENU_QUIT, _("_Quit"), "application-exit", false },
        };
        Menu menu = { 0 };

        int r = add_accounts(&menu, scene);
        for (size_t i = 0; r >= 0 && i < ELEMENTS(items); i++)
                r = add_item(&menu, &(MenuItem) {
                        .id = items[i].id,
                        .action = items[i].action,
                        .label = items[i].label ? strdup(items[i].label) : NULL,
                        .icon = items[i].icon,
                        .disabled = items[i].disabled,
                });
        if (r < 0) {
                menu_done(&menu);
                return r;
        }
        *ret = menu;
        return 0;
}

MenuAction menu_action(int32_t id, unsigned *ret_serial) {
        static const MenuAction actions[] = {
                [ID_CHECK] = MENU_CHECK, [ID_DETAILS] = MENU_DETAILS, [ID_MUTE] = MENU_MUTE, [ID_UNMUTE] = MENU_UNMUTE,
                [ID_QUIT] = MENU_QUIT,
        };
        if (id > ID_ACCOUNTS) {
                *ret_serial = (unsigned) (id - ID_ACCOUNTS);
                return MENU_ACCOUNT;
        }
        return id >= 0 && (size_t) id < ELEMENTS(actions) ? actions[id] : MENU_NOTHING;
}

void menu_done(Menu *menu) {
        for (size_t i = 0; i < menu->n; i++)
                free(menu->list[i].label);
        free(menu->list);
        *menu = (Menu) { 0 };
}

static bool text_equal(const char *a, const char *b) {
        return a && b ? !strcmp(a, b) : a == b;
}

bool menu_equal(const Menu *a, const Menu *b) {
        if (a->n != b->n)
                return false;
        for (size_t i = 0; i < a->n; i++)
                if (a->list[i].id != b->list[i].id || a->list[i].disabled != b->list[i].disabled ||
                    !text_equal(a->list[i].label, b->list[i].label) || !text_equal(a->list[i].icon, b->list[i].icon))
                        return false;
        return true;
}
