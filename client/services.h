/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The services of the settings once all options are read. */

#include "settings.h"

/* Gives services the security that was named for their protocol.  Returns 0, or an exit status after having said that there
 * is none of that protocol. */
int services_secure(Settings *settings);
