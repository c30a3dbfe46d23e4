/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The accounts of both instances as they last said they are. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum WatchedStatus {
        WATCHED_UNKNOWN,                /* not checked, could not be, or its daemon is gone */
        WATCHED_OK,
        WATCHED_INFO,
        WATCHED_WARNING,
        WATCHED_ERROR,
} WatchedStatus;

typedef struct Watched {
        char *key;                      /* "user/ID" or "system/ID": unique over both instances */
        const char *id;                 /* in the key */
        char *path;                     /* its object */
        bool system;
        WatchedStatus status;
        uint64_t muted_usec;            /* CLOCK_REALTIME, as the instance says; 0: not muted */
        json_t *details;                /* Account.Describe; NULL: not known, or not for this user */
        bool stale;                     /* they are older than the status */
        bool asked;                     /* they are on their way, or being translated */
        bool foreign;                   /* their texts are not in the reader's language yet */
        bool seen;                      /* for watch_list_sweep() */
        unsigned serial;                /* never given twice */
} Watched;

typedef struct WatchList {
        Watched **list;                 /* by instance, the user's first; then by id */
        size_t n, size;
        unsigned serials;
} WatchList;

void watch_list_done(WatchList *list);

/* The account of this object, made if there is none.  `id` is decoded from the path.  Returns 0, -ENOMEM, -EINVAL for the path of
 * something else. */
int watch_list_add(WatchList *list, bool system, const char *path, Watched **ret);
/* NULL: there is none. */
Watched *watch_list_find(const WatchList *list, bool system, const char *path);
Watched *watch_list_by_key(const WatchList *list, const char *key);
Watched *watch_list_by_serial(const WatchList *list, unsigned serial);
/* Forgets an account; NULL is fine. */
void watch_list_remove(WatchList *list, Watched *watched);
/* Forgets those of an instance whose `seen` is false, and clears it for all others. */
void watch_list_sweep(WatchList *list, bool system);
/* An instance is gone: how its accounts are is not known. */
void watch_list_unknow(WatchList *list, bool system);

WatchedStatus watched_status_from_string(const char *word);
/* The name for people. */
const char *watched_title(const Watched *watched);
/* Takes over a description and its status; steals the reference.  NULL: there is none to be had. */
void watched_describe(Watched *watched, json_t *details);
/* Whether the details belong to the status, as far as they ever will. */
bool watched_is_settled(const Watched *watched);
