/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The system calls that are left, as programs for the kernel (seccomp).
 *
 * Each stage of a worker's life allows a part of what the stage before does; a filter can be put on top of
 * another, never be taken off, so FILTER_FINDER allows what FILTER_DNS and FILTER_WEB do.  The programs are made once, in the worker, and only installed in a probe.
 */

#include <stddef.h>

typedef enum FilterStage {
        FILTER_WORKER,                  /* the zygote: load plugins, fork */
        FILTER_RESOLVE,                 /* a probe that resolves names: reads files, speaks UDP */
        FILTER_DIALOGUE,                /* a probe that talks to its server: TCP connections, nothing else */
        FILTER_TABLE,                   /* a probe that looks something up in files */
        FILTER_FINDER,                  /* the zygote of discovery: as the other, and what its probes need */
        FILTER_DNS,                     /* a probe with a resolver of its own: UDP, TCP */
        FILTER_WEB,                     /* a probe that fetches documents: the same, and the name service of the system */
        _FILTER_STAGE_MAX,
} FilterStage;

typedef struct Filter Filter;

int filter_new(FilterStage stage, Filter **ret);
Filter *filter_free(Filter *filter);

/* Puts the filter on the calling process, for good; it must have no_new_privs.  Returns 0 or -errno. */
int filter_install(const Filter *filter);

/* How many system calls the stage allows. */
size_t filter_count(FilterStage stage);
