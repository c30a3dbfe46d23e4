/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Loads one plugin from a descriptor: note, rehearsal, and only then the dynamic linker in this process. */

#include "plugins.h"

#define PLUGIN_FILE_MAX (16u * 1024u * 1024u)

/*
 * Loads `plugin`, an entry of `plugins`, from `fd`, which stays open until the last plugin is loaded: the
 * dynamic linker is given /proc/self/fd/N, and takes a second file under the same name for the first. 
 * Returns 0, REFUSED with a reason, -ENOMEM.
 */
int loader_load(Plugins *plugins, Plugin *plugin, int fd, char **ret_why);
