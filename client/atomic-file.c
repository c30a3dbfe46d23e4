/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic-file.h"

int atomic_file_open(const char *path, AtomicFile *ret) {
        const char *slash = strrchr(path, '/');
        int folder = slash ? (int) (slash + 1 - path) : 0;
        AtomicFile output = { .path = path };

        /* Hidden, and without the ending by which programs choose what they read. */
        if (asprintf(&output.temporary, "%.*s.%s.XXXXXX", folder, path, path + folder) < 0)
                return -ENOMEM;
        int fd = mkostemp(output.temporary, O_CLOEXEC);
        if (fd >= 0)
                output.file = fdopen(fd, "w");
        if (!output.file || fchmod(fd, 0644) < 0) {
                int r = -errno;
                if (fd >= 0)
                        unlink(output.temporary);
                if (output.file)
                        fclose(output.file);
                else if (fd >= 0)
                        close(fd);
                free(output.temporary);
                return r;
        }
        *ret = output;
        return 0;
}

int atomic_file_close(AtomicFile *output) {
        bool written = fflush(output->file) == 0 && !ferror(output->file) && fsync(fileno(output->file)) == 0;
        int r = written ? 0 : -(errno ?: EIO);

        if (fclose(output->file) != 0 && r == 0)
                r = -errno;
        if (r == 0 && rename(output->temporary, output->path) < 0)
                r = -errno;
        if (r < 0)
                unlink(output->temporary);
        free(output->temporary);
        return r;
}
