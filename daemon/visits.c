/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A short list for each user who had one checked in the period; a server is a hash that nobody outside can compute, so none
 * can be made to look like another. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "keyed-hash.h"
#include "visits.h"

typedef struct Visit {
        uint64_t server;
        uint64_t when;
} Visit;

typedef struct Visitor {
        LIST_ENTRY(Visitor) entry;
        uid_t uid;
        size_t n;
        Visit visits[VISITS_MAX];       /* oldest first */
} Visitor;

struct Visits {
        KeyedHash key;
        LIST_HEAD(, Visitor) visitors;
};

Visits *visits_new(void) {
        Visits *visits = calloc(1, sizeof(*visits));

        if (visits && getrandom(&visits->key, sizeof(visits->key), 0) == sizeof(visits->key))
                return visits;
        free(visits);
        return NULL;
}

static void drop(Visitor *visitor) {
        LIST_REMOVE(visitor, entry);
        free(visitor);
}

Visits *visits_free(Visits *visits) {
        while (visits && !LIST_EMPTY(&visits->visitors))
                drop(LIST_FIRST(&visits->visitors));
        free(visits);
        return NULL;
}

/* Names that are the same server to the name service are the same here. */
uint64_t visits_server(const Visits *visits, const char *host, uint16_t port) {
        char text[512];
        uint64_t server;

        int length = snprintf(text, sizeof(text), "%u %s", port, host);
        size_t size = length < 0 ? 0 : (size_t) length >= sizeof(text) ? sizeof(text) - 1 : (size_t) length;
        for (size_t i = 0; i < size; i++)
                if (text[i] >= 'A' && text[i] <= 'Z')
                        text[i] += 'a' - 'A';
        KeyedHash hash = keyed_hash(&visits->key, text, size);
        memcpy(&server, hash.bytes, sizeof(server));
        return server;
}

static void expire(Visits *visits, uint64_t now) {
        Visitor *visitor, *following;

        for (visitor = LIST_FIRST(&visits->visitors); visitor; visitor = following) {
                size_t old = 0;
                following = LIST_NEXT(visitor, entry);
                while (old < visitor->n && now - visitor->visits[old].when >= VISITS_PERIOD_USEC)
                        old++;
                visitor->n -= old;
                memmove(visitor->visits, visitor->visits + old, visitor->n * sizeof(Visit));
                if (visitor->n == 0)
                        drop(visitor);
        }
}

static Visitor *find(const Visits *visits, uid_t uid) {
        Visitor *visitor;
        LIST_FOREACH(visitor, &visits->visitors, entry)
                if (visitor->uid == uid)
                        return visitor;
        return NULL;
}

static bool has(const Visitor *visitor, const uint64_t *servers, size_t n, uint64_t server) {
        for (size_t i = 0; visitor && i < visitor->n; i++)
                if (visitor->visits[i].server == server)
                        return true;
        for (size_t i = 0; i < n; i++)
                if (servers[i] == server)
                        return true;
        return false;
}

static Visitor *add_visitor(Visits *visits, uid_t uid) {
        Visitor *visitor = calloc(1, sizeof(*visitor));
        if (!visitor)
                return NULL;
        visitor->uid = uid;
        LIST_INSERT_HEAD(&visits->visitors, visitor, entry);
        return visitor;
}

/* When as many of the oldest are over as are too many. */
static uint64_t wait_of(const Visitor *visitor, size_t n_new, uint64_t now) {
        if (n_new > VISITS_MAX)
                return 0;
        size_t last = visitor->n + n_new - VISITS_MAX - 1;
        return visitor->visits[last].when + VISITS_PERIOD_USEC - now;
}

int visits_add(Visits *visits, uid_t uid, const uint64_t *servers, size_t n, uint64_t now, uint64_t *ret_wait_usec) {
        size_t n_new = 0;

        expire(visits, now);
        Visitor *visitor = find(visits, uid);
        for (size_t i = 0; i < n; i++)
                n_new += !has(visitor, servers, i, servers[i]);
        if (n_new == 0)
                return 0;
        if (n_new + (visitor ? visitor->n : 0) > VISITS_MAX) {
                *ret_wait_usec = visitor ? wait_of(visitor, n_new, now) : 0;
                return -EDQUOT;
        }
        if (!visitor && !(visitor = add_visitor(visits, uid)))
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                if (!has(visitor, NULL, 0, servers[i]))
                        visitor->visits[visitor->n++] = (Visit) { servers[i], now };
        return 0;
}
