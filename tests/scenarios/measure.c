/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* measure FILE COMMAND…: runs the command, ends as it does, and writes into the file how many KiB the largest process of
 * it and below it had in memory, as far as each was waited for. */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int report(const char *path, long kib) {
        FILE *file = fopen(path, "we");
        return file && fprintf(file, "%ld\n", kib) > 0 && fclose(file) == 0 ? 0 : -1;
}

int main(int argc, char *argv[]) {
        struct rusage usage;
        int status;

        pid_t pid = argc > 2 ? fork() : -1;
        if (pid == 0) {
                execv(argv[2], argv + 2);
                _exit(127);
        }
        if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || report(argv[1], usage.ru_maxrss) < 0)
                return 126;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
