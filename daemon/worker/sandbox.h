/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The sandbox: what worker and probe can no longer do.
 *
 * The worker narrows itself at its start.  A probe narrows itself twice: when it is born, and again once
 * names are resolved, before it reads the secret or speaks to the server.  Every part is permanent.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <maildiag/plugin.h>

typedef struct Sandbox Sandbox;

/* Prepares what probes need, once.  `discovery`: for the worker whose plugins find settings; it can run their profiles,
 * and only theirs. */
int sandbox_new(bool discovery, Sandbox **ret);
Sandbox *sandbox_free(Sandbox *sandbox);

/* The Landlock ABI of the kernel; 0: none. */
int sandbox_landlock_abi(const Sandbox *sandbox);

/* Narrows the worker. */
int sandbox_enter_worker(const Sandbox *sandbox);

/*
 * Narrows a probe at its birth: it dies with `parent`, keeps standard input, output and error and the n
 * descriptors of `keep`, and has little memory, time and room.
 */
int sandbox_enter_probe(const Sandbox *sandbox, pid_t parent, const int *keep, size_t n);

/* What is different from one dialogue of a profile to the next. */
typedef struct SandboxScope {
        uint16_t port;                  /* of the target, or of its proxy; 0: neither */
        const char *data_dir;           /* that a table may read; NULL */
        const char *const *own;         /* files and folders of the user that a source may read, NULL-terminated; NULL: none */
        const char *place;              /* the one that somebody named instead; NULL */
} SandboxScope;

/* Narrows a probe for its dialogue. */
int sandbox_enter_dialogue(const Sandbox *sandbox, MdProfile profile, const SandboxScope *scope);
