/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The instance as one JSON document. */

#include <jansson.h>

#include "manager.h"

/* Version, features, plugins, sources and accounts, and the jobs that `uid` may see; `details`: with what names a person or
 * a server.  NULL when out of memory. */
json_t *describe_instance(const Manager *manager, uid_t uid, bool details);
/* An account, see describe_instance(); `registry` knows the usual ports, and may be NULL. */
json_t *describe_account(const Account *account, const Registry *registry, bool details);
/* The services of an account, each value with its origin. */
json_t *describe_services(const Account *account, const Registry *registry);
/* Option keys and abilities, sorted; NULL-terminated; the caller frees the array, not the texts. */
const char **describe_features(void);
