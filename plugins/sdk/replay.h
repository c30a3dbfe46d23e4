/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What was said in clear text before STARTTLS, so that a second connection can get to the same point: only
 * there can a second handshake tell why the first one failed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream.h"

#define MD_REPLAY_BYTES_MAX 1024u
#define MD_REPLAY_TURNS_MAX 16u

typedef struct MdReplay {
        bool whole;                             /* nothing was too long to be kept; to be set at the start */
        char said[MD_REPLAY_BYTES_MAX];         /* commands with CR LF, one after the other */
        size_t n_said;
        struct {
                size_t lines;                   /* that the server said before the command */
                size_t end;                     /* of the command in `said` */
        } turns[MD_REPLAY_TURNS_MAX];
        size_t n_turns;
        size_t lines;                           /* that the server said since the last command */
} MdReplay;

/* Notes one line of the server, and one of the client without its CR LF. */
void md_replay_heard(MdReplay *replay);
void md_replay_said(MdReplay *replay, const char *line, size_t length);
/* Says all again, waiting for as many lines as came the first time.  With the last command leaves what is `injected`, if it
 * is not NULL.  Returns 0, or -errno. */
int md_replay_run(const MdReplay *replay, MdStream *stream, const char *injected);
