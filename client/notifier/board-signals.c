/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the server of notifications tells: clicks, ends, and that it is another one. */

#include <stdlib.h>
#include <string.h>

#include "board-private.h"
#include "own.h"

static int on_token(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        const char *token;
        uint32_t id;
        if (sd_bus_message_read(signal, "us", &id, &token) <= 0)
                return 0;
        Place *place = board_find_id(userdata, id);
        if (place) {
                free(place->token);
                place->token = strdup(token);
        }
        return 0;
}

static int on_action(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Board *board = userdata;
        const char *action;
        uint32_t id;
        if (sd_bus_message_read(signal, "us", &id, &action) <= 0)
                return 0;
        Place *place = board_find_id(board, id);
        if (!place)
                return 0;
        _cleanup_free_ char *key = strdup(place->key), *token = TAKE_PTR(place->token);
        if (key)
                board->hooks.action(board->hooks.userdata, key, action, token ?: "");
        return 0;
}

static int on_closed(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Board *board = userdata;
        uint32_t id, reason;
        if (sd_bus_message_read(signal, "uu", &id, &reason) <= 0)
                return 0;
        Place *place = board_find_id(board, id);
        if (!place)
                return 0;
        if (place->call || place->notice)       /* its successor is on the way, under a new id */
                place->id = 0;
        else
                board_tell(board, board->hooks.closed, place);
        return 0;
}

static int on_signal(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        static const struct {
                const char *member;
                sd_bus_message_handler_t handler;
        } signals[] = {
                { "ActionInvoked", on_action },
                { "ActivationToken", on_token },
                { "NotificationClosed", on_closed },
        };
        for (size_t i = 0; i < ELEMENTS(signals); i++)
                if (sd_bus_message_is_signal(signal, SERVER, signals[i].member))
                        return signals[i].handler(signal, userdata, error);
        return 0;
}

static int on_owner(sd_bus_message *signal, void *userdata, sd_bus_error *error) {
        Board *board = userdata;
        const char *name, *old, *new;
        if (sd_bus_message_read(signal, "sss", &name, &old, &new) <= 0)
                return 0;
        board->known = false;
        board->question = sd_bus_slot_unref(board->question);
        if (*old)
                board_lose_all(board);
        if (!*new)
                return 0;
        board->absent = false;
        if (board->places)
                board_ask_capabilities(board);
        board->hooks.ready(board->hooks.userdata);
        return 0;
}

int board_subscribe(Board *board) {
        int r = sd_bus_match_signal(board->bus, &board->matches[0], SERVER, SERVER_PATH, SERVER, NULL, on_signal, board);
        if (r >= 0)
                r = sd_bus_add_match(board->bus, &board->matches[1],
                                     "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
                                     "interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" SERVER "'",
                                     on_owner, board);
        return r;
}
