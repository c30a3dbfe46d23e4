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
static int sets_clear(bool bounds) {
        if (bounds)
                return cap_set_mode(CAP_MODE_NOPRIV) < 0 ? -errno : 0;
        if (cap_reset_ambient() < 0)
                return -errno;
        cap_t none = cap_init();
        if (!none)
                return -ENOMEM;
        int r = cap_set_proc(none) < 0 ? -errno : 0;
        cap_free(none);
        return r;
}

static int sets_are_empty(void) {
        cap_t have = cap_get_proc(), none = cap_init();
        int r = have && none ? 0 : -ENOMEM;

        if (r == 0 && cap_compare(have, none) != 0)
                r = -EPERM;
        cap_free(have);
        cap_free(none);
        return r;
}

int privileges_drop(void) {
        cap_t have = cap_get_proc();
        if (!have)
                return -errno;
        int r = sets_clear(may_change_bounds(have));
        cap_free(have);
        if (r < 0)
                return r;
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return -errno;
        return sets_are_empty();
}
