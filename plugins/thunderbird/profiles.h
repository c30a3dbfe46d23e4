/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Which profiles are in use.  Pure.
 *
 * Each installation of Thunderbird has a profile of its own, which installs.ini names, and so do the sections [Install…] of
 * profiles.ini.  "Default=1" there is what a Thunderbird before 67 used, and nothing to go by beside them: a new profile is
 * made for an installation, and the old one keeps its mark.  Where Thunderbird asks at its start, all profiles are in
 * use.
 */

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

#define PROFILES_MAX 32u

typedef struct Profile {
        char *path;                     /* absolute, or relative to the folder of the file */
        unsigned file, line;            /* where it is named */
} Profile;

typedef struct Profiles {
        size_t n;
        Profile items[PROFILES_MAX];
} Profiles;

typedef struct ProfilesFile {
        const char *text;               /* NULL: there is none */
        size_t size;
        unsigned file;                  /* as faults and profiles name it */
} ProfilesFile;

/* Those in use, each once.  Returns 0, whatever is broken in the files; -ENOMEM. */
int profiles_read(const ProfilesFile *installs, const ProfilesFile *profiles, const FaultSink *faults, Profiles *ret);
void profiles_done(Profiles *profiles);
