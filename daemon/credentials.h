/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Credentials of the service manager (systemd.exec(5)): secrets that stand as files in a directory which only this service
 * can read, $CREDENTIALS_DIRECTORY.
 *
 * The daemon opens them for a probe and never reads them.  LoadCredential=maildiag:DIRECTORY gives the files of a directory
 * names that begin with "maildiag_"; that prefix is not written in "credential:NAME".
 */

typedef struct Credentials Credentials;

/* `directory` is what was asked for; NULL: where the service manager says.  NULL: out of memory. */
Credentials *credentials_new(const char *directory);
Credentials *credentials_free(Credentials *credentials);

/* Opens a credential, afresh for each caller.  Returns a descriptor, or -errno: -ENOENT when there is none of this name,
 * -EINVAL when it is not a file that can be one. */
int credentials_open(const Credentials *credentials, const char *name);
