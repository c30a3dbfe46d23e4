/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The details of accounts.  Signals carry none: those of accounts that are not well, and of the first few for their names, are asked
 * for, a few at a time.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dbus/names.h"
#include "own.h"
#include "translate.h"
#include "watch-private.h"

#define ASKED_AT_ONCE 8u
#define DETAILED_MAX 100u               /* accounts that are not well, and whose details are kept */
#define NAMED_MAX 20u                   /* of these always: their names stand in a menu */

/* An answer that may come when its account is no more. */
typedef struct Question {
        Watch *watch;
        char *path;
} Question;

static void question_free(void *userdata) {
        Question *question = userdata;
        if (question)
                free(question->path);
        free(question);
}

/* NULL: what came is no description. */
static json_t *read_details(sd_bus_message *reply) {
        const char *text;

        if (sd_bus_message_is_method_error(reply, NULL) || sd_bus_message_read(reply, "s", &text) <= 0)
                return NULL;
        json_t *details = json_loads(text, 0, NULL);
        if (json_is_object(details))
                return details;
        json_decref(details);
        return NULL;
}

/* In another language they are not done until the catalogue's entries for them are there. */
static void take_details(Watch *watch, Watched *watched, json_t *details) {
        watched_describe(watched, details);
        watched->foreign = details && translate_is_active();
        watched->asked = watched->foreign;
        if (watched->foreign)
                watch_ask_texts(watch, json_object_get(details, "findings"));
}

static int on_described(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Question *question = userdata;
        Watch *watch = question->watch;
        Watched *watched = watch_list_find(watch->list, watch->system, question->path);

        watch->n_asked--;
        if (watched)
                take_details(watch, watched, read_details(reply));
        watch_go_on(watch);
        return 0;
}

static int describe(Watch *watch, Watched *watched) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        sd_bus_slot *slot = NULL;
        Question *question = calloc(1, sizeof(*question));
        if (!question)
                return -ENOMEM;
        question->watch = watch;
        question->path = strdup(watched->path);

        int r = question->path ? watch_call_new(watch, watched->path, MAILDIAG_INTERFACE_ACCOUNT, "Describe", &message)
                               : -ENOMEM;
        if (r >= 0)
                r = sd_bus_call_async(watch->bus, &slot, message, on_described, question, 0);
        if (r < 0) {
                question_free(question);
                return r;
        }
        sd_bus_slot_set_destroy_callback(slot, question_free);
        sd_bus_slot_set_floating(slot, true);
        sd_bus_slot_unref(slot);
        watched->asked = true;
        watched->stale = false;         /* what changes from here on makes it so again */
        watch->n_asked++;
        return 0;
}

/* Asks for as many as may be under way. */
static void describe_some(Watch *watch) {
        const WatchList *list = watch->list;
        size_t n = 0, ill = 0;

        for (size_t i = 0; i < list->n && watch->owner && watch->n_asked < ASKED_AT_ONCE; i++) {
                Watched *watched = list->list[i];
                if (watched->system != watch->system)
                        continue;
                bool is_ill = watched->status == WATCHED_ERROR || watched->status == WATCHED_WARNING;
                bool wanted = is_ill ? ill++ < DETAILED_MAX : n < NAMED_MAX;
                n++;
                if (!wanted)
                        watched->stale = false;
                else if (watched->stale && !watched->asked && describe(watch, watched) < 0)
                        watched->stale = false;
        }
}

void watch_go_on(Watch *watch) {
        describe_some(watch);
        if (watch->n_asked > 0)
                return;
        watch_translate(watch);
        describe_some(watch);           /* those that changed meanwhile */
        if (watch->n_asked == 0)
                watch->hooks.changed(watch->hooks.userdata);
}
