/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What others on the system bus know: NetworkManager whether there is an internet behind the network, logind that the
 * computer was asleep.  Neither is started for it, and neither is missed. */

#include <systemd/sd-bus.h>

#include "monitor.h"

typedef struct Neighbours Neighbours;

/* Listens on the system bus: `bus` if it is that, else NULL for a connection of its own.  Nothing that fails there is a
 * failure of the daemon.  Returns 0, -ENOMEM. */
int neighbours_new(sd_event *event, sd_bus *bus, Monitor *monitor, Neighbours **ret);
Neighbours *neighbours_free(Neighbours *neighbours);
