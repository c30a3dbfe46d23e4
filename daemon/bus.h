/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon's face on a bus: org.maildiag.Diag1. */

#include "manager.h"

/* Connects and answers from now on.  `fd`, taken over, is the socket of a private instance.  Returns 0, -EEXIST when
 * another has the name, or another -errno. */
int bus_new(Manager *manager, int fd, Bus **ret);
/* Sends what is queued, and disconnects; returns NULL. */
Bus *bus_free(Bus *bus);
