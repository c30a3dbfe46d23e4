/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A wall clock that jumps, for a daemon that it is loaded into (LD_PRELOAD): how many seconds it is off stands in a file.  Other
 * clocks are left alone, as they are when somebody sets the time. */

#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t offset(void) {
        char text[32] = { 0 };
        int fd = open("/run/maildiag/clock", O_RDONLY | O_CLOEXEC);

        if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
                text[0] = '\0';
        if (fd >= 0)
                close(fd);
        return strtol(text, NULL, 10);
}

__attribute__((visibility("default")))
int clock_gettime(clockid_t clock, struct timespec *ret) {
        int r = (int) syscall(SYS_clock_gettime, clock, ret);
        if (r == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                ret->tv_sec += offset();
        return r;
}

__attribute__((visibility("default")))
int gettimeofday(struct timeval *restrict ret, void *restrict zone) {
        struct timespec now;
        int r = clock_gettime(CLOCK_REALTIME, &now);
        *ret = (struct timeval) { now.tv_sec, now.tv_nsec / 1000 };
        return r;
}

__attribute__((visibility("default")))
time_t time(time_t *ret) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        if (ret)
                *ret = now.tv_sec;
        return now.tv_sec;
}
