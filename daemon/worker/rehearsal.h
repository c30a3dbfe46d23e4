/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A dangerous act, tried first in a child process.
 *
 * Constructors of a shared object run when it is loaded, and a descriptor's pointers may lead anywhere.  What
 * crashes, hangs or exits does so in the rehearsal, and costs only the plugin.
 */

/* Does the act: 0, REFUSED with a reason, -errno. */
typedef int (*RehearsalAct)(void *userdata, char **ret_why);

/*
 * Runs the act in a child.  Returns what the act returned; REFUSED with a reason that says how it ended when
 * it did not return ("crashes when it is loaded (Segmentation fault)"); -errno when it could not be tried.
 *
 * The child may do what the caller may, no more and no less, so that the act goes there as it will go here.
 */
int rehearse(RehearsalAct act, void *userdata, char **ret_why);
