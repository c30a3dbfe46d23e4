/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One datagram now and then.  The library of the service manager is not linked: the worker has little of its own, and
 * every probe is a copy of it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "children.h"
#include "watchdog.h"

#define INTERVAL_MAX_USEC (UINT64_C(24) * 60 * 60 * 1000000)

static uint64_t number_of(const char *text) {
        char *end;

        errno = 0;
        uint64_t number = text && *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
        return number > 0 && errno == 0 && *end == '\0' ? number : 0;
}

/* A path, or "@" and an abstract name. */
static socklen_t address_of(const char *text, struct sockaddr_un *ret) {
        size_t length = text ? strlen(text) : 0;

        if (length < 2 || length >= sizeof(ret->sun_path) || (text[0] != '/' && text[0] != '@'))
                return 0;
        ret->sun_family = AF_UNIX;
        memcpy(ret->sun_path, text, length + 1);
        if (text[0] == '/')
                length++;
        else
                ret->sun_path[0] = '\0';
        return (socklen_t) (offsetof(struct sockaddr_un, sun_path) + length);
}

/* Twice as often as asked for, as sd_watchdog_enabled(3) recommends. */
void watchdog_learn(Watchdog *watchdog) {
        const char *pid = getenv("WATCHDOG_PID");
        uint64_t usec = number_of(getenv("WATCHDOG_USEC"));

        *watchdog = (Watchdog) { .socket = -1 };
        watchdog->address_size = address_of(getenv("NOTIFY_SOCKET"), &watchdog->address);
        if (watchdog->address_size > 0 && usec <= INTERVAL_MAX_USEC && (!pid || number_of(pid) == (uint64_t) getpid()))
                watchdog->interval_ms = usec / 2000;
}

int watchdog_open(Watchdog *watchdog) {
        if (watchdog->interval_ms == 0)
                return 0;
        watchdog->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (watchdog->socket < 0 ||
            connect(watchdog->socket, (const struct sockaddr *) &watchdog->address, watchdog->address_size) < 0)
                return -errno;
        return 0;
}

int watchdog_wait_ms(const Watchdog *watchdog) {
        uint64_t now = children_now();

        if (watchdog->interval_ms == 0)
                return -1;
        return watchdog->next_ms > now ? (int) (watchdog->next_ms - now) : 0;
}

/* One that is lost is followed by another in time. */
void watchdog_tell(Watchdog *watchdog) {
        static const char sign[] = "WATCHDOG=1";

        if (watchdog_wait_ms(watchdog) != 0)
                return;
        if (write(watchdog->socket, sign, strlen(sign)) < 0)
                errno = 0;
        watchdog->next_ms = children_now() + watchdog->interval_ms;
}
