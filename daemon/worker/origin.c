/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Opens what is to be loaded, and checks what was opened: by descriptor, never by name again.
 *
 * A directory that others can write to lets them exchange what lies in it.  Only a sticky one of root's
 * (/tmp) is let pass on the way, since there nobody can move what belongs to root or to ourselves, and every
 * component must.
 *
 * In a user namespace of a user's own (PrivateUsers= of a user unit) root is not there: what is root's looks like what is any
 * other's.  Of the directory that the program was built for that is let pass, since only root can have put anything there.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config.h"
#include "origin.h"
#include "refusal.h"

#define NOBODY 65534u                   /* as whom those are shown who are not in the namespace */

/* Whether our namespace has no root. */
static bool root_is_hidden(void) {
        unsigned inside, outside, n;
        bool hidden = true, any = false;
        FILE *file = fopen("/proc/self/uid_map", "re");

        while (file && fscanf(file, "%u %u %u", &inside, &outside, &n) == 3) {
                any = true;
                hidden = hidden && inside != 0;
        }
        if (file)
                fclose(file);
        return any && hidden;
}

static bool is_own_place(const char *path) {
        size_t length = strlen(MAILDIAG_PLUGINDIR);
        return !strncmp(path, MAILDIAG_PLUGINDIR, length) && (path[length] == '\0' || path[length] == '/');
}

/* As whom root is shown in a place. */
static uid_t root_of(const char *path) {
        return is_own_place(path) && root_is_hidden() ? NOBODY : 0;
}

static bool owner_is_trusted(const struct stat *st, uid_t root) {
        return st->st_uid == root || st->st_uid == 0 || st->st_uid == geteuid();
}

static bool others_can_write(const struct stat *st) {
        return st->st_mode & (S_IWGRP | S_IWOTH);
}

static int directory_check(int fd, const char *path, bool last, uid_t root, char **ret_why) {
        struct stat st;

        if (fstat(fd, &st) < 0)
                return refuse(ret_why, "%s cannot be examined: %s", path, strerror(errno));
        if (!owner_is_trusted(&st, root))
                return refuse(ret_why, "%s belongs to user %u, neither to root nor to the user of the worker",
                              path, st.st_uid);
        if (others_can_write(&st) && (last || st.st_uid != 0 || !(st.st_mode & S_ISVTX)))
                return refuse(ret_why, "%s is writable by others", path);
        return 0;
}

/* Replaces the descriptor of a directory by that of `name` in it.  To pass through, one need not be able to
 * read it. */
static int descend(int *fd, const char *name, const char *path, char **ret_why) {
        int next = openat(*fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0)
                return refuse(ret_why, "%s cannot be opened: %s", path, strerror(errno));
        close(*fd);
        *fd = next;
        return 0;
}

/* Walks a path without links; cuts it into components in place and puts it together again. */
static int walk(char *path, int *fd, char **ret_why) {
        uid_t root = root_of(path);
        int r = directory_check(*fd, "/", path[1] == '\0', root, ret_why);

        for (char *name = path + 1; r == 0 && *name;) {
                size_t length = strcspn(name, "/");
                bool last = name[length] == '\0';

                name[length] = '\0';
                r = descend(fd, name, path, ret_why);
                if (r == 0)
                        r = directory_check(*fd, path, last, root, ret_why);
                if (last)
                        break;
                name[length] = '/';
                name += length + 1;
        }
        return r;
}

int origin_open_directory(const char *path, int *ret_fd, char **ret_why) {
        char *real = realpath(path, NULL);
        if (!real)
                return errno == ENOMEM ? -ENOMEM : refuse(ret_why, "%s: %s", path, strerror(errno));
        int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        int r = fd >= 0 ? walk(real, &fd, ret_why)
                        : refuse(ret_why, "/ cannot be opened: %s", strerror(errno));

        int readable = r == 0 ? openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (r == 0 && readable < 0)
                r = refuse(ret_why, "%s cannot be read: %s", real, strerror(errno));
        if (fd >= 0)
                close(fd);
        free(real);
        if (r == 0)
                *ret_fd = readable;
        return r;
}

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

/* The device would not do: an overlay has several. */
static bool is_same_mount(int a, int b) {
        struct statx one = { 0 }, other = { 0 };

        return statx(a, "", AT_EMPTY_PATH, STATX_MNT_ID, &one) == 0 && statx(b, "", AT_EMPTY_PATH, STATX_MNT_ID, &other) == 0 &&
               one.stx_mnt_id == other.stx_mnt_id;
}

/* The same for a name that is one component. */
static int open_component(int directory_fd, const char *name) {
        if (strchr(name, '/') || !strcmp(name, "..")) {
                errno = EXDEV;
                return -1;
        }
        int fd = openat(directory_fd, name, OPEN_FLAGS);
        if (fd < 0)
                return -1;
        if (is_same_mount(directory_fd, fd))
                return fd;
        close(fd);
        errno = EXDEV;
        return -1;
}

/* RestrictSUIDSGID= of systemd hides openat2(2), whose flags no filter can see. */
static int open_beneath(int directory_fd, const char *name) {
        struct open_how how = {
                .flags = OPEN_FLAGS,
                .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
        };
        int fd = (int) syscall(SYS_openat2, directory_fd, name, &how, sizeof(how));
        return fd < 0 && errno == ENOSYS ? open_component(directory_fd, name) : fd;
}

/* Its directory was checked: whoever that belongs to may have files there. */
static int file_check(int fd, int directory_fd, char **ret_why) {
        struct stat st, directory;

        if (fstat(fd, &st) < 0 || fstat(directory_fd, &directory) < 0)
                return refuse(ret_why, "cannot be examined: %s", strerror(errno));
        if (!S_ISREG(st.st_mode))
                return refuse(ret_why, "is not a regular file");
        if (!owner_is_trusted(&st, directory.st_uid))
                return refuse(ret_why, "belongs to user %u, neither to root nor to the user of the worker",
                              st.st_uid);
        if (others_can_write(&st))
                return refuse(ret_why, "is writable by others");
        if (st.st_nlink != 1)
                return refuse(ret_why, "has %ju names (hard links)", (uintmax_t) st.st_nlink);
        return 0;
}

int origin_open_file(int directory_fd, const char *name, int *ret_fd, char **ret_why) {
        int fd = open_beneath(directory_fd, name);
        if (fd < 0)
                switch (errno) {
                case ELOOP:
                        return refuse(ret_why, "is a symbolic link");
                case EXDEV:
                        return refuse(ret_why, "lies on another file system than its directory");
                default:
                        return refuse(ret_why, "cannot be opened: %s", strerror(errno));
                }

        int r = file_check(fd, directory_fd, ret_why);
        if (r != 0) {
                close(fd);
                return r;
        }
        *ret_fd = fd;
        return 0;
}
