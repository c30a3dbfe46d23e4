/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Opens credentials, and looks no further than whether a probe could read them. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credentials.h"
#include "form.h"
#include "own.h"

#define PREFIX "maildiag_"

struct Credentials {
        char *directory;                /* NULL: there are none */
};

Credentials *credentials_new(const char *directory) {
        Credentials *credentials = calloc(1, sizeof(*credentials));

        if (!credentials)
                return NULL;
        if (!directory)
                directory = secure_getenv("CREDENTIALS_DIRECTORY");
        if (directory && directory[0] == '/' && !(credentials->directory = strdup(directory)))
                return credentials_free(credentials);
        return credentials;
}

Credentials *credentials_free(Credentials *credentials) {
        if (credentials)
                free(credentials->directory);
        free(credentials);
        return NULL;
}

static int open_file(int directory, const char *prefix, const char *name) {
        char file[128];

        if (snprintf(file, sizeof(file), "%s%s", prefix, name) >= (int) sizeof(file) || strchr(file, '/'))
                return -ENOENT;
        _cleanup_close_ int fd = openat(directory, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        return form_fault_descriptor(fd, false) ? -EINVAL : TAKE_FD(fd);
}

int credentials_open(const Credentials *credentials, const char *name) {
        if (!credentials->directory)
                return -ENOENT;
        _cleanup_close_ int directory = open(credentials->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (directory < 0)
                return -errno;
        int fd = open_file(directory, PREFIX, name);
        return fd == -ENOENT ? open_file(directory, "", name) : fd;
}
