/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The first words of a server, and the two ways in which client and server can wait for each other for ever:
 * the server that wants TLS first stays silent, and so does one that is broken.  A second connection tells
 * them apart.
 */

#include <errno.h>
#include <string.h>

#include "probe-state.h"
#include "side.h"
#include "speech.h"

#define SILENCE (3 * MD_SEC)            /* after which TLS is offered on a second connection */
#define HELLO_PATIENCE (5 * MD_SEC)     /* with its answer */
#define LAST_PATIENCE (2 * MD_SEC)      /* with a greeting, once the offer was answered by hanging up */
#define SLOW (5 * MD_SEC)               /* for a greeting */
#define EMPTY_LINES_MAX 4

/* The server stayed silent for a while: does it wait for TLS?  0: go on waiting, until *ret_deadline.  One that is only slow
 * reads nothing meanwhile, or complains about who talks too soon; one that hangs up waited for something else. */
static int clear_up_silence(MdProbe *probe, uint64_t *ret_deadline) {
        MdStream side = { .fd = -1 };
        bool hung_up;
        MdSpeech found = md_side_hello(probe, HELLO_PATIENCE, &side, &hung_up);
        uint64_t last = md_probe_deadline(probe, LAST_PATIENCE);

        *ret_deadline = hung_up && last < probe->step_deadline ? last : probe->step_deadline;
        /* A server of this protocol that now greets is only slow. */
        if (found != MD_SPEECH_TLS && found != MD_SPEECH_TLS_ALERT && found != MD_SPEECH_HTTP)
                return 0;
        return md_speech_judge(probe, found, side.first, side.n_first, false);
}

/* Waits for the first bytes. */
static int await_speech(MdProbe *probe) {
        if (md_unread(probe) > 0)
                return 0;
        uint64_t patience = md_probe_deadline(probe, SILENCE);
        bool last = md_is_encrypted(probe) || patience >= probe->step_deadline;

        ssize_t n = md_conn_fill(probe, last ? probe->step_deadline : patience);
        if (n == -ETIMEDOUT && !last) {
                int r = clear_up_silence(probe, &patience);
                if (r < 0)
                        return r;
                n = md_conn_fill(probe, patience);
        }
        return n < 0 ? md_conn_broke(probe, (int) n) : 0;
}

/* Bytes that no line end will follow: a TLS record. */
static int look_for_tls(MdProbe *probe) {
        size_t size;
        const char *bytes = md_conn_peek(probe, &size);

        while (size < 3 && bytes[0] >= 20 && bytes[0] <= 23) {
                ssize_t n = md_conn_fill(probe, probe->step_deadline);
                if (n < 0)
                        break;
                bytes = md_conn_peek(probe, &size);
        }
        MdSpeech found = md_classify(bytes, size);
        if (found != MD_SPEECH_TLS && found != MD_SPEECH_TLS_ALERT)
                return 0;
        return md_speech_judge(probe, found, bytes, size, false);
}

/* The first line with text in it. */
static int read_first_line(MdProbe *probe, const char **ret_line, size_t *ret_length) {
        const char *line = "";
        size_t length = 0;
        int r = 0;

        for (unsigned i = 0; r >= 0 && length == 0 && i <= EMPTY_LINES_MAX; i++) {
                r = md_read_line(probe, &line, &length);
                if (r >= 0 && length == 0)
                        md_find(probe, "protocol.bad-line-ends", "an empty line before the greeting");
        }
        if (r < 0)
                return r;
        *ret_line = line;
        *ret_length = length;
        return 0;
}

/* No whole line came: does the beginning tell enough? */
static int judge_unfinished(MdProbe *probe, int error) {
        size_t size;
        const char *bytes = md_conn_peek(probe, &size);
        MdSpeech found = md_classify(bytes, size);

        bool enough = found != MD_SPEECH_UNKNOWN || (error == -ENODATA && size > 0);
        if (enough && md_speech_judge(probe, found, bytes, size, false) < 0)
                return -EPROTO;
        if (error != -EMSGSIZE)
                return error;
        for (size_t i = 0; i < size && i < 64; i++)
                if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
                        md_find_bytes(probe, "greeting.garbage", bytes, size, NULL);
                        return -EPROTO;
                }
        return error;
}

int md_read_greeting(MdProbe *probe, const char **ret_line, size_t *ret_length) {
        const char *line = NULL;
        size_t length = 0;
        uint64_t began = md_now();

        int r = await_speech(probe);
        if (r >= 0)
                r = look_for_tls(probe);
        if (r >= 0)
                r = read_first_line(probe, &line, &length);
        if (r == -EMSGSIZE || r == -ETIME || r == -ENODATA)
                r = judge_unfinished(probe, r);
        if (r >= 0)
                r = md_speech_judge(probe, md_classify(line, length), line, length, false);
        if (r < 0)      /* Nobody to say goodbye to in this protocol. */
                return md_conn_broke(probe, r);

        uint64_t elapsed = md_now() - began;
        if (elapsed > md_probe_scaled(probe, SLOW))
                md_find(probe, "server.slow", line, MD_NUMBER("seconds", elapsed / MD_SEC));
        *ret_line = line;
        if (ret_length)
                *ret_length = length;
        return MD_NEXT;
}
