/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Starts the private daemon with one descriptor besides the standard ones.  Its output goes to the standard error,
 * so that it never mixes with a report.  MAILDIAG_LIBEXECDIR and MAILDIAG_PLUGINDIR point an uninstalled client at its
 * build directory.
 */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "complain.h"
#include "config.h"
#include "i18n.h"
#include "private-daemon.h"

#define BUS_FD 3

extern char **environ;

/* What the child has open: nothing to read, our standard error, the socket. */
static int set_descriptors(posix_spawn_file_actions_t *actions, int socket) {
        return posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                ?: posix_spawn_file_actions_adddup2(actions, STDERR_FILENO, STDOUT_FILENO)
                ?: posix_spawn_file_actions_adddup2(actions, socket, BUS_FD)
                ?: posix_spawn_file_actions_addclosefrom_np(actions, BUS_FD + 1);
}

static int start(const char *path, char *const argv[], int socket, pid_t *ret_pid) {
        posix_spawn_file_actions_t actions;
        int r = posix_spawn_file_actions_init(&actions);
        if (r != 0)
                return r;
        r = set_descriptors(&actions, socket);
        if (r == 0)
                r = posix_spawn(ret_pid, path, &actions, NULL, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
        return r;
}

int spawn_daemon(const char *plugin_dir, const char *config_dir, int *ret_socket, pid_t *ret_pid) {
        const char *directory = secure_getenv("MAILDIAG_LIBEXECDIR") ?: MAILDIAG_LIBEXECDIR;
        char path[4096], bus[] = "--bus-fd=3", plugins[4200] = "", config[4200] = "";
        int sockets[2];

        plugin_dir = plugin_dir ?: secure_getenv("MAILDIAG_PLUGINDIR");
        if (plugin_dir)
                snprintf(plugins, sizeof(plugins), "--plugin-dir=%.4096s", plugin_dir);
        if (config_dir)
                snprintf(config, sizeof(config), "--config-dir=%.4096s", config_dir);
        snprintf(path, sizeof(path), "%.4000s/maildiagd", directory);
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
                return complain(STATUS_NO_DAEMON, _("cannot make a socket for a private daemon: %s"), strerror(errno));

        char *argv[] = { path, (char[]) { "--private" }, bus, NULL, NULL, NULL };
        size_t n = 3;
        if (plugin_dir)
                argv[n++] = plugins;
        if (config_dir)
                argv[n++] = config;
        int r = start(path, argv, sockets[1], ret_pid);
        close(sockets[1]);
        if (r != 0) {
                close(sockets[0]);
                return complain(STATUS_NO_DAEMON, _("cannot start a private daemon: %s: %s"), path, strerror(r));
        }
        *ret_socket = sockets[0];
        return 0;
}
