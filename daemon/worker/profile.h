/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The sandboxes that a plugin can ask for, as a table: what each leaves to a probe once its dialogue begins. */

#include <stdbool.h>
#include <stdint.h>

#include <maildiag/plugin.h>

#include "filter.h"

#define PROFILE_PORTS_MAX 4u

typedef struct Profile {
        MdKind kind;                    /* of the plugins that may have it */
        bool discovery;                 /* it is that of the worker for discovery, and only there */
        FilterStage filter;             /* system calls */
        bool target_port;               /* TCP to the port of the target, or of its proxy */
        uint16_t ports[PROFILE_PORTS_MAX];      /* TCP to these, too; up to the first 0 */
        bool data_dir;                  /* the folder of the target can be read */
        bool home;                      /* the files that the plugin declares can be read, or the place that somebody named */
        const char *const *paths;       /* files and folders that can be read, NULL-terminated; NULL: none */
} Profile;

/* NULL: there is no such profile. */
const Profile *profile_get(MdProfile profile);
