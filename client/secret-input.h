/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where the secret comes in: copied into a sealed memory file, whose descriptor goes to the daemon and on to the
 * probes.  The client looks at none of its bytes. */

#include "settings.h"

/* Reads the secret that the settings name.  Returns 0 and a descriptor, -1 when there is none to read; or an exit
 * status after having said what is wrong. */
int secret_input(const Settings *settings, int *ret_fd);

/* Opens a file that is handed on as it is (certificates, a key).  A path of NULL gives -1. */
int file_input(const char *option, const char *path, int *ret_fd);
