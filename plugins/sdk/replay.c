/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Notes the clear-text part of a dialogue, turn by turn, and says it again. */

#include <errno.h>
#include <string.h>

#include "replay.h"

void md_replay_heard(MdReplay *replay) {
        replay->lines++;
}

void md_replay_said(MdReplay *replay, const char *line, size_t length) {
        if (replay->n_turns == MD_REPLAY_TURNS_MAX || length + 2 > sizeof(replay->said) - replay->n_said)
                replay->whole = false;
        if (!replay->whole)
                return;

        memcpy(replay->said + replay->n_said, line, length);
        memcpy(replay->said + replay->n_said + length, "\r\n", 2);
        replay->n_said += length + 2;
        replay->turns[replay->n_turns].lines = replay->lines;
        replay->turns[replay->n_turns++].end = replay->n_said;
        replay->lines = 0;
}

/* Reads until the peer has ended that many lines since the connection began. */
static int hear(MdStream *stream, size_t *heard, size_t lines) {
        while (*heard < lines) {
                char buffer[1024];
                ssize_t n = md_stream_read(stream, buffer, sizeof(buffer));
                int r = n == -EAGAIN ? md_stream_wait(stream, false) : n < 0 ? (int) n : 0;
                if (r < 0 || n == 0)
                        return r < 0 ? r : -ENODATA;
                for (ssize_t i = 0; i < n; i++)
                        *heard += buffer[i] == '\n';
        }
        return 0;
}

static int say(MdStream *stream, const char *bytes, size_t size) {
        while (size > 0) {
                ssize_t n = md_stream_write(stream, bytes, size);
                int r = n == -EAGAIN ? md_stream_wait(stream, true) : n < 0 ? (int) n : 0;
                if (r < 0)
                        return r;
                if (n > 0) {
                        bytes += n;
                        size -= n;
                }
        }
        return 0;
}

/* In one segment. */
static int say_with(MdStream *stream, const char *bytes, size_t size, const char *injected) {
        char both[MD_REPLAY_BYTES_MAX + 64];
        size_t more = strlen(injected);

        if (size + more > sizeof(both))
                return -E2BIG;
        memcpy(both, bytes, size);
        memcpy(both + size, injected, more);
        return say(stream, both, size + more);
}

int md_replay_run(const MdReplay *replay, MdStream *stream, const char *injected) {
        size_t heard = 0, lines = 0, start = 0;
        int r = replay->whole ? 0 : -E2BIG;

        for (size_t i = 0; r >= 0 && i < replay->n_turns; i++) {
                lines += replay->turns[i].lines;
                r = hear(stream, &heard, lines);
                bool last = i + 1 == replay->n_turns;
                if (r >= 0)
                        r = say_with(stream, replay->said + start, replay->turns[i].end - start,
                                     last && injected ? injected : "");
                start = replay->turns[i].end;
        }
        return r < 0 ? r : hear(stream, &heard, lines + replay->lines);
}
