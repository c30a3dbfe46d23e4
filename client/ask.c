/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The terminal with its echo off.  A signal that ends or stops the program must find the echo on again, so those
 * that a person can send are caught, and raised once more when the terminal is as it was.  They are let in only
 * while there is nothing to do but wait, so that none comes unnoticed.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ask.h"

static const int caught[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP };
#define N_CAUGHT (sizeof(caught) / sizeof(caught[0]))

typedef struct Signals {
        struct sigaction actions[N_CAUGHT];
        sigset_t mask;
} Signals;

static volatile sig_atomic_t last_signal;

static void note_signal(int number) {
        last_signal = number;
}

static void signals_catch(Signals *old) {
        struct sigaction action = { .sa_handler = note_signal };
        sigset_t set;

        last_signal = 0;
        sigemptyset(&set);
        for (size_t i = 0; i < N_CAUGHT; i++)
                sigaddset(&set, caught[i]);
        sigprocmask(SIG_BLOCK, &set, &old->mask);
        for (size_t i = 0; i < N_CAUGHT; i++)
                sigaction(caught[i], &action, &old->actions[i]);
}

/* One that comes from here on, or came since the last look, does what it does by itself. */
static void signals_release(const Signals *old) {
        for (size_t i = 0; i < N_CAUGHT; i++)
                sigaction(caught[i], &old->actions[i], NULL);
        sigprocmask(SIG_SETMASK, &old->mask, NULL);
        if (last_signal != 0)
                raise(last_signal);
}

/* Reads up to a newline or the end; -EINTR after a signal.  In canonical mode one read is one line, yet a terminal
 * may be in another. */
static ssize_t read_line(int fd, const sigset_t *mask, char *buffer, size_t size) {
        size_t used = 0;
        while (used < size) {
                struct pollfd pollfd = { .fd = fd, .events = POLLIN };
                ssize_t n = ppoll(&pollfd, 1, NULL, mask);
                if (n >= 0)
                        n = read(fd, buffer + used, size - used);
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
        struct termios old;
        Signals signals;
        if (tcgetattr(fd, &old) < 0)
                return -errno;

        signals_catch(&signals);
        struct termios quiet = old;
        quiet.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);
        ssize_t n = tcsetattr(fd, TCSAFLUSH, &quiet) < 0 ? -errno : 0;
        if (n == 0) {
                put(fd, prompt);
                n = read_line(fd, &signals.mask, buffer, size);
                put(fd, "\n");
                tcsetattr(fd, TCSAFLUSH, &old);
        }
        signals_release(&signals);
        return n;
}

ssize_t ask_password(const char *prompt, char *buffer, size_t size) {
        int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
                return -errno;

        ssize_t n;
        do      /* stopped and continued: ask again */
                n = ask_once(fd, prompt, buffer, size);
        while (n == -EINTR && last_signal == SIGTSTP);
        close(fd);
        return n;
}
