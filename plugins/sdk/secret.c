/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The secret of a probe: where it lives, and how it is read from a descriptor that a stranger may have
 * prepared. Looking for it in what leaves the process is redact.c's part.
 */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <maildiag/finding.h>

#include "locked.h"
#include "secret.h"
#include "text.h"

#define READ_TIMEOUT_MS 2000

/* Lives whole in locked memory.  One byte more than the most is read, so that too much shows. */
struct MdSecret {
        size_t size;
        bool starts[256];               /* see md_secret_starts() */
        char bytes[MD_SECRET_MAX + sizeof("\r\n")];
};

int md_secret_new(MdSecret **ret) {
        *ret = md_locked_new_hidden(sizeof(MdSecret));
        return *ret ? 0 : -ENOMEM;
}

MdSecret *md_secret_free(MdSecret *secret) {
        size_t used = secret ? offsetof(MdSecret, bytes) + secret->size : 0;
        return md_locked_free(secret, sizeof(MdSecret), used);
}

const char *md_secret_bytes(const MdSecret *secret) {
        return secret->bytes;
}

size_t md_secret_size(const MdSecret *secret) {
        return secret->size;
}

const bool *md_secret_starts(const MdSecret *secret) {
        return secret->starts;
}

/* ---- reading ---- */

static const char *reason_of_errno(int error) {
        switch (error) {
        case EBADF:
                return N_("is not open for reading");
        case EISDIR:
                return N_("is a directory");
        case EACCES:
        case EPERM:
                return N_("may not be read");
        default:
                return N_("cannot be read");
        }
}

static const char *reason_of_type(mode_t mode) {
        switch (mode & S_IFMT) {
        case S_IFREG:
        case S_IFIFO:
                return NULL;
        case S_IFDIR:
                return N_("is a directory");
        case S_IFSOCK:
                return N_("is a socket");
        case S_IFCHR:
        case S_IFBLK:
                return N_("is a device");
        default:
                return N_("is not a file or pipe");
        }
}

static int64_t now_ms(void) {
        struct timespec now;
        clock_gettime(CLOCK_BOOTTIME, &now);
        return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* From the start to the end of a file that must stay as it is meanwhile.  Returns a reason or NULL. */
static const char *read_file(MdSecret *secret, int fd, off_t size) {
        if (size > (off_t) sizeof(secret->bytes))
                return N_("is larger than 16 KiB");
        while (secret->size < sizeof(secret->bytes)) {
                ssize_t n = pread(fd, secret->bytes + secret->size, sizeof(secret->bytes) - secret->size,
                                  (off_t) secret->size);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return reason_of_errno(errno);
                if (n == 0)
                        break;
                secret->size += (size_t) n;
        }
        return secret->size == (size_t) size ? NULL : N_("changed while it was read");
}

/* To the end of a pipe.  The descriptor may or may not block, and that is shared with its other holders: wait
 * first. */
static const char *read_pipe(MdSecret *secret, int fd) {
        int64_t deadline = now_ms() + READ_TIMEOUT_MS;
        while (secret->size < sizeof(secret->bytes)) {
                struct pollfd ready = { .fd = fd, .events = POLLIN };
                int64_t left = deadline - now_ms();
                int n_ready = left > 0 ? poll(&ready, 1, (int) left) : 0;
                if (n_ready < 0 && errno == EINTR)
                        continue;
                if (n_ready == 0)
                        return secret->size > 0 ? N_("does not end") : N_("stays silent");
                if (n_ready < 0)
                        return reason_of_errno(errno);

                ssize_t n = read(fd, secret->bytes + secret->size, sizeof(secret->bytes) - secret->size);
                if (n < 0 && (errno == EINTR || errno == EAGAIN))
                        continue;
                if (n < 0)
                        return reason_of_errno(errno);
                if (n == 0)
                        return NULL;
                secret->size += (size_t) n;
        }
        return N_("is larger than 16 KiB");
}

static bool drop_last(MdSecret *secret, char c) {
        if (secret->size == 0 || secret->bytes[secret->size - 1] != c)
                return false;
        secret->bytes[--secret->size] = '\0';
        return true;
}

static void drop_newline(MdSecret *secret) {
        if (drop_last(secret, '\n'))
                drop_last(secret, '\r');
}

static const char *read_any(MdSecret *secret, int fd) {
        struct stat st;
        int flags = fcntl(fd, F_GETFL);
        if (flags < 0 || fstat(fd, &st) < 0)
                return reason_of_errno(errno);
        if (flags & O_PATH || (flags & O_ACCMODE) == O_WRONLY)
                return reason_of_errno(EBADF);

        const char *reason = reason_of_type(st.st_mode);
        if (!reason)
                reason = S_ISFIFO(st.st_mode) ? read_pipe(secret, fd) : read_file(secret, fd, st.st_size);
        if (reason)
                return reason;
        drop_newline(secret);
        if (secret->size == 0)
                return N_("is empty");
        return secret->size > MD_SECRET_MAX ? N_("is larger than 16 KiB") : NULL;
}

int md_secret_read(MdSecret *secret, int fd, const char **ret_reason) {
        assert(secret->size == 0);

        const char *reason = read_any(secret, fd);
        if (reason) {
                explicit_bzero(secret->bytes, secret->size);
                secret->size = 0;
                *ret_reason = reason;
                return -EINVAL;
        }
        md_redact_starts((const uint8_t *) secret->bytes, secret->size, secret->starts);
        return 0;
}

/* ---- what is odd about it ---- */

bool md_secret_has_control(const MdSecret *secret) {
        for (size_t i = 0; i < secret->size; i++)
                if (secret->bytes[i] == '\0' || secret->bytes[i] == '\r' || secret->bytes[i] == '\n')
                        return true;
        return false;
}

/* An app password as web pages show it: "abcd efgh ijkl mnop". */
static bool is_grouped(const MdSecret *secret) {
        if (secret->size < 9 || secret->size % 5 != 4)
                return false;
        for (size_t i = 0; i < secret->size; i++)
                if ((secret->bytes[i] == ' ') != (i % 5 == 4))
                        return false;
        return true;
}

/* Spaces that look like the one on the keyboard, and are not. */
static bool is_strange_space(uint32_t c) {
        return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f ||
               c == 0x3000;
}

static const char *oddity_of_characters(const MdSecret *secret) {
        const char *oddity = NULL;
        for (size_t i = 0; i < secret->size;) {
                uint32_t c = 0;
                size_t n = md_utf8_decode(secret->bytes + i, secret->size - i, &c);
                if (n > 0 && (is_strange_space(c) || c == '\t' || !md_text_is_clean(secret->bytes + i, n)))
                        return N_("an invisible character");
                if (n != 1)
                        oddity = N_("a character outside ASCII");
                i += n > 0 ? n : 1;
        }
        return oddity;
}

const char *md_secret_oddity(const MdSecret *secret) {
        if (secret->size == 0)
                return NULL;
        if (secret->bytes[0] == ' ')
                return N_("a space at its start");
        if (secret->bytes[secret->size - 1] == ' ')
                return N_("a space at its end");
        if (is_grouped(secret))
                return N_("spaces between groups of four characters");
        return oddity_of_characters(secret);
}
