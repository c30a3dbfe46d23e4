/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The section [access] of maildiag.conf: what an administrator allows to the users of the system instance. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ACCESS_GROUPS_MAX 16u
#define ACCESS_PORTS_MAX 64u

typedef struct Access {
        size_t n_groups;
        gid_t groups[ACCESS_GROUPS_MAX];        /* whose members may see the details of accounts */
        size_t n_ports;
        uint16_t ports[ACCESS_PORTS_MAX];       /* that users may have connected to, sorted */
} Access;

/* The usual ports of mail, and nobody but root sees details. */
void access_init(Access *access);

/* Take a list of words.  Return 0; -EINVAL with what is wrong with it in ret_wrong, a constant; -ENOMEM. */
int access_set_groups(Access *access, const char *words, const char **ret_wrong);
int access_add_ports(Access *access, const char *words, const char **ret_wrong);

bool access_has_port(const Access *access, uint16_t port);
/* All of them in a line; NULL: out of memory. */
char *access_ports_text(const Access *access);
/* Whether the user belongs to one of the groups. */
bool access_is_reader(const Access *access, uid_t uid);
