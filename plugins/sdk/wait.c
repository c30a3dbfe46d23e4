/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The one place where a probe waits.  Keeping it to one file lets many probes share a process one day: it
 * is the only thing that would have to give way to another probe.
 */

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "probe-state.h"

/* poll() counts CLOCK_MONOTONIC, which stands still while the computer sleeps: look at the clock once a
 * second. */
#define SLICE MD_SEC

uint64_t md_now(void) {
        struct timespec now;
        int r = clock_gettime(CLOCK_BOOTTIME, &now);
        assert(r == 0);
        return (uint64_t) now.tv_sec * MD_SEC + (uint64_t) now.tv_nsec / 1000;
}

static int slice_ms(uint64_t now, uint64_t deadline) {
        uint64_t left = deadline > now ? deadline - now : 0;
        return (int) (((left < SLICE ? left : SLICE) + MD_MSEC - 1) / MD_MSEC);
}

int md_wait(MdProbe *probe, int fd, short events, uint64_t deadline) {
        md_observe_flush(probe);
        for (;;) {
                struct pollfd fds[1 + MD_ADDRESSES_MAX] = { { .fd = fd, .events = events } };
                size_t pending = md_attempts_prepare(&probe->attempts, fds + 1);

                if (probe->trouble < 0)
                        return -ECANCELED;
                int r = poll(fds, 1 + pending, slice_ms(md_now(), deadline));
                if (r < 0 && errno != EINTR)
                        return -errno;

                bool decided = r > 0 && md_attempts_serve(probe, fds + 1, pending);
                if (r > 0 && fds[0].revents)
                        return fds[0].revents;
                if (decided && fd < 0)
                        return 0;
                if (md_now() >= deadline)
                        return -ETIMEDOUT;
        }
}

int md_wait_many(MdProbe *probe, struct pollfd *fds, size_t n_fds, uint64_t deadline) {
        md_observe_flush(probe);
        for (;;) {
                if (probe->trouble < 0)
                        return -ECANCELED;
                int r = poll(fds, n_fds, slice_ms(md_now(), deadline));
                if (r < 0 && errno != EINTR)
                        return -errno;
                if (r > 0)
                        return r;
                if (md_now() >= deadline)
                        return -ETIMEDOUT;
        }
}
