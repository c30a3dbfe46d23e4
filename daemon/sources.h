/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The sources that plugins read: the mail clients of the user.
 *
 * Each is read by a probe, which alone sees the files, when its plugin becomes known, when somebody asks for it, and when a
 * file that the probe asked for changed.
 */

#include "accounts.h"
#include "crew.h"

#define SOURCES_PLACES_MAX 8u           /* that are read of one besides what it declares */

typedef struct Sources Sources;

typedef struct SourcesHooks {
        /* Something was read; the accounts are as it says. */
        void (*taken)(void *userdata);
        /* Something in a file is broken that was not before. */
        void (*fault)(const char *path, unsigned line, const char *text);
        /* Everything that was to be read has been, or cannot be. */
        void (*settled)(void *userdata);
        void *userdata;
} SourcesHooks;

/* `home` is absolute, `time_scale` divides the waiting time after a change. */
int sources_new(sd_event *event, Crew *crew, Accounts *accounts, const char *home, uint32_t time_scale,
                const SourcesHooks *hooks, Sources **ret);
/* Questions that are not answered yet are told -ECANCELED. */
Sources *sources_free(Sources *sources);

/* The workers have plugins that they did not have, or room for a probe. */
void sources_go_on(Sources *sources);
/* Whether nothing is being read, or waits for it. */
bool sources_are_settled(const Sources *sources);
/* Which are read from now on, by name, a space between two; NULL: all.  Returns 0, -ENOMEM. */
int sources_set_chosen(Sources *sources, const char *names);
/* Makes them known to accounts_source_at(), after accounts_clear_sources().  Returns as accounts_add_source(). */
int sources_add_to(const Sources *sources);
/* Reads all of them again, in a while. */
void sources_read(Sources *sources);

/* What was asked for was read: ids of accounts, in no order, `n` of them; or r is -errno and there are none. */
typedef void (*SourcesDone)(void *userdata, int r, const char *const *ids, size_t n);

bool sources_have(const Sources *sources, const char *program);
/*
 * Reads a source, NULL: all of them.  `place` NULL: what it declares; else this file or folder, which from then on is read with
 * the rest until the daemon ends.  `dry_run`: nothing is taken over.  Returns 0, and `done` is called later; -ENOENT,
 * -E2BIG for too many places, -ENOMEM.
 */
int sources_import(Sources *sources, const char *program, const char *place, bool dry_run, SourcesDone done, void *userdata);
