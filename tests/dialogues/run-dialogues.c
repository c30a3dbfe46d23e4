/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Plays dialogue scripts in all their modes, several at a time, each in a process of its own.
 *
 *     run-dialogues [-v] [-j N] GROUP|FILE…      scripts of these groups, or these scripts
 *     run-dialogues --must-fail FILE…            fails unless each of them fails
 *     run-dialogues --groups GROUP…              fails when a script belongs to none of these groups
 */

#include <dirent.h>
#include <dlfcn.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "certificates.h"

#define SCRIPTS_MAX 1024u
#define WORKERS_MAX 64u
#define HANG_GUARD_S 120u       /* a case that takes longer is stuck */

typedef struct Worker {
        pid_t pid;              /* 0: free */
        int output;
        Case run;
} Worker;

typedef struct Pool {
        Worker workers[WORKERS_MAX];
        unsigned n_workers, n_busy;
        unsigned n_runs, n_failed, n_scripts;
        bool verbose, must_fail;
        bool script_failed[SCRIPTS_MAX];
        MdTrust *trust;
        Script *scripts[SCRIPTS_MAX];
        gnutls_certificate_credentials_t credentials[SCRIPTS_MAX];
} Pool;

/* ---- plugins ---- */

static const MdPlugin *load_plugin(const char *name) {
        const char *directory = getenv("MAILDIAG_PLUGIN_DIR") ?: DIALOGUES_PLUGIN_DIR;
        char path[4096];

        snprintf(path, sizeof(path), "%s/%s.so", directory, name);
        void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        const MdPlugin *plugin = handle ? dlsym(handle, MD_PLUGIN_SYMBOL) : NULL;
        if (!plugin)
                fprintf(stderr, "%s\n", dlerror());
        return plugin;
}

/* ---- one case in a child ---- */

static void work(const Case *run, int output) {
        char path[4096];
        const char *directory = getenv("MAILDIAG_PRODUCED_DIR");
        FILE *problems = fdopen(output, "w"), *produced = NULL;

        alarm(HANG_GUARD_S);
        if (directory && run->mode == MODE_WHOLE) {
                mkdir(directory, 0755);
                /* A file for each security: both runs write at the same time. */
                snprintf(path, sizeof(path), "%s/dialogue-%s-%s", directory, run->script->name,
                         md_security_to_string(run->security));
                produced = fopen(path, "we");
        }
        unsigned n = case_run(run, problems, produced);
        if (produced)
                fclose(produced);
        fclose(problems);
        exit(n ? EXIT_FAILURE : EXIT_SUCCESS);
}

static void print_output(int output) {
        char bytes[4096];
        ssize_t n;

        lseek(output, 0, SEEK_SET);
        while ((n = read(output, bytes, sizeof(bytes))) > 0)
                fwrite(bytes, 1, n, stdout);
}

static void report(Pool *pool, Worker *worker, int status) {
        char name[256];
        bool failed = status != 0;

        case_name(&worker->run, name, sizeof(name));
        pool->n_runs++;
        pool->n_failed += failed;
        for (size_t i = 0; i < pool->n_scripts; i++)
                if (pool->scripts[i] == worker->run.script && failed)
                        pool->script_failed[i] = true;
        if (pool->verbose || (failed && !pool->must_fail)) {
                printf("%s %s\n", failed ? "FAILED" : "ok", name);
                if (WIFSIGNALED(status))
                        printf("ended by signal %d%s\n", WTERMSIG(status), WTERMSIG(status) == SIGALRM ? ": stuck" : "");
                print_output(worker->output);
                fflush(stdout);
        }
}

static void reap(Pool *pool) {
        int status;
        pid_t pid = wait(&status);

        for (unsigned i = 0; i < pool->n_workers; i++) {
                Worker *worker = &pool->workers[i];
                if (worker->pid != pid || pid <= 0)
                        continue;
                report(pool, worker, status);
                close(worker->output);
                worker->pid = 0;
                pool->n_busy--;
        }
}

static void submit(Pool *pool, const Case *run) {
        while (pool->n_busy == pool->n_workers)
                reap(pool);
        Worker *worker = pool->workers;
        while (worker->pid)
                worker++;
        *worker = (Worker) { .run = *run, .output = memfd_create("output", MFD_CLOEXEC) };
        fflush(NULL);
        worker->pid = fork();
        if (worker->output < 0 || worker->pid < 0)
                abort();
        if (worker->pid == 0)
                work(run, worker->output);
        pool->n_busy++;
}

/* ---- modes of a script ---- */

static void submit_modes(Pool *pool, Case *run) {
        const Script *script = run->script;

        for (run->mode = 0; run->mode < _MODE_MAX; run->mode++) {
                unsigned n = run->mode == MODE_CUT ? script_cuts(script) : 1;
                if (pool->must_fail && run->mode != MODE_WHOLE)
                        continue;
                for (run->cut = 1; run->cut <= n && script->modes[run->mode]; run->cut++)
                        submit(pool, run);
        }
}

