/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Ask and read.  A line may hold literals, and goes on behind them; here they become quoted strings in it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sieve.h"

#define LITERALS_MAX 16                 /* in one line */

static int append(SieveState *sieve, const char *bytes, size_t size) {
        if (sieve->length + size + 1 > sieve->room) {
                size_t room = 2 * (sieve->length + size + 1);
                char *line = realloc(sieve->line, room);
                if (!line)
                        return -ENOMEM;
                sieve->line = line;
                sieve->room = room;
        }
        memcpy(sieve->line + sieve->length, bytes, size);
        sieve->length += size;
        sieve->line[sieve->length] = '\0';
        return 0;
}

static int append_quoted(SieveState *sieve, const char *bytes, size_t size) {
        int r = append(sieve, "\"", 1);

        for (size_t i = 0; r >= 0 && i < size; i++) {
                if (bytes[i] == '"' || bytes[i] == '\\')
                        r = append(sieve, "\\", 1);
                if (r >= 0 && bytes[i])
                        r = append(sieve, &bytes[i], 1);
        }
        return r < 0 ? r : append(sieve, "\"", 1);
}

/* Reads a literal, and the line behind it up to its end or to the next literal. */
static int read_literal(MdProbe *probe, SieveState *sieve, size_t size, const char **ret_line, size_t *ret_length) {
        const char *bytes;

        if (size > MD_LINE_MAX) {
                md_find(probe, "protocol.literal-too-large", sieve->line);
                return -EPROTO;
        }
        int r = md_read_bytes(probe, size, &bytes);
        if (r >= 0)
                r = append_quoted(sieve, bytes, size);
        return r < 0 ? r : md_read_line(probe, ret_line, ret_length);
}

int sieve_read_on(MdProbe *probe, SieveState *sieve, const char *line, size_t length) {
        size_t size;

        sieve->length = 0;
        for (unsigned n = 0; n < LITERALS_MAX; n++) {
                int literal = sieve_response_literal(line, &length, &size);
                int r = append(sieve, line, length);
                if (r < 0)
                        return r;
                if (literal == SIEVE_NO_LITERAL)
                        return sieve_response_parse(sieve->line, &sieve->response) < 0 ?
                               md_bad_reply(probe, sieve->line) : 0;
                if (literal == SIEVE_BAD_LITERAL) {
                        md_find(probe, "protocol.bad-literal", sieve->line);
                        return -EPROTO;
                }
                r = read_literal(probe, sieve, size, &line, &length);
                if (r < 0)
                        return r;
        }
        return md_bad_reply(probe, sieve->line);
}

int sieve_read(MdProbe *probe, SieveState *sieve) {
        const char *line;
        size_t length;

        int r = md_read_line(probe, &line, &length);
        return r < 0 ? r : sieve_read_on(probe, sieve, line, length);
}

int sieve_ask(MdProbe *probe, SieveState *sieve, const char *command) {
        int r = md_expect_silence(probe);
        if (r >= 0)
                r = md_send(probe, "%s", command);
        return r < 0 ? r : sieve_read(probe, sieve);
}
