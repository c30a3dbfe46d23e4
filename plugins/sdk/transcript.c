/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A ring of lines.  Lines are cleaned and redacted when they come in, so nothing else is ever in this memory;
 * lines that carry the secret are never given to it (md_send_secret(), md_conn_send_encoded()).
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe-state.h"
#include "transcript.h"

#define LINES_MAX 200u
#define BYTES_MAX (32u * 1024u)
#define LINE_BYTES_MAX 1000u

typedef struct Line {
        char *text;
        bool from_server;
        uint64_t at;
} Line;

struct MdTranscript {
        Line lines[LINES_MAX];
        size_t first, n, bytes;
};

MdTranscript *md_transcript_new(void) {
        return calloc(1, sizeof(MdTranscript));
}

static Line *line_at(MdTranscript *transcript, size_t i) {
        return &transcript->lines[(transcript->first + i) % LINES_MAX];
}

static void drop_first(MdTranscript *transcript) {
        Line *line = line_at(transcript, 0);
        transcript->bytes -= strlen(line->text);
        free(line->text);
        line->text = NULL;
        transcript->first = (transcript->first + 1) % LINES_MAX;
        transcript->n--;
}

MdTranscript *md_transcript_free(MdTranscript *transcript) {
        while (transcript && transcript->n > 0)
                drop_first(transcript);
        free(transcript);
        return NULL;
}

void md_transcript_add(MdProbe *probe, bool from_server, const char *text, size_t size) {
        MdTranscript *transcript = probe->transcript;
        char *harmless = md_probe_harmless(probe, text, size, LINE_BYTES_MAX);
        if (!harmless)
                return;

        size_t bytes = strlen(harmless);
        while (transcript->n == LINES_MAX || (transcript->n > 0 && transcript->bytes + bytes > BYTES_MAX))
                drop_first(transcript);
        *line_at(transcript, transcript->n++) = (Line) {
                .text = harmless,
                .from_server = from_server,
                .at = md_now() - probe->began,
        };
        transcript->bytes += bytes;
}

const char *md_transcript_last(const MdTranscript *transcript) {
        for (size_t i = transcript->n; i > 0; i--) {
                const Line *line = &transcript->lines[(transcript->first + i - 1) % LINES_MAX];
                if (line->from_server && *line->text)
                        return line->text;
        }
        return NULL;
}

void md_transcript_report(MdProbe *probe) {
        MdTranscript *transcript = probe->transcript;
        for (size_t i = 0; i < transcript->n; i++) {
                const Line *line = line_at(transcript, i);
                const MdField fields[] = {
                        MD_TEXT("from", line->from_server ? "server" : "client"),
                        MD_TEXT("text", line->text),
                        MD_NUMBER("at-us", line->at),
                        { 0 },
                };
                MdRecord record;
                md_record_init(&record, "transcript");
                md_observe_record(probe, &record, md_record_add_all(&record, fields));
        }
}
