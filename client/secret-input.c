/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A password or token from a file, a descriptor or the terminal, into a sealed memory file: several probes can read
 * it, each from its start, and nobody can change it.  The buffer in between is locked, left out of core dumps, and
 * wiped.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "complain.h"
#include "i18n.h"
#include "secret-input.h"

#define SECRET_MAX (16u * 1024u)        /* as in the interface */
#define BUFFER_SIZE (2u * SECRET_MAX)   /* room to notice that there is more; whole pages */

static int open_input(const char *option, const char *path, int *ret_fd) {
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
                return complain(STATUS_NO_INPUT, _("--%s: cannot open '%s': %s"), option, path, strerror(errno));

        struct stat st;
        if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
                close(fd);
                return complain(STATUS_NO_INPUT, _("--%s: '%s' is a directory"), option, path);
        }
        *ret_fd = fd;
        return 0;
}

int file_input(const char *option, const char *path, int *ret_fd) {
        *ret_fd = -1;
        return path ? open_input(option, path, ret_fd) : 0;
}

/* Reads to the end or until the buffer is full.  Returns the size, or -errno. */
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

static ssize_t read_source(const Settings *settings, char *buffer) {
        if (settings->secret == SECRET_ASK)
                return ask_password(_("Password: "), buffer, BUFFER_SIZE);
        if (settings->secret == SECRET_FD)
                return read_all(settings->secret_fd, buffer, BUFFER_SIZE);

        int fd = open(settings->secret_file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
                return -errno;
        ssize_t n = read_all(fd, buffer, BUFFER_SIZE);
        close(fd);
        return n;
}

static int complain_source(const Settings *settings, int error) {
        if (settings->secret == SECRET_FILE)
                return complain(STATUS_NO_INPUT, _("--%s: cannot read '%s': %s"), settings->secret_option,
                                settings->secret_file, strerror(error));
        if (settings->secret == SECRET_FD)
                return complain(STATUS_NO_INPUT, _("--%s: cannot read descriptor %d: %s"), settings->secret_option,
                                settings->secret_fd, strerror(error));
        return complain(STATUS_NO_INPUT, _("--%s: cannot ask on the terminal: %s"), settings->secret_option,
                        strerror(error));
}

/* Copies the secret into a memory file that nobody can change.  Returns the descriptor, or -errno. */
static int seal(const char *secret, size_t size) {
        int fd = memfd_create("maildiag-secret", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (fd < 0)
                return -errno;
        ssize_t n = write(fd, secret, size);
        if (n != (ssize_t) size || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0) {
                int error = n >= 0 && n != (ssize_t) size ? EIO : errno;
                close(fd);
                return -error;
        }
        return fd;
}

static int take_secret(const Settings *settings, char *buffer, int *ret_fd) {
        ssize_t n = read_source(settings, buffer);
        if (n < 0)
                return complain_source(settings, (int) -n);
        if (n == 0 || (n == 1 && buffer[0] == '\n'))
                return complain(STATUS_NO_INPUT, _("--%s: the secret is empty"), settings->secret_option);
        if (n > (ssize_t) SECRET_MAX)
                return complain(STATUS_NO_INPUT, _("--%s: the secret is larger than 16 KiB"), settings->secret_option);

        int fd = seal(buffer, (size_t) n);
        if (fd < 0)
                return complain(STATUS_UNKNOWN, _("--%s: cannot keep the secret: %s"), settings->secret_option,
                                strerror(-fd));
        *ret_fd = fd;
        return 0;
}

int secret_input(const Settings *settings, int *ret_fd) {
        *ret_fd = -1;
        if (settings->secret == SECRET_NONE)
                return 0;

        char *buffer = mmap(NULL, BUFFER_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (buffer == MAP_FAILED)
                return complain_oom();
        /* A limit on locked memory may be 0; the rest of the care still holds. */
        (void) mlock(buffer, BUFFER_SIZE);
        (void) madvise(buffer, BUFFER_SIZE, MADV_DONTDUMP);

        int r = take_secret(settings, buffer, ret_fd);
        explicit_bzero(buffer, BUFFER_SIZE);
        munmap(buffer, BUFFER_SIZE);
        return r;
}
