/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How the worker is started: one process, two descriptors, no environment to speak of. */

#include <stdbool.h>
#include <sys/types.h>

/* Starts `worker` on a fresh socket; `discovery`: as that of the plugins that find settings on the network.  Gives its pid, our end of the socket (SOCK_SEQPACKET, not blocking), and the
 * reading end of a pipe from its standard error.  Returns 0 or -errno; that exec failed shows as exit status 127. */
int spawn_worker(const char *worker, const char *plugin_dir, bool discovery, pid_t *ret_pid, int *ret_socket,
                 int *ret_voice);
