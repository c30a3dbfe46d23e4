/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The hosts of others that a diagnosis may connect to, to tell a fault of this network from one of a server.  The
 * administrator names them; without a list nobody but the servers of the settings is ever asked. */

#include <stddef.h>
#include <stdint.h>

#define CONTROL_POINTS_MAX 8u

typedef struct ControlPoint {
        char *host;
        uint16_t port;
} ControlPoint;

typedef struct ControlList {
        size_t n;
        ControlPoint points[CONTROL_POINTS_MAX];
} ControlList;

/* Reads "HOST:PORT,…", an IPv6 address in brackets; "" is the empty list.  Returns 0; -EINVAL and what is wrong, a
 * constant text, in ret_fault; -ENOMEM. */
int control_list_parse(const char *text, ControlList *ret, const char **ret_fault);
void control_list_done(ControlList *list);
