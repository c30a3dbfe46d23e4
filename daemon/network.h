/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Whether there is a network, from those who know: the worker looks at links and routes, NetworkManager asks a server on the
 * internet.  Pure. */

#include <stdbool.h>
#include <stdint.h>

typedef enum NetworkState {
        NETWORK_UNKNOWN,                /* nobody says */
        NETWORK_ONLINE,
        NETWORK_LOCAL,                  /* there are others, but no way to the internet */
        NETWORK_PORTAL,                 /* a login page stands before it */
        NETWORK_OFFLINE,
} NetworkState;

typedef struct Network {
        NetworkState links;             /* by the worker */
        NetworkState manager;           /* by NetworkManager */
} Network;

/* What both come to: a computer without links has no network, whatever was last heard of the internet. */
NetworkState network_state(const Network *network);
/* Whether mail servers elsewhere can be expected to be reached. */
bool network_is_up(NetworkState state);

const char *network_state_to_string(NetworkState state);
/* A word of the worker: "online", "local" or "offline"; -EINVAL. */
int network_state_from_word(const char *word);
/* The property Connectivity of NetworkManager. */
NetworkState network_state_from_connectivity(uint32_t connectivity);
