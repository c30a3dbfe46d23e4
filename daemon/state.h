/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The state directory: small files that outlive the daemon.
 *
 * A file is whole or absent: it is written beside its name and then renamed.  Nothing here is worth more than the check
 * that needs it: without the directory, without room, after any damage the daemon goes on, and only forgets.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "instance.h"

#define STATE_FILE_MAX (64u * 1024u)            /* bytes of a file */

/* Which file it was at the last look. Starts as all zero. */
typedef struct StateMark {
        dev_t device;
        ino_t inode;
        off_t size;
        struct timespec changed;
} StateMark;

/*
 * Where an instance keeps its state: what was asked for, else $STATE_DIRECTORY of the service manager, else for a user
 * $XDG_STATE_HOME/maildiag or ~/.local/state/maildiag.  A new string; NULL: nowhere, or out of memory.  ret_given: somebody
 * named it for this purpose.
 */
char *state_place(Instance instance, const char *asked, bool *ret_given);

/* Opens the directory; makes it, for its user only, where it is missing.  Returns a descriptor, or -errno: -EPERM when it
 * belongs to somebody else or others may write in it. */
int state_open(const char *path);

/* Reads a file, with a NUL behind it.  Returns 0; -ENOENT; -EBADMSG when it is none that the daemon would write (no
 * regular file of its own, too large, with a NUL inside); another -errno. */
int state_read(int directory, const char *name, char **ret_text);
/* Replaces a file, or leaves the old one and returns -errno. */
int state_write(int directory, const char *name, const char *text);
/* Whether the file is another than at the last look; it is looked at now.  One that is gone is no other. */
bool state_look(int directory, const char *name, StateMark *mark);

/* Keeps other daemons out of the directory until state_unlock(), if they leave it in so many milliseconds.  Returns 0,
 * -EWOULDBLOCK. */
int state_lock(int directory, unsigned patience_ms);
void state_unlock(int directory);
