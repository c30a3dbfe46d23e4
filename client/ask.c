/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The terminal with its echo off.  A signal that ends or stops the program must find the echo on again, so those
 * that a person can send are caught, and raised once more when the terminal is as it was.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ask.h"

static const int caught[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU };
#define N_CAUGHT (sizeof(caught) / sizeof(caught[0]))

static volatile sig_atomic_t last_signal;

static void note_signal(int number) {
        last_signal = number;
}

static void catch_signals(struct sigaction *old) {
        struct sigaction action = { .sa_handler = note_signal };
        for (size_t i = 0; i < N_CAUGHT; i++)
                sigaction(caught[i], &action, &old[i]);
}

static void release_signals(const struct sigaction *old) {
        for (size_t i = 0; i < N_CAUGHT; i++)
                sigaction(caught[i], &old[i], NULL);
}

/* Reads up to a newline, a signal, or the end.  In canonical mode one read is one line, yet a terminal may be in
 * another. */
static ssize_t read_line(int fd, char *buffer, size_t size) {
        size_t used = 0;
        while (used < size) {
                ssize_t n = read(fd, buffer + used, size - used);
                if (n < 0)
                        return -errno;
                char *newline = memchr(buffer + used, '\n', (size_t) n);
                if (newline)
                        return newline - buffer;
                used += (size_t) n;
                if (n == 0)
                        break;
        }
        return (ssize_t) used;
}

static void put(int fd, const char *text) {
        /* A prompt that cannot be shown is no reason not to read the answer. */
        if (write(fd, text, strlen(text)) < 0)
                return;
}

static ssize_t ask_once(int fd, const char *prompt, char *buffer, size_t size) {
        struct sigaction old_actions[N_CAUGHT];
        struct termios old;
        if (tcgetattr(fd, &old) < 0)
                return -errno;

        last_signal = 0;
        catch_signals(old_actions);
        struct termios quiet = old;
        quiet.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);
        ssize_t n = -EINTR;
        if (tcsetattr(fd, TCSAFLUSH, &quiet) == 0) {
                put(fd, prompt);
                n = read_line(fd, buffer, size);
                put(fd, "\n");
        } else if (last_signal == 0)
                n = -errno;
        tcsetattr(fd, TCSAFLUSH, &old);
        release_signals(old_actions);
        if (last_signal != 0)
                raise(last_signal);
        return n;
}

ssize_t ask_password(const char *prompt, char *buffer, size_t size) {
        int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
                return -errno;

        ssize_t n;
        do      /* stopped and continued: ask again */
                n = ask_once(fd, prompt, buffer, size);
        while (n == -EINTR && (last_signal == SIGTSTP || last_signal == SIGTTIN || last_signal == SIGTTOU));
        close(fd);
        return n;
}
