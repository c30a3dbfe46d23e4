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
#include "profile.h"
#include "sandbox.h"

struct Sandbox {
        bool discovery;
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

/* Discovery has connections to several hosts, and a resolver's buffers. */
static const Limit discovery_limits[] = {
        { RLIMIT_CPU, 20, 21 },
        { RLIMIT_CORE, 0, 0 },
        { RLIMIT_NOFILE, 128, 128 },
        { RLIMIT_NPROC, 0, 0 },
        { RLIMIT_MEMLOCK, 64 * 1024, 64 * 1024 },
        { RLIMIT_AS, 768 * 1024 * 1024, 768 * 1024 * 1024 },
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

/* The stages that a worker and its probes go through. */
static bool stage_is_used(bool discovery, FilterStage stage) {
        bool finder = stage == FILTER_FINDER || stage == FILTER_DNS || stage == FILTER_WEB;
        return discovery == finder;
}

int sandbox_new(bool discovery, Sandbox **ret) {
        Sandbox *sandbox = calloc(1, sizeof(*sandbox));
        int r = 0;

        if (!sandbox)
                return -ENOMEM;
        sandbox->discovery = discovery;
        sandbox->landlock_abi = landlock_abi();
        for (FilterStage stage = 0; r == 0 && stage < _FILTER_STAGE_MAX; stage++)
                if (stage_is_used(discovery, stage))
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
                r = landlock_enter(LANDLOCK_LAYER_WORKER, sandbox->landlock_abi, NULL);
        if (r == 0)
                r = filter_install(sandbox->filters[sandbox->discovery ? FILTER_FINDER : FILTER_WORKER]);
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
                r = sandbox->discovery ? LIMITS_SET(discovery_limits) : LIMITS_SET(probe_limits);
        /* What a probe of discovery does before its dialogue is no more than the dialogue takes. */
        if (r == 0 && !sandbox->discovery)
                r = filter_install(sandbox->filters[FILTER_RESOLVE]);
        return r;
}

static void grant_port(LandlockGrant *grant, uint16_t port) {
        grant->ports[grant->n_ports++] = port;
}

static void grant_path(LandlockGrant *grant, const char *path) {
        if (path && *path && grant->n_paths < LANDLOCK_PATHS_MAX)
                grant->paths[grant->n_paths++] = path;
}

static void grant_profile(LandlockGrant *grant, const Profile *profile, const SandboxScope *scope) {
        if (profile->target_port && scope->port > 0)
                grant_port(grant, scope->port);
        for (size_t i = 0; i < PROFILE_PORTS_MAX && profile->ports[i]; i++)
                grant_port(grant, profile->ports[i]);
        for (size_t i = 0; profile->paths && profile->paths[i]; i++)
                grant_path(grant, profile->paths[i]);
        if (profile->data_dir)
                grant_path(grant, scope->data_dir);
        if (profile->home)
                grant_path(grant, scope->place);
        for (const char *const *path = scope->own; profile->home && path && *path; path++)
                if (grant->n_own < LANDLOCK_OWN_MAX)
                        grant->own[grant->n_own++] = *path;
}

int sandbox_enter_dialogue(const Sandbox *sandbox, MdProfile wanted, const SandboxScope *scope) {
        const Profile *profile = profile_get(wanted);
        LandlockGrant grant = { 0 };

        if (!profile || profile->discovery != sandbox->discovery)
                return -EINVAL;
        grant_profile(&grant, profile, scope);
        int r = LIMITS_SET(dialogue_limits);
        if (r == 0)
                r = landlock_enter(LANDLOCK_LAYER_DIALOGUE, sandbox->landlock_abi, &grant);
        if (r == 0)
                r = filter_install(sandbox->filters[profile->filter]);
        return r;
}
