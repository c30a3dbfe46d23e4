/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ini.h"
#include "profiles.h"

#define DECLARED_MAX 256u

typedef enum SectionKind {
        SECTION_OTHER,
        SECTION_GENERAL,
        SECTION_INSTALL,
        SECTION_PROFILE,
} SectionKind;

/* A [ProfileN]. */
typedef struct Declared {
        Profile profile;
        bool is_default;
} Declared;

typedef struct Reader {
        unsigned file;
        bool is_installs;               /* every section is an installation */
        SectionKind section;
        bool asks;                      /* Thunderbird asks which profile, each time */
        Profiles *installed;
        size_t n_declared;
        Declared declared[DECLARED_MAX];
        const FaultSink *faults;
} Reader;

void profiles_done(Profiles *profiles) {
        for (size_t i = 0; i < profiles->n; i++)
                free(profiles->items[i].path);
        profiles->n = 0;
}

static int add(Profiles *profiles, const char *path, unsigned file, unsigned line, const FaultSink *faults) {
        for (size_t i = 0; i < profiles->n; i++)
                if (!strcmp(profiles->items[i].path, path))
                        return 0;
        if (profiles->n == PROFILES_MAX) {
                fault_format(faults, file, line, "names more than %u profiles; the others are left out", PROFILES_MAX);
                return 0;
        }
        char *copy = strdup(path);
        if (!copy)
                return -ENOMEM;
        profiles->items[profiles->n++] = (Profile) { copy, file, line };
        return 0;
}

static int on_section(void *userdata, const char *name, unsigned line) {
        Reader *reader = userdata;

        if (reader->is_installs || !strncmp(name, "Install", 7))
                reader->section = SECTION_INSTALL;
        else if (!strncmp(name, "Profile", 7) && reader->n_declared < DECLARED_MAX) {
                reader->section = SECTION_PROFILE;
                reader->declared[reader->n_declared++] = (Declared) { .profile = { NULL, reader->file, line } };
        } else
                reader->section = strcmp(name, "General") ? SECTION_OTHER : SECTION_GENERAL;
        return 0;
}

static int on_profile(Reader *reader, const char *key, const char *value, unsigned line) {
        Declared *declared = &reader->declared[reader->n_declared - 1];

        if (!strcmp(key, "Default"))
                declared->is_default = !strcmp(value, "1");
        if (strcmp(key, "Path") || !*value)
                return 0;
        free(declared->profile.path);
        declared->profile.path = strdup(value);
        declared->profile.line = line;
        return declared->profile.path ? 0 : -ENOMEM;
}

static int on_value(void *userdata, const char *key, const char *value, unsigned line) {
        Reader *reader = userdata;

        if (reader->section == SECTION_PROFILE)
                return on_profile(reader, key, value, line);
        if (reader->section == SECTION_GENERAL && !strcmp(key, "StartWithLastProfile"))
                reader->asks = !strcmp(value, "0");
        if (reader->section == SECTION_INSTALL && !strcmp(key, "Default") && *value)
                return add(reader->installed, value, reader->file, line, reader->faults);
        return 0;
}

static int read_file(Reader *reader, const ProfilesFile *file, bool is_installs) {
        const IniSink sink = { on_section, on_value, reader };

        reader->file = file->file;
        reader->is_installs = is_installs;
        reader->section = SECTION_OTHER;
        return file->text ? ini_read(file->file, file->text, file->size, &sink, reader->faults) : 0;
}

/* Before 67: the default, or the only one. */
static bool is_in_use(const Reader *reader, const Declared *declared) {
        return reader->asks || declared->is_default || reader->n_declared == 1;
}

static int take_declared(const Reader *reader, Profiles *ret) {
        bool installed = ret->n > 0;
        int r = 0;

        for (size_t i = 0; r >= 0 && i < reader->n_declared; i++) {
                const Declared *declared = &reader->declared[i];
                if (declared->profile.path && (installed ? reader->asks : is_in_use(reader, declared)))
                        r = add(ret, declared->profile.path, declared->profile.file, declared->profile.line, reader->faults);
        }
        return r;
}

int profiles_read(const ProfilesFile *installs, const ProfilesFile *profiles, const FaultSink *faults, Profiles *ret) {
        Reader *reader = calloc(1, sizeof(*reader));

        *ret = (Profiles) { 0 };
        if (!reader)
                return -ENOMEM;
        reader->installed = ret;
        reader->faults = faults;
        int r = read_file(reader, installs, true);
        if (r >= 0)
                r = read_file(reader, profiles, false);
        if (r >= 0)
                r = take_declared(reader, ret);
        for (size_t i = 0; i < reader->n_declared; i++)
                free(reader->declared[i].profile.path);
        free(reader);
        if (r < 0)
                profiles_done(ret);
        return r;
}
