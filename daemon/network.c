/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The words of those who know. */

#include <errno.h>
#include <string.h>

#include "network.h"
#include "own.h"

static const char *const words[] = {
        [NETWORK_UNKNOWN] = "unknown",
        [NETWORK_ONLINE] = "online",
        [NETWORK_LOCAL] = "local",
        [NETWORK_PORTAL] = "portal",
        [NETWORK_OFFLINE] = "offline",
};

const char *network_state_to_string(NetworkState state) {
        return words[state];
}

int network_state_from_word(const char *word) {
        static const NetworkState states[] = { NETWORK_ONLINE, NETWORK_LOCAL, NETWORK_OFFLINE };

        for (size_t i = 0; i < ELEMENTS(states); i++)
                if (!strcmp(words[states[i]], word))
                        return states[i];
        return -EINVAL;
}

NetworkState network_state_from_connectivity(uint32_t connectivity) {
        static const NetworkState states[] = {
                NETWORK_UNKNOWN, NETWORK_OFFLINE, NETWORK_PORTAL, NETWORK_LOCAL, NETWORK_ONLINE,
        };
        return connectivity < ELEMENTS(states) ? states[connectivity] : NETWORK_UNKNOWN;
}

NetworkState network_state(const Network *network) {
        if (network->links == NETWORK_OFFLINE || network->manager == NETWORK_UNKNOWN)
                return network->links;
        return network->manager;
}

bool network_is_up(NetworkState state) {
        return state == NETWORK_ONLINE || state == NETWORK_UNKNOWN;
}
