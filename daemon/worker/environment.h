/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a process inherits from whoever starts it, made harmless: environment, standard streams, other
 * descriptors, signals.
 */

/* Removes every variable but the language, PATH and those of the sanitizers: libraries obey many (GNUTLS_*,
 * SSLKEYLOGFILE, RES_OPTIONS, HOSTALIASES, LOCALDOMAIN, http_proxy, MALLOC_*), and none is a setting of
 * ours.  Returns 0 or -ENOMEM. */
int environment_clear(void);

/* Standard input and output become /dev/null; of the other descriptors only `keep` and standard error stay
 * open, and `keep` is not passed on to programs.  Signals get their default actions and are let through, but
 * for SIGPIPE, which is ignored.  Returns 0 or -errno. */
int environment_settle(int keep);
