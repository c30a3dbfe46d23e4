/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * findings-page markdown|man PLUGIN.so…: prints the reference page of all findings, in Markdown or as the source of a manual
 * page (scdoc), from the catalogues themselves: those of the SDK, of the judge, and of each plugin.  Runs at build time;
 * loads only what was built beside it.
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

typedef struct Form {
        const char *name, *head, *chapter, *title, *remedy, *special;
} Form;

#define INTRODUCTION "Everything that a diagnosis can say. "
#define BRACES " Words in braces are filled in from what was seen.\n\n"

static const Form forms[] = {
        { "markdown", "# Findings\n\n" INTRODUCTION "`maildiag explain CODE` shows one entry." BRACES,
          "### %s\n\n", "**", "*To do:* ", "" },
        { "man", "maildiag-findings(7)\n\n# NAME\n\nmaildiag-findings - what a diagnosis of mail settings can say\n\n"
                 "# DESCRIPTION\n\n" INTRODUCTION "*maildiag explain* CODE shows one entry." BRACES,
          "# %s\n\n", "*", "*To do:* ", "\\*_<>#~`" },
};

static void print_text(const Form *form, const char *text) {
        for (; *text; text++) {
                if (strchr(form->special, *text))
                        putchar('\\');
                putchar(*text);
        }
}

static void print_facts(const Form *form, const Entry *entry) {
        const MdFindingInfo *info = entry->info;
        printf("%s, found in stage %s; %s can act", md_severity_to_string(info->severity),
               md_stage_to_string(info->stage), md_actor_to_string(info->actor));
        if (info->setting)
                printf("; setting: %s", info->setting);
        if (info->standard) {
                printf("; ");
                print_text(form, info->standard);
        }
        if (entry->owner)
                printf("; plugin %s", entry->owner);
        printf("; since %s\n\n", info->since);
}

static void print_entry(const Form *form, const Entry *entry) {
        printf(form->chapter, entry->info->id);
        printf("%s", form->title);
        print_text(form, entry->info->title);
        printf("%s\n\n", form->title);
        print_text(form, entry->info->meaning);
        printf("\n\n%s", form->remedy);
        print_text(form, entry->info->remedy);
        printf("\n\n");
        print_facts(form, entry);
}

static const Form *find_form(const char *name) {
        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
                if (!strcmp(forms[i].name, name))
                        return &forms[i];
        fprintf(stderr, "findings-page: %s: is neither markdown nor man\n", name);
        exit(EXIT_FAILURE);
}

int main(int argc, char **argv) {
        const Form *form = find_form(argc > 1 ? argv[1] : "");

        take(md_catalog, md_catalog_size, NULL);
        take(judge_catalog, judge_catalog_size, NULL);
        for (int i = 2; i < argc; i++)
                take_plugin(argv[i]);
        qsort(entries, n_entries, sizeof(Entry), compare);

        fputs(form->head, stdout);
        for (size_t i = 0; i < n_entries; i++)
                print_entry(form, &entries[i]);
        return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
