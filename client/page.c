/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Wrapping, colours, marks.  Every string passes the sanitiser here, whoever wrote it. */

#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "page.h"
#include "text.h"

#define WIDTH_DEFAULT 80u
#define WIDTH_MIN 40u
#define WIDTH_MAX 110u                  /* longer lines are hard to read */
#define TEXT_MAX_BYTES 2048u

unsigned terminal_width(int fd) {
        struct winsize size;
        if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
                return size.ws_col;
        const char *columns = getenv("COLUMNS");
        unsigned long n = columns ? strtoul(columns, NULL, 10) : 0;
        return n > 0 && n < 10000 ? (unsigned) n : WIDTH_DEFAULT;
}

static bool wants_colour(FILE *out, const char *colour) {
        if (colour && !strcmp(colour, "always"))
                return true;
        if (colour && !strcmp(colour, "never"))
                return false;
        const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
        return isatty(fileno(out)) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

void page_init(Page *page, FILE *out, const char *colour) {
        unsigned width = terminal_width(fileno(out));
        *page = (Page) {
                .out = out,
                .width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width,
                .colour = wants_colour(out, colour),
                .glyphs = isatty(fileno(out)) && !strcmp(nl_langinfo(CODESET), "UTF-8"),
        };
}

unsigned text_width(const char *text) {
        unsigned width = 0;
        for (size_t size = strlen(text); size > 0;) {
                uint32_t c;
                size_t length = md_utf8_decode(text, size, &c);
                int columns = length > 0 ? wcwidth((wchar_t) c) : 1;
                /* A locale without the character does not know its width. */
                width += columns < 0 ? 1 : (unsigned) columns;
                length = length > 0 ? length : 1;
                text += length;
                size -= length;
        }
        return width;
}

const char *page_mark(const Page *page, Tone tone) {
        static const char *const marks[] = {
                [TONE_PLAIN] = "· ", [TONE_STRONG] = "· ", [TONE_FAINT] = "· ",
                [TONE_GOOD] = "✔ ", [TONE_WARN] = "! ", [TONE_BAD] = "✖ ",
        };
        return page->glyphs ? marks[tone] : "";
}

static void put_tone(Page *page, Tone tone, bool on) {
        static const char *const codes[] = {
                [TONE_STRONG] = "1", [TONE_FAINT] = "2", [TONE_GOOD] = "32", [TONE_WARN] = "1;33", [TONE_BAD] = "1;31",
        };
        if (page->colour && tone != TONE_PLAIN)
                fprintf(page->out, "\033[%sm", on ? codes[tone] : "0");
}

static void put_space(Page *page, unsigned n) {
        fprintf(page->out, "%*s", (int) n, "");
}

/* Words from `column` on; the cursor is there already. */
static void put_wrapped(Page *page, unsigned column, Tone tone, char *text) {
        unsigned at = column;
        char *state = NULL;

        put_tone(page, tone, true);
        for (char *word = strtok_r(text, " ", &state); word; word = strtok_r(NULL, " ", &state)) {
                unsigned width = text_width(word);
                if (at > column && at + 1 + width > page->width) {
                        put_tone(page, tone, false);
                        fputc('\n', page->out);
                        put_space(page, column);
                        put_tone(page, tone, true);
                        at = column;
                } else if (at > column) {
                        fputc(' ', page->out);
                        at++;
                }
                fputs(word, page->out);
                at += width;
        }
        put_tone(page, tone, false);
        fputc('\n', page->out);
}

void page_blank(Page *page) {
        fputc('\n', page->out);
}

void page_text(Page *page, Tone tone, const char *text) {
        char *clean = md_text_clean(text, strlen(text), TEXT_MAX_BYTES);
        if (clean)
                put_wrapped(page, 0, tone, clean);
        free(clean);
}

/* A head and the space after it; false when the sanitiser finds no memory. */
static bool put_head(Page *page, unsigned indent, Tone tone, const char *head, unsigned column, bool followed) {
        char *clean = md_text_clean(head, strlen(head), TEXT_MAX_BYTES);
        if (!clean)
                return false;

        unsigned at = indent + text_width(clean);
        put_space(page, indent);
        put_tone(page, tone, true);
        fputs(clean, page->out);
        put_tone(page, tone, false);
        free(clean);
        if (followed && at > 0 && at + 1 > column) {
                fputc('\n', page->out);
                at = 0;
        }
        if (followed)
                put_space(page, column - at);
        return true;
}

void page_entry(Page *page, unsigned indent, Tone tone, const char *head, unsigned column, const char *text) {
        char *clean = md_text_clean(text, strlen(text), TEXT_MAX_BYTES);
        if (clean && put_head(page, indent, tone, head, column, *clean != '\0'))
                put_wrapped(page, column, TONE_PLAIN, clean);
        free(clean);
}

void page_row(Page *page, unsigned indent, Tone tone, const char *head, unsigned column, const char *row) {
        char *clean = md_text_clean(row, strlen(row), TEXT_MAX_BYTES);
        if (clean && put_head(page, indent, tone, head, column, *clean != '\0'))
                fprintf(page->out, "%s\n", clean);
        free(clean);
}

void page_textf(Page *page, Tone tone, const char *format, ...) {
        va_list args;
        char *text = NULL;

        va_start(args, format);
        int n = vasprintf(&text, format, args);
        va_end(args);
        if (n >= 0) {
                page_text(page, tone, text);
                free(text);
        }
}

void page_entryf(Page *page, unsigned indent, Tone tone, const char *head, unsigned column, const char *format, ...) {
        va_list args;
        char *text = NULL;

        va_start(args, format);
        int n = vasprintf(&text, format, args);
        va_end(args);
        if (n >= 0) {
                page_entry(page, indent, tone, head, column, text);
                free(text);
        }
}
