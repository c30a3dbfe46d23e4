/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Giving up privileges.
 *
 * The daemon never needs one: it reads no file of others and opens no socket but its own.  What it cannot give up, it
 * refuses to start with.
 */

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "privileges.h"

#define SYSTEM_USER "maildiag"

static int fail(const char **ret_error, const char *text) {
        *ret_error = text;
        return -EPERM;
}

/* Capabilities stay until the rest of them is dropped, which takes one. */
static int become_system_user(const char **ret_error) {
        const struct passwd *user = getpwnam(SYSTEM_USER);

        if (!user || user->pw_uid == 0)
                return fail(ret_error, "started as root, but there is no user \"" SYSTEM_USER "\" to change to");
        if (prctl(PR_SET_KEEPCAPS, 1) < 0 || initgroups(SYSTEM_USER, user->pw_gid) < 0 ||
            setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
            setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0)
                return fail(ret_error, "cannot change to the user \"" SYSTEM_USER "\"");
        return 0;
}

static bool has_capabilities(void) {
        cap_t now = cap_get_proc(), none = cap_init();
        bool has = !now || !none || cap_compare(now, none) != 0;

        cap_free(now);
        cap_free(none);
        return has;
}

/* All sets, the bounding set and the securebits; then a look at whether it came true. */
static int drop_capabilities(const char **ret_error) {
        if (has_capabilities() && cap_set_mode(CAP_MODE_NOPRIV) < 0)
                return fail(ret_error, "cannot drop its capabilities");
        if (has_capabilities())
                return fail(ret_error, "has kept capabilities");
        return 0;
}

static int close_process(const char **ret_error) {
        const struct rlimit none = { 0, 0 };

        umask(077);
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || setrlimit(RLIMIT_CORE, &none) < 0)
                return fail(ret_error, "cannot close itself to set-user-ID programs and core dumps");
        /* The leak check of a sanitizer build has to trace its own process. */
#ifndef __SANITIZE_ADDRESS__
        if (prctl(PR_SET_DUMPABLE, 0) < 0)
                return fail(ret_error, "cannot close itself to debuggers");
#endif
        return 0;
}

int privileges_drop(Instance instance, const char **ret_error) {
        int r = 0;

        if (instance == INSTANCE_SYSTEM && geteuid() == 0)
                r = become_system_user(ret_error);
        if (r >= 0)
                r = drop_capabilities(ret_error);
        return r < 0 ? r : close_process(ret_error);
}
