/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The worker's standard error.
 *
 * A worker that was taken over could try to fill the journal, so a short burst of lines passes and the rest is only
 * counted.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "log.h"
#include "own.h"
#include "voice.h"

#define LINE_BYTES 2048u
#define BURST_LINES 100u                /* within one period */
#define PERIOD_USEC (10u * 1000u * 1000u)
#define READS_PER_WAKEUP 4

struct Voice {
        int fd;
        sd_event *event;
        sd_event_source *source;
        size_t used;
        char buffer[LINE_BYTES];
        char last[LINE_BYTES + 1];
        uint64_t period_start;
        size_t n_lines;
};

static void say(Voice *voice, size_t length) {
        uint64_t now = 0;

        if (length == 0)
                return;
        memcpy(voice->last, voice->buffer, length);
        voice->last[length] = '\0';
        sd_event_now(voice->event, CLOCK_MONOTONIC, &now);
        if (now - voice->period_start > PERIOD_USEC) {
                voice->period_start = now;
                voice->n_lines = 0;
        }
        if (voice->n_lines++ < BURST_LINES)
                log_line(LOG_NOTICE, "worker: %s", voice->last);
        else if (voice->n_lines == BURST_LINES + 1)
                log_line(LOG_WARNING, "worker: it says too much; more lines are left out");
}

/* Says all whole lines of the buffer; a line that fills it is said in parts. */
static void say_lines(Voice *voice) {
        char *end;

        while ((end = memchr(voice->buffer, '\n', voice->used))) {
                size_t length = end - voice->buffer;
                say(voice, length);
                voice->used -= length + 1;
                memmove(voice->buffer, end + 1, voice->used);
        }
        if (voice->used == sizeof(voice->buffer)) {
                say(voice, voice->used);
                voice->used = 0;
        }
}

/* Returns 1 when something was read, 0 when there is nothing now, -ENODATA at the end. */
static int hear(Voice *voice) {
        ssize_t n = read(voice->fd, voice->buffer + voice->used, sizeof(voice->buffer) - voice->used);
        if (n < 0)
                return errno == EINTR ? 1 : errno == EAGAIN ? 0 : -errno;
        if (n == 0)
                return -ENODATA;
        voice->used += n;
        say_lines(voice);
        return 1;
}

static int on_voice(sd_event_source *source, int fd, uint32_t revents, void *userdata) {
        Voice *voice = userdata;
        int r = 1;

        for (size_t i = 0; r > 0 && i < READS_PER_WAKEUP; i++)
                r = hear(voice);
        if (r < 0)
                sd_event_source_set_enabled(source, SD_EVENT_OFF);
        return 0;
}

int voice_new(sd_event *event, int fd, Voice **ret) {
        Voice *voice = calloc(1, sizeof(*voice));
        int r;

        if (!voice) {
                close(fd);
                return -ENOMEM;
        }
        voice->fd = fd;
        voice->event = event;
        r = fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ? -errno :
                sd_event_add_io(event, &voice->source, fd, EPOLLIN, on_voice, voice);
        if (r < 0) {
                voice_free(voice);
                return r;
        }
        *ret = voice;
        return 0;
}

Voice *voice_free(Voice *voice) {
        if (!voice)
                return NULL;
        sd_event_source_disable_unref(voice->source);
        for (size_t i = 0; i < READS_PER_WAKEUP && hear(voice) > 0; i++)
                ;
        say(voice, voice->used);
        close_fd(voice->fd);
        free(voice);
        return NULL;
}

const char *voice_last(const Voice *voice) {
        return voice->last;
}
