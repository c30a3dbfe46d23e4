/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Capabilities by libcap. */

#include <errno.h>
#include <stdbool.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "privileges.h"

static bool may_change_bounds(cap_t caps) {
        cap_flag_value_t value;
        return cap_get_flag(caps, CAP_SETPCAP, CAP_EFFECTIVE, &value) == 0 && value == CAP_SET;
}

/* Without the privilege there is nothing to drop from the bounding set that the process could get back:
 * no_new_privs keeps programs from giving it anything. */
static int sets_clear(bool bounds, cap_t none) {
        if (bounds)
                return cap_set_mode(CAP_MODE_NOPRIV) < 0 ? -errno : 0;
        if (cap_reset_ambient() < 0)
                return -errno;
        return cap_set_proc(none) < 0 ? -errno : 0;
}

/* Where there is nothing to drop, nothing is tried: who starts us so may have forbidden it. (An ambient set is part of
 * the permitted one.) */
static int sets_leave(cap_t none) {
        cap_t have = cap_get_proc();
        if (!have)
                return -errno;
        int r = cap_compare(have, none) == 0 ? 0 : sets_clear(may_change_bounds(have), none);
        cap_free(have);
        return r;
}

static int sets_are_empty(cap_t none) {
        cap_t have = cap_get_proc();
        if (!have)
                return -errno;
        int r = cap_compare(have, none) == 0 ? 0 : -EPERM;
        cap_free(have);
        return r;
}

int privileges_drop(void) {
        cap_t none = cap_init();
        if (!none)
                return -ENOMEM;
        int r = sets_leave(none);
        if (r == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                r = -errno;
        if (r == 0)
                r = sets_are_empty(none);
        cap_free(none);
        return r;
}
