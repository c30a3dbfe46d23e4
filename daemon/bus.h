/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon's face on a bus: org.maildiag.Diag1. */

#include "manager.h"

/* Connects and answers from now on.  `fd`, taken over, is the socket of a private instance.  Returns 0, -EEXIST when
 * another has the name, or another -errno. */
int bus_new(Manager *manager, int fd, Bus **ret);
/* Sends what is queued, and disconnects; returns NULL. */
Bus *bus_free(Bus *bus);
/* The plugins of another worker are known: answers calls that waited for that. */
void bus_go_on(Manager *manager);

/* ---- news, to everybody: ids and status words only ---- */

typedef enum BusNews {
        BUS_NEWS_ADDED,
        BUS_NEWS_REMOVED,
        BUS_NEWS_SETTINGS,              /* they changed */
        BUS_NEWS_STATUS,                /* it was checked */
        BUS_NEWS_MUTED,
} BusNews;

/* Something is new about an account. */
void bus_tell_account(Bus *bus, const Account *account, BusNews news);
/* Its status became another. */
void bus_tell_status(Bus *bus, const Account *account, Verdict old);
/* A round of checks ended. */
void bus_tell_round(Bus *bus, Verdict worst, size_t n_broken, size_t n);
/* The network became another. */
void bus_tell_network(Bus *bus);
/* What the manager says of all accounts has changed. */
void bus_tell_summary(Bus *bus);
