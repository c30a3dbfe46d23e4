/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Tells when files change that are not opened here: the directories that they lie in are watched.  Of a file that is not
 * there the nearest directory that is, until it appears.
 */

#include <stdbool.h>
#include <systemd/sd-event.h>

typedef struct SourceWatch SourceWatch;

/* `changed` is called some time after the first change. */
int source_watch_new(sd_event *event, uint64_t delay_usec, void (*changed)(void *userdata), void *userdata, SourceWatch **ret);
SourceWatch *source_watch_free(SourceWatch *watch);

/* Watches these absolute paths, and no other.  Returns 1 when a directory is watched that was not before, so that a change may
 * have been missed; 0; -errno. */
int source_watch_set(SourceWatch *watch, const char *const *paths, size_t n);
