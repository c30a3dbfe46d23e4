/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The monitor: checks every account that the daemon knows on a schedule (schedule.h), and keeps how they are over the end of
 * the daemon.
 *
 * It does nothing by itself but look at the clock: what is due becomes a job like any other, with the accounts that are due
 * at the same time in one job, so that what they share is found.  Where there is no network it waits for one.
 */

#include "manager.h"
#include "network.h"

typedef struct Monitor Monitor;

/* `time_scale` divides its times, for tests.  `state_dir` is what was asked for; NULL: where the instance has its state. */
int monitor_new(Manager *manager, const char *state_dir, uint32_t time_scale, Monitor **ret);
Monitor *monitor_free(Monitor *monitor);

/* The workers are there: it may begin. */
void monitor_begin(Monitor *monitor);
/* The configuration was read again. */
void monitor_set_conf(Monitor *monitor);

/* An account is new, says something else, goes. */
void monitor_added(Monitor *monitor, Account *account);
void monitor_changed(Monitor *monitor, Account *account);
void monitor_removed(Monitor *monitor, Account *account);
/* A check of a known account has ended; tells the bus. */
void monitor_take(Monitor *monitor, Account *account, const Job *job, size_t number);
/* Writes down what is not of a check. */
void monitor_save(Monitor *monitor, const Account *account);

/* Somebody says something of the network, and it may have become another one. */
void monitor_links(Monitor *monitor, NetworkState state, bool changed);
void monitor_connectivity(Monitor *monitor, NetworkState state);
/* The computer was asleep. */
void monitor_resumed(Monitor *monitor);

NetworkState monitor_network(const Monitor *monitor);
/* CLOCK_REALTIME: when the next check begins; 0: never. */
uint64_t monitor_next_usec(const Monitor *monitor);
