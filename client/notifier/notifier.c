/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where all ends meet: what the instances say goes through the decision to the board and to the tray. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "notifier-private.h"
#include "own.h"
#include "telling.h"

#define GATHER_USEC (200 * 1000ull)     /* changes come in groups */

uint64_t notifier_now(void) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

void notifier_complain(const char *what, int r) {
        fprintf(stderr, "maildiag-notifier: %s: %s\n", what, strerror(-r));
}

/* ---- what changed ---- */

static void update(Notifier *notifier);

static int on_gathered(sd_event_source *source, uint64_t usec, void *userdata) {
        update(userdata);
        return 0;
}

static void set_timer(Notifier *notifier, sd_event_source **timer, clockid_t clock, uint64_t usec, bool relative,
                      sd_event_time_handler_t handler) {
        *timer = sd_event_source_disable_unref(*timer);
        int r = relative ? sd_event_add_time_relative(notifier->event, timer, clock, usec, 0, handler, notifier)
                         : sd_event_add_time(notifier->event, timer, clock, usec, 0, handler, notifier);
        if (r < 0)
                notifier_complain("timer", r);
}

/* Once for all that comes in a short while. */
void notifier_changed(void *userdata) {
        Notifier *notifier = userdata;
        int enabled = SD_EVENT_OFF;
        if (notifier->gather)
                sd_event_source_get_enabled(notifier->gather, &enabled);
        if (enabled == SD_EVENT_OFF)
                set_timer(notifier, &notifier->gather, CLOCK_MONOTONIC, GATHER_USEC, true, on_gathered);
}

static void run_order(Notifier *notifier, Order *order) {
        if (order->kind == ORDER_CLOSE) {
                board_close(notifier->board, order->key);
                return;
        }
        int r = board_show(notifier->board, order->key, order->place, TAKE_PTR(order->notice));
        if (r < 0)
                telling_failed(notifier->memory, order->key);
}

/* Nobody gets an answer from accounts that are still asked themselves. */
static bool is_answerable(const Notifier *notifier) {
        size_t i;
        json_t *key;
        json_array_foreach(notifier->asked, i, key) {
                const Watched *watched = watch_list_by_key(&notifier->list, json_string_value(key));
                if (watched && (watched->stale || watched->asked))
                        return false;
        }
        return true;
}

static int decide(Notifier *notifier, uint64_t now) {
        Telling telling = { .now_usec = now, .settling = notifier->settling };
        size_t n = is_answerable(notifier) ? json_array_size(notifier->asked) : 0;
        _cleanup_free_ const char **asked = calloc(n + 1, sizeof(char *));
        Orders orders = { 0 };

        if (!asked)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                asked[i] = json_string_value(json_array_get(notifier->asked, i));
        telling.asked = asked;
        telling.n_asked = n;
        for (size_t i = 0; i < _TELLING_MAX; i++)
                if (notifier->instances[i])
                        telling.instances[i] = (TellingInstance) {
                                .known = watch_is_known(notifier->instances[i]),
                                .offline = watch_is_offline(notifier->instances[i]),
                        };
        int r = telling_decide(&telling, &notifier->list, notifier->memory, &orders);
        for (size_t i = 0; r >= 0 && i < orders.n; i++)
                run_order(notifier, &orders.list[i]);
        orders_done(&orders);
        if (n > 0)
                json_array_clear(notifier->asked);
        return r;
}

static bool is_checking(const Notifier *notifier) {
        for (size_t i = 0; i < _TELLING_MAX; i++)
                if (notifier->instances[i] && watch_is_checking(notifier->instances[i]))
                        return true;
        return false;
}

static int update_tray(Notifier *notifier, uint64_t now) {
        const MenuScene scene = {
                .list = &notifier->list, .memory = notifier->memory, .now_usec = now, .checking = is_checking(notifier),
        };
        TrayState state;
        Menu menu;

        if (!notifier->tray)
                return 0;
        int r = tray_state_make(&scene, &state);
        if (r < 0)
                return r;
        r = menu_make(&scene, &menu);
        if (r < 0) {
                tray_state_done(&state);
                return r;
        }
        tray_set(notifier->tray, &state, &menu);
        return 0;
}

/* When the next mute is over, everything is looked at again. */
static void watch_mutes(Notifier *notifier, uint64_t now) {
        uint64_t next = 0;

        for (size_t i = 0; i < notifier->list.n; i++) {
                const Watched *watched = notifier->list.list[i];
                uint64_t ends[] = { watched->muted_usec, memory_muted(notifier->memory, watched->key) };
                for (size_t k = 0; k < ELEMENTS(ends); k++)
                        if (ends[k] > now && (next == 0 || ends[k] < next))
                                next = ends[k];
        }
        if (next > 0)
                set_timer(notifier, &notifier->unmute, CLOCK_REALTIME, next, false, on_gathered);
}

static void update(Notifier *notifier) {
        uint64_t now = notifier_now();

        int r = board_is_ready(notifier->board) ? decide(notifier, now) : 0;
        if (r >= 0)
                r = update_tray(notifier, now);
        if (r < 0)
                notifier_complain("update", r);
        watch_mutes(notifier, now);
        r = memory_save(notifier->memory);
        if (r < 0)
                notifier_complain("what was told cannot be kept", r);
        notifier_show_if_wanted(notifier);
}

/* ---- the board ---- */

