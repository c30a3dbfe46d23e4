/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Plays dialogue scripts in all their modes.
 *
 *     run-dialogues [-v] [-j N] GROUP|DIRECTORY|FILE…  scripts of a group, all of a directory, or this one
 *     run-dialogues --groups GROUP…                    fails when a script belongs to none of these groups
 */

#include <dirent.h>
#include <dlfcn.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "certificates.h"
#include "pool.h"

#define SCRIPTS_MAX 1024u

typedef struct Library {
        size_t n_scripts;
        Script *scripts[SCRIPTS_MAX];
        gnutls_certificate_credentials_t credentials[SCRIPTS_MAX];
        MdTrust *trust;
} Library;

/* ---- which scripts ---- */

static const char *scripts_directory(void) {
        return getenv("MAILDIAG_DIALOGUES_DIR") ?: DIALOGUES_DIR;
}

/* Whether a file is a script, and of that group; NULL: of any. */
static bool belongs(const char *file, const char *group) {
        const char *dot = strrchr(file, '.');
        size_t n = group ? strlen(group) : 0;

        if (!dot || strcmp(dot, ".txt"))
                return false;
        return !group || (!strncmp(file, group, n) && file[n] == '-');
}

static int add_script(Library *library, const char *path) {
        if (library->n_scripts == SCRIPTS_MAX)
                return -1;
        Script *script = script_new(path);
        if (!script)
                return -1;
        library->scripts[library->n_scripts++] = script;
        return 0;
}

static int add_scripts(Library *library, const char *directory, const char *group) {
        struct dirent **entries = NULL;
        int n = scandir(directory, &entries, NULL, alphasort), r = 0;

        if (n < 0)
                perror(directory);
        for (int i = 0; i < n; i++) {
                char path[4096];
                snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
                if (belongs(entries[i]->d_name, group) && add_script(library, path) < 0)
                        r = -1;
                free(entries[i]);
        }
        free(entries);
        return n < 0 ? n : r;
}

static int add_argument(Library *library, const char *argument) {
        struct stat stat_buffer;

        if (!strpbrk(argument, "./"))
                return add_scripts(library, scripts_directory(), argument);
        if (stat(argument, &stat_buffer) == 0 && S_ISDIR(stat_buffer.st_mode))
                return add_scripts(library, argument, NULL);
        return add_script(library, argument);
}

static int check_groups(char **groups) {
        struct dirent **entries = NULL;
        int n = scandir(scripts_directory(), &entries, NULL, alphasort),
            r = n < 0 ? EXIT_FAILURE : EXIT_SUCCESS;

        for (int i = 0; i < n; i++) {
                bool found = !belongs(entries[i]->d_name, NULL);
                for (char **group = groups; *group && !found; group++)
                        found = belongs(entries[i]->d_name, *group);
                if (!found) {
                        fprintf(stderr, "%s belongs to no group that is run\n", entries[i]->d_name);
                        r = EXIT_FAILURE;
                }
                free(entries[i]);
        }
        free(entries);
        return r;
}

static void library_done(Library *library) {
        for (size_t i = 0; i < library->n_scripts; i++) {
                script_free(library->scripts[i]);
                if (library->credentials[i])
                        gnutls_certificate_free_credentials(library->credentials[i]);
        }
        md_trust_free(library->trust);
        certificates_done();
}

/* ---- modes of a script ---- */

static const MdPlugin *load_plugin(const char *name) {
        char path[4096];

        snprintf(path, sizeof(path), "%s/%s.so", getenv("MAILDIAG_PLUGIN_DIR") ?: DIALOGUES_PLUGIN_DIR, name);
        void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        const MdPlugin *plugin = handle ? dlsym(handle, MD_PLUGIN_SYMBOL) : NULL;
        if (!plugin)
                fprintf(stderr, "%s\n", dlerror());
        return plugin;
}

static void submit_modes(Pool *pool, Case *run) {
        const Script *script = run->script;

        for (run->mode = 0; run->mode < _MODE_MAX; run->mode++) {
                unsigned n = run->mode == MODE_CUT ? script_cuts(script) : 1;
                if (script->fails && run->mode != MODE_WHOLE)
                        continue;
                for (run->cut = 1; run->cut <= n && script->modes[run->mode]; run->cut++)
                        pool_submit(pool, run);
        }
}

static int submit_script(Pool *pool, Library *library, size_t n) {
        const Script *script = library->scripts[n];
        Case run = {
                .script = script, .security = script->security, .plugin = load_plugin(script->plugin),
                .trust = library->trust, .verbose = pool->verbose,
                .credentials = certificates_server(script->certificate ?: "good"),
        };

        library->credentials[n] = run.credentials;
        if (!run.plugin || !run.credentials) {
                fprintf(stderr, "%s: no such plugin or certificate\n", script->path);
                return -1;
        }
        if (script->fails && script->also >= 0)
                run.security = script->also;
        submit_modes(pool, &run);
        if (script->also >= 0 && !script->fails) {
                run.security = script->also;
                submit_modes(pool, &run);
        }
        return 0;
}

static int run_all(Pool *pool, Library *library, char **arguments) {
        int r = EXIT_SUCCESS;

        for (; *arguments; arguments++)
                if (add_argument(library, *arguments) < 0)
                        r = EXIT_FAILURE;
        if (md_trust_new(&library->trust) < 0)
                return EXIT_FAILURE;
        for (size_t i = 0; i < library->n_scripts; i++)
                if (submit_script(pool, library, i) < 0)
                        r = EXIT_FAILURE;
        pool_finish(pool);
        printf("%u runs of %zu scripts, %u failed\n", pool->n_runs, library->n_scripts, pool->n_failed);
        if (r == EXIT_SUCCESS && pool->n_runs == 0)
                return 77;
        return pool->n_failed ? EXIT_FAILURE : r;
}

int main(int argc, char *argv[]) {
        static const struct option options[] = {
                { "verbose", no_argument, NULL, 'v' }, { "jobs", required_argument, NULL, 'j' },
                { "groups", no_argument, NULL, 'g' }, { 0 },
        };
        static Pool pool = { .n_workers = 24 };
        static Library library;

        for (int option; (option = getopt_long(argc, argv, "vj:", options, NULL)) != -1;)
                switch (option) {
                case 'v': pool.verbose = true; break;
                case 'j': pool.n_workers = strtoul(optarg, NULL, 10); break;
                case 'g': return check_groups(argv + optind);
                default: return EXIT_FAILURE;
                }
        if (optind == argc || pool.n_workers < 1 || pool.n_workers > POOL_WORKERS_MAX) {
                fprintf(stderr, "usage: %s [-v] [-j N] GROUP|DIRECTORY|FILE…\n", argv[0]);
                return EXIT_FAILURE;
        }
        int r = run_all(&pool, &library, argv + optind);
        library_done(&library);
        return r;
}
