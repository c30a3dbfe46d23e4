/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The icon in the tray and what it says. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "menu-lines.h"
#include "own.h"
#include "telling.h"

#define TOOLTIP_ACCOUNTS_MAX 8u

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
        _cleanup_free_ Watched **sorted = accounts_worst_first(scene->list);
        char *text = NULL;
        size_t size;
        FILE *stream = sorted ? open_memstream(&text, &size) : NULL;
        if (!stream)
                return NULL;
        for (size_t i = 0; i < scene->list->n && i < TOOLTIP_ACCOUNTS_MAX; i++) {
                _cleanup_free_ char *line = account_line(scene, sorted[i]);
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
                .icon = status_icon(worst),
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
        return a->worst == b->worst && !strcmp(a->title ?: "", b->title ?: "") && !strcmp(a->text ?: "", b->text ?: "");
}
