/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading, writing and waiting on one socket. */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <maildiag/conn.h>

#include "probe-state.h"
#include "stream.h"

void md_stream_init(MdStream *stream, MdProbe *probe, int fd) {
        *stream = (MdStream) { .probe = probe, .fd = fd };
}

void md_stream_done(MdStream *stream) {
        if (stream->fd >= 0)
                close(stream->fd);
        stream->fd = -1;
}

/* What a connection can die of, in the words of conn.h. */
static int socket_error(int error) {
        switch (error) {
        case EAGAIN:
        case EINTR:
                return -EAGAIN;
        case ENOMEM:
        case ENOBUFS:
                return -ENOMEM;
        case ETIMEDOUT:
                return -ETIMEDOUT;
        }
        return -ECONNRESET;
}

static void keep_first(MdStream *stream, const void *bytes, size_t size) {
        size_t room = sizeof(stream->first) - stream->n_first;
        size_t n = size < room ? size : room;
        memcpy(stream->first + stream->n_first, bytes, n);
        stream->n_first += n;
}

ssize_t md_stream_read(void *userdata, void *buffer, size_t size) {
        MdStream *stream = userdata;
        MdProbe *probe = stream->probe;

        if (probe->bytes_in > MD_INPUT_MAX)
                return -EOVERFLOW;
        size_t left = MD_INPUT_MAX + 1 - probe->bytes_in;
        ssize_t n = recv(stream->fd, buffer, size < left ? size : left, MSG_DONTWAIT);
        if (n < 0)
                return socket_error(errno);
        probe->bytes_in += n;
        if (probe->bytes_in > MD_INPUT_MAX)
                return -EOVERFLOW;
        keep_first(stream, buffer, n);
        return n;
}

ssize_t md_stream_write(void *userdata, const void *buffer, size_t size) {
        MdStream *stream = userdata;
        ssize_t n = send(stream->fd, buffer, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0)
                return socket_error(errno);
        stream->probe->bytes_out += n;
        return n;
}

int md_stream_wait(void *userdata, bool for_writing) {
        MdStream *stream = userdata;

        /* Linux delays acknowledgements by 40 ms, and a server with Nagle's algorithm waits for each.  The
         * option is not sticky. */
        if (!for_writing)
                setsockopt(stream->fd, IPPROTO_TCP, TCP_QUICKACK, &(int) { 1 }, sizeof(int));
        int r = md_wait(stream->probe, stream->fd, for_writing ? POLLOUT : POLLIN, stream->deadline);
        return r < 0 ? r : 0;
}

MdTlsIo md_stream_io(MdStream *stream) {
        return (MdTlsIo) {
                .read = md_stream_read,
                .write = md_stream_write,
                .wait = md_stream_wait,
                .userdata = stream,
        };
}
