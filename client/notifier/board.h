/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Notifications on the screen: org.freedesktop.Notifications, as it is served by whichever program the desktop has. */

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "notice.h"

typedef struct Board Board;

typedef struct BoardHooks {
        /* There is a server, or it is another one: everything that stood on the screen is lost, and can be shown again. */
        void (*ready)(void *userdata);
        void (*shown)(void *userdata, const char *key);
        /* It could not be shown, or the server took it along. */
        void (*failed)(void *userdata, const char *key);
        /* Somebody put it away, or its time was up. */
        void (*closed)(void *userdata, const char *key);
        /* "default", "recheck" or "mute"; a token of the compositor, "" when there is none. */
        void (*action)(void *userdata, const char *key, const char *action, const char *token);
        void *userdata;
} BoardHooks;

/* Returns 0 or a negative errno. */
int board_new(sd_bus *bus, sd_event *event, const BoardHooks *hooks, Board **ret);
Board *board_free(Board *board);

/* Whether it makes sense to show something: false once no server was found, until one appears. */
bool board_is_ready(const Board *board);
/* Shows it, in the place of what has the same key, or of `place` if it is not NULL.  Takes over the notice.  Negative errno. */
int board_show(Board *board, const char *key, const char *place, Notice *notice);
/* Takes it away; nothing is fine.  No hook is called. */
void board_close(Board *board, const char *key);
/* Takes all of them away. */
void board_clear(Board *board);
