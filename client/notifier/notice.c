/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The texts of a notification for the server that is there.
 *
 * The body is escaped if, and only if, the server reads markup: one that does not would show the entities, one that does would
 * obey what a mail server wrote into its greeting.  Summaries are plain text everywhere.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notice.h"
#include "own.h"
#include "text.h"

#define LINE_MAX_BYTES 600u

Notice *notice_free(Notice *notice) {
        if (!notice)
                return NULL;
        free(notice->summary);
        free(notice->todo);
        free(notice->what);
        free(notice->more);
        free(notice);
        return NULL;
}

char *notice_text(const Notice *notice) {
        char *text;
        return asprintf(&text, "%s\n%s\n%s", notice->summary, notice->todo ?: "", notice->what ?: "") < 0 ? NULL : text;
}

void notice_capability(NoticeCapabilities *capabilities, const char *word) {
        const struct {
                const char *word;
                bool *known;
        } words[] = {
                { "body", &capabilities->body },
                { "body-markup", &capabilities->markup },
                { "actions", &capabilities->actions },
        };
        for (size_t i = 0; i < ELEMENTS(words); i++)
                if (!strcmp(words[i].word, word))
                        *words[i].known = true;
}

static void put_escaped(FILE *stream, const char *text) {
        for (; *text; text++)
                switch (*text) {
                case '&':
                        fputs("&amp;", stream);
                        break;
                case '<':
                        fputs("&lt;", stream);
                        break;
                case '>':
                        fputs("&gt;", stream);
                        break;
                default:
                        fputc(*text, stream);
                }
}

/* A line of the body, if there is one to say. */
static void put_line(FILE *stream, const char *text, bool markup, unsigned *n) {
        _cleanup_free_ char *clean = text && *text ? md_text_clean(text, strlen(text), LINE_MAX_BYTES) : NULL;
        if (!clean)
                return;
        if ((*n)++ > 0)
                fputc('\n', stream);
        if (markup)
                put_escaped(stream, clean);
        else
                fputs(clean, stream);
}

char *notice_body(const Notice *notice, const NoticeCapabilities *capabilities) {
        char *body = NULL;
        size_t size;
        unsigned n = 0;

        FILE *stream = open_memstream(&body, &size);
        if (!stream)
                return NULL;
        put_line(stream, notice->todo, capabilities->markup, &n);
        put_line(stream, notice->what, capabilities->markup, &n);
        if (!capabilities->actions)
                put_line(stream, notice->more, capabilities->markup, &n);
        if (fclose(stream) != 0) {
                free(body);
                return NULL;
        }
        return body;
}

/* A server that shows no body gets what to do beside the summary. */
char *notice_summary(const Notice *notice, const NoticeCapabilities *capabilities) {
        _cleanup_free_ char *line = NULL;
        const char *todo = notice->todo && !capabilities->body ? notice->todo : "";

        if (asprintf(&line, "%s%s%s", notice->summary, *todo ? ". " : "", todo) < 0)
                return line = NULL;
        return md_text_clean(line, strlen(line), LINE_MAX_BYTES);
}
