/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A fresh start.  What the dynamic linker and constructors of libraries obeyed before main() is for whoever
 * starts us: the daemon passes nothing on. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "environment.h"

/* A name that ends in '_' is the beginning of many. */
static const char *const kept[] = {
        "LANG", "LANGUAGE", "LC_", "PATH",
        "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "MSAN_OPTIONS", "TSAN_OPTIONS",
};

static bool is_kept(const char *entry) {
        for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
                size_t length = strlen(kept[i]);
                if (!strncmp(entry, kept[i], length) && (kept[i][length - 1] == '_' || entry[length] == '='))
                        return true;
        }
        return false;
}

int environment_clear(void) {
        size_t n = 0;

        for (char **entry = environ; entry && *entry; entry++)
                n++;
        char **fresh = calloc(n + 1, sizeof(char *));
        if (!fresh)
                return -ENOMEM;
        n = 0;
        for (char **entry = environ; entry && *entry; entry++)
                if (is_kept(*entry))
                        fresh[n++] = *entry;
        environ = fresh;                /* for the life of the process */
        return 0;
}

static int streams_settle(void) {
        int null;

        /* Also fills 0 to 2, should they be closed. */
        do {
                null = open("/dev/null", O_RDWR | O_CLOEXEC);
                if (null < 0)
                        return -errno;
        } while (null <= STDERR_FILENO);
        if (dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
                return -errno;
        close(null);
        return 0;
}

static int descriptors_settle(int keep) {
        if (fcntl(keep, F_SETFD, FD_CLOEXEC) < 0)
                return -errno;
        if (keep > STDERR_FILENO + 1 && close_range(STDERR_FILENO + 1, keep - 1, 0) < 0)
                return -errno;
        return close_range(keep + 1, UINT_MAX, 0) < 0 ? -errno : 0;
}

static int signals_settle(void) {
        sigset_t none;

        for (int number = 1; number < NSIG; number++)
                signal(number, SIG_DFL);                /* some cannot be changed */
        signal(SIGPIPE, SIG_IGN);
        sigemptyset(&none);
        return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

int environment_settle(int keep) {
        int r = streams_settle();
        if (r == 0)
                r = descriptors_settle(keep);
        if (r == 0)
                r = signals_settle();
        return r;
}
