/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * findings-page PLUGIN.so…: prints the reference page of all findings, in Markdown, from the catalogues themselves: those
 * of the SDK, of the judge, and of each plugin.  Runs at build time; loads only what was built beside it.
 */

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <maildiag/plugin.h>

#include "catalog.h"
#include "judge.h"
#include "target.h"

#define ENTRIES_MAX 1024

typedef struct Entry {
        const MdFindingInfo *info;
        const char *owner;              /* a plugin, or NULL */
} Entry;

static Entry entries[ENTRIES_MAX];
static size_t n_entries;

static void take(const MdFindingInfo *table, size_t n, const char *owner) {
        for (size_t i = 0; i < n && n_entries < ENTRIES_MAX; i++)
                entries[n_entries++] = (Entry) { &table[i], owner };
}

static void take_plugin(const char *path) {
        void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        const MdPlugin *plugin = object ? dlsym(object, MD_PLUGIN_SYMBOL) : NULL;
        if (!plugin) {
                fprintf(stderr, "findings-page: %s\n", dlerror());
                exit(EXIT_FAILURE);
        }
        take(plugin->findings, plugin->n_findings, plugin->name);
}

static int compare(const void *a, const void *b) {
        return strcmp(((const Entry *) a)->info->id, ((const Entry *) b)->info->id);
}

static void print_entry(const Entry *entry) {
        const MdFindingInfo *info = entry->info;
        printf("### %s\n\n**%s**\n\n%s\n\n*To do:* %s\n\n", info->id, info->title, info->meaning, info->remedy);
        printf("%s, found in stage %s; %s can act", md_severity_to_string(info->severity),
               md_stage_to_string(info->stage), md_actor_to_string(info->actor));
        if (info->setting)
                printf("; setting: %s", info->setting);
        if (info->standard)
                printf("; %s", info->standard);
        if (entry->owner)
                printf("; plugin %s", entry->owner);
        printf("; since %s\n\n", info->since);
}

int main(int argc, char **argv) {
        take(md_catalog, md_catalog_size, NULL);
        take(judge_catalog, judge_catalog_size, NULL);
        for (int i = 1; i < argc; i++)
                take_plugin(argv[i]);
        qsort(entries, n_entries, sizeof(Entry), compare);

        printf("# Findings\n\nEverything that a diagnosis can say. `maildiag explain CODE` shows one entry. "
               "Words in braces are filled in from what was seen.\n\n");
        for (size_t i = 0; i < n_entries; i++)
                print_entry(&entries[i]);
        return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
