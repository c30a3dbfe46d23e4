/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files watch*.c share. */

#include "watch.h"

/* A check that runs. */
typedef struct WatchJob {
        Watch *watch;
        char *path;                     /* its object; NULL: not known yet */
        char **keys;                    /* accounts, ends with NULL */
        sd_bus_slot *call;              /* StartCheck on its way */
        struct WatchJob *next;
} WatchJob;

struct Watch {
        bool system;
        sd_bus *bus;
        sd_event *event;
        WatchList *list;
        WatchHooks hooks;
        bool owner;                     /* somebody has the name, or is about to */
        bool known;
        bool answered;                  /* or it is known that there is nobody to ask */
        bool offline;
        unsigned n_asked;               /* answers on their way that the accounts wait for */
        json_t *entries;                /* of the catalogue, by code; null: there is none, or it is on its way */
        sd_bus_slot *question, *manager;
        sd_bus_slot *matches[3];
        sd_event_source *retry;
        WatchJob *jobs;
};

/* A call of the instance, which starts it only if it is the user's.  Negative errno. */
int watch_call_new(Watch *watch, const char *path, const char *interface, const char *member,
                      sd_bus_message **ret);

/* Asks for the list of accounts; for the properties of the manager.  Negative errno. */
int watch_ask_objects(Watch *watch);
int watch_ask_manager(Watch *watch);
/* A signal of the instance. */
int watch_on_signal(sd_bus_message *signal, void *userdata, sd_bus_error *error);

/* Asks for what is not known of the accounts; tells that they have changed once nothing is left to ask. */
void watch_go_on(Watch *watch);

/* Asks for the entries of the catalogue that these findings need. */
void watch_ask_texts(Watch *watch, const json_t *findings);
/* Puts the findings that wait for it into the reader's language. */
void watch_translate(Watch *watch);

/* A job has ended.  Negative errno. */
int watch_check_finished(Watch *watch, sd_bus_message *signal);
/* The instance is gone, and its jobs with it. */
void watch_check_lost(Watch *watch);
