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
#include "telling-private.h"
#include "wording.h"

#define DAY_USEC (24 * 3600 * 1000000ull)

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

int telling_add_order(Decision *decision, OrderKind kind, const char *key, Notice *notice, json_t *accounts) {
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

const TellingInstance *telling_instance(const Telling *telling, const char *account) {
        return &telling->instances[!strncmp(account, "system/", strlen("system/")) ? TELLING_SYSTEM : TELLING_USER];
}

bool telling_is_quiet(const Telling *telling, const char *account) {
        for (size_t i = 0; i < telling->n_asked; i++)
                if (!strcmp(telling->asked[i], account))
                        return false;
        return telling->settling || telling_instance(telling, account)->offline;
}

static bool is_asked(const Telling *telling, const Cause *cause) {
        for (size_t i = 0; i < telling->n_asked; i++)
                if (cause_concerns(cause, telling->asked[i]))
                        return true;
        return false;
}

static bool is_held(const Telling *telling, const Cause *cause) {
        for (size_t i = 0; i < cause->n_accounts; i++)
                if (telling_is_quiet(telling, cause->accounts[i]->key))
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
        int r = telling_add_order(decision, ORDER_SHOW, cause->key, notice, told->accounts);
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
        return telling_add_order(decision, ORDER_CLOSE, told->key, NULL, told->accounts);
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
        return telling_add_order(decision, ORDER_NOTE, "checked", wording_checked(decision->list, telling->asked, telling->n_asked),
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
                r = telling_bury(decision);
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
