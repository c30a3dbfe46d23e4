/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Landlock: what the kernel lets a process give up by itself, without a privilege.
 *
 * How much of it there is depends on the kernel: files since ABI 1, TCP ports since 4, signals and abstract
 * sockets since 6.  What is missing is left to the other parts of the sandbox.
 */

#include <stdint.h>

typedef enum LandlockLayer {
        LANDLOCK_LAYER_WORKER,          /* files are only read, nothing is run from them, no port is bound */
        LANDLOCK_LAYER_DIALOGUE,        /* no file at all; TCP only to one port */
} LandlockLayer;

/* What a layer takes away, in the bits of the kernel. */
typedef struct LandlockRights {
        uint64_t files, ports, scopes;
} LandlockRights;

/* The ABI of the running kernel; 0: none. */
int landlock_abi(void);

/* What the layer takes away under an ABI: the part of it that the ABI knows. */
LandlockRights landlock_rights(LandlockLayer layer, int abi);

/* Puts the layer on the calling process, for good.  `port` is the one that a dialogue may connect to. 
 * Returns 0, also when the ABI is 0; -errno. */
int landlock_enter(LandlockLayer layer, int abi, uint16_t port);
