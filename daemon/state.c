/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files of the state directory, read with suspicion and replaced in one piece. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>

#include "own.h"
#include "state.h"

#define LOCK_PAUSE_MS 2u                /* between tries */

/* ---- where ---- */

static char *join(const char *directory, const char *name) {
        char *path;
        return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

/* Of several (a unit may have them) the first. */
static char *service_place(void) {
        const char *directories = secure_getenv("STATE_DIRECTORY");
        return directories && directories[0] == '/' ? strndup(directories, strcspn(directories, ":")) : NULL;
}

/* XDG Base Directory Specification: what is not absolute does not count. */
static char *user_place(void) {
        const char *state = secure_getenv("XDG_STATE_HOME"), *home = secure_getenv("HOME");

        if (state && state[0] == '/')
                return join(state, "maildiag");
        return home && home[0] == '/' ? join(home, ".local/state/maildiag") : NULL;
}

char *state_place(Instance instance, const char *asked, bool *ret_given) {
        char *place = asked ? strdup(asked) : service_place();

        *ret_given = place != NULL;
        if (place || asked || instance == INSTANCE_SYSTEM)
                return place;
        return user_place();
}

/* ---- the directory ---- */

/* Makes the directories of a path that are not there. */
static int make_path(const char *path) {
        _cleanup_free_ char *part = strdup(path);
        if (!part)
                return -ENOMEM;
        for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
                *slash = '\0';
                if (mkdir(part, 0700) < 0 && errno != EEXIST)
                        return -errno;
                *slash = '/';
        }
        return mkdir(part, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int state_open(const char *path) {
        struct stat info;

        int r = make_path(path);
        if (r < 0)
                return r;
        _cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &info) < 0)
                return -errno;
        if (info.st_uid != geteuid() || info.st_mode & (S_IWGRP | S_IWOTH))
                return -EPERM;
        return TAKE_FD(fd);
}

int state_lock(int directory, unsigned patience_ms) {
        const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000 };

        for (unsigned waited = 0; flock(directory, LOCK_EX | LOCK_NB) < 0; waited += LOCK_PAUSE_MS) {
                if (waited >= patience_ms)
                        return -errno;
                nanosleep(&pause, NULL);
        }
        return 0;
}

void state_unlock(int directory) {
        flock(directory, LOCK_UN);
}

/* ---- reading ---- */

static int read_all(int fd, char *buffer, size_t size, size_t *ret_size) {
        size_t used = 0;

        while (used < size) {
                ssize_t n = read(fd, buffer + used, size - used);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                if (n == 0)
                        break;
                used += (size_t) n;
        }
        *ret_size = used;
        return 0;
}

/* What is not a regular file is not even waited for. */
static int open_file(int directory, const char *name, struct stat *ret_info) {
        _cleanup_close_ int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
                return errno == ELOOP || errno == ENXIO ? -EBADMSG : -errno;
        if (fstat(fd, ret_info) < 0)
                return -errno;
        if (!S_ISREG(ret_info->st_mode) || ret_info->st_uid != geteuid() || ret_info->st_size > STATE_FILE_MAX)
                return -EBADMSG;
        return TAKE_FD(fd);
}

int state_read(int directory, const char *name, char **ret_text) {
        struct stat info;
        size_t size;

        _cleanup_close_ int fd = open_file(directory, name, &info);
        if (fd < 0)
                return fd;
        _cleanup_free_ char *text = malloc(STATE_FILE_MAX + 1);
        if (!text)
                return -ENOMEM;
        int r = read_all(fd, text, STATE_FILE_MAX, &size);
        if (r < 0)
                return r;
        text[size] = '\0';
        if (strlen(text) != size)
                return -EBADMSG;
        *ret_text = TAKE_PTR(text);
        return 0;
}

bool state_look(int directory, const char *name, StateMark *mark) {
        StateMark last = *mark;
        struct stat info;

        if (fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
                return false;
        *mark = (StateMark) { info.st_dev, info.st_ino, info.st_size, info.st_mtim };
        return last.device != mark->device || last.inode != mark->inode || last.size != mark->size ||
               last.changed.tv_sec != mark->changed.tv_sec || last.changed.tv_nsec != mark->changed.tv_nsec;
}

/* ---- writing ---- */

static int write_all(int fd, const char *text, size_t size) {
        while (size > 0) {
                ssize_t n = write(fd, text, size);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                text += n;
                size -= (size_t) n;
        }
        return 0;
}

/* A file without a name, where the file system has such; a crash leaves nothing of it. */
static int open_temporary(int directory, const char *name, bool *ret_named) {
        int fd = openat(directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

        *ret_named = fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT);
        if (*ret_named)
                fd = openat(directory, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
        return fd < 0 ? -errno : fd;
}

/* linkat() takes no descriptor without a capability, but it takes its name in /proc. */
static int give_name(int fd, int directory, const char *name) {
        char path[64];
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        return linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

static int replace(int directory, const char *name, const char *temporary, const char *text) {
        bool named;

        _cleanup_close_ int fd = open_temporary(directory, temporary, &named);
        if (fd < 0)
                return fd;
        int r = write_all(fd, text, strlen(text));
        if (r >= 0 && !named)
                r = give_name(fd, directory, temporary);
        if (r >= 0 && renameat(directory, temporary, directory, name) < 0)
                r = -errno;
        if (r < 0) {
                unlinkat(directory, temporary, 0);
                return r;
        }
        return 0;
}

int state_write(int directory, const char *name, const char *text) {
        char temporary[64];
        uint64_t number;

        if (strlen(text) > STATE_FILE_MAX)
                return -EFBIG;
        if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number))
                return -EAGAIN;
        int length = snprintf(temporary, sizeof(temporary), ".%s.%016" PRIx64, name, number);
        if (length < 0 || (size_t) length >= sizeof(temporary))
                return -ENAMETOOLONG;
        return replace(directory, name, temporary, text);
}
