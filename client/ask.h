/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A question on the terminal whose answer is not shown. */

#include <sys/types.h>

/* Asks on the controlling terminal, whatever the standard streams are, and reads one line without its newline.
 * Returns its length, or -errno: -ENXIO when there is no terminal, -EINTR after a signal that did not end us. */
ssize_t ask_password(const char *prompt, char *buffer, size_t size);
