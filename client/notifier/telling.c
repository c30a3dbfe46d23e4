/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One notification per root cause, and each once.
 *
 * A cause is told when it is new, and again at a later login if that is a day on; what is on the screen follows its text.  A
 * cause that is gone takes its notification along: where another one has taken its part that one moves into the same place,
 * where mail works again a short note does.  Nothing is concluded from an account that is not known to be well or ill.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "own.h"
#include "telling.h"
#include "wording.h"

#define DAY_USEC (24 * 3600 * 1000000ull)

typedef struct Decision {
        const Telling *telling;
        const WatchList *list;
        Memory *memory;
        Causes causes;                  /* those that may be told */
        Causes hushed;                  /* muted */
        Orders orders;
} Decision;

/* ---- orders ---- */

static void order_done(Order *order) {
        free(order->key);
        free(order->place);
        notice_free(order->notice);
        json_decref(order->accounts);
}

void orders_done(Orders *orders) {
        for (size_t i = 0; i < orders->n; i++)
                order_done(&orders->list[i]);
        free(orders->list);
        *orders = (Orders) { 0 };
}

/* Takes over the notice, and a reference to the accounts. */
static int add_order(Decision *decision, OrderKind kind, const char *key, Notice *notice, json_t *accounts) {
        Orders *orders = &decision->orders;
        Order *larger = reallocarray(orders->list, orders->n + 1, sizeof(Order));
        char *copy = strdup(key);

        if (larger)
                orders->list = larger;
        if (!larger || !copy || (kind != ORDER_CLOSE && !notice)) {
                notice_free(notice);
                free(copy);
                return -ENOMEM;
        }
        orders->list[orders->n++] = (Order) {
                .kind = kind, .key = copy, .notice = notice, .accounts = json_incref(accounts),
        };
        return 0;
}

/* ---- silence ---- */

bool telling_is_muted(const Memory *memory, const Watched *watched, uint64_t now_usec) {
        return watched->muted_usec > now_usec || memory_muted(memory, watched->key) > now_usec;
}

static bool is_quiet(const Telling *telling, bool system) {
        const TellingInstance *instance = &telling->instances[system ? TELLING_SYSTEM : TELLING_USER];
        return telling->settling || instance->offline;
}

static bool is_asked(const Telling *telling, const Cause *cause) {
        for (size_t i = 0; i < telling->n_asked; i++)
                if (cause_concerns(cause, telling->asked[i]))
                        return true;
        return false;
}

static bool is_held(const Telling *telling, const Cause *cause) {
        for (size_t i = 0; i < cause->n_accounts; i++)
                if (is_quiet(telling, cause->accounts[i]->system))
                        return !is_asked(telling, cause);
        return false;
}

static bool is_hushed(const Decision *decision, const Cause *cause) {
        for (size_t i = 0; i < cause->n_accounts; i++)
                if (!telling_is_muted(decision->memory, cause->accounts[i], decision->telling->now_usec))
                        return false;
        return true;
}

/* Sorts the causes into those that may be told and those that are muted. */
static int divide(Decision *decision, Causes *all) {
        decision->causes.list = calloc(all->n + 1, sizeof(Cause));
        decision->hushed.list = calloc(all->n + 1, sizeof(Cause));
        if (!decision->causes.list || !decision->hushed.list)
                return -ENOMEM;
        for (size_t i = 0; i < all->n; i++) {
                Causes *part = is_hushed(decision, &all->list[i]) ? &decision->hushed : &decision->causes;
                part->list[part->n++] = all->list[i];
        }
        all->n = 0;
        return 0;
}

/* ---- causes that are there ---- */

static json_t *account_keys(const Cause *cause) {
        json_t *keys = json_array();
        for (size_t i = 0; i < cause->n_accounts; i++)
                json_array_append_new(keys, json_string(cause->accounts[i]->key));
        return keys;
}

/* Critical ones stay until they are dismissed on many desktops: one a day and account, and only if something can be done. */
static NoticeUrgency urgency_of(const Decision *decision, const Cause *cause, const Told *told) {
        if (told->up)
                return told->urgency;
        if (cause->warning || !cause->ours)
                return NOTICE_NORMAL;
        for (size_t i = 0; i < cause->n_accounts; i++) {
                uint64_t last = memory_critical(decision->memory, cause->accounts[i]->key);
                if (last > 0 && last <= decision->telling->now_usec && decision->telling->now_usec - last < DAY_USEC)
                        return NOTICE_NORMAL;
        }
        return NOTICE_CRITICAL;
}

