/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file is written beside its name and then given it, so that whoever reads it at that moment gets the old or the new one. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "complain.h"
#include "i18n.h"
#include "text-file.h"

#define SIZE_MAX_BYTES (64u * 1024u)

static int complain_file(const char *path, int error) {
        ExitStatus status = error == ENOENT ? STATUS_NO_INPUT :
                            error == EACCES || error == EPERM || error == EROFS ? STATUS_NOT_ALLOWED : STATUS_UNKNOWN;
        return complain(status, "%s: %s", path, strerror(error));
}

static int read_all(int fd, char *buffer, size_t size, size_t *ret_used) {
        size_t used = 0;
        while (used < size) {
                ssize_t n = read(fd, buffer + used, size - used);
                if (n < 0 && errno != EINTR)
                        return -errno;
                if (n == 0)
                        break;
                used += n > 0 ? (size_t) n : 0;
        }
        *ret_used = used;
        return 0;
}

int text_file_read(const char *path, char **ret_text, struct stat *ret_info) {
        size_t used = 0;
        struct stat info;

        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return complain_file(path, errno);
        char *text = calloc(1, SIZE_MAX_BYTES + 1);
        int r = !text ? -ENOMEM : fstat(fd, &info) < 0 ? -errno : read_all(fd, text, SIZE_MAX_BYTES + 1, &used);
        close(fd);
        if (r < 0 || used > SIZE_MAX_BYTES || strlen(text) != used) {
                free(text);
                return r < 0 ? complain_file(path, -r) : complain(STATUS_UNKNOWN, _("%s: is too large, or no text"), path);
        }
        if (ret_info)
                *ret_info = info;
        *ret_text = text;
        return 0;
}

int text_file_fill(int fd, const char *path, const char *text) {
        for (size_t left = strlen(text); left > 0;) {
                ssize_t n = write(fd, text, left);
                if (n < 0 && errno != EINTR)
                        return complain_file(path, errno);
                text += n > 0 ? n : 0;
                left -= n > 0 ? (size_t) n : 0;
        }
        return 0;
}

/* ---- replacing ---- */

static int make_folder(const char *folder) {
        char *part = strdup(folder);
        int r = part ? 0 : -ENOMEM;

        for (char *slash = part; r == 0 && (slash = strchr(slash + 1, '/'));) {
                *slash = '\0';
                if (mkdir(part, 0755) < 0 && errno != EEXIST)
                        r = -errno;
                *slash = '/';
        }
        if (r == 0 && mkdir(folder, 0755) < 0 && errno != EEXIST)
                r = -errno;
        free(part);
        return r < 0 ? complain_file(folder, -r) : 0;
}

/* A file keeps what rights it has.  A new one is for its owner, and for the group of its folder if that is no longer the
 * owner's: so the daemon of the system may read what others may not. */
static int set_rights(int fd, int folder, const struct stat *info) {
        struct stat parent;

        if (info)
                return fchown(fd, info->st_uid, info->st_gid) < 0 || fchmod(fd, info->st_mode & 07777) < 0 ? -errno : 0;
        if (fstat(folder, &parent) < 0)
                return -errno;
        if (geteuid() != 0)
                return fchmod(fd, 0600) < 0 ? -errno : 0;
        if (parent.st_gid != 0 && fchown(fd, (uid_t) -1, parent.st_gid) < 0)
                return -errno;
        return fchmod(fd, parent.st_gid != 0 ? 0640 : 0644) < 0 ? -errno : 0;
}

/* Whether the file is still the one that was read. */
static int check_unchanged(int folder, const char *name, const struct stat *info) {
        struct stat now;

        if (fstatat(folder, name, &now, 0) < 0)
                return -errno;
        if (now.st_dev != info->st_dev || now.st_ino != info->st_ino || now.st_mtim.tv_sec != info->st_mtim.tv_sec ||
            now.st_mtim.tv_nsec != info->st_mtim.tv_nsec)
                return -ESTALE;
        return 0;
}

static int give_name(int folder, const char *temporary, const char *name, const struct stat *info) {
        int r = info ? check_unchanged(folder, name, info) : 0;
        if (r < 0)
                return r;
        return renameat2(folder, temporary, folder, name, info ? 0 : RENAME_NOREPLACE) < 0 ? -errno : 0;
}

static int write_beside(int folder, const char *path, const char *name, const char *text, const struct stat *info) {
        char temporary[128];

        snprintf(temporary, sizeof(temporary), ".%.80s.%d", name, (int) getpid());
        int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return complain_file(path, errno);
        int status = text_file_fill(fd, path, text), r = 0;
        if (status == 0)
                r = set_rights(fd, folder, info);
        if (status == 0 && r == 0 && fsync(fd) < 0)
                r = -errno;
        close(fd);
        if (status == 0 && r == 0)
                r = give_name(folder, temporary, name, info);
        if (status != 0 || r < 0)
                unlinkat(folder, temporary, 0);
        if (r == -EEXIST)
                return complain(STATUS_USAGE, _("%s: is there already; maildiag account edit changes it"), path);
        if (r == -ESTALE)
                return complain(STATUS_UNKNOWN, _("%s: somebody else has changed it meanwhile; nothing was written"), path);
        return status != 0 || r == 0 ? status : complain_file(path, -r);
}

int text_file_replace(const char *folder, const char *name, const char *text, const struct stat *info) {
        char path[4096];

        int status = make_folder(folder);
        if (status != 0)
                return status;
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return complain_file(folder, errno);
        status = write_beside(fd, path, name, text, info);
        if (status == 0)
                fsync(fd);
        close(fd);
        return status;
}
