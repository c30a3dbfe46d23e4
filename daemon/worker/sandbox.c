/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The order counts: what a later step needs must not be taken away by an earlier one, and the filters come
 * last. */

#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "filter.h"
#include "instrumented.h"
#include "landlock.h"
#include "privileges.h"
#include "sandbox.h"

struct Sandbox {
        int landlock_abi;
        Filter *filters[_FILTER_STAGE_MAX];
};

typedef struct Limit {
        int resource;
        rlim_t soft, hard;
} Limit;

static const Limit worker_limits[] = {
        { RLIMIT_CORE, 0, 0 },
        { RLIMIT_NOFILE, 256, 256 },
};

static const Limit probe_limits[] = {
        { RLIMIT_CPU, 20, 21 },                         /* seconds: SIGXCPU, then SIGKILL */
        { RLIMIT_CORE, 0, 0 },
        { RLIMIT_NOFILE, 16, 16 },
        { RLIMIT_NPROC, 0, 0 },
        { RLIMIT_MEMLOCK, 64 * 1024, 64 * 1024 },
        /* Last: AddressSanitizer leaves it out. */
        { RLIMIT_AS, 256 * 1024 * 1024, 256 * 1024 * 1024 },
};

/* Secret memory has a size, so this one waits until the secret has its place. */
static const Limit dialogue_limits[] = {
        { RLIMIT_FSIZE, 0, 0 },
};

/* A limit that is lower already stays. */
static int limit_set(const Limit *limit) {
        struct rlimit now;

        if (getrlimit(limit->resource, &now) < 0)
                return -errno;
        if (limit->soft < now.rlim_cur)
                now.rlim_cur = limit->soft;
        if (limit->hard < now.rlim_max)
                now.rlim_max = limit->hard;
        return setrlimit(limit->resource, &now) < 0 ? -errno : 0;
}

static int limits_set(const Limit *limits, size_t n) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < n; i++)
                r = INSTRUMENTED && limits[i].resource == RLIMIT_AS ? 0 : limit_set(&limits[i]);
        return r;
}

#define LIMITS_SET(limits) limits_set((limits), sizeof(limits) / sizeof((limits)[0]))

int sandbox_new(Sandbox **ret) {
        Sandbox *sandbox = calloc(1, sizeof(*sandbox));
        int r = 0;

        if (!sandbox)
                return -ENOMEM;
        sandbox->landlock_abi = landlock_abi();
        for (FilterStage stage = 0; r == 0 && stage < _FILTER_STAGE_MAX; stage++)
                r = filter_new(stage, &sandbox->filters[stage]);
        if (r < 0) {
                sandbox_free(sandbox);
                return r;
        }
        *ret = sandbox;
        return 0;
}

Sandbox *sandbox_free(Sandbox *sandbox) {
        for (FilterStage stage = 0; sandbox && stage < _FILTER_STAGE_MAX; stage++)
                filter_free(sandbox->filters[stage]);
        free(sandbox);
        return NULL;
}

int sandbox_landlock_abi(const Sandbox *sandbox) {
        return sandbox->landlock_abi;
}

int sandbox_enter_worker(const Sandbox *sandbox) {
        int r = privileges_drop();
        if (r == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
                r = -errno;
        if (r == 0)
                r = LIMITS_SET(worker_limits);
        if (r == 0)
                r = landlock_enter(LANDLOCK_LAYER_WORKER, sandbox->landlock_abi, 0);
        if (r == 0)
                r = filter_install(sandbox->filters[FILTER_WORKER]);
        return r;
}

/* The lowest descriptor of `keep` that is not below `from`; -1: none. */
static int next_kept(const int *keep, size_t n, int from) {
        int next = -1;

        for (size_t i = 0; i < n; i++)
                if (keep[i] >= from && (next < 0 || keep[i] < next))
                        next = keep[i];
        return next;
}

/* Closes what lies between the descriptors that are kept. */
static int descriptors_close(const int *keep, size_t n) {
        int from = STDERR_FILENO + 1;

        for (int kept; (kept = next_kept(keep, n, from)) >= 0; from = kept + 1)
                if (kept > from && close_range(from, kept - 1, 0) < 0)
                        return -errno;
        return close_range(from, UINT_MAX, 0) < 0 ? -errno : 0;
}

int sandbox_enter_probe(const Sandbox *sandbox, pid_t parent, const int *keep, size_t n) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
                return -errno;
        if (getppid() != parent)
                return -ESRCH;
        int r = descriptors_close(keep, n);
        /* Inherited from the worker; not to be relied on. */
        if (r == 0 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0))
                r = -errno;
        if (r == 0)
                r = LIMITS_SET(probe_limits);
        if (r == 0)
                r = filter_install(sandbox->filters[FILTER_RESOLVE]);
        return r;
}

int sandbox_enter_dialogue(const Sandbox *sandbox, uint16_t port) {
        int r = LIMITS_SET(dialogue_limits);
        if (r == 0)
                r = landlock_enter(LANDLOCK_LAYER_DIALOGUE, sandbox->landlock_abi, port);
        if (r == 0)
                r = filter_install(sandbox->filters[FILTER_DIALOGUE]);
        return r;
}
