/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The source plugin of Thunderbird: the accounts of the profiles in use, of the distribution's package, of Flatpak and of
 * Snap.
 *
 * Four files are read, and no other is opened: installs.ini and profiles.ini, which say where the profiles are, and prefs.js
 * and user.js of each of them.  Passwords lie elsewhere.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <maildiag/source.h>

#include "accounts.h"
#include "plugins/sdk/own.h"
#include "profiles.h"

#define INI_MAX (256u * 1024u)
#define PREFS_MAX (16u * 1024u * 1024u)

/* Files of one folder, by the numbers that the parsers know them by. */
enum {
        FILE_PREFS,
        FILE_USER,
        FILE_INSTALLS = 0,
        FILE_PROFILES,
        FILES_MAX,
};

typedef struct Reading {
        MdProbe *probe;
        const char *paths[FILES_MAX];
        bool has[FILES_MAX];
} Reading;

static void on_fault(void *userdata, unsigned file, unsigned line, const char *text) {
        const Reading *reading = userdata;
        md_source_fault(reading->probe, reading->paths[file], line, "%s", text);
}

static char *join(const char *folder, const char *name) {
        char *path;
        return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* ---- a profile ---- */

static bool on_account(void *userdata, const MdSourceAccount *account) {
        const Reading *reading = userdata;
        const char *files[FILES_MAX + 1] = { reading->paths[FILE_PREFS] };
        MdSourceAccount whole = *account;

        if (reading->has[FILE_USER])
                files[FILE_USER] = reading->paths[FILE_USER];
        whole.files = files;
        return md_source_account(reading->probe, &whole);
}

/* Returns 1 when it was read, 0 when it is not there or cannot be read, -ENOMEM. */
static int read_prefs(Reading *reading, unsigned file, Prefs *prefs, const FaultSink *faults) {
        _cleanup_free_ char *text = NULL;
        size_t size;

        int r = md_source_read(reading->probe, reading->paths[file], PREFS_MAX, &text, &size);
        if (r == 0)
                r = prefs_read(prefs, file, text, size, faults);
        reading->has[file] = r == 0;
        return r == 0 ? 1 : r == -ENOMEM ? r : 0;
}

static int read_both(Reading *reading, Prefs *prefs) {
        const FaultSink faults = { on_fault, reading };
        const AccountsSink sink = { on_account, reading };
        int r = read_prefs(reading, FILE_PREFS, prefs, &faults);

        if (r >= 0)
                r = read_prefs(reading, FILE_USER, prefs, &faults);
        if (r < 0 || (!reading->has[FILE_PREFS] && !reading->has[FILE_USER]))
                return r;
        prefs_sort(prefs);
        r = accounts_tell(prefs, &sink, &faults);
        return r < 0 ? r : 1;
}

/* Returns 1 when there is one, 0, -ENOMEM. */
static int read_profile(MdProbe *probe, const char *folder) {
        _cleanup_free_ char *main = join(folder, "prefs.js"), *user = join(folder, "user.js");
        Prefs *prefs = prefs_new();
        Reading reading = { probe, { main, user } };

        int r = main && user && prefs ? read_both(&reading, prefs) : -ENOMEM;
        prefs_free(prefs);
        return r;
}

/* ---- the folder of Thunderbird ---- */

static int read_profiles(MdProbe *probe, const char *folder, const Reading *reading, const Profiles *profiles) {
        int r = 0;

        for (size_t i = 0; r >= 0 && i < profiles->n; i++) {
                const Profile *profile = &profiles->items[i];
                _cleanup_free_ char *path = profile->path[0] == '/' ? strdup(profile->path) : join(folder, profile->path);

                r = path ? read_profile(probe, path) : -ENOMEM;
                if (r == 0)
                        md_source_fault(probe, reading->paths[profile->file], profile->line,
                                        "names the profile %.200s, which is not there or cannot be read", profile->path);
        }
        return r;
}

/* Returns 1 when there is one of the two files, 0, -ENOMEM. */
static int read_folder(MdProbe *probe, const char *folder) {
        _cleanup_free_ char *installs = join(folder, "installs.ini"), *declared = join(folder, "profiles.ini");
        char *texts[FILES_MAX] = { NULL };
        Reading reading = { probe, { installs, declared } };
        const FaultSink faults = { on_fault, &reading };
        ProfilesFile files[FILES_MAX] = { { .file = FILE_INSTALLS }, { .file = FILE_PROFILES } };
        Profiles profiles = { 0 };
        int r = installs && declared ? 0 : -ENOMEM;

        for (size_t i = 0; i < FILES_MAX && r != -ENOMEM; i++) {
                r = md_source_read(probe, reading.paths[i], INI_MAX, &texts[i], &files[i].size);
                files[i].text = texts[i];
        }
        if (r != -ENOMEM)
                r = profiles_read(&files[FILE_INSTALLS], &files[FILE_PROFILES], &faults, &profiles);
        if (r >= 0)
                r = read_profiles(probe, folder, &reading, &profiles);
        profiles_done(&profiles);
        bool is_there = texts[FILE_INSTALLS] || texts[FILE_PROFILES];
        for (size_t i = 0; i < FILES_MAX; i++)
                free(texts[i]);
        return r < 0 ? r : is_there;
}

/* A folder that somebody names may be a profile itself. */
static int step_read(MdProbe *probe, void *state) {
        int r = 0;

        for (const char *const *place = md_source_places(probe); r >= 0 && *place; place++) {
                r = read_folder(probe, *place);
                if (r == 0)
                        r = read_profile(probe, *place);
        }
        return r < 0 ? r : MD_NEXT;
}

static const char *const paths[] = {
        ".thunderbird",
        ".var/app/org.mozilla.Thunderbird/.thunderbird",
        "snap/thunderbird/common/.thunderbird",
};

static const MdStep steps[] = {
        { "read", MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_read },
};

MD_PLUGIN_EXPORT("thunderbird") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_SOURCE,
        .name = "thunderbird",
        .version = "0.1",
        .summary = N_("Accounts of Thunderbird"),
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_SOURCE,
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .paths = paths,
        .n_paths = sizeof(paths) / sizeof(paths[0]),
};