static int note_critical(Decision *decision, const Cause *cause) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < cause->n_accounts; i++)
                r = memory_set_critical(decision->memory, cause->accounts[i]->key, decision->telling->now_usec);
        return r;
}

/* Whether it has to be said, if it does not stand on the screen. */
static bool is_due(const Decision *decision, const Cause *cause, const Told *told) {
        uint64_t now = decision->telling->now_usec;
        if (told->told_usec == 0 || is_asked(decision->telling, cause))
                return true;
        return !told->recent && (told->told_usec > now || now - told->told_usec >= DAY_USEC);
}

static int show(Decision *decision, const Cause *cause, Told *told) {
        NoticeUrgency urgency = urgency_of(decision, cause, told);
        Notice *notice = wording_cause(cause, urgency);
        _cleanup_free_ char *text = notice ? notice_text(notice) : NULL;

        if (!text) {
                notice_free(notice);
                return -ENOMEM;
        }
        if (told->up ? !strcmp(told->text ?: "", text) && !is_asked(decision->telling, cause)
                     : !is_due(decision, cause, told)) {
                notice_free(notice);
                return 0;
        }
        int r = add_order(decision, ORDER_SHOW, cause->key, notice, told->accounts);
        if (r >= 0 && urgency == NOTICE_CRITICAL && !told->up)
                r = note_critical(decision, cause);
        told->up = true;
        told->urgency = urgency;
        free(told->text);
        told->text = TAKE_PTR(text);
        return r;
}

static int tell(Decision *decision, const Cause *cause) {
        if (is_held(decision->telling, cause))
                return 0;
        Told *told = memory_add(decision->memory, cause->key);
        json_t *keys = account_keys(cause);
        if (!told || !keys) {
                json_decref(keys);
                return -ENOMEM;
        }
        json_decref(told->accounts);
        told->accounts = keys;
        told->warning = cause->warning;
        return show(decision, cause, told);
}

/* Nobody is to be told now; whoever muted it for a day is told again afterwards. */
static int hush(Decision *decision, const Cause *cause) {
        Told *told = memory_find(decision->memory, cause->key);
        if (!told)
                return 0;
        told->recent = false;
        if (!told->up)
                return 0;
        told->up = false;
        return add_order(decision, ORDER_CLOSE, told->key, NULL, told->accounts);
}

/* ---- causes that are gone ---- */

typedef enum Fate {
        FATE_OPEN,                      /* it cannot be told yet */
        FATE_GONE,                      /* there is no such account any more */
        FATE_OTHER,                     /* something else is wrong now */
        FATE_SOLVED,
} Fate;

static Fate fate_of(const Decision *decision, const Told *told) {
        const Telling *telling = decision->telling;
        bool any = false, broken = false;
        size_t i;
        json_t *key;

        json_array_foreach(told->accounts, i, key) {
                bool system = !strncmp(json_string_value(key), "system/", strlen("system/"));
                const Watched *watched = watch_list_by_key(decision->list, json_string_value(key));
                if (!telling->instances[system ? TELLING_SYSTEM : TELLING_USER].known || is_quiet(telling, system))
                        return FATE_OPEN;
                if (!watched)
                        continue;
                if (!watched_is_settled(watched))
                        return FATE_OPEN;
                any = true;
                broken = broken || watched->status == WATCHED_ERROR ||
                         (told->warning && watched->status == WATCHED_WARNING);
        }
        return !any ? FATE_GONE : broken ? FATE_OTHER : FATE_SOLVED;
}

/* Whether a new notification moves into the place of one that has no cause any more. */
static int move_in(Decision *decision, const Told *told) {
        for (size_t i = 0; i < decision->orders.n; i++) {
                Order *order = &decision->orders.list[i];
                const Cause *cause = causes_by_key(&decision->causes, order->key);
                if (order->kind != ORDER_SHOW || order->place || !cause ||
                    memory_find(decision->memory, order->key)->told_usec > 0)
                        continue;
                for (size_t k = 0; k < json_array_size(told->accounts); k++)
                        if (cause_concerns(cause, json_string_value(json_array_get(told->accounts, k)))) {
                                order->place = strdup(told->key);
                                return order->place ? 1 : -ENOMEM;
                        }
        }
        return 0;
}

static bool all_muted(const Decision *decision, const Told *told, const Watched **ret_first, size_t *ret_n) {
        bool muted = true;
        size_t i;
        json_t *key;

        *ret_first = NULL;
        *ret_n = 0;
        json_array_foreach(told->accounts, i, key) {
                const Watched *watched = watch_list_by_key(decision->list, json_string_value(key));
                if (!watched)
                        continue;
                *ret_first = *ret_first ?: watched;
                (*ret_n)++;
                muted = muted && telling_is_muted(decision->memory, watched, decision->telling->now_usec);
        }
        return muted;
}

