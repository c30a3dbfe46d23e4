/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Reads files of the table from a folder. */

#include "table.h"

/*
 * Reads every regular file *.conf of a folder into a layer, by name.  A folder that is not there has none.  Folder and files
 * must belong to root or to this user, and nobody else may be able to write to them.  What is not read is a fault, with the
 * line 0.  Returns 0, also when there were faults, or -ENOMEM.
 */
int load_folder(Table *table, unsigned layer, const char *path, TableFault fault, void *userdata);
