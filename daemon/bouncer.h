/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Who may.
 *
 * A caller is the uid that the bus vouches for, asked for before anything is started; a caller whose uid cannot be had
 * (it may have left in the middle of its call) may nothing.
 */

#include <stdbool.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>

#include "instance.h"

/* Knows the caller whom it let in last, so that one who asks often does not have the bus asked each time. */
typedef struct Bouncer Bouncer;

/* NULL: out of memory. */
Bouncer *bouncer_new(Instance instance);
Bouncer *bouncer_free(Bouncer *bouncer);

/* Who sent this message, if he may talk to this instance at all.  Returns 0, or -EACCES with the error set. */
int bouncer_admit(Bouncer *bouncer, sd_bus_message *call, uid_t *ret_uid, sd_bus_error *error);
/* Whether he may have settings checked.  Returns 0, or -EACCES with the error set. */
int bouncer_may_check(Instance instance, uid_t uid, sd_bus_error *error);
/* Whether he may have logins made that the budget has none left for.  Returns 0, or -EACCES with the error set. */
int bouncer_may_ignore_budget(Instance instance, uid_t uid, sd_bus_error *error);
/* Whether he may see the address, the settings and the findings of accounts that the daemon knows; may have them checked;
 * may have the configuration read again.  Each returns 0, or -EACCES with the error set. */
int bouncer_may_view(Instance instance, uid_t uid, sd_bus_error *error);
int bouncer_may_check_account(Instance instance, uid_t uid, sd_bus_error *error);
int bouncer_may_manage(Instance instance, uid_t uid, sd_bus_error *error);
/* Whether he may name a credential of the service, for servers that he names: then he may well be given it.  Returns 0, or
 * -EACCES with the error set. */
int bouncer_may_use_credentials(Instance instance, uid_t uid, sd_bus_error *error);
/* Whether he may see and cancel what another started. */
bool bouncer_may_see(uid_t uid, uid_t owner);