static int solve(Decision *decision, const Told *told) {
        const Watched *first;
        size_t n;

        if (!all_muted(decision, told, &first, &n) && told->told_usec > 0 && !told->warning)
                return add_order(decision, ORDER_NOTE, told->key, wording_recovered(watched_title(first), n),
                                 told->accounts);
        return told->up ? add_order(decision, ORDER_CLOSE, told->key, NULL, told->accounts) : 0;
}

/* Returns 1 when the entry has to stay. */
static int bury(Decision *decision, const Told *told) {
        Fate fate = fate_of(decision, told);
        int r;

        switch (fate) {
        case FATE_OPEN:
                return 1;
        case FATE_SOLVED:
                return solve(decision, told);
        case FATE_OTHER:
                r = told->up ? move_in(decision, told) : 0;
                if (r != 0)
                        return r < 0 ? r : 0;
                break;
        case FATE_GONE:
                break;
        }
        return told->up ? add_order(decision, ORDER_CLOSE, told->key, NULL, told->accounts) : 0;
}

static int bury_all(Decision *decision) {
        for (size_t i = memory_n(decision->memory); i-- > 0;) {
                Told *told = memory_at(decision->memory, i);
                if (causes_by_key(&decision->causes, told->key) || causes_by_key(&decision->hushed, told->key))
                        continue;
                int r = bury(decision, told);
                if (r < 0)
                        return r;
                if (r == 0)
                        memory_forget(decision->memory, told);
        }
        return 0;
}

/* ---- answers ---- */

/* Whoever asked for a check gets an answer: one of the orders, or a note that there is nothing to say. */
static int answer(Decision *decision) {
        const Telling *telling = decision->telling;

        for (size_t i = 0; i < telling->n_asked; i++)
                for (size_t k = 0; k < decision->causes.n; k++)
                        if (cause_concerns(&decision->causes.list[k], telling->asked[i]))
                                return 0;
        for (size_t i = 0; i < decision->orders.n; i++)
                if (decision->orders.list[i].kind == ORDER_NOTE)
                        return 0;
        if (telling->n_asked == 0)
                return 0;
        return add_order(decision, ORDER_NOTE, "checked", wording_checked(decision->list, telling->asked, telling->n_asked),
                         NULL);
}

static int decide(Decision *decision) {
        _cleanup_(causes_done) Causes all = { 0 };

        int r = causes_find(decision->list, &all);
        if (r >= 0)
                r = divide(decision, &all);
        /* Once they are told in one they stay so until only one is left. */
        if (r >= 0)
                r = causes_collapse(&decision->causes, memory_find(decision->memory, CAUSE_MANY) ? 1 : CAUSES_SINGLE_MAX);
        for (size_t i = 0; r >= 0 && i < decision->causes.n; i++)
                r = tell(decision, &decision->causes.list[i]);
        for (size_t i = 0; r >= 0 && i < decision->hushed.n; i++)
                r = hush(decision, &decision->hushed.list[i]);
        if (r >= 0)
                r = bury_all(decision);
        return r < 0 ? r : answer(decision);
}

int telling_decide(const Telling *telling, const WatchList *list, Memory *memory, Orders *ret) {
        Decision decision = { .telling = telling, .list = list, .memory = memory };

        int r = decide(&decision);
        causes_done(&decision.causes);
        causes_done(&decision.hushed);
        if (r < 0) {
                orders_done(&decision.orders);
                return r;
        }
        *ret = decision.orders;
        return 0;
}

/* ---- what became of it ---- */

void telling_shown(Memory *memory, const char *key, uint64_t now_usec) {
        Told *told = memory_find(memory, key);
        if (!told)
                return;
        told->told_usec = now_usec;
        told->recent = true;
        memory_touch(memory);
}

void telling_failed(Memory *memory, const char *key) {
        Told *told = memory_find(memory, key);
        size_t i;
        json_t *account;

        if (!told)
                return;
        if (told->urgency == NOTICE_CRITICAL)
                json_array_foreach(told->accounts, i, account)
                        memory_set_critical(memory, json_string_value(account), 0);
        told->up = told->recent = false;
        told->told_usec = 0;
        memory_touch(memory);
}

void telling_closed(Memory *memory, const char *key) {
        Told *told = memory_find(memory, key);
        if (told)
                told->up = false;
}
