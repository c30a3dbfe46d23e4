/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The files in which the monitor keeps how accounts are: one each, in the directory "accounts" of the state directory.
 * Losing one costs no more than a check. */

#include "account.h"
#include "instance.h"

typedef struct MonitorState MonitorState;

/* NULL: out of memory.  A private instance keeps nothing. */
MonitorState *monitor_state_new(Instance instance, const char *directory);
MonitorState *monitor_state_free(MonitorState *state);

/* Fills the status of an account with what is kept of it; where there is nothing it stays as it is. */
void monitor_state_load(MonitorState *state, Account *account);
void monitor_state_save(MonitorState *state, const Account *account);
void monitor_state_forget(MonitorState *state, const Account *account);
