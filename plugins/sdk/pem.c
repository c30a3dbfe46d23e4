/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads PEM text (RFC 7468) from a descriptor that a stranger may have chosen: never mapped, never
 * longer than 1 MiB, never for more than two seconds. */

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "trust.h"

#define PEM_MAX (1024u * 1024u)
#define PEM_PATIENCE_MS 2000

static int64_t now_ms(void) {
        struct timespec now;
        clock_gettime(CLOCK_BOOTTIME, &now);
        return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads at `offset` from what can be sought in, so that many probes can share the descriptor; else what
 * comes next. */
static ssize_t read_some(int fd, char *buffer, size_t size, size_t offset, int64_t deadline) {
        ssize_t n = pread(fd, buffer, size, (off_t) offset);
        if (n >= 0)
                return n;
        if (errno != ESPIPE)
                return -errno;

        struct pollfd pollfd = { .fd = fd, .events = POLLIN };
        int64_t patience = deadline - now_ms();
        int r = poll(&pollfd, 1, patience > 0 ? (int) patience : 0);
        if (r == 0)
                return -ETIMEDOUT;
        n = r < 0 ? r : read(fd, buffer, size);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
                return -errno;
        return n < 0 ? -EAGAIN : n;
}

static int grow(char **text, size_t *room) {
        size_t larger = *room ? *room * 2 : 8192;
        char *moved = realloc(*text, larger + 1);
        if (!moved)
                return -ENOMEM;
        *text = moved;
        *room = larger;
        return 0;
}

int md_pem_read(int fd, char **ret, size_t *ret_size) {
        char *text = NULL;
        size_t size = 0, room = 0;
        int64_t deadline = now_ms() + PEM_PATIENCE_MS;
        int r = 0;

        for (;;) {
                if (size == room)
                        r = size > PEM_MAX ? -EFBIG : grow(&text, &room);
                if (r < 0)
                        break;
                ssize_t n = read_some(fd, text + size, room - size, size, deadline);
                if (n == -EAGAIN)
                        continue;
                if (n <= 0) {
                        r = (int) n;
                        break;
                }
                size += (size_t) n;
        }
        if (r == 0 && size > PEM_MAX)
                r = -EFBIG;
        if (r < 0) {
                free(text);
                return r;
        }

        text[size] = '\0';
        *ret = text;
        *ret_size = size;
        return 0;
}

const char *md_credential_trouble(int error) {
        switch (error) {
        case -EBADMSG:
                return N_("holds no certificate in PEM form");
        case -ENOKEY:
                return N_("holds no unencrypted private key in PEM form");
        case -EKEYREJECTED:
                return N_("the key does not belong to the certificate");
        case -EFBIG:
                return N_("is larger than 1 MiB");
        case -ETIMEDOUT:
                return N_("stays silent");
        case -EISDIR:
                return N_("is a directory");
        default:
                return N_("cannot be read");
        }
}
