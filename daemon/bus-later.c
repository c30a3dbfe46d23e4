/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Calls that have to wait until the plugins of all workers are known.
 *
 * The worker of discovery is started when it is wanted first; whoever asks for lists of everything wants it.  A call is
 * made again then, from the start.
 */

#include <errno.h>
#include <sys/queue.h>

#include "bus-private.h"
#include "own.h"

#define WAITING_MAX 64u

typedef struct Waiting {
        TAILQ_ENTRY(Waiting) entry;
        sd_bus_message *call;
        sd_bus_message_handler_t method;
} Waiting;

struct BusLater {
        size_t n;
        TAILQ_HEAD(Waitings, Waiting) waiting;
};

BusLater *bus_later_new(void) {
        BusLater *later = calloc(1, sizeof(*later));
        if (later)
                TAILQ_INIT(&later->waiting);
        return later;
}

static void drop(BusLater *later, Waiting *waiting) {
        TAILQ_REMOVE(&later->waiting, waiting, entry);
        later->n--;
        sd_bus_message_unref(waiting->call);
        free(waiting);
}

BusLater *bus_later_free(BusLater *later) {
        while (later && !TAILQ_EMPTY(&later->waiting))
                drop(later, TAILQ_FIRST(&later->waiting));
        free(later);
        return NULL;
}

int bus_when_all_are_known(sd_bus_message *call, Manager *manager, sd_bus_message_handler_t method, sd_bus_error *error) {
        BusLater *later = bus_later(manager->bus);
        uid_t uid;

        if (crew_knows_all(manager->crew))
                return 0;
        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r < 0)
                return r;
        Waiting *waiting = later->n < WAITING_MAX ? calloc(1, sizeof(*waiting)) : NULL;
        if (!waiting)
                return bus_error_from(error, later->n < WAITING_MAX ? -ENOMEM : -EUSERS, NULL);
        waiting->call = sd_bus_message_ref(call);
        waiting->method = method;
        TAILQ_INSERT_TAIL(&later->waiting, waiting, entry);
        later->n++;
        crew_wake_discovery(manager->crew);
        return 1;
}

static void make_again(const Waiting *waiting, Manager *manager) {
        sd_bus_error error = SD_BUS_ERROR_NULL;

        int r = sd_bus_message_rewind(waiting->call, true);
        if (r >= 0)
                r = waiting->method(waiting->call, manager, &error);
        if (r < 0)
                sd_bus_reply_method_errno(waiting->call, r, &error);
        sd_bus_error_free(&error);
}

void bus_go_on(Manager *manager) {
        BusLater *later = manager->bus ? bus_later(manager->bus) : NULL;
        Waiting *waiting;

        while (later && crew_knows_all(manager->crew) && (waiting = TAILQ_FIRST(&later->waiting))) {
                make_again(waiting, manager);
                drop(later, waiting);
        }
}