static void shown(void *userdata, const char *key) {
        Notifier *notifier = userdata;
        telling_shown(notifier->memory, key, notifier_now());
        int r = memory_save(notifier->memory);
        if (r < 0)
                notifier_complain("what was told cannot be kept", r);
}

static void failed(void *userdata, const char *key) {
        Notifier *notifier = userdata;
        telling_failed(notifier->memory, key);
}

static void closed(void *userdata, const char *key) {
        Notifier *notifier = userdata;
        telling_closed(notifier->memory, key);
}

/* ---- the instances ---- */

/* What could not be made has no answer but the old one. */
static void checked(void *userdata, const char *const *keys, size_t n) {
        Notifier *notifier = userdata;
        for (size_t i = 0; keys && i < n; i++)
                json_array_append_new(notifier->asked, json_string(keys[i]));
        notifier_changed(notifier);
}

static void mute_refused(void *userdata, const char *key, uint64_t until) {
        Notifier *notifier = userdata;
        memory_set_muted(notifier->memory, key, until);
        notifier_changed(notifier);
}

/* ---- the object on the bus ---- */

/* What a second start does: org.freedesktop.Application as far as there is something to do. */
static int method_activate(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        int r = sd_bus_reply_method_return(call, NULL);
        notifier_show(userdata);
        return r;
}

static const sd_bus_vtable application[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_NAMES("Activate", "a{sv}", SD_BUS_PARAM(platform_data), NULL, , method_activate,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

/* ---- all of it ---- */

static int on_settled(sd_event_source *source, uint64_t usec, void *userdata) {
        Notifier *notifier = userdata;
        notifier->settling = false;
        update(notifier);
        return 0;
}

/* Before the bus is closed: nobody would act on notifications, or take them away, any more. */
static int on_end(sd_event_source *source, void *userdata) {
        Notifier *notifier = userdata;
        board_clear(notifier->board);
        return 0;
}

static int watch_end(Notifier *notifier) {
        int r = sd_event_add_exit(notifier->event, &notifier->end, on_end, notifier);
        return r < 0 ? r : sd_event_source_set_priority(notifier->end, SD_EVENT_PRIORITY_IMPORTANT);
}

static int open_instances(Notifier *notifier, sd_bus *session) {
        const WatchHooks hooks = {
                .changed = notifier_changed, .checked = checked, .mute_refused = mute_refused, .userdata = notifier,
        };
        int r = watch_new(false, session, notifier->event, &notifier->list, &hooks, &notifier->instances[TELLING_USER]);
        if (r >= 0 && notifier->options.system)
                r = watch_new(true, NULL, notifier->event, &notifier->list, &hooks, &notifier->instances[TELLING_SYSTEM]);
        return r;
}

static int open_screen(Notifier *notifier, sd_bus *session) {
        const BoardHooks board = {
                .ready = notifier_changed, .shown = shown, .failed = failed, .closed = closed, .action = notifier_action, .userdata = notifier,
        };
        const TrayHooks tray = { .chosen = notifier_chosen, .activated = notifier_activated, .userdata = notifier };
        const DetailsHooks details = { .failed = notifier_no_viewer, .userdata = notifier };

        notifier->details = details_new(notifier->event, &details);
        int r = notifier->details ? board_new(session, notifier->event, &board, &notifier->board) : -ENOMEM;
        if (r >= 0 && notifier->options.tray)
                r = tray_new(session, &tray, &notifier->tray);
        return r;
}

static int open_all_ends(Notifier *notifier, sd_bus *session) {
        notifier->memory = memory_new(notifier->options.memory);
        notifier->asked = json_array();
        if (!notifier->memory || !notifier->asked)
                return -ENOMEM;
        notifier->settling = notifier->options.settle_usec > 0;
        if (notifier->settling)
                set_timer(notifier, &notifier->settle, CLOCK_BOOTTIME, notifier->options.settle_usec, true, on_settled);
        int r = sd_bus_add_object_vtable(session, &notifier->object, NOTIFIER_PATH, "org.freedesktop.Application", application,
                                         notifier);
        if (r >= 0)
                r = open_screen(notifier, session);
        if (r >= 0)
                r = watch_end(notifier);
        return r < 0 ? r : open_instances(notifier, session);
}

int notifier_new(sd_bus *session, sd_event *event, const NotifierOptions *options, Notifier **ret) {
        Notifier *notifier = calloc(1, sizeof(*notifier));
        if (!notifier)
                return -ENOMEM;
        notifier->event = sd_event_ref(event);
        notifier->options = *options;
        int r = open_all_ends(notifier, session);
        if (r < 0) {
                notifier_free(notifier);
                return r;
        }
        *ret = notifier;
        return 0;
}

Notifier *notifier_free(Notifier *notifier) {
        if (!notifier)
                return NULL;
        for (size_t i = 0; i < _TELLING_MAX; i++)
                watch_free(notifier->instances[i]);
        tray_free(notifier->tray);
        board_free(notifier->board);
        details_free(notifier->details);
        sd_event_source_disable_unref(notifier->gather);
        sd_event_source_disable_unref(notifier->settle);
        sd_event_source_disable_unref(notifier->unmute);
        sd_event_source_disable_unref(notifier->end);
        sd_bus_slot_unref(notifier->object);
        memory_free(notifier->memory);
        json_decref(notifier->asked);
        watch_list_done(&notifier->list);
        sd_event_unref(notifier->event);
        free(notifier);
        return NULL;
}
