/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A daemon of one's own: started for one call, reached through a socketpair, gone with it. */

#include <sys/types.h>

/* Starts maildiagd --private.  The directories may be NULL.  Returns 0 and our end of the socket, or an exit status after
 * having said what is wrong. */
int spawn_daemon(const char *plugin_dir, const char *config_dir, int *ret_socket, pid_t *ret_pid);
