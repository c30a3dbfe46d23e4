/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The tray as data.  Ids of items are fixed, those of accounts come from the account's serial number, so that a click on a menu
 * that has just changed means what its reader saw.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "i18n.h"
#include "menu.h"
#include "own.h"
#include "telling.h"
#include "text.h"
#include "wording.h"

#define ICON "org.maildiag.Notifier"
#define ID_ACCOUNTS 1000                /* the first of the ids that mean an account */
#define NAME_COLUMNS 40u
#define TOOLTIP_ACCOUNTS_MAX 8u

enum { ID_MORE = 1, ID_NONE, ID_SEPARATOR, ID_CHECK, ID_DETAILS, ID_MUTE, ID_UNMUTE, ID_SEPARATOR_QUIT, ID_QUIT };

static const char *const icons[] = {
        [WATCHED_UNKNOWN] = ICON "-unknown",
        [WATCHED_OK] = ICON "-ok",
        [WATCHED_INFO] = ICON "-ok",
        [WATCHED_WARNING] = ICON "-warning",
        [WATCHED_ERROR] = ICON "-error",
};

/* ---- how the accounts are ---- */

/* "cannot send mail": what the causes of one account break together. */
static const char *trouble_of(const Watched *watched) {
        _cleanup_(causes_done) Causes causes = { 0 };
        Watched *one = (Watched *) watched;
        Cause all = { .warning = true };

        if (causes_find(&(WatchList) { .list = &one, .n = 1 }, &causes) < 0 || causes.n == 0)
                return watched->status == WATCHED_ERROR ? _("mail does not work") : _("needs attention");
        for (size_t i = 0; i < causes.n; i++) {
                all.warning = all.warning && causes.list[i].warning;
                all.receive = all.receive || causes.list[i].receive;
                all.send = all.send || causes.list[i].send;
        }
        return wording_trouble(&all);
}

static const char *say_status(const Watched *watched) {
        switch (watched->status) {
        case WATCHED_UNKNOWN:
                return _("not known");
        case WATCHED_OK:
        case WATCHED_INFO:
                return _("works");
        case WATCHED_WARNING:
        case WATCHED_ERROR:
                break;
        }
        return trouble_of(watched);
}

/* "Work: cannot send mail (muted)" */
static char *say_account(const MenuScene *scene, const Watched *watched) {
        _cleanup_free_ char *name = wording_clip(watched_title(watched), NAME_COLUMNS);
        bool muted = telling_is_muted(scene->memory, watched, scene->now_usec);
        char *line;

        if (!name || asprintf(&line, muted ? _("%s: %s (muted)") : _("%s: %s"), name, say_status(watched)) < 0)
                return NULL;
        return line;
}

/* The worst first; those that are alike in the order of the list. */
static int compare(const void *a, const void *b) {
        const Watched *left = *(Watched *const *) a, *right = *(Watched *const *) b;
        if (left->status != right->status)
                return left->status < right->status ? 1 : -1;
        if (left->system != right->system)
                return left->system ? 1 : -1;
        return strcmp(left->path, right->path);
}

/* A new array; NULL when out of memory. */
static Watched **worst_first(const WatchList *list) {
        Watched **sorted = calloc(list->n + 1, sizeof(Watched *));
        if (sorted && list->n > 0) {
                memcpy(sorted, list->list, list->n * sizeof(Watched *));
                qsort(sorted, list->n, sizeof(Watched *), compare);
        }
        return sorted;
}

/* ---- the menu ---- */

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
        _cleanup_free_ char *line = say_account(scene, watched);
        return add_item(menu, &(MenuItem) {
                .id = ID_ACCOUNTS + (int32_t) watched->serial,
                .action = MENU_ACCOUNT,
                .label = line ? escape_label(line) : NULL,
                .icon = icons[watched->status],
        });
}

/* Text that nobody can click. */
static int add_words(Menu *menu, int32_t id, char *label) {
        return label ? add_item(menu, &(MenuItem) { .id = id, .label = label, .disabled = true }) : -ENOMEM;
}

