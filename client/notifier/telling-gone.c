/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Causes that were told and are there no more: whether that is good news, and what becomes of their notifications. */

#include <errno.h>
#include <string.h>

#include "telling-private.h"
#include "wording.h"

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
                const char *account = json_string_value(key);
                const Watched *watched = watch_list_by_key(decision->list, account);
                if (!telling_instance(telling, account)->known || telling_is_quiet(telling, account))
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
                return telling_add_order(decision, ORDER_NOTE, told->key, wording_recovered(watched_title(first), n),
                                 told->accounts);
        return told->up ? telling_add_order(decision, ORDER_CLOSE, told->key, NULL, told->accounts) : 0;
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
        return told->up ? telling_add_order(decision, ORDER_CLOSE, told->key, NULL, told->accounts) : 0;
}

int telling_bury(Decision *decision) {
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
