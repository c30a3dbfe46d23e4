/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What remains of connecting once the dialogue is over. */

#include <maildiag/probe.h>

/* Waits for the attempts that are still under way, at most 2 s after the first began, and raises
 * "net.ipv6-broken" and "net.some-addresses-dead". */
void md_connect_collect(MdProbe *probe);
