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

#include "access.h"
#include "instance.h"

/* What a caller may do. */
typedef enum Right {
        RIGHT_NONE,                     /* nothing is needed */
        RIGHT_CHECK_SERVER,             /* have settings checked that are stored nowhere */
        RIGHT_CHECK_ACCOUNT,            /* have accounts checked that the daemon knows */
        RIGHT_VIEW,                     /* see the address, the settings and the findings of such accounts */
        RIGHT_IMPORT,                   /* have accounts of other programs read */
        RIGHT_MANAGE,                   /* have the configuration read again */
        _RIGHT_MAX,
} Right;

/* The action of polkit. */
const char *right_to_action(Right right);
/* Why a caller without the right is refused, one line. */
const char *right_refusal(Right right);

/* Knows the caller whom it let in last, so that one who asks often does not have the bus asked each time. */
typedef struct Bouncer Bouncer;

/* NULL: out of memory. */
Bouncer *bouncer_new(Instance instance);
Bouncer *bouncer_free(Bouncer *bouncer);

/* Who sent this message, if he may talk to this instance at all.  Returns 0, or -EACCES with the error set. */
int bouncer_admit(Bouncer *bouncer, sd_bus_message *call, uid_t *ret_uid, sd_bus_error *error);
/* Takes over what the administrator allows. */
void bouncer_set_access(Bouncer *bouncer, const Access *access);
const Access *bouncer_access(const Bouncer *bouncer);

/* Whether the user has a right by himself, without polkit being asked. */
bool bouncer_has(const Bouncer *bouncer, uid_t uid, Right right);
/* Whether he is a user of the system whose checks have limits: to the ports and the hosts of mail servers elsewhere. */
bool bouncer_limits(const Bouncer *bouncer, uid_t uid);
/* Whether he may have logins made that the budget has none left for.  Returns 0, or -EACCES with the error set. */
int bouncer_may_ignore_budget(Instance instance, uid_t uid, sd_bus_error *error);
/* Whether he may name a credential of the service, for servers that he names: then he may well be given it.  Returns 0, or
 * -EACCES with the error set. */
int bouncer_may_use_credentials(Instance instance, uid_t uid, sd_bus_error *error);
/* Whether he may see and cancel what another started. */
bool bouncer_may_see(uid_t uid, uid_t owner);