static int add_accounts(Menu *menu, const MenuScene *scene) {
        _cleanup_free_ Watched **sorted = worst_first(scene->list);
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

/* ---- the icon and what it says ---- */

/* What is muted does not ask for attention. */
static WatchedStatus worst_of(const MenuScene *scene, size_t *ret_n) {
        WatchedStatus worst = scene->list->n > 0 ? WATCHED_UNKNOWN : WATCHED_OK;

        *ret_n = 0;
        for (size_t i = 0; i < scene->list->n; i++) {
                const Watched *watched = scene->list->list[i];
                WatchedStatus status = watched->status;
                if (status >= WATCHED_WARNING && telling_is_muted(scene->memory, watched, scene->now_usec))
                        continue;
                *ret_n = status > worst ? 1 : *ret_n + (status == worst);
                worst = status > worst ? status : worst;
        }
        return worst;
}

/* "Mail: 2 of 5 accounts do not work" */
static char *say_some(WatchedStatus worst, size_t n, size_t all) {
        const char *pattern = worst == WATCHED_ERROR
                ? ngettext("Mail: %zu of %zu accounts does not work", "Mail: %zu of %zu accounts do not work", n)
                : ngettext("Mail: %zu of %zu accounts needs attention", "Mail: %zu of %zu accounts need attention", n);
        char *title;

        if (all == 1)
                return strdup(worst == WATCHED_ERROR ? _("Mail does not work") : _("Mail needs attention"));
        return asprintf(&title, pattern, n, all) < 0 ? NULL : title;
}

static char *say_all(const MenuScene *scene, WatchedStatus worst, size_t n_worst) {
        if (scene->list->n == 0)
                return strdup(_("Mail: no accounts are known"));
        switch (worst) {
        case WATCHED_UNKNOWN:
                return strdup(_("Mail: not known"));
        case WATCHED_OK:
        case WATCHED_INFO:
                return strdup(_("Mail works"));
        case WATCHED_WARNING:
        case WATCHED_ERROR:
                break;
        }
        return say_some(worst, n_worst, scene->list->n);
}

static char *say_each(const MenuScene *scene) {
        _cleanup_free_ Watched **sorted = worst_first(scene->list);
        char *text = NULL;
        size_t size;
        FILE *stream = sorted ? open_memstream(&text, &size) : NULL;
        if (!stream)
                return NULL;
        for (size_t i = 0; i < scene->list->n && i < TOOLTIP_ACCOUNTS_MAX; i++) {
                _cleanup_free_ char *line = say_account(scene, sorted[i]);
                fprintf(stream, "%s%s", i > 0 ? "\n" : "", line ?: "");
        }
        if (scene->list->n > TOOLTIP_ACCOUNTS_MAX)
                fputs("\n…", stream);
        return fclose(stream) == 0 ? text : NULL;
}

/* Hosts differ in whether they read markup there: what would be some is written in another way.  NULL: out of memory. */
static char *unmarked(char *text) {
        static const struct {
                char c;
                const char *text;
        } marks[] = { { '<', "‹" }, { '>', "›" }, { '&', "+" } };
        char *plain = text ? calloc(3 * strlen(text) + 1, 1) : NULL, *end = plain;

        for (const char *c = text; plain && *c; c++) {
                size_t i = 0;
                while (i < ELEMENTS(marks) && marks[i].c != *c)
                        i++;
                if (i < ELEMENTS(marks))
                        end = stpcpy(end, marks[i].text);
                else
                        *end++ = *c;
        }
        free(text);
        return plain;
}

int tray_state_make(const MenuScene *scene, TrayState *ret) {
        static const char *const words[] = {
                [WATCHED_UNKNOWN] = "Passive", [WATCHED_OK] = "Passive", [WATCHED_INFO] = "Passive",
                [WATCHED_WARNING] = "Active", [WATCHED_ERROR] = "NeedsAttention",
        };
        size_t n;
        WatchedStatus worst = worst_of(scene, &n);
        TrayState state = {
                .status = words[worst],
                .icon = icons[worst],
                .worst = worst,
                .title = unmarked(say_all(scene, worst, n)),
                .text = unmarked(say_each(scene)),
        };
        if (!state.title || !state.text) {
                tray_state_done(&state);
                return -ENOMEM;
        }
        *ret = state;
        return 0;
}

void tray_state_done(TrayState *state) {
        free(state->title);
        free(state->text);
        *state = (TrayState) { 0 };
}

bool tray_state_equal(const TrayState *a, const TrayState *b) {
        return a->worst == b->worst && text_equal(a->title, b->title) && text_equal(a->text, b->text);
}
