/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The worker's first words to the daemon: what it has loaded, what it refused, and that it is ready
 * (protocol.h). */

#include "plugins.h"

/* Returns 0 or -errno. */
int announce(int socket, const Plugins *plugins, int landlock_abi);
