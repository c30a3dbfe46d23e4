/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How the client ends: its exit statuses, and the one line that says why. */

typedef enum ExitStatus {
        STATUS_FINE = 0,                /* nothing wrong */
        STATUS_BROKEN = 1,              /* something broken */
        STATUS_UNKNOWN = 2,             /* could not tell */
        STATUS_USAGE = 64,              /* a wrong argument */
        STATUS_NO_INPUT = 66,           /* no such account, finding or file */
        STATUS_NO_DAEMON = 69,          /* no daemon or no bus */
        STATUS_NOT_ALLOWED = 77,        /* the daemon refuses the caller */
} ExitStatus;

/* Writes "maildiag: …" to the standard error, made harmless and on one line.  Returns `status`, so that a caller
 * can pass it on. */
int complain(ExitStatus status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Complains that there is no memory left. */
int complain_oom(void);
