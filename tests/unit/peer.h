/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A peer for a probe: a child process that accepts on loopback and plays a part. */

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Peer {
        pid_t pid;
        uint16_t port;
} Peer;

/* A listening socket on a free port of 127.0.0.1. */
static inline int peer_listen(uint16_t *ret_port) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t length = sizeof(address);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(bind(fd, (struct sockaddr *) &address, length), 0);
        ck_assert_int_eq(listen(fd, 16), 0);
        ck_assert_int_eq(getsockname(fd, (struct sockaddr *) &address, &length), 0);
        *ret_port = ntohs(address.sin_port);
        return fd;
}

/* Every connection is played by play(); `number` counts them from 0. */
static inline Peer peer_start(void (*play)(int fd, unsigned number)) {
        Peer peer;
        int listener = peer_listen(&peer.port);

        peer.pid = fork();
        ck_assert_int_ge(peer.pid, 0);
        if (peer.pid == 0) {
                signal(SIGPIPE, SIG_IGN);
                alarm(60);
                for (unsigned number = 0;; number++) {
                        int fd = accept(listener, NULL, NULL);
                        if (fd < 0)
                                _exit(1);
                        if (fork() == 0) {
                                alarm(60);
                                play(fd, number);
                                _exit(0);
                        }
                        close(fd);
                }
        }
        close(listener);
        return peer;
}

static inline void peer_stop(const Peer *peer) {
        kill(peer->pid, SIGKILL);
        waitpid(peer->pid, NULL, 0);
}

static inline void peer_say(int fd, const char *text) {
        size_t length = strlen(text);
        ck_assert_int_eq(send(fd, text, length, MSG_NOSIGNAL), (ssize_t) length);
}

/* Reads one line of the client without its CR LF; false at the end of the connection. */
static inline bool peer_hear(int fd, char *ret, size_t size) {
        size_t n = 0;
        char c;
        while (n + 1 < size && read(fd, &c, 1) == 1) {
                if (c == '\n') {
                        ret[n > 0 && ret[n - 1] == '\r' ? n - 1 : n] = '\0';
                        return true;
                }
                ret[n++] = c;
        }
        return false;
}

/* Takes what the client says until it ends the connection. */
static inline void peer_drain(int fd) {
        char buffer[4096];
        while (read(fd, buffer, sizeof(buffer)) > 0)
                ;
}

static inline void peer_reset(int fd) {
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger) { .l_onoff = 1 }, sizeof(struct linger));
        close(fd);
}
