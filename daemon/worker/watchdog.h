/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The sign of life that the service manager asks for, where it has started the worker: sd_notify(3) in its simplest form.
 * Without one nothing is told.
 */

#include <stdint.h>
#include <sys/un.h>

typedef struct Watchdog {
        struct sockaddr_un address;     /* of the manager */
        socklen_t address_size;
        uint64_t interval_ms;           /* between two signs; 0: none is asked for */
        uint64_t next_ms;               /* of children_now() */
        int socket;                     /* valid after watchdog_open() if one is asked for */
} Watchdog;

/* Reads what the manager wants out of the environment. */
void watchdog_learn(Watchdog *watchdog);
/* Opens the socket to the manager.  Returns 0 or -errno. */
int watchdog_open(Watchdog *watchdog);

/* How long until the next sign is due, for poll(2); -1: for ever. */
int watchdog_wait_ms(const Watchdog *watchdog);
/* Gives the sign, if it is due. */
void watchdog_tell(Watchdog *watchdog);
