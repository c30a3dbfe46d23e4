/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From an open file to a descriptor that can be run, in the order of what each look costs when the file is
 * hostile: bytes, note, a process of its own, this process. */

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog.h"
#include "descriptor.h"
#include "loader.h"
#include "refusal.h"
#include "rehearsal.h"

typedef struct Loading {
        Plugin *plugin;
        bool discovery;
        int fd;
} Loading;

static int bytes_read(int fd, size_t size, char **ret) {
        char *bytes = malloc(size + 1);
        size_t have = 0;

        if (!bytes)
                return -ENOMEM;
        while (have < size) {
                ssize_t n = pread(fd, bytes + have, size - have, have);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0) {
                        int r = n < 0 ? -errno : -EIO;
                        free(bytes);
                        return r;
                }
                have += n;
        }
        *ret = bytes;
        return 0;
}

/* Reads the file, never maps it: who cuts a mapped file short kills its reader. */
static int note_from_file(int fd, Note *ret, char **ret_why) {
        struct stat st;
        char *bytes;

        if (fstat(fd, &st) < 0)
                return refuse(ret_why, "cannot be examined: %s", strerror(errno));
        if (st.st_size > PLUGIN_FILE_MAX)
                return refuse(ret_why, "is larger than %u MiB", PLUGIN_FILE_MAX / 1024 / 1024);
        int r = bytes_read(fd, st.st_size, &bytes);
        if (r < 0)
                return r == -ENOMEM ? r : refuse(ret_why, "cannot be read: %s", strerror(-r));

        NoteOutcome outcome = note_read(bytes, st.st_size, ret);
        free(bytes);
        return outcome == NOTE_OK ? 0 : refuse(ret_why, "%s", note_outcome_to_string(outcome));
}

static int name_is_free(Plugins *plugins, const Note *note, char **ret_why) {
        const Plugin *other = plugins_find(plugins, note->name);

        if (!other)
                return 0;
        return refuse(ret_why, "has the name \"%s\", which %s has already", note->name, other->file);
}

/* What the dynamic linker says begins with the name by which it knows the file. */
static int linker_refuses(const char *path, char **ret_why) {
        const char *text = dlerror();
        size_t length = strlen(path);

        if (!strncmp(text, path, length) && !strncmp(text + length, ": ", 2))
                text += length + 2;
        return refuse(ret_why, "cannot be loaded: %s", text);
}

static int object_open(void *userdata, char **ret_why) {
        Loading *loading = userdata;
        Plugin *plugin = loading->plugin;
        char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];

        snprintf(path, sizeof(path), "/proc/self/fd/%d", loading->fd);
        plugin->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (!plugin->handle)
                return linker_refuses(path, ret_why);
        const MdPlugin *exported = dlsym(plugin->handle, MD_PLUGIN_SYMBOL);
        if (!exported)
                return refuse(ret_why, "has no symbol %s", MD_PLUGIN_SYMBOL);
        return descriptor_read(exported, &plugin->note, loading->discovery, &plugin->descriptor, ret_why);
}

/* Ids of findings are the keys of one catalogue, which all plugins share. */
static int findings_are_free(const Plugins *plugins, const MdPlugin *mine, char **ret_why) {
        for (size_t i = 0; i < plugins->n; i++) {
                const Plugin *other = &plugins->items[i];
                for (size_t j = 0; other->loaded && j < mine->n_findings; j++)
                        if (md_catalog_find(other->descriptor.findings, other->descriptor.n_findings,
                                            mine->findings[j].id))
                                return refuse(ret_why, "has finding \"%s\", which %s has already",
                                              mine->findings[j].id, other->file);
        }
        return 0;
}

int loader_load(Plugins *plugins, Plugin *plugin, int fd, char **ret_why) {
        Loading loading = { plugin, plugins->discovery, fd };

        int r = note_from_file(fd, &plugin->note, ret_why);
        if (r == 0)
                r = descriptor_check_note(&plugin->note, ret_why);
        if (r == 0)
                r = name_is_free(plugins, &plugin->note, ret_why);
        if (r == 0)
                r = rehearse(object_open, &loading, ret_why);
        if (r < 0 && r != -ENOMEM)
                r = refuse(ret_why, "cannot be tried: %s", strerror(-r));
        if (r == 0)
                r = object_open(&loading, ret_why);
        if (r == 0)
                r = findings_are_free(plugins, &plugin->descriptor, ret_why);
        return r;
}
