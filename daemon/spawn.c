/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Starting the worker.
 *
 * It inherits nothing that could change what it does: no descriptor but its own, no signal mask, and of the environment
 * only what a sanitizer of the build needs.  (A mail app's proxy, resolver or TLS variables are not the daemon's.)
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "own.h"
#include "spawn.h"

#define CHILD_SOCKET 3

static const char *const passed_on[] = { "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS" };

static char **child_environment(char *environment[static ELEMENTS(passed_on) + 4]) {
        size_t n = 0;

        environment[n++] = (char *) "PATH=/usr/bin:/bin";
        environment[n++] = (char *) "LANG=C.UTF-8";
        /* Symbols are looked up once, and not in each of its children. */
        environment[n++] = (char *) "LD_BIND_NOW=1";
        for (size_t i = 0; i < ELEMENTS(passed_on); i++) {
                const char *value = secure_getenv(passed_on[i]);
                if (value && asprintf(&environment[n], "%s=%s", passed_on[i], value) >= 0)
                        n++;
        }
        environment[n] = NULL;
        return environment;
}

static void default_signals(void) {
        struct sigaction action = { .sa_handler = SIG_DFL };
        sigset_t none;

        sigemptyset(&none);
        for (int i = 1; i < NSIG; i++)
                sigaction(i, &action, NULL);
        sigprocmask(SIG_SETMASK, &none, NULL);
}

/* All descriptors given are above the standard ones. */
static int child_descriptors(int socket, int voice) {
        int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

        if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(voice, STDOUT_FILENO) < 0 ||
            dup2(voice, STDERR_FILENO) < 0)
                return -errno;
        if (socket == CHILD_SOCKET ? fcntl(socket, F_SETFD, 0) < 0 : dup2(socket, CHILD_SOCKET) < 0)
                return -errno;
        return close_range(CHILD_SOCKET + 1, ~0U, 0) < 0 ? -errno : 0;
}

__attribute__((noreturn))
static void child(const char *worker, const char *plugin_dir, bool discovery, int socket, int voice) {
        char *environment[ELEMENTS(passed_on) + 4];
        char *directory = NULL;

        int r = child_descriptors(socket, voice);
        if (r >= 0 && asprintf(&directory, "--plugin-dir=%s", plugin_dir) < 0)
                r = -ENOMEM;
        if (r >= 0) {
                char *arguments[] = { (char *) "maildiag-worker", (char *) "--socket=3", directory,
                                      discovery ? (char *) "--discovery" : NULL, NULL };
                default_signals();
                execve(worker, arguments, child_environment(environment));
                r = -errno;
        }
        dprintf(STDERR_FILENO, "cannot be started: %s: %s\n", worker, strerror(-r));
        _exit(127);
}

int spawn_worker(const char *worker, const char *plugin_dir, bool discovery, pid_t *ret_pid, int *ret_socket,
                 int *ret_voice) {
        _cleanup_close_ int ours = -1, theirs = -1, heard = -1, said = -1;
        int fds[2];

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
                return -errno;
        ours = fds[0];
        theirs = fds[1];
        if (fcntl(theirs, F_SETFL, 0) < 0 || pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        heard = fds[0];
        said = fds[1];

        pid_t pid = fork();
        if (pid < 0)
                return -errno;
        if (pid == 0)
                child(worker, plugin_dir, discovery, theirs, said);
        *ret_pid = pid;
        *ret_socket = TAKE_FD(ours);
        *ret_voice = TAKE_FD(heard);
        return 0;
}
