/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* When to speak and when to be silent: from how the accounts are and what was told, to what has to change on the screen. */

#include "cause.h"
#include "memory.h"

/* The two instances, as Watched.system tells them apart. */
enum { TELLING_USER, TELLING_SYSTEM, _TELLING_MAX };

typedef struct TellingInstance {
        bool known;                     /* it has said which accounts there are */
        bool offline;                   /* and that there is no network to check them in */
} TellingInstance;

typedef struct Telling {
        uint64_t now_usec;              /* CLOCK_REALTIME */
        bool settling;                  /* the session has just begun */
        TellingInstance instances[_TELLING_MAX];
        const char *const *asked;       /* accounts that somebody wanted to have checked, and that have been */
        size_t n_asked;
} Telling;

typedef enum OrderKind {
        ORDER_SHOW,                     /* a cause; the memory learns below what became of it */
        ORDER_NOTE,                     /* it goes by itself */
        ORDER_CLOSE,
} OrderKind;

typedef struct Order {
        OrderKind kind;
        char *key;                      /* of the notification: the cause */
        char *place;                    /* another one whose place on the screen it takes; NULL: none */
        Notice *notice;                 /* NULL: to be closed */
        json_t *accounts;               /* their keys */
} Order;

typedef struct Orders {
        Order *list;
        size_t n;
} Orders;

/* Decides, and notes in the memory what it has ordered.  Returns 0, -ENOMEM. */
int telling_decide(const Telling *telling, const WatchList *list, Memory *memory, Orders *ret);
void orders_done(Orders *orders);

/* Whether nobody is told about an account now: the instance says so, or the memory. */
bool telling_is_muted(const Memory *memory, const Watched *watched, uint64_t now_usec);

/* What became of a notification: it is on the screen; it is not, although it should be, and has to be told again; somebody or
 * the server has put it away. */
void telling_shown(Memory *memory, const char *key, uint64_t now_usec);
void telling_failed(Memory *memory, const char *key);
void telling_closed(Memory *memory, const char *key);
