/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The plugins of a directory: each either loaded, or refused with a line that says why. */

#include <stdbool.h>
#include <stddef.h>

#include <maildiag/plugin.h>

#include "note.h"

#define PLUGINS_MAX 64u

typedef struct Plugin {
        char *file;                     /* its name, made harmless; that of the directory if it is refused */
        bool loaded;
        char *why;                      /* why it was refused; NULL: it is loaded */
        Note note;                      /* name and ABI; name empty when they are not known */
        MdPlugin descriptor;            /* of a loaded one */
        void *handle;
        unsigned crashes;               /* of its probes so far */
} Plugin;

typedef struct Plugins {
        bool discovery;                 /* of the worker for discovery: other profiles than in the folder above */
        size_t n;
        Plugin items[PLUGINS_MAX + 1];
} Plugins;

/* Loads what ends in ".so", in the order of names.  Returns 0, also when everything was refused; -ENOMEM. */
int plugins_load(const char *directory, bool discovery, Plugins **ret);
Plugins *plugins_free(Plugins *plugins);

/* The loaded plugin of that name; NULL. */
Plugin *plugins_find(Plugins *plugins, const char *name);
