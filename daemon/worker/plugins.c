/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of plugins: what lies in the directory, tried one after the other.  A broken one never keeps
 * another from being loaded. */

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader.h"
#include "origin.h"
#include "plugins.h"
#include "refusal.h"
#include "text.h"

#define FILE_TEXT_MAX 512u

static Plugin *plugins_add(Plugins *plugins, const char *file) {
        Plugin *plugin = &plugins->items[plugins->n];

        *plugin = (Plugin) { .file = md_text_clean(file, strlen(file), FILE_TEXT_MAX) };
        if (!plugin->file)
                return NULL;
        plugins->n++;
        return plugin;
}

static int plugins_add_refused(Plugins *plugins, const char *file, char *why) {
        Plugin *plugin = plugins_add(plugins, file);
        if (!plugin) {
                free(why);
                return -ENOMEM;
        }
        plugin->why = why;
        return 0;
}

/* Loads one file; its descriptor is left open (see loader_load()). */
static int file_load(Plugins *plugins, int directory_fd, const char *name, int *ret_fd) {
        Plugin *plugin = plugins_add(plugins, name);
        if (!plugin)
                return -ENOMEM;

        int r = origin_open_file(directory_fd, name, ret_fd, &plugin->why);
        if (r == 0)
                r = loader_load(plugins, plugin, *ret_fd, &plugin->why);
        plugin->loaded = r == 0;
        return r < 0 ? r : 0;
}

static int is_plugin_name(const struct dirent *entry) {
        const char *end = strrchr(entry->d_name, '.');
        return end && end != entry->d_name && !strcmp(end, ".so");
}

static int by_name(const struct dirent **a, const struct dirent **b) {
        return strcmp((*a)->d_name, (*b)->d_name);
}

static int entries_load(Plugins *plugins, int directory_fd, struct dirent *const *entries, size_t n) {
        int fds[PLUGINS_MAX], r = 0;
        char *why;

        for (size_t i = 0; i < PLUGINS_MAX; i++)
                fds[i] = -1;
        for (size_t i = 0; r == 0 && i < n && i < PLUGINS_MAX; i++)
                r = file_load(plugins, directory_fd, entries[i]->d_name, &fds[i]);
        if (r == 0 && n > PLUGINS_MAX) {
                r = refuse(&why, "and what follows is too much: at most %u plugins are loaded", PLUGINS_MAX);
                if (r == REFUSED)
                        r = plugins_add_refused(plugins, entries[PLUGINS_MAX]->d_name, why);
        }
        for (size_t i = 0; i < PLUGINS_MAX; i++)
                if (fds[i] >= 0)
                        close(fds[i]);
        return r;
}

static int directory_load(Plugins *plugins, const char *directory, char **ret_why) {
        struct dirent **entries;
        int fd;

        int r = origin_open_directory(directory, &fd, ret_why);
        if (r != 0)
                return r;
        int n = scandirat(fd, ".", &entries, is_plugin_name, by_name);
        if (n < 0) {
                r = errno == ENOMEM ? -ENOMEM : refuse(ret_why, "cannot be read: %s", strerror(errno));
                close(fd);
                return r;
        }
        r = entries_load(plugins, fd, entries, n);
        for (int i = 0; i < n; i++)
                free(entries[i]);
        free(entries);
        close(fd);
        return r;
}

int plugins_load(const char *directory, bool discovery, Plugins **ret) {
        Plugins *plugins = calloc(1, sizeof(*plugins));
        char *why;

        if (!plugins)
                return -ENOMEM;
        plugins->discovery = discovery;
        int r = directory_load(plugins, directory, &why);
        if (r == REFUSED)
                r = plugins_add_refused(plugins, directory, why);
        if (r < 0) {
                plugins_free(plugins);
                return r;
        }
        *ret = plugins;
        return 0;
}

Plugins *plugins_free(Plugins *plugins) {
        for (size_t i = 0; plugins && i < plugins->n; i++) {
                free(plugins->items[i].file);
                free(plugins->items[i].why);
                if (plugins->items[i].handle)
                        dlclose(plugins->items[i].handle);
        }
        free(plugins);
        return NULL;
}

Plugin *plugins_find(Plugins *plugins, const char *name) {
        for (size_t i = 0; i < plugins->n; i++)
                if (plugins->items[i].loaded && !strcmp(plugins->items[i].note.name, name))
                        return &plugins->items[i];
        return NULL;
}
