/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files board*.c share. */

#include "board.h"

#define SERVER "org.freedesktop.Notifications"
#define SERVER_PATH "/org/freedesktop/Notifications"

typedef struct Place {
        Board *board;
        char *key;
        uint32_t id;                    /* the server's; 0: none yet */
        Notice *notice;                 /* waits for the server or for a reply */
        bool transient;                 /* what is there goes by itself */
        bool unwanted;                  /* to be closed once the id is known */
        char *token;                    /* of the compositor, for what an action opens */
        sd_bus_slot *call;              /* Notify on its way */
        sd_event_source *timer;
        struct Place *next;
} Place;

struct Board {
        sd_bus *bus;
        sd_event *event;
        BoardHooks hooks;
        NoticeCapabilities capabilities;
        bool known;                     /* they are the present server's */
        bool absent;                    /* there is no server */
        sd_bus_slot *question;          /* GetCapabilities on its way */
        sd_bus_slot *matches[2];
        Place *places;
};

/* NULL: it is not ours. */
Place *board_find_id(Board *board, uint32_t id);
/* Takes a place off, then tells whose it was. */
void board_tell(Board *board, void (*hook)(void *userdata, const char *key), Place *place);
/* The server is gone: all of them have to wait for another one. */
void board_lose_all(Board *board);
/* Asks the server that is there what it can do; then sends what waits. */
void board_ask_capabilities(Board *board);
/* Negative errno. */
int board_subscribe(Board *board);
