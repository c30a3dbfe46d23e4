/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whose file it is, how large, and its text.  A symbolic link is followed: what counts is the file at its end, and the
 * directory that the link stands in. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "own.h"
#include "trusted-file.h"

/* A user's own group is the user. */
static const char *fault_of_owner(const struct stat *info) {
        if (info->st_uid != 0 && info->st_uid != geteuid())
                return "belongs to another user; it must be root's, or that of the user of maildiagd";
        if (info->st_mode & S_IWOTH)
                return "can be written by everybody";
        if (info->st_mode & S_IWGRP && info->st_gid != 0 && (info->st_uid == 0 || info->st_gid != getegid()))
                return "can be written by a group";
        return NULL;
}

static const char *fault_of_file(const struct stat *info, size_t max) {
        if (!S_ISREG(info->st_mode))
                return "is not a regular file";
        if (info->st_size < 0 || (size_t) info->st_size > max)
                return "is too large";
        return fault_of_owner(info);
}

static int read_text(int fd, char *text, size_t size, size_t *ret_size) {
        size_t used = 0;

        while (used < size) {
                ssize_t n = read(fd, text + used, size - used);
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

int trusted_read(int directory, const char *name, size_t max, char **ret_text, size_t *ret_size, const char **ret_fault) {
        struct stat info;

        _cleanup_close_ int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &info) < 0)
                return -errno;
        *ret_fault = fault_of_file(&info, max);
        if (*ret_fault)
                return -EINVAL;
        char *text = malloc((size_t) info.st_size + 1);
        if (!text)
                return -ENOMEM;
        int r = read_text(fd, text, (size_t) info.st_size, ret_size);
        if (r < 0) {
                free(text);
                return r;
        }
        text[*ret_size] = '\0';
        *ret_text = text;
        return 0;
}

char *trusted_free(char *text, size_t size) {
        if (text)
                explicit_bzero(text, size);
        free(text);
        return NULL;
}

int trusted_directory(const char *path, const char **ret_fault) {
        struct stat info;

        _cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &info) < 0)
                return -errno;
        *ret_fault = fault_of_owner(&info);
        return *ret_fault ? -EINVAL : TAKE_FD(fd);
}
