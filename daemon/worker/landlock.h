/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Landlock: what the kernel lets a process give up by itself, without a privilege.
 *
 * How much of it there is depends on the kernel: files since ABI 1, TCP ports since 4, signals and abstract
 * sockets since 6.  What is missing is left to the other parts of the sandbox.
 */

#include <stddef.h>
#include <stdint.h>

typedef enum LandlockLayer {
        LANDLOCK_LAYER_WORKER,          /* files are only read, nothing is run from them, no port is bound */
        LANDLOCK_LAYER_DIALOGUE,        /* no file and no TCP but what is granted */
} LandlockLayer;

/* What a layer takes away, in the bits of the kernel. */
typedef struct LandlockRights {
        uint64_t files, ports, scopes;
} LandlockRights;

/* The ABI of the running kernel; 0: none. */
int landlock_abi(void);

/* What the layer takes away under an ABI: the part of it that the ABI knows. */
LandlockRights landlock_rights(LandlockLayer layer, int abi);

#define LANDLOCK_PORTS_MAX 8u
#define LANDLOCK_PATHS_MAX 32u
#define LANDLOCK_OWN_MAX 16u

/* What the dialogue is left. */
typedef struct LandlockGrant {
        size_t n_ports;
        uint16_t ports[LANDLOCK_PORTS_MAX];     /* TCP may connect to them */
        size_t n_paths;
        const char *paths[LANDLOCK_PATHS_MAX];  /* files, and folders with all in them, that may be read; what is not
                                                 * there is left out, links are followed */
        size_t n_own;
        const char *own[LANDLOCK_OWN_MAX];      /* the same in a folder of the user: a link is left out, too */
} LandlockGrant;

/* Puts the layer on the calling process, for good.  `grant` is for the dialogue only.  Returns 0, also when the ABI is
 * 0; -errno. */
int landlock_enter(LandlockLayer layer, int abi, const LandlockGrant *grant);
