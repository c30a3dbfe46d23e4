/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files notifier*.c share. */

#include "board.h"
#include "details.h"
#include "memory.h"
#include "notifier.h"
#include "telling.h"
#include "tray.h"
#include "watch.h"

struct Notifier {
        sd_event *event;
        NotifierOptions options;
        WatchList list;
        Memory *memory;
        Watch *instances[_TELLING_MAX];      /* NULL: not watched */
        Board *board;
        Tray *tray;                     /* NULL: not wanted */
        Details *details;
        json_t *asked;                  /* keys of accounts whose check somebody waits for, and that is over */
        bool settling;
        bool show_wanted;               /* the details of all, once they are known */
        sd_event_source *gather, *settle, *unmute, *end;
        sd_bus_slot *object;
};

/* CLOCK_REALTIME. */
uint64_t notifier_now(void);
/* A line for the journal. */
void notifier_complain(const char *what, int r);
/* Something is other than before: everything is looked at again, soon. */
void notifier_changed(void *userdata);

/* Shows what notifier_show() was asked for, once it is known. */
void notifier_show_if_wanted(Notifier *notifier);
/* Hooks of the details, of the board and of the tray. */
void notifier_no_viewer(void *userdata);
void notifier_action(void *userdata, const char *key, const char *name, const char *token);
void notifier_chosen(void *userdata, int32_t id);
void notifier_activated(void *userdata, const char *token);
