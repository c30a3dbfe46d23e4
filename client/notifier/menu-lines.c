/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An account in one line, and the order of the lines. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "i18n.h"
#include "menu-lines.h"
#include "own.h"
#include "telling.h"
#include "wording.h"

#define ICON "org.maildiag.Notifier"
#define NAME_COLUMNS 40u

static const char *const icons[] = {
        [WATCHED_UNKNOWN] = ICON "-unknown",
        [WATCHED_OK] = ICON "-ok",
        [WATCHED_INFO] = ICON "-ok",
        [WATCHED_WARNING] = ICON "-warning",
        [WATCHED_ERROR] = ICON "-error",
};

const char *status_icon(WatchedStatus status) {
        return icons[status];
}

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

char *account_line(const MenuScene *scene, const Watched *watched) {
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

Watched **accounts_worst_first(const WatchList *list) {
        Watched **sorted = calloc(list->n + 1, sizeof(Watched *));
        if (sorted && list->n > 0) {
                memcpy(sorted, list->list, list->n * sizeof(Watched *));
                qsort(sorted, list->n, sizeof(Watched *), compare);
        }
        return sorted;
}
