/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The two clocks: deadlines count time that passes in suspend, too; people are told the time of day. */

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_usec(clockid_t id) {
        struct timespec now;
        clock_gettime(id, &now);
        return (uint64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline uint64_t clock_boottime_usec(void) {
        return clock_usec(CLOCK_BOOTTIME);
}

static inline uint64_t clock_realtime_usec(void) {
        return clock_usec(CLOCK_REALTIME);
}
