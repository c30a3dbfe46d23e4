/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The notifications that we have on the screen, by key.
 *
 * A server is asked what it can do before the first one, and again when another one takes its place.  While the reply to Notify
 * is on its way a newer text waits, so that it replaces instead of adding.  Some servers tell of an action and never of the
 * closing after it, so nothing waits for that.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "board-private.h"
#include "i18n.h"
#include "own.h"

#define APPLICATION "org.maildiag.Notifier"
#define NOTE_MSEC 5000                  /* how long a transient one stays */
#define NOTE_GRACE_USEC (2 * 1000000ull) /* servers that do not keep time: then it is taken away */

/* ---- places ---- */

static Place *place_free(Place *place) {
        if (!place)
                return NULL;
        sd_bus_slot_unref(place->call);
        sd_event_source_disable_unref(place->timer);
        notice_free(place->notice);
        free(place->token);
        free(place->key);
        free(place);
        return NULL;
}

static Place *find_place(Board *board, const char *key) {
        for (Place *place = board->places; place; place = place->next)
                if (!strcmp(place->key, key))
                        return place;
        return NULL;
}

Place *board_find_id(Board *board, uint32_t id) {
        for (Place *place = board->places; place; place = place->next)
                if (id != 0 && place->id == id)
                        return place;
        return NULL;
}

static void remove_place(Board *board, Place *place) {
        for (Place **link = &board->places; *link; link = &(*link)->next) {
                if (*link != place)
                        continue;
                *link = place->next;
                place_free(place);
                return;
        }
}

static Place *add_place(Board *board, const char *key) {
        Place *place = calloc(1, sizeof(*place));
        if (!place || !(place->key = strdup(key)))
                return place_free(place);
        place->board = board;
        place->next = board->places;
        board->places = place;
        return place;
}

void board_tell(Board *board, void (*hook)(void *userdata, const char *key), Place *place) {
        _cleanup_free_ char *key = TAKE_PTR(place->key);
        place->key = strdup("");
        remove_place(board, place);
        if (key)
                hook(board->hooks.userdata, key);
}

/* ---- calls ---- */

static int new_call(Board *board, const char *member, sd_bus_message **ret) {
        return sd_bus_message_new_method_call(board->bus, ret, SERVER, SERVER_PATH, SERVER, member);
}

static void close_id(Board *board, uint32_t id) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        if (id != 0 && new_call(board, "CloseNotification", &message) >= 0 &&
            sd_bus_message_append(message, "u", id) >= 0 && sd_bus_message_set_expect_reply(message, false) >= 0)
                sd_bus_send(board->bus, message, NULL);
}

/* The default action has a label because some servers show it as a button, too. */
static int append_actions(sd_bus_message *message, const Notice *notice, const NoticeCapabilities *capabilities) {
        if (!capabilities->actions || !notice->more)
                return sd_bus_message_append(message, "as", 0);
        return sd_bus_message_append(message, "as", 6,
                                     /* Translators: at most 8 characters; servers cut what is longer. */
                                     "default", _("Details"),
                                     /* Translators: at most 8 characters: check again. */
                                     "recheck", _("Recheck"),
                                     /* Translators: at most 8 characters: say nothing about it for a day. */
                                     "mute", _("Mute"));
}

static int append_hints(sd_bus_message *message, const Notice *notice) {
        int r = sd_bus_message_open_container(message, 'a', "{sv}");
        if (r >= 0)
                r = sd_bus_message_append(message, "{sv}", "urgency", "y", (int) notice->urgency);
        if (r >= 0)
                r = sd_bus_message_append(message, "{sv}", "desktop-entry", "s", APPLICATION);
        if (r >= 0)
                r = sd_bus_message_append(message, "{sv}", "category", "s", notice->transient ? "network" : "network.error");
        if (r >= 0 && notice->transient)
                r = sd_bus_message_append(message, "{sv}", "transient", "b", true);
        return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_notice(sd_bus_message *message, const Place *place, const NoticeCapabilities *capabilities) {
        const Notice *notice = place->notice;
        _cleanup_free_ char *summary = notice_summary(notice, capabilities), *body = notice_body(notice, capabilities);
        if (!summary || !body)
                return -ENOMEM;

        int r = sd_bus_message_append(message, "susss", _("Mail settings"), place->id, notice->icon, summary, body);
        if (r >= 0)
                r = append_actions(message, notice, capabilities);
        if (r >= 0)
                r = append_hints(message, notice);
        return r < 0 ? r : sd_bus_message_append(message, "i", notice->transient ? NOTE_MSEC : -1);
}

/* ---- one after the other ---- */

static void send_notice(Place *place);

static int on_note_over(sd_event_source *source, uint64_t usec, void *userdata) {
        Place *place = userdata;
        close_id(place->board, place->id);
        remove_place(place->board, place);
        return 0;
}

static void start_timer(Place *place) {
        place->timer = sd_event_source_disable_unref(place->timer);
        if (place->transient)
                sd_event_add_time_relative(place->board->event, &place->timer, CLOCK_BOOTTIME,
                                           NOTE_MSEC * 1000ull + NOTE_GRACE_USEC, 0, on_note_over, place);
}

void board_lose_all(Board *board) {
        while (board->places)
                board_tell(board, board->hooks.failed, board->places);
}

static bool is_absent(const sd_bus_error *error) {
        return sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN) ||
               sd_bus_error_has_name(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER) ||
               (error->name && !strncmp(error->name, "org.freedesktop.DBus.Error.Spawn.", 33));
}

