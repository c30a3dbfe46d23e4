/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The last lines of the dialogue, kept harmless and without the secret, for the end of the probe. */

#include <stdbool.h>
#include <stddef.h>

#include <maildiag/probe.h>

typedef struct MdTranscript MdTranscript;

MdTranscript *md_transcript_new(void);
MdTranscript *md_transcript_free(MdTranscript *transcript);
/* Notes one line. */
void md_transcript_add(MdProbe *probe, bool from_server, const char *text, size_t size);
/* The last line of the server; NULL: there is none. */
const char *md_transcript_last(const MdTranscript *transcript);
/* Reports what is kept, oldest first. */
void md_transcript_report(MdProbe *probe);
