/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where a daemon answers. */

typedef enum Instance {
        INSTANCE_SYSTEM,                /* on the system bus */
        INSTANCE_USER,                  /* on a session bus */
        INSTANCE_PRIVATE,               /* on a socket of its own, to one peer */
} Instance;

static inline const char *instance_to_string(Instance instance) {
        static const char *const words[] = {
                [INSTANCE_SYSTEM] = "system",
                [INSTANCE_USER] = "user",
                [INSTANCE_PRIVATE] = "private",
        };
        return words[instance];
}
