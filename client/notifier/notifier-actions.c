/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a person wants: the clicks on notifications, on the icon and in its menu. */

#include <stdlib.h>
#include <string.h>

#include "menu-lines.h"
#include "notifier-private.h"
#include "own.h"
#include "telling.h"
#include "wording.h"

#define MUTE_USEC (24 * 3600 * 1000000ull)
#define DETAILS_MAX 200u                /* accounts on a page */

static Watch *watch_of(const Notifier *notifier, const Watched *watched) {
        return notifier->instances[watched->system ? TELLING_SYSTEM : TELLING_USER];
}

/* ---- what a person wants ---- */

static void check(Notifier *notifier, const char *const *keys, size_t n) {
        for (size_t i = 0; i < _TELLING_MAX; i++) {
                int r = notifier->instances[i] ? watch_check(notifier->instances[i], keys, n) : 0;
                if (r < 0)
                        notifier_complain("check", r);
        }
        notifier_changed(notifier);
}

static void check_all(Notifier *notifier) {
        _cleanup_free_ const char **keys = calloc(notifier->list.n + 1, sizeof(char *));
        for (size_t i = 0; keys && i < notifier->list.n; i++)
                keys[i] = notifier->list.list[i]->key;
        if (keys)
                check(notifier, keys, notifier->list.n);
}

static void mute(Notifier *notifier, Watched *watched, uint64_t until) {
        int r = watch_mute(watch_of(notifier, watched), watched, until);
        if (r < 0)
                notifier_complain("mute", r);
        if (until == 0)
                memory_set_muted(notifier->memory, watched->key, 0);
        notifier_changed(notifier);
}

static void mute_all(Notifier *notifier, uint64_t until) {
        for (size_t i = 0; i < notifier->list.n; i++)
                mute(notifier, notifier->list.list[i], until);
}

void notifier_no_viewer(void *userdata) {
        Notifier *notifier = userdata;
        Notice *notice = wording_no_viewer();
        if (notice)
                board_show(notifier->board, "viewer", NULL, notice);
}

static void open_details(Notifier *notifier, Watched *const *accounts, size_t n, const char *token) {
        int r = details_open(notifier->details, accounts, n, token);
        if (r < 0) {
                notifier_complain("details", r);
                notifier_no_viewer(notifier);
        }
}

static void open_all(Notifier *notifier, const char *token) {
        _cleanup_free_ Watched **accounts = accounts_worst_first(&notifier->list);
        if (accounts)
                open_details(notifier, accounts, notifier->list.n < DETAILS_MAX ? notifier->list.n : DETAILS_MAX, token);
}

void notifier_show(Notifier *notifier) {
        notifier->show_wanted = true;
        notifier_changed(notifier);
}

void notifier_show_if_wanted(Notifier *notifier) {
        if (!notifier->show_wanted || !watch_has_answered(notifier->instances[TELLING_USER]))
                return;
        notifier->show_wanted = false;
        open_all(notifier, "");
}

/* The accounts of a notification that are still there; how many. */
static size_t accounts_of(Notifier *notifier, const char *key, Watched **accounts, size_t max) {
        const Told *told = memory_find(notifier->memory, key);
        size_t n = 0, i;
        json_t *account;

        if (told)
                json_array_foreach(told->accounts, i, account) {
                        Watched *watched = watch_list_by_key(&notifier->list, json_string_value(account));
                        if (watched && n < max)
                                accounts[n++] = watched;
                }
        return n;
}

static void do_details(Notifier *notifier, Watched **accounts, size_t n, const char *token) {
        open_details(notifier, accounts, n, token);
}

static void do_recheck(Notifier *notifier, Watched **accounts, size_t n, const char *token) {
        const char *keys[DETAILS_MAX];
        for (size_t i = 0; i < n; i++)
                keys[i] = accounts[i]->key;
        check(notifier, keys, n);
}

static void do_mute(Notifier *notifier, Watched **accounts, size_t n, const char *token) {
        for (size_t i = 0; i < n; i++)
                mute(notifier, accounts[i], notifier_now() + MUTE_USEC);
}

void notifier_action(void *userdata, const char *key, const char *name, const char *token) {
        static const struct {
                const char *name;
                void (*run)(Notifier *notifier, Watched **accounts, size_t n, const char *token);
        } actions[] = {
                { "default", do_details },
                { "recheck", do_recheck },
                { "mute", do_mute },
        };
        Notifier *notifier = userdata;
        Watched *accounts[DETAILS_MAX];
        size_t n = accounts_of(notifier, key, accounts, ELEMENTS(accounts));

        for (size_t i = 0; n > 0 && i < ELEMENTS(actions); i++)
                if (!strcmp(actions[i].name, name))
                        actions[i].run(notifier, accounts, n, token);
}

/* ---- the tray ---- */

void notifier_chosen(void *userdata, int32_t id) {
        Notifier *notifier = userdata;
        unsigned serial;
        Watched *watched;

        switch (menu_action(id, &serial)) {
        case MENU_NOTHING:
                break;
        case MENU_ACCOUNT:
                watched = watch_list_by_serial(&notifier->list, serial);
                if (watched)
                        open_details(notifier, &watched, 1, "");
                break;
        case MENU_CHECK:
                check_all(notifier);
                break;
        case MENU_DETAILS:
                open_all(notifier, "");
                break;
        case MENU_MUTE:
                mute_all(notifier, notifier_now() + MUTE_USEC);
                break;
        case MENU_UNMUTE:
                mute_all(notifier, 0);
                break;
        case MENU_QUIT:
                sd_event_exit(notifier->event, 0);
                break;
        }
}

void notifier_activated(void *userdata, const char *token) {
        open_all(userdata, token);
}
