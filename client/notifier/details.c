/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Works on every desktop: xdg-open knows which program shows a page.  The page lies in $XDG_RUNTIME_DIR, which is in memory, the
 * user's alone, and emptied when the last session ends.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "details-page.h"
#include "details.h"
#include "own.h"

extern char **environ;

typedef struct Opener {
        Details *details;
        sd_event_source *child;
        struct Opener *next;
} Opener;

struct Details {
        sd_event *event;
        DetailsHooks hooks;
        Opener *openers;                /* that still run */
};

Details *details_new(sd_event *event, const DetailsHooks *hooks) {
        Details *details = calloc(1, sizeof(*details));
        if (!details)
                return NULL;
        details->event = sd_event_ref(event);
        details->hooks = *hooks;
        return details;
}

static void remove_opener(Details *details, Opener *opener) {
        for (Opener **link = &details->openers; *link; link = &(*link)->next)
                if (*link == opener) {
                        *link = opener->next;
                        break;
                }
        sd_event_source_disable_unref(opener->child);
        free(opener);
}

Details *details_free(Details *details) {
        if (!details)
                return NULL;
        while (details->openers)
                remove_opener(details, details->openers);
        sd_event_unref(details->event);
        free(details);
        return NULL;
}

/* ---- the file ---- */

static int open_folder(char **ret_path) {
        const char *runtime = getenv("XDG_RUNTIME_DIR");
        _cleanup_free_ char *path = NULL;

        if (!runtime || *runtime != '/')
                return -ENOENT;
        if (asprintf(&path, "%s/maildiag-notifier", runtime) < 0) {
                path = NULL;
                return -ENOMEM;
        }
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
                return -errno;
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return -errno;
        *ret_path = TAKE_PTR(path);
        return fd;
}

static int write_page(int folder, Watched *const *accounts, size_t n) {
        int fd = openat(folder, "details.html.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
        if (!out) {
                int r = -errno;
                close_fd(fd);
                return r;
        }
        details_page(out, accounts, n);
        bool bad = ferror(out);
        if (fclose(out) != 0 || bad)
                return -EIO;
        return renameat(folder, "details.html.new", folder, "details.html") < 0 ? -errno : 0;
}

/* ---- the program ---- */

/* A new list that shares all strings but the last; NULL when out of memory. */
static char **environment_with(char *more) {
        size_t n = 0;
        while (environ[n])
                n++;
        char **list = calloc(n + 2, sizeof(char *));
        if (list) {
                memcpy(list, environ, n * sizeof(char *));
                list[n] = more;
        }
        return list;
}

/* Our signals are blocked for the loop; the program gets them as they usually are. */
static int spawn(const char *path, char **environment, pid_t *ret) {
        char *arguments[] = { (char *) "xdg-open", (char *) path, NULL };
        posix_spawnattr_t attributes;
        sigset_t none;

        int r = posix_spawnattr_init(&attributes);
        if (r != 0)
                return -r;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
        r = posix_spawnp(ret, "xdg-open", NULL, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
        return -r;
}

static int on_end(sd_event_source *source, const siginfo_t *info, void *userdata) {
        Opener *opener = userdata;
        Details *details = opener->details;
        bool failed = info->si_code != CLD_EXITED || info->si_status != 0;

        remove_opener(details, opener);
        if (failed)
                details->hooks.failed(details->hooks.userdata);
        return 0;
}

static int run(Details *details, const char *path, const char *token) {
        _cleanup_free_ char *variable = NULL;
        _cleanup_free_ char **environment = NULL;
        Opener *opener;
        pid_t pid;

        if (*token && asprintf(&variable, "XDG_ACTIVATION_TOKEN=%s", token) < 0) {
                variable = NULL;
                return -ENOMEM;
        }
        environment = environment_with(variable);
        opener = environment ? calloc(1, sizeof(*opener)) : NULL;
        if (!opener)
                return -ENOMEM;
        int r = spawn(path, environment, &pid);
        if (r < 0) {
                free(opener);
                return r;
        }
        opener->details = details;
        opener->next = details->openers;
        details->openers = opener;
        return sd_event_add_child(details->event, &opener->child, pid, WEXITED, on_end, opener);
}

int details_open(Details *details, Watched *const *accounts, size_t n, const char *token) {
        _cleanup_free_ char *folder = NULL, *path = NULL;
        _cleanup_close_ int fd = open_folder(&folder);

        if (fd < 0)
                return fd;
        int r = write_page(fd, accounts, n);
        if (r < 0)
                return r;
        if (asprintf(&path, "%s/details.html", folder) < 0) {
                path = NULL;
                return -ENOMEM;
        }
        return run(details, path, token);
}
