/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A dangerous act, tried first in a child process.
 *
 * Constructors of a shared object run when it is loaded, and a descriptor's pointers may lead anywhere.  What crashes,
 * hangs or exits does so in the rehearsal, and costs only the plugin.
 */

/* Narrows the process that it is called in; -errno when that fails. */
typedef struct Confinement {
        int (*enter)(void *userdata);   /* NULL: none */
        void *userdata;
} Confinement;

/* Does the act: 0, REFUSED with a reason, -errno. */
typedef int (*RehearsalAct)(void *userdata, char **ret_why);

/*
 * Runs the act in a child that enters the confinement first.  Returns what the act returned; REFUSED with a reason that
 * says how it ended when it did not return ("crashes when it is loaded (Segmentation fault)"); -errno when it could not
 * be tried.
 */
int rehearse(const Confinement *confinement, RehearsalAct act, void *userdata, char **ret_why);
