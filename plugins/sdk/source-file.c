/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The files that a source plugin reads.
 *
 * The sandbox lets it read what it declares, and no more.  Here comes what a sandbox cannot say: that a way into the
 * configuration of another program leads over no link, and that a file has an end.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <maildiag/source.h>

#include "own.h"
#include "prepare.h"
#include "probe-state.h"
#include "source.h"

#define PIECE (64u * 1024u)

/* ---- places ---- */

static char *join(const char *folder, const char *name) {
        char *path;
        return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

int md_source_prepare(MdProbe *probe) {
        const MdPlugin *plugin = probe->plugin;
        const MdTarget *target = probe->target;
        size_t n = target->place ? 1 : plugin->n_paths;

        probe->places = calloc(n + 1, sizeof(char *));
        for (size_t i = 0; probe->places && i < n; i++)
                if (!(probe->places[i] = target->place ? strdup(target->place) : join(target->home, plugin->paths[i])))
                        return -ENOMEM;
        return probe->places ? MD_PHASE_NEXT : -ENOMEM;
}

void md_source_done(MdProbe *probe) {
        for (size_t i = 0; probe->places && probe->places[i]; i++)
                free(probe->places[i]);
        free(probe->places);
        probe->places = NULL;
}

const char *const *md_source_places(const MdProbe *probe) {
        return (const char *const *) probe->places;
}

/* What follows a folder in a path; NULL: it does not lie there. */
static const char *within(const char *path, const char *folder) {
        size_t length = strlen(folder);

        while (length > 1 && folder[length - 1] == '/')
                length--;
        if (strncmp(path, folder, length) || (path[length] != '/' && path[length] != '\0'))
                return NULL;
        path += length;
        return path + strspn(path, "/");
}

static bool is_plain(const char *path) {
        for (const char *part = path; part; part = strchr(part, '/')) {
                part += *part == '/';
                if (!strncmp(part, "..", 2) && (part[2] == '/' || part[2] == '\0'))
                        return false;
        }
        return true;
}

/* Where the way begins on which no link is followed: in the home directory, or at the place that somebody named.  NULL: the
 * path lies in none of the places. */
static const char *base_of(const MdProbe *probe, const char *path, const char **ret_rest) {
        for (char *const *place = probe->places; is_plain(path) && *place; place++)
                if (within(path, *place)) {
                        const char *base = probe->target->place ? *place : probe->target->home;
                        *ret_rest = within(path, base);
                        return base;
                }
        return NULL;
}

/* ---- opening ---- */

/* Goes one folder down, and closes the one above. */
static int descend(int folder, const char *name) {
        struct stat info;
        int fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), r = fd < 0 ? -errno : 0;

        close(folder);
        if (r == 0 && fstat(fd, &info) < 0)
                r = -errno;
        if (r == 0 && !S_ISDIR(info.st_mode))
                r = S_ISLNK(info.st_mode) ? -ELOOP : -ENOENT;
        if (r < 0 && fd >= 0)
                close(fd);
        return r < 0 ? r : fd;
}

/* Not blocking: it may be a pipe. */
static int open_last(int folder, const char *name) {
        int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), r = -errno;
        close(folder);
        return fd < 0 ? r : fd;
}

static int open_file(const char *base, const char *rest) {
        _cleanup_free_ char *copy = strdup(rest);
        char *name = copy, *slash;

        if (!copy)
                return -ENOMEM;
        if (!*copy) {           /* somebody named the file itself */
                int fd = open(base, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
                return fd < 0 ? -errno : fd;
        }
        int folder = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0)
                return -errno;
        for (; (slash = strchr(name, '/')); name = slash + 1 + strspn(slash + 1, "/")) {
                *slash = '\0';
                folder = descend(folder, name);
                if (folder < 0)
                        return folder;
        }
        return open_last(folder, name);
}

/* ---- reading ---- */

static int read_all(int fd, size_t max, char **ret, size_t *ret_size) {
        size_t size = 0, room = 0;
        char *text = NULL;
        ssize_t n = 1;

        while (n > 0 && size <= max) {
                if (size + PIECE + 1 > room) {
                        char *larger = realloc(text, room = size * 2 + PIECE + 1);
                        if (!larger) {
                                free(text);
                                return -ENOMEM;
                        }
                        text = larger;
                }
                n = read(fd, text + size, PIECE);
                size += n > 0 ? (size_t) n : 0;
        }
        int r = n < 0 ? -errno : size > max ? -EFBIG : 0;
        if (r < 0) {
                free(text);
                return r;
        }
        text[size] = '\0';
        *ret = text;
        *ret_size = size;
        return 0;
}

static int read_file(int fd, size_t max, char **ret, size_t *ret_size) {
        struct stat info;

        if (fstat(fd, &info) < 0)
                return -errno;
        if (!S_ISREG(info.st_mode))
                return -EISDIR;
        return (uint64_t) info.st_size > max ? -EFBIG : read_all(fd, max, ret, ret_size);
}

/* Says why a file cannot be read.  Returns -EINVAL. */
static int tell_why(MdProbe *probe, const char *path, size_t max, int r) {
        if (r == -ELOOP)
                md_source_fault(probe, path, 0, "is a symbolic link, or lies behind one, and none is followed");
        else if (r == -EISDIR || r == -ENXIO)
                md_source_fault(probe, path, 0, "is not a regular file");
        else if (r == -EFBIG)
                md_source_fault(probe, path, 0, "is larger than %zu KiB, and not read", max / 1024);
        else if (r == -EXDEV)
                md_source_fault(probe, path, 0, "lies outside of what is read");
        else
                md_source_fault(probe, path, 0, "cannot be read: %s", strerror(-r));
        return -EINVAL;
}

static void tell_watch(MdProbe *probe, const char *path) {
        md_source_tell(probe, "watch", (const MdField[]) { MD_TEXT("path", path), { 0 } });
}

int md_source_read(MdProbe *probe, const char *path, size_t max, char **ret, size_t *ret_size) {
        const char *rest, *base = base_of(probe, path, &rest);

        if (!base)
                return tell_why(probe, path, max, -EXDEV);
        tell_watch(probe, path);
        int fd = open_file(base, rest), r = fd;
        if (fd >= 0) {
                r = read_file(fd, max, ret, ret_size);
                close(fd);
        }
        if (r >= 0 || r == -ENOENT || r == -ENOMEM)
                return r < 0 ? r : 0;
        return tell_why(probe, path, max, r);
}