static int on_notified(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Place *place = userdata;
        Board *board = place->board;
        uint32_t id = 0;

        place->call = sd_bus_slot_unref(place->call);
        if (sd_bus_message_is_method_error(reply, NULL) || sd_bus_message_read(reply, "u", &id) < 0 || id == 0) {
                board->absent = is_absent(sd_bus_message_get_error(reply) ?: &SD_BUS_ERROR_NULL);
                board_tell(board, board->hooks.failed, place);
                return 0;
        }
        place->id = id;
        if (place->unwanted) {
                close_id(board, id);
                remove_place(board, place);
                return 0;
        }
        board->hooks.shown(board->hooks.userdata, place->key);
        if (place->notice)
                send_notice(place);
        else
                start_timer(place);
        return 0;
}

static void send_notice(Place *place) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        Board *board = place->board;

        place->timer = sd_event_source_disable_unref(place->timer);
        int r = new_call(board, "Notify", &message);
        if (r >= 0)
                r = append_notice(message, place, &board->capabilities);
        if (r >= 0)
                r = sd_bus_call_async(board->bus, &place->call, message, on_notified, place, 0);
        place->transient = place->notice->transient;
        place->notice = notice_free(place->notice);
        if (r < 0)
                board_tell(board, board->hooks.failed, place);
}

static void send_waiting(Board *board) {
        for (Place *place = board->places, *next; place; place = next) {
                next = place->next;
                if (place->notice && !place->call)
                        send_notice(place);
        }
}

static int on_capabilities(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Board *board = userdata;
        const char *word;

        board->question = sd_bus_slot_unref(board->question);
        if (sd_bus_message_is_method_error(reply, NULL) || sd_bus_message_enter_container(reply, 'a', "s") < 0) {
                board->absent = is_absent(sd_bus_message_get_error(reply) ?: &SD_BUS_ERROR_NULL);
                board_lose_all(board);
                return 0;
        }
        board->capabilities = (NoticeCapabilities) { 0 };
        while (sd_bus_message_read(reply, "s", &word) > 0)
                notice_capability(&board->capabilities, word);
        board->known = true;
        send_waiting(board);
        return 0;
}

void board_ask_capabilities(Board *board) {
        _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        if (board->question)
                return;
        int r = new_call(board, "GetCapabilities", &message);
        if (r >= 0)
                r = sd_bus_call_async(board->bus, &board->question, message, on_capabilities, board, 0);
        if (r < 0)
                board_lose_all(board);
}

bool board_is_ready(const Board *board) {
        return !board->absent;
}

/* What is left of the place that is taken over: its id on the screen. */
static int take_place(Board *board, const char *key, const char *from) {
        Place *place = from ? find_place(board, from) : NULL;
        if (!place || find_place(board, key))
                return 0;
        char *copy = strdup(key);
        if (!copy)
                return -ENOMEM;
        free(place->key);
        place->key = copy;
        return 0;
}

int board_show(Board *board, const char *key, const char *from, Notice *notice) {
        int r = take_place(board, key, from);
        Place *place = r < 0 ? NULL : find_place(board, key) ?: add_place(board, key);
        if (!place) {
                notice_free(notice);
                return -ENOMEM;
        }
        notice_free(place->notice);
        place->notice = notice;
        place->unwanted = false;
        if (!board->known)
                board_ask_capabilities(board);
        else if (!place->call)
                send_notice(place);
        return 0;
}

void board_close(Board *board, const char *key) {
        Place *place = find_place(board, key);
        if (!place)
                return;
        if (place->call) {
                place->notice = notice_free(place->notice);
                place->unwanted = true;
                return;
        }
        close_id(board, place->id);
        remove_place(board, place);
}

void board_clear(Board *board) {
        while (board->places) {
                close_id(board, board->places->id);
                remove_place(board, board->places);
        }
}

int board_new(sd_bus *bus, sd_event *event, const BoardHooks *hooks, Board **ret) {
        Board *board = calloc(1, sizeof(*board));
        if (!board)
                return -ENOMEM;
        board->bus = sd_bus_ref(bus);
        board->event = sd_event_ref(event);
        board->hooks = *hooks;
        int r = board_subscribe(board);
        if (r < 0) {
                board_free(board);
                return r;
        }
        *ret = board;
        return 0;
}

Board *board_free(Board *board) {
        if (!board)
                return NULL;
        while (board->places)
                remove_place(board, board->places);
        for (size_t i = 0; i < ELEMENTS(board->matches); i++)
                sd_bus_slot_unref(board->matches[i]);
        sd_bus_slot_unref(board->question);
        sd_bus_unref(board->bus);
        sd_event_unref(board->event);
        free(board);
        return NULL;
}
