/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Who keeps the budget of logins: asked before each login, told what became of it.
 *
 * It joins the rules (budget.h) with the file in the state directory and with the clocks.  Several daemons of one user
 * share the file: each reads it again when another has written it.  Without a directory it remembers as long as it runs.
 */

#include "budget.h"
#include "instance.h"
#include "probe-log.h"

typedef struct Logins Logins;

/* `directory` is what was asked for; NULL: where the instance has its state.  Nothing is opened before it is needed.
 * NULL: out of memory. */
Logins *logins_new(Instance instance, const char *directory);
Logins *logins_free(Logins *logins);

/* Whether a target may log in now, see budget_ask(). */
BudgetAnswer logins_ask(Logins *logins, const MdTarget *target, bool always, BudgetTicket *ret_ticket,
                        Denial *ret_denial);
/* The probe that had the ticket has ended; one that had none stays as it is. */
void logins_settle(Logins *logins, BudgetTicket *ticket, const ProbeLog *log);

/* Counts what was settled: when it has changed, an answer may be another. */
uint64_t logins_n_settled(const Logins *logins);
