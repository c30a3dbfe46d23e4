/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The child says how the act went with one message over a pipe, the result and the reason; only its silence
 * lets its end count. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "refusal.h"
#include "rehearsal.h"

#define REHEARSAL_MS 5000               /* loading takes about one */

typedef struct Message {
        int result;
        char why[1024];
} Message;

static _Noreturn void child_run(int fd, RehearsalAct act, void *userdata) {
        char *why = NULL;
        Message message = { 0 };

        message.result = act(userdata, &why);
        if (why)
                strncpy(message.why, why, sizeof(message.why) - 1);
        _exit(write(fd, &message, sizeof(message)) == sizeof(message) ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Waits for the message.  Returns 1, 0 when the child ended without, -ETIMEDOUT, -errno. */
static int message_receive(int fd, Message *ret) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        int r;

        while ((r = poll(&wait, 1, REHEARSAL_MS)) < 0 && errno == EINTR)
                ;
        if (r <= 0)
                return r < 0 ? -errno : -ETIMEDOUT;
        ssize_t n = read(fd, ret, sizeof(*ret));
        if (n != sizeof(*ret))
                return n < 0 ? -errno : 0;
        ret->why[sizeof(ret->why) - 1] = '\0';
        return 1;
}

static int judge(int received, const Message *message, int status, char **ret_why) {
        if (received == -ETIMEDOUT)
                return refuse(ret_why, "does not come to an end when it is loaded");
        if (received < 0)
                return received;
        if (received == 0 && WIFSIGNALED(status))
                return refuse(ret_why, "crashes when it is loaded (%s)", strsignal(WTERMSIG(status)));
        if (received == 0)
                return refuse(ret_why, "ends the process when it is loaded");
        if (message->result == REFUSED)
                return refuse(ret_why, "%s", message->why);
        return message->result;
}

int rehearse(RehearsalAct act, void *userdata, char **ret_why) {
        int fds[2], status = 0;
        Message message;

        if (pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        pid_t pid = fork();
        if (pid == 0) {
                close(fds[0]);
                child_run(fds[1], act, userdata);
        }
        int r = pid < 0 ? -errno : 0;
        close(fds[1]);
        if (pid > 0) {
                r = message_receive(fds[0], &message);
                kill(pid, SIGKILL);
                while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                        ;
                r = judge(r, &message, status, ret_why);
        }
        close(fds[0]);
        return r;
}