static int submit_script(Pool *pool, size_t n) {
        const Script *script = pool->scripts[n];
        Case run = {
                .script = script, .security = script->security, .plugin = load_plugin(script->plugin),
                .trust = pool->trust, .verbose = pool->verbose,
                .credentials = certificates_server(script->certificate ?: "good"),
        };

        pool->credentials[n] = run.credentials;
        if (!run.plugin || !run.credentials) {
                fprintf(stderr, "%s: no such plugin or certificate\n", script->path);
                return -1;
        }
        submit_modes(pool, &run);
        if (script->also >= 0) {
                run.security = script->also;
                submit_modes(pool, &run);
        }
        return 0;
}

/* ---- which scripts ---- */

static bool belongs(const char *file, const char *group) {
        size_t n = strlen(group), length = strlen(file);
        return !strncmp(file, group, n) && file[n] == '-' && length > 4 && !strcmp(file + length - 4, ".txt");
}

static int add_script(Pool *pool, const char *path) {
        if (pool->n_scripts == SCRIPTS_MAX)
                return -1;
        pool->scripts[pool->n_scripts] = script_new(path);
        return pool->scripts[pool->n_scripts++] ? 0 : -1;
}

static int list_scripts(struct dirent ***ret) {
        const char *directory = getenv("MAILDIAG_DIALOGUES_DIR") ?: DIALOGUES_DIR;
        int n = scandir(directory, ret, NULL, alphasort);
        if (n < 0)
                perror(directory);
        return n;
}

static int add_group(Pool *pool, const char *group) {
        const char *directory = getenv("MAILDIAG_DIALOGUES_DIR") ?: DIALOGUES_DIR;
        struct dirent **entries = NULL;
        int n = list_scripts(&entries), r = 0;

        for (int i = 0; i < n; i++) {
                char path[4096];
                snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
                if (belongs(entries[i]->d_name, group) && add_script(pool, path) < 0)
                        r = -1;
                free(entries[i]);
        }
        free(entries);
        return n < 0 ? n : r;
}

static int check_groups(char **groups) {
        struct dirent **entries = NULL;
        int n = list_scripts(&entries), r = n < 0 ? EXIT_FAILURE : EXIT_SUCCESS;

        for (int i = 0; i < n; i++) {
                const char *dot = strrchr(entries[i]->d_name, '.');
                bool found = !dot || strcmp(dot, ".txt");
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

static int conclude(const Pool *pool) {
        unsigned n_unexpected = pool->n_failed;

        if (pool->must_fail)
                n_unexpected = 0;
        for (size_t i = 0; i < pool->n_scripts && pool->must_fail; i++)
                if (!pool->script_failed[i]) {
                        printf("%s should have failed\n", pool->scripts[i]->path);
                        n_unexpected++;
                }
        printf("%u runs of %u scripts, %u failed%s\n", pool->n_runs, pool->n_scripts, pool->n_failed,
               pool->must_fail ? " (as they must)" : "");
        if (pool->n_runs == 0)
                return 77;
        return n_unexpected ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void pool_done(Pool *pool) {
        for (size_t i = 0; i < pool->n_scripts; i++) {
                script_free(pool->scripts[i]);
                if (pool->credentials[i])
                        gnutls_certificate_free_credentials(pool->credentials[i]);
        }
        md_trust_free(pool->trust);
        certificates_done();
}

static int run_all(Pool *pool, char **arguments) {
        int r = EXIT_SUCCESS;

        for (; *arguments; arguments++)
                if ((strchr(*arguments, '.') ? add_script(pool, *arguments) : add_group(pool, *arguments)) < 0)
                        return EXIT_FAILURE;
        if (md_trust_new(&pool->trust) < 0)
                return EXIT_FAILURE;
        for (size_t i = 0; i < pool->n_scripts; i++)
                if (submit_script(pool, i) < 0)
                        r = EXIT_FAILURE;
        while (pool->n_busy > 0)
                reap(pool);
        return r == EXIT_SUCCESS ? conclude(pool) : r;
}

int main(int argc, char *argv[]) {
        static const struct option options[] = {
                { "verbose", no_argument, NULL, 'v' }, { "jobs", required_argument, NULL, 'j' },
                { "must-fail", no_argument, NULL, 'f' }, { "groups", no_argument, NULL, 'g' }, { 0 },
        };
        static Pool pool = { .n_workers = 24 };

        for (int option; (option = getopt_long(argc, argv, "vj:", options, NULL)) != -1;)
                switch (option) {
                case 'v': pool.verbose = true; break;
                case 'j': pool.n_workers = strtoul(optarg, NULL, 10); break;
                case 'f': pool.must_fail = true; break;
                case 'g': return check_groups(argv + optind);
                default: return EXIT_FAILURE;
                }
        if (optind == argc || pool.n_workers < 1 || pool.n_workers > WORKERS_MAX) {
                fprintf(stderr, "usage: %s [-v] [-j N] [--must-fail] GROUP|FILE…\n", argv[0]);
                return EXIT_FAILURE;
        }
        int r = run_all(&pool, argv + optind);
        pool_done(&pool);
        return r;
}
