/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files of the table from a folder, read with suspicion: whoever writes there decides where passwords go. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"

#define FILES_MAX 256u
#define ENDING ".conf"
#define PATH_SIZE 512u
#define FAULT_SIZE 200u

typedef struct Folder {
        Table *table;
        unsigned layer;
        const char *path;
        TableFault fault;
        void *userdata;
} Folder;

static void tell(const Folder *folder, const char *name, const char *what, int error) {
        char path[PATH_SIZE], fault[FAULT_SIZE];

        snprintf(path, sizeof(path), "%s%s%s", folder->path, name ? "/" : "", name ? name : "");
        snprintf(fault, sizeof(fault), "%s%s%s", what, error ? ": " : "", error ? strerrordesc_np(error) : "");
        folder->fault(folder->userdata, path, 0, fault);
}

/* NULL: nobody else could have written it. */
static const char *fault_owner(const struct stat *info) {
        if (info->st_uid != 0 && info->st_uid != geteuid())
                return "belongs to neither root nor the user of maildiag, and is left out";
        return info->st_mode & (S_IWGRP | S_IWOTH) ? "can be written by others, and is left out" : NULL;
}

static const char *fault_file(const struct stat *info) {
        if (!S_ISREG(info->st_mode))
                return "is not a regular file";
        if (info->st_size > TABLE_FILE_MAX)
                return "is too large for a table of providers";
        return fault_owner(info);
}

static ssize_t read_all(int fd, char *buffer, size_t size) {
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
        return (ssize_t) used;
}

static int read_text(const Folder *folder, const char *name, int fd, size_t size) {
        char path[PATH_SIZE];
        char *text = malloc(size + 1);
        if (!text)
                return -ENOMEM;
        ssize_t n = read_all(fd, text, size);
        int r = 0;
        if (n < 0)
                tell(folder, name, "cannot be read", (int) -n);
        else {
                snprintf(path, sizeof(path), "%s/%s", folder->path, name);
                r = table_read(folder->table, folder->layer, path, text, (size_t) n, folder->fault, folder->userdata);
        }
        free(text);
        return r;
}

/* What is not a regular file is not even waited for. */
static int read_file(const Folder *folder, int directory, const char *name) {
        struct stat info;
        int r = 0;
        int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

        if (fd < 0) {
                if (errno == ELOOP)
                        tell(folder, name, "is a symbolic link, which is not followed", 0);
                else
                        tell(folder, name, "cannot be opened", errno);
                return 0;
        }
        const char *fault = fstat(fd, &info) < 0 ? "cannot be looked at" : fault_file(&info);
        if (fault)
                tell(folder, name, fault, 0);
        else
                r = read_text(folder, name, fd, (size_t) info.st_size);
        close(fd);
        return r;
}

/* ---- the folder ---- */

static bool is_ours(const char *name) {
        size_t length = strlen(name);
        return name[0] != '.' && length > strlen(ENDING) && !strcmp(name + length - strlen(ENDING), ENDING);
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *) a, *(char *const *) b);
}

/* The names, sorted.  Returns 0 or -ENOMEM. */
static int list_files(const Folder *folder, DIR *stream, char **names, size_t *n) {
        for (struct dirent *entry; (entry = readdir(stream));) {
                if (!is_ours(entry->d_name))
                        continue;
                if (*n == FILES_MAX) {
                        tell(folder, NULL, "has more files than are read", 0);
                        break;
                }
                names[*n] = strdup(entry->d_name);
                if (!names[*n])
                        return -ENOMEM;
                ++*n;
        }
        qsort(names, *n, sizeof(*names), compare_names);
        return 0;
}

static int read_files(const Folder *folder, DIR *stream) {
        char *names[FILES_MAX];
        size_t n = 0;
        int r = list_files(folder, stream, names, &n);

        for (size_t i = 0; i < n; i++) {
                if (r >= 0)
                        r = read_file(folder, dirfd(stream), names[i]);
                free(names[i]);
        }
        return r;
}

int load_folder(Table *table, unsigned layer, const char *path, TableFault fault, void *userdata) {
        const Folder folder = { table, layer, path, fault, userdata };
        struct stat info;
        int r = 0;
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;

        if (!stream) {
                if (errno != ENOENT)
                        tell(&folder, NULL, "cannot be opened", errno);
                if (fd >= 0)
                        close(fd);
                return 0;
        }
        const char *owner = fstat(fd, &info) < 0 ? "cannot be looked at" : fault_owner(&info);
        if (owner)
                tell(&folder, NULL, owner, 0);
        else
                r = read_files(&folder, stream);
        closedir(stream);
        return r;
}
