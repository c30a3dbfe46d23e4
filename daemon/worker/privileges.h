/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Privileges, given up for good. */

/*
 * Empties every capability set of the process: permitted, effective, inheritable, ambient; and, where it may
 * (only a process with CAP_SETPCAP can), the bounding set, and locks the special treatment of root.  Sets
 * no_new_privs. Returns 0 once it has seen that no capability is left, -errno.
 */
int privileges_drop(void);
