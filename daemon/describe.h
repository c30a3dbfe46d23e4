/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The instance as one JSON document. */

#include <jansson.h>

#include "manager.h"

/* Version, features, plugins, and the jobs that `uid` may see; NULL when out of memory. */
json_t *describe_instance(const Manager *manager, uid_t uid);
/* Option keys and abilities, sorted; NULL-terminated; the caller frees the array, not the texts. */
const char **describe_features(void);
