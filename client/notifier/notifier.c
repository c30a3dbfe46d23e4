/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where all ends meet: what the instances say goes through the decision to the board and to the tray; what a person clicks goes
 * to the instances. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "board.h"
#include "details.h"
#include "watch.h"
#include "memory.h"
#include "notifier.h"
#include "own.h"
#include "telling.h"
#include "tray.h"
#include "wording.h"

#define GATHER_USEC (200 * 1000ull)     /* changes come in groups */
#define MUTE_USEC (24 * 3600 * 1000000ull)
#define DETAILS_MAX 200u                /* accounts on a page */

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

static uint64_t now_usec(void) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

static Watch *watch_of(const Notifier *notifier, const Watched *watched) {
        return notifier->instances[watched->system ? TELLING_SYSTEM : TELLING_USER];
}

static void complain(const char *what, int r) {
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
                complain("timer", r);
}

/* Once for all that comes in a short while. */
static void changed(void *userdata) {
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

static void show_if_wanted(Notifier *notifier);

static void update(Notifier *notifier) {
        uint64_t now = now_usec();

        int r = board_is_ready(notifier->board) ? decide(notifier, now) : 0;
        if (r >= 0)
                r = update_tray(notifier, now);
        if (r < 0)
                complain("update", r);
        watch_mutes(notifier, now);
        r = memory_save(notifier->memory);
        if (r < 0)
                complain("what was told cannot be kept", r);
        show_if_wanted(notifier);
}

/* ---- what a person wants ---- */

static void check(Notifier *notifier, const char *const *keys, size_t n) {
        for (size_t i = 0; i < _TELLING_MAX; i++) {
                int r = notifier->instances[i] ? watch_check(notifier->instances[i], keys, n) : 0;
                if (r < 0)
                        complain("check", r);
        }
        changed(notifier);
}

static void check_all(Notifier *notifier) {
        _cleanup_free_ const char **keys = calloc(notifier->list.n + 1, sizeof(char *));
        for (size_t i = 0; keys && i < notifier->list.n; i++)
                keys[i] = notifier->list.list[i]->key;
        if (keys)
                check(notifier, keys, notifier->list.n);
}

static void mute(Notifier *notifier, Watched *watched, uint64_t until) {
        int r = watch_mute(watch_of(notifier, watched), watched, until);
        if (r < 0)
                complain("mute", r);
        if (until == 0)
                memory_set_muted(notifier->memory, watched->key, 0);
        changed(notifier);
}

static void mute_all(Notifier *notifier, uint64_t until) {
        for (size_t i = 0; i < notifier->list.n; i++)
                mute(notifier, notifier->list.list[i], until);
}

static void show_failed(void *userdata) {
        Notifier *notifier = userdata;
        Notice *notice = wording_no_viewer();
        if (notice)
                board_show(notifier->board, "viewer", NULL, notice);
}

static void open_details(Notifier *notifier, Watched *const *accounts, size_t n, const char *token) {
        int r = details_open(notifier->details, accounts, n, token);
        if (r < 0) {
                complain("details", r);
                show_failed(notifier);
        }
}

/* Those that are not well first. */
static void open_all(Notifier *notifier, const char *token) {
        Watched *accounts[DETAILS_MAX];
        size_t n = 0;

        for (int pass = 0; pass < 2; pass++)
                for (size_t i = 0; i < notifier->list.n && n < ELEMENTS(accounts); i++) {
                        Watched *watched = notifier->list.list[i];
                        if ((watched->status >= WATCHED_WARNING) == (pass == 0))
                                accounts[n++] = watched;
                }
        open_details(notifier, accounts, n, token);
}

void notifier_show(Notifier *notifier) {
        notifier->show_wanted = true;
        changed(notifier);
}

static void show_if_wanted(Notifier *notifier) {
        if (!notifier->show_wanted || !watch_is_known(notifier->instances[TELLING_USER]))
                return;
        notifier->show_wanted = false;
        open_all(notifier, "");
}

/* ---- the board ---- */

static void shown(void *userdata, const char *key) {
        Notifier *notifier = userdata;
        telling_shown(notifier->memory, key, now_usec());
        int r = memory_save(notifier->memory);
        if (r < 0)
                complain("what was told cannot be kept", r);
}

static void failed(void *userdata, const char *key) {
        Notifier *notifier = userdata;
        telling_failed(notifier->memory, key);
}

static void closed(void *userdata, const char *key) {
        Notifier *notifier = userdata;
        telling_closed(notifier->memory, key);
}

/* The accounts of a notification that are still there; how many. */
static size_t accounts_of(Notifier *notifier, const char *key, Watched **accounts, size_t max) {
        const Told *told = memory_find(notifier->memory, key);
        size_t n = 0, i;
        json_t *account;

        if (told)
                json_array_foreach(told->accounts, i, account) {
                        Watched *watched = watch_list_by_key(&notifier->list, json_string_value(account));
                        if (watched && n < max)
                                accounts[n++] = watched;
                }
        return n;
}

static void do_details(Notifier *notifier, Watched **accounts, size_t n, const char *token) {
        open_details(notifier, accounts, n, token);
}

static void do_recheck(Notifier *notifier, Watched **accounts, size_t n, const char *token) {
        const char *keys[DETAILS_MAX];
        for (size_t i = 0; i < n; i++)
                keys[i] = accounts[i]->key;
        check(notifier, keys, n);
}

static void do_mute(Notifier *notifier, Watched **accounts, size_t n, const char *token) {
        for (size_t i = 0; i < n; i++)
                mute(notifier, accounts[i], now_usec() + MUTE_USEC);
}

static void action(void *userdata, const char *key, const char *name, const char *token) {
        static const struct {
                const char *name;
                void (*run)(Notifier *notifier, Watched **accounts, size_t n, const char *token);
        } actions[] = {
                { "default", do_details },
                { "recheck", do_recheck },
                { "mute", do_mute },
        };
        Notifier *notifier = userdata;
        Watched *accounts[DETAILS_MAX];
        size_t n = accounts_of(notifier, key, accounts, ELEMENTS(accounts));

        for (size_t i = 0; n > 0 && i < ELEMENTS(actions); i++)
                if (!strcmp(actions[i].name, name))
                        actions[i].run(notifier, accounts, n, token);
}

/* ---- the tray ---- */

static void chosen(void *userdata, int32_t id) {
        Notifier *notifier = userdata;
        unsigned serial;
        Watched *watched;

        switch (menu_action(id, &serial)) {
        case MENU_NOTHING:
                break;
        case MENU_ACCOUNT:
                watched = watch_list_by_serial(&notifier->list, serial);
                if (watched)
                        open_details(notifier, &watched, 1, "");
                break;
        case MENU_CHECK:
                check_all(notifier);
                break;
        case MENU_DETAILS:
                open_all(notifier, "");
                break;
        case MENU_MUTE:
                mute_all(notifier, now_usec() + MUTE_USEC);
                break;
        case MENU_UNMUTE:
                mute_all(notifier, 0);
                break;
        case MENU_QUIT:
                sd_event_exit(notifier->event, 0);
                break;
        }
}

static void activated(void *userdata, const char *token) {
        open_all(userdata, token);
}

/* ---- the instances ---- */

/* What could not be made has no answer but the old one. */
static void checked(void *userdata, const char *const *keys, size_t n) {
        Notifier *notifier = userdata;
        for (size_t i = 0; keys && i < n; i++)
                json_array_append_new(notifier->asked, json_string(keys[i]));
        changed(notifier);
}

static void mute_refused(void *userdata, const char *key, uint64_t until) {
        Notifier *notifier = userdata;
        memory_set_muted(notifier->memory, key, until);
        changed(notifier);
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
                .changed = changed, .checked = checked, .mute_refused = mute_refused, .userdata = notifier,
        };
        int r = watch_new(false, session, notifier->event, &notifier->list, &hooks, &notifier->instances[TELLING_USER]);
        if (r >= 0 && notifier->options.system)
                r = watch_new(true, NULL, notifier->event, &notifier->list, &hooks, &notifier->instances[TELLING_SYSTEM]);
        return r;
}

static int open_screen(Notifier *notifier, sd_bus *session) {
        const BoardHooks board = {
                .ready = changed, .shown = shown, .failed = failed, .closed = closed, .action = action, .userdata = notifier,
        };
        const TrayHooks tray = { .chosen = chosen, .activated = activated, .userdata = notifier };
        const DetailsHooks details = { .failed = show_failed, .userdata = notifier };

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
