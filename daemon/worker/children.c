/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of children.  A number of a process is used only as long as the process is not reaped, so that it
 * cannot belong to another one. */

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "children.h"

/* poll() does not count the time that the computer sleeps: look at the clock once a second. */
#define SLICE_MS 1000u
/* One that was killed is about to be reaped. */
#define KILLED_MS 10u

uint64_t children_now(void) {
        struct timespec now;
        int r = clock_gettime(CLOCK_BOOTTIME, &now);
        assert(r == 0);
        return (uint64_t) now.tv_sec * 1000 + (uint64_t) now.tv_nsec / 1000000;
}

void children_add(Children *children, const Child *child) {
        assert(children->n < WORKER_PROBES_MAX);
        children->items[children->n++] = *child;
}

const Child *children_find(const Children *children, uint64_t id) {
        for (size_t i = 0; i < children->n; i++)
                if (children->items[i].id == id)
                        return &children->items[i];
        return NULL;
}

static bool children_take(Children *children, pid_t pid, Child *ret) {
        for (size_t i = 0; i < children->n; i++)
                if (children->items[i].pid == pid) {
                        *ret = children->items[i];
                        children->items[i] = children->items[--children->n];
                        return true;
                }
        return false;
}

bool children_reap(Children *children, Child *ret, int *ret_status) {
        pid_t pid;

        /* What a plugin's constructor may have left behind is reaped, too, and is nobody's. */
        while ((pid = waitpid(-1, ret_status, WNOHANG)) > 0)
                if (children_take(children, pid, ret))
                        return true;
        return false;
}

void children_kill_overdue(const Children *children) {
        uint64_t now = children_now();

        for (size_t i = 0; i < children->n; i++)
                if (now >= children->items[i].deadline_ms)
                        kill(children->items[i].pid, SIGKILL);
}

int children_wait_ms(const Children *children) {
        uint64_t now = children_now(), least = SLICE_MS;

        for (size_t i = 0; i < children->n; i++) {
                uint64_t deadline = children->items[i].deadline_ms;
                uint64_t wait = deadline > now ? deadline - now : KILLED_MS;
                least = wait < least ? wait : least;
        }
        return children->n > 0 ? (int) least : -1;
}

void children_done(Children *children) {
        pid_t pid;

        for (size_t i = 0; i < children->n; i++)
                kill(children->items[i].pid, SIGKILL);
        do
                pid = waitpid(-1, NULL, 0);
        while (pid > 0 || (pid < 0 && errno == EINTR));
        children->n = 0;
}
