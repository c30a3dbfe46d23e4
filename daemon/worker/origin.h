/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Where a plugin's file comes from: nobody but root and the user who runs the worker may be able to change
 * it, or to put another file in its place.
 */

/*
 * Opens the directory of the plugins, whose every component from "/" down is checked.  Returns 0, REFUSED
 * with a reason ("/srv/x is writable by others"), -ENOMEM.
 */
int origin_open_directory(const char *path, int *ret_fd, char **ret_why);

/*
 * Opens a file of that directory for reading.  Returns 0, REFUSED with a reason that follows the name of the
 * file ("is a symbolic link"), -ENOMEM.
 */
int origin_open_file(int directory_fd, const char *name, int *ret_fd, char **ret_why);
