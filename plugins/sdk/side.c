/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Second connections. */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "probe-state.h"
#include "side.h"

#define SMALL_SEGMENT 536               /* RFC 9293 section 3.7.1: what every network takes */

static int open_side(MdProbe *probe, uint64_t patience, int segment, MdStream *ret) {
        int fd = -1, r = 0;
        int error = md_address_connect(probe->attempts.winner->address, segment, &fd);

        md_stream_init(ret, probe, fd);
        ret->deadline = md_probe_deadline(probe, patience);
        if (error == EINPROGRESS) {
                error = 0;
                r = md_stream_wait(ret, true);
        }
        if (r >= 0 && error == 0 &&
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t) { sizeof(error) }) < 0)
                error = errno;
        if (r < 0 || error > 0)
                md_stream_done(ret);
        return r < 0 ? r : -error;
}

int md_side_open(MdProbe *probe, uint64_t patience, MdStream *ret) {
        return open_side(probe, patience, 0, ret);
}

int md_side_shake_hands(MdProbe *probe, const MdTlsOptions *options, const MdSideManner *manner, MdStream *stream,
                        MdTls **ret) {
        MdTlsOptions plain = *options;
        MdTls *tls = NULL;

        int r = open_side(probe, manner->patience, manner->small_segments ? SMALL_SEGMENT : 0, stream);
        if (r < 0)
                return r;
        plain.certificate_fd = plain.key_fd = -1;
        MdTlsIo io = md_stream_io(stream);
        r = manner->replay ? md_replay_run(&probe->conn.replay, stream, manner->injected) : 0;
        if (r >= 0)
                r = md_tls_new(probe->trust, &plain, &io, &tls);
        if (r >= 0)
                md_tls_handshake(tls);
        *ret = tls;
        return r;
}

MdTlsOptions md_side_tls_options(const MdProbe *probe) {
        return (MdTlsOptions) {
                .name = probe->target->tls_name ? probe->target->tls_name : probe->host,
                .certificate_fd = probe->fds[MD_TARGET_FD_CERTIFICATE],
                .key_fd = probe->fds[MD_TARGET_FD_KEY],
        };
}

static bool line_is_whole(const MdStream *stream) {
        return stream->n_first == sizeof(stream->first) || memchr(stream->first, '\n', stream->n_first);
}

static void read_line(MdStream *stream) {
        char buffer[MD_FIRST_MAX];
        while (!line_is_whole(stream)) {
                ssize_t n = md_stream_read(stream, buffer, sizeof(buffer));
                if (n == 0 || (n < 0 && (n != -EAGAIN || md_stream_wait(stream, false) < 0)))
                        return;
        }
}

void md_side_finish_line(MdStream *stream) {
        stream->deadline = md_probe_deadline(stream->probe, MD_SEC / 2);
        read_line(stream);
}

MdSpeech md_side_listen(MdProbe *probe, uint64_t patience, MdStream *ret_stream) {
        if (md_side_open(probe, patience, ret_stream) < 0)
                return MD_SPEECH_UNKNOWN;
        read_line(ret_stream);
        md_stream_done(ret_stream);
        return md_classify(ret_stream->first, ret_stream->n_first);
}

static bool hung_up(const MdTls *tls, const MdStream *stream) {
        MdTlsOutcome outcome = md_tls_outcome(tls);
        return stream->n_first == 0 && (outcome == MD_TLS_CLOSED || outcome == MD_TLS_RESET);
}

/* The first bytes show whether the server speaks TLS, however the handshake ends. */
MdSpeech md_side_hello(MdProbe *probe, uint64_t patience, MdStream *ret_stream, bool *ret_hung_up) {
        MdTlsOptions options = md_side_tls_options(probe);
        MdTls *tls = NULL;

        *ret_hung_up = false;
        if (!probe->trust || md_side_open(probe, patience, ret_stream) < 0)
                return MD_SPEECH_UNKNOWN;
        options.certificate_fd = options.key_fd = -1;
        MdTlsIo io = md_stream_io(ret_stream);
        if (md_tls_new(probe->trust, &options, &io, &tls) >= 0) {
                md_tls_handshake(tls);
                *ret_hung_up = hung_up(tls, ret_stream);
                md_tls_free(tls);
        }
        md_stream_done(ret_stream);
        return md_classify(ret_stream->first, ret_stream->n_first);
}
