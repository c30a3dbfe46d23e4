/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs many cases, several at a time. */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool.h"

#define HANG_GUARD_S 120u       /* a case that takes longer is stuck */

/* ---- in the child ---- */

/* A file for each security: both runs write at the same time. */
static FILE *open_produced(const Case *run) {
        const char *directory = getenv("MAILDIAG_PRODUCED_DIR");
        char path[4096];

        if (!directory || run->mode != MODE_WHOLE || run->script->fails)
                return NULL;
        mkdir(directory, 0755);
        snprintf(path, sizeof(path), "%s/dialogue-%s-%s", directory, run->script->name,
                 md_security_to_string(run->security));
        return fopen(path, "we");
}

static void work(const Case *run, int output) {
        FILE *problems = fdopen(output, "w"), *produced = open_produced(run);

        alarm(HANG_GUARD_S);
        unsigned n = case_run(run, problems, produced);
        if (produced)
                fclose(produced);
        fclose(problems);
        exit(n ? EXIT_FAILURE : EXIT_SUCCESS);
}

/* ---- in the parent ---- */

static char *read_output(int output) {
        struct stat stat;
        if (fstat(output, &stat) < 0)
                abort();
        char *text = calloc(1, stat.st_size + 1);
        if (!text || pread(output, text, stat.st_size, 0) < 0)
                abort();
        return text;
}

/* A script that tests the runner has to fail, and for its own reason. */
static bool is_good(const Script *script, int status, const char *output) {
        if (!script->fails)
                return status == 0;
        return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE && strstr(output, script->fails);
}

static void report(Pool *pool, const Worker *worker, int status) {
        char name[256], *output = read_output(worker->output);
        bool good = is_good(worker->run.script, status, output);

        pool->n_runs++;
        pool->n_failed += !good;
        case_name(&worker->run, name, sizeof(name));
        if (!good || pool->verbose)
                printf("%s %s\n", good ? "ok" : "FAILED", name);
        if (!good && worker->run.script->fails)
                printf("should have failed with \"%s\"\n", worker->run.script->fails);
        if (WIFSIGNALED(status))
                printf("ended by signal %d%s\n", WTERMSIG(status),
                       WTERMSIG(status) == SIGALRM ? ": stuck" : "");
        if (!good || pool->verbose)
                fputs(output, stdout);
        fflush(stdout);
        free(output);
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

void pool_submit(Pool *pool, const Case *run) {
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

void pool_finish(Pool *pool) {
        while (pool->n_busy > 0)
                reap(pool);
}
