/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Files are replaced by renaming another over them, so it is directories that are watched, for the few names in them that
 * count.  The first change starts a timer; what comes until it is due is told with it.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "own.h"
#include "source-watch.h"

#define NAMES_MAX 1024u
#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)

/* A name in a directory. */
typedef struct Name {
        int directory;                  /* descriptor of the watch */
        char *name;
} Name;

struct SourceWatch {
        void (*changed)(void *userdata);
        void *userdata;
        uint64_t delay_usec;
        int fd;
        sd_event_source *io, *timer;
        size_t n;
        Name *names;
};

static void names_free(Name *names, size_t n) {
        for (size_t i = 0; i < n; i++)
                free(names[i].name);
        free(names);
}

static bool is_watched(const Name *names, size_t n, int directory) {
        for (size_t i = 0; i < n; i++)
                if (names[i].directory == directory)
                        return true;
        return false;
}

static bool concerns(const SourceWatch *watch, const struct inotify_event *event) {
        if (event->mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF))
                return true;
        for (size_t i = 0; event->len > 0 && i < watch->n; i++)
                if (watch->names[i].directory == event->wd && !strcmp(watch->names[i].name, event->name))
                        return true;
        return false;
}

/* The first that concerns anybody counts; it is not put off by more. */
static void note(SourceWatch *watch) {
        if (sd_event_source_get_enabled(watch->timer, NULL) > 0)
                return;
        sd_event_source_set_time_relative(watch->timer, watch->delay_usec);
        sd_event_source_set_enabled(watch->timer, SD_EVENT_ONESHOT);
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata) {
        char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
        SourceWatch *watch = userdata;
        ssize_t size = read(fd, buffer, sizeof(buffer));

        for (ssize_t at = 0; at < size;) {
                const struct inotify_event *event = (const struct inotify_event *) (buffer + at);
                if (concerns(watch, event))
                        note(watch);
                at += (ssize_t) (sizeof(*event) + event->len);
        }
        return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        SourceWatch *watch = userdata;
        watch->changed(watch->userdata);
        return 0;
}

int source_watch_new(sd_event *event, uint64_t delay_usec, void (*changed)(void *userdata), void *userdata, SourceWatch **ret) {
        SourceWatch *watch = calloc(1, sizeof(*watch));
        if (!watch)
                return -ENOMEM;
        watch->changed = changed;
        watch->userdata = userdata;
        watch->delay_usec = delay_usec;
        watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        int r = watch->fd < 0 ? -errno : sd_event_add_io(event, &watch->io, watch->fd, EPOLLIN, on_io, watch);
        if (r >= 0)
                r = sd_event_add_time_relative(event, &watch->timer, CLOCK_BOOTTIME, 0, 100000, on_timer, watch);
        if (r >= 0)
                r = sd_event_source_set_enabled(watch->timer, SD_EVENT_OFF);
        if (r < 0) {
                source_watch_free(watch);
                return r;
        }
        *ret = watch;
        return 0;
}

SourceWatch *source_watch_free(SourceWatch *watch) {
        if (!watch)
                return NULL;
        sd_event_source_disable_unref(watch->io);
        sd_event_source_disable_unref(watch->timer);
        close_fd(watch->fd);
        names_free(watch->names, watch->n);
        free(watch);
        return NULL;
}

/* ---- what is watched ---- */

/* The nearest directory of the path that is there, and what is awaited in it: cut out of `path`. */
static int watch_nearest(int fd, char *path, const char **ret_name) {
        for (char *slash; (slash = strrchr(path, '/'));) {
                *slash = '\0';
                int wd = inotify_add_watch(fd, slash == path ? "/" : path, EVENTS | IN_ONLYDIR);
                if (wd >= 0) {
                        *ret_name = slash + 1;
                        return wd;
                }
                if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
                        return -errno;
        }
        return -ENOENT;
}

static int add_name(SourceWatch *watch, const char *path, Name *names, size_t *n) {
        _cleanup_free_ char *copy = strdup(path);
        const char *name;

        if (!copy)
                return -ENOMEM;
        int wd = watch_nearest(watch->fd, copy, &name);
        if (wd < 0)
                return wd == -ENOENT ? 0 : wd;
        names[*n] = (Name) { wd, strdup(name) };
        if (!names[*n].name)
                return -ENOMEM;
        (*n)++;
        return 0;
}

/* Returns whether there is a directory more than before. */
static bool replace(SourceWatch *watch, Name *names, size_t n) {
        bool more = false;

        for (size_t i = 0; i < n; i++)
                more = more || !is_watched(watch->names, watch->n, names[i].directory);
        for (size_t i = 0; i < watch->n; i++)
                if (!is_watched(names, n, watch->names[i].directory))
                        inotify_rm_watch(watch->fd, watch->names[i].directory);
        names_free(watch->names, watch->n);
        watch->names = names;
        watch->n = n;
        return more;
}

int source_watch_set(SourceWatch *watch, const char *const *paths, size_t n) {
        size_t n_names = 0;
        int r = 0;

        n = n < NAMES_MAX ? n : NAMES_MAX;
        Name *names = calloc(n > 0 ? n : 1, sizeof(Name));
        if (!names)
                return -ENOMEM;
        for (size_t i = 0; r >= 0 && i < n; i++)
                r = add_name(watch, paths[i], names, &n_names);
        if (r < 0) {
                names_free(names, n_names);
                return r;
        }
        return replace(watch, names, n_names);
}
